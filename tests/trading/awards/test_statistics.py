"""Public figures: right sums, no small cell, nothing to be read from the difference of two publications."""
from hypothesis import given
from hypothesis import strategies as st

from kernel.centre import Centre
from kernel.values import DAY
from tests.worlds.awards import Tender, tender
from trading.awards.records import Award
from trading.awards.statistics import FEWEST, NOTHING, OTHER, Figures, Finished, batches, cells, statistics, summed, table

MONTHS = [f"2026-{month:02d}" for month in range(1, 10)]
TENDERS = st.lists(st.builds(
    Finished, st.sampled_from(MONTHS), st.sampled_from(["works", "procurement"]), st.sampled_from(["open", "invited", "single"]),
    st.sampled_from(["awarded", "failed"]), st.integers(1, 10**9), st.integers(1, 10**9), st.integers(0, 10**9),
), max_size=60)


def total(tables: tuple[tuple[str, Figures], ...]) -> Figures:
    return sum((figures for _, figures in tables), NOTHING)


@given(TENDERS)
def test_no_cell_is_small_and_every_table_has_one_sum(tenders: list[Finished]) -> None:
    released = batches(tenders)
    whole = sum((summed(batch) for batch in released), NOTHING)
    for key in (lambda f: f.field, lambda f: f.method, lambda f: f.outcome):
        shown = table(released, key)
        assert total(shown) == whole
        assert all(figures.projects >= FEWEST for _, figures in shown)
        assert all(len(cell) >= FEWEST for batch in released for cell in cells(batch, key).values())


@given(TENDERS, st.sampled_from(MONTHS))
def test_a_later_publication_adds_nothing_or_at_least_five(tenders: list[Finished], month: str) -> None:
    """For every cell: what a reader learns by subtracting an earlier publication from a later one."""
    ordered = sorted(tenders, key=lambda f: f.month)
    before, after = batches([f for f in ordered if f.month < month]), batches(ordered)
    for key in (lambda f: f.field, lambda f: f.method):
        old, new = dict(table(before, key)), dict(table(after, key))
        for name, figures in new.items():
            more = figures.projects - old.get(name, NOTHING).projects
            assert more == 0 and figures == old[name] or more >= FEWEST
        assert set(old) <= set(new)


def test_a_lonely_method_hides_in_other_and_takes_company_along() -> None:
    batch = [Finished("2026-01", "works", "open", "awarded", 1, 1, 1)] * 9 + [Finished("2026-01", "works", "single", "awarded", 1, 1, 1)]
    assert {name: len(cell) for name, cell in cells(batch, lambda f: f.method).items()} == {OTHER: 10}
    batch += [Finished("2026-01", "works", "invited", "awarded", 1, 1, 1)] * 4
    assert {name: len(cell) for name, cell in cells(batch, lambda f: f.method).items()} == {"open": 9, OTHER: 5}


def finish(made: Tender, n: int, **values: object) -> None:
    at = made.centre.now()
    made.put(Award(project=made.project, lot=made.lot, bid=made.bids[0], org=made.suppliers[0].org, amount=80_000_000 + n, rank=1, at=at))
    made.set(stage="announced", announced_at=at, **values)


def test_figures_appear_when_the_month_is_over_and_leave_running_tenders_out(centre: Centre) -> None:
    for n in range(5):
        finish(tender(centre, "procurement.open", "awarded", (80_000_000 + n,), tag=f"A{n}"), n, ceiling=90_000_000 if n else None)
    tender(centre, "procurement.open", "evaluating", (1,), tag="RUN")
    with centre.reading() as session:
        assert statistics(session, centre.now()).total == NOTHING
        shown = statistics(session, centre.now() + 32 * DAY)
    assert (shown.total.projects, shown.total.budget, shown.total.tendered, shown.total.awarded) == (5, 500_000_000, 460_000_000, 400_000_010)
    assert shown.total.saved == 59_999_990 and str(shown.total.rate) == "13.04"
    assert shown.by_field == (("procurement", shown.total),) and shown.by_outcome == (("awarded", shown.total),)
    assert dict(shown.subjects) == {"buyer": 6, "agent": 6, "supplier": 6}


def test_failed_tenders_count_without_savings(centre: Centre) -> None:
    for n in range(5):
        made = tender(centre, "procurement.open", "opened", (1,), tag=f"F{n}")
        made.set(stage="failed", stopped_at="opened", ended_at=centre.now())
    with centre.reading() as session:
        shown = statistics(session, centre.now() + 32 * DAY)
    assert (shown.total.projects, shown.total.tendered, shown.total.rate) == (5, 0, None) and shown.by_outcome[0][0] == "failed"


def test_four_tenders_show_nothing(centre: Centre) -> None:
    for n in range(4):
        finish(tender(centre, "procurement.open", "awarded", (1,), tag=f"A{n}"), n)
    with centre.reading() as session:
        shown = statistics(session, centre.now() + 32 * DAY)
    assert shown.total == NOTHING and dict(shown.subjects)["supplier"] is None
