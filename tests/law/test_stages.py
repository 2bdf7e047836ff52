import pytest

from law.stages import ENDS, FIELDS, LAND, MAIN, NAMES, SIDE, at_or_after, axis, name, place, within


@pytest.mark.parametrize("stage", sorted(set(MAIN) | set(LAND)))
def test_every_stage_has_its_names(stage):
    zh, en = name(stage)
    assert zh and en.isascii()


def test_no_name_without_a_stage():
    assert set(NAMES) == set(MAIN) | set(LAND)
    assert all(len(set(stages)) == len(stages) for stages in (MAIN, LAND, *SIDE.values()))


def test_axes_of_the_fields():
    assert "publicity" in axis("works") and "confirming" not in axis("works") and "qualifying" not in axis("works")
    assert "publicity" not in axis("procurement") and {"qualifying", "confirming"} <= set(axis("procurement"))
    assert all(axis(field)[-2:] == ENDS for field in FIELDS)
    with pytest.raises(ValueError, match="field"):
        axis("services")


def test_order():
    assert at_or_after("closed", "inviting") and at_or_after("inviting", "inviting") and not at_or_after("inviting", "closed")
    assert at_or_after("timed", "listing") and not at_or_after("asking", "timed")
    with pytest.raises(ValueError, match="no axis"):
        at_or_after("listing", "evaluating")


def test_ends_stand_after_archived_and_are_asked_where_they_stopped():
    assert at_or_after("failed", "archived")
    assert not at_or_after("failed", "opened", "closed") and at_or_after("failed", "closed", "closed")
    assert at_or_after("failed", "failed", "closed")
    assert place("failed", "closed") == "closed" and place("opened") == "opened"
    for stage, stopped in (("failed", None), ("failed", "terminated"), ("opened", "closed")):
        with pytest.raises(ValueError, match="stop"):
            place(stage, stopped)


def test_ranges_with_fields():
    assert within("opened", "archived", "works", "opened") and not within("opened", "archived", "works", "opening")
    assert within("works.opened", "works.archived", "works", "opened")
    assert not within("works.opened", "works.archived", "procurement", "opened")
    assert not within("opened", "archived", "land", "dealt")
    assert within("land.closed", "land.archived", "land", "dealt")
    assert within("any", "any", "land", "failed", "listing")
    with pytest.raises(ValueError, match="no stage"):
        within("opened", "archived", "works", "qualifying")


def test_ranges_of_ended_tenders_are_frozen():
    assert within("inviting", "terminated", "works", "failed", "closed")
    assert not within("inviting", "terminated", "works", "terminated", "review")
    assert not within("opened", "archived", "works", "failed", "closed")
    assert within("failed", "failed", "works", "failed", "closed")
    assert not within("failed", "failed", "works", "terminated", "closed")
