"""Vectors: the leaves and roots of the RFC 6962 reference tests; paths and layout of C2SP tlog-tiles' own examples."""
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel import tree
from kernel.ledger.tiles import Missing, Span, append, bundle, entries_of, finished, layout, parse_path, path, unbundle

LEAVES = [bytes.fromhex(h) for h in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [bytes.fromhex(h) for h in (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)]  # fmt: skip
FIRST_OF_EIGHT = [bytes.fromhex(h) for h in (
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
)]  # fmt: skip


def test_rfc_6962_roots_one_entry_at_a_time(memory) -> None:
    assert append(memory, 0, []) == (0, tree.EMPTY)
    for size, (entry, expected) in enumerate(zip(LEAVES, ROOTS, strict=True)):
        assert append(memory, size, [entry]) == (size + 1, expected)
    assert [Span(memory, 8).root(size) for size in range(1, 9)] == ROOTS
    assert tree.inclusion(0, 8, Span(memory, 8)) == FIRST_OF_EIGHT


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ((0, 1234067, 256), "tile/0/x001/x234/067"),
        ((3, 0, 17), "tile/3/000.p/17"),
        ((None, 999, 256), "tile/entries/999"),
        ((None, 1000, 255), "tile/entries/x001/000.p/255"),
        ((12, 1_000_000, 256), "tile/12/x001/x000/000"),
    ],
)
def test_paths(place, text: str) -> None:
    assert path(*place) == text
    assert parse_path(text) == place


@pytest.mark.parametrize(
    "text",
    ["tile/0/1", "tile/00/001", "tile/64/001", "tile/0/001/234", "tile/0/x000/001", "tile/0/001.p/256", "tile/0/001.p/0",
     "tile/0/001.p/07", "tile/data/001", "tile/0/001\n", "tile/0/００１", "/tile/0/001", "tile/entries/../0/001"],
)  # fmt: skip
def test_refuses_other_paths(text: str) -> None:
    with pytest.raises(ValueError, match="not the path"):
        parse_path(text)


def test_layout_of_the_specification() -> None:
    """A tree of 70,000: 273 full and one partial (112) at level 0, one full and 17 at level 1, one of width 1 at level 2."""
    places = list(layout(70_000))
    assert [(level, n, w) for level, n, w in places if w < 256] == [(None, 273, 112), (0, 273, 112), (1, 1, 17), (2, 0, 1)]
    assert [sum(level == wanted and w == 256 for level, _, w in places) for wanted in (None, 0, 1, 2)] == [273, 273, 1, 0]
    assert list(layout(256)) == [(None, 0, 256), (0, 0, 256), (1, 0, 1)]
    assert list(layout(0)) == []


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 2000), st.lists(st.integers(0, 2000), max_size=6))
def test_grown_in_steps_equals_written_at_once(size: int, cuts: list[int]) -> None:
    entries = [b"%d" % i for i in range(size)]
    whole, stepped = Store(), Store()
    _, expected = append(whole, 0, entries)
    at = 0
    for cut in [*sorted(c for c in cuts if c < size), size]:
        at, root = append(stepped, at, entries[at:cut])
    assert (at, root) == (size, expected) == (size, tree.root([tree.leaf_hash(e) for e in entries]))
    places = [path(*place) for place in layout(size)]
    assert {p: stepped[p] for p in places} == {p: whole[p] for p in places} == whole
    assert [e for n in range(-(-size // 256)) for e in entries_of(stepped, size, n)] == entries


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_proofs_from_tiles_verify(big_log, data: st.DataObject) -> None:
    store, hashes = big_log
    size = data.draw(st.integers(1, len(hashes)))
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    span = Span(store, size)
    root = tree.root(hashes[:size])
    assert span.root() == root
    assert tree.check_inclusion(hashes[index], index, size, tree.inclusion(index, size, span), root)
    assert tree.check_consistency(old, size, tree.root(hashes[:old]), root, tree.consistency(old, size, span))


class Store(dict[str, bytes]):
    def put(self, path: str, data: bytes) -> None:
        self[path] = data


@pytest.fixture(scope="module")
def big_log() -> tuple[Store, list[bytes]]:
    """Grown by one entry at a time, so that the partial tiles of every size up to 2000 are there."""
    store, entries = Store(), [b"entry %d" % i for i in range(2000)]
    for size, entry in enumerate(entries):
        append(store, size, [entry])
    return store, [tree.leaf_hash(entry) for entry in entries]


def test_a_proof_reads_few_tiles_and_the_next_one_fewer(memory) -> None:
    size = 70_000
    append(memory, 0, [b""] * size)
    memory.reads, span = 0, Span(memory, size)
    tree.inclusion(12_345, size, span)
    assert memory.reads <= 6
    memory.reads = 0
    tree.inclusion(12_346, size, span)
    assert memory.reads == 0


def test_cache_keeps_no_more_than_asked(memory) -> None:
    append(memory, 0, [b""] * 1024)
    span = Span(memory, 1024, keep=2)
    for n in (0, 1, 2, 0):
        span.tile(0, n)
    assert memory.reads == 4 + 1  # four misses here, one read of the root by append
    span.tile(0, 0)
    assert memory.reads == 4 + 1


def test_full_tile_stands_in_for_a_deleted_partial_one(big_log) -> None:
    store, hashes = big_log
    kept = Store({p: d for p, d in store.items() if not any(p.startswith(f + "/") for f in finished(0, 2000))})
    assert len(kept) < len(store)
    assert Span(kept, 100).root() == tree.root(hashes[:100])
    assert entries_of(kept, 300, 1) == [b"entry %d" % i for i in range(256, 300)]
    assert {path(*place) for place in layout(2000)} <= set(kept)


def test_finished_names_what_grew_full() -> None:
    assert finished(255, 256) == ["tile/entries/000.p", "tile/0/000.p"]
    assert finished(256, 511) == []
    assert finished(65_535, 65_537) == ["tile/entries/255.p", "tile/0/255.p", "tile/1/000.p"]


def test_a_run_cut_short_is_repeated_with_other_entries() -> None:
    """Every prefix of the writes of one append may be all that reached the store."""
    old = [b"old %d" % i for i in range(300)]
    first, second = [b"a%d" % i for i in range(300)], [b"b%d" % i for i in range(250)]
    base, full = Store(), Recorder()
    append(base, 0, old)
    full.update(base)
    append(full, 300, first)
    expected = tree.root([tree.leaf_hash(e) for e in old + second])
    assert len(full.written) == 5
    for count in range(len(full.written) + 1):
        store = Store({**base, **dict(full.written[:count])})
        assert append(store, 300, second) == (550, expected)


class Recorder(Store):
    def __init__(self) -> None:
        super().__init__()
        self.written: list[tuple[str, bytes]] = []

    def put(self, path: str, data: bytes) -> None:
        self.written.append((path, data))
        super().put(path, data)


def test_missing_or_short_tiles_are_named() -> None:
    store = Store()
    append(store, 0, [b"x"] * 300)
    short = store["tile/0/001.p/44"][:-32]
    for change in ({"tile/0/001.p/44": short}, {}):
        broken = Store({**{p: d for p, d in store.items() if p != "tile/0/001.p/44"}, **change})
        with pytest.raises(Missing, match=r"tile/0/001\.p/44"):
            Span(broken, 300).root()
    with pytest.raises(Missing, match="tile/entries/001"):
        append(Store(), 300, [b"x"])
    with pytest.raises(Missing, match="tile/entries/001"):
        entries_of(store, 256, 1)


def test_bundles_round_trip_and_refuse() -> None:
    entries = [b"", b"a", bytes(65_535)]
    assert unbundle(bundle(entries)) == entries
    assert bundle([b"ab"]) == b"\x00\x02ab"
    for broken in (bundle(entries)[:-1], b"\x00", b"\x00\x01"):
        with pytest.raises(ValueError, match="ends inside"):
            unbundle(broken)
    for wrong in ([b""] * 257, [bytes(65_536)]):
        with pytest.raises(ValueError, match="bundle holds"):
            bundle(wrong)


def test_an_entry_too_long_writes_nothing() -> None:
    store = Store()
    with pytest.raises(ValueError, match="65,535"):
        append(store, 0, [b"fine"] * 300 + [bytes(65_536)])
    assert store == {}


def test_span_refuses_ranges_that_are_no_subtree() -> None:
    store = Store()
    append(store, 0, [b"x"] * 10)
    for lo, hi, why in ((1, 3, "not a subtree"), (0, 11, "outside"), (4, 4, "outside")):
        with pytest.raises(ValueError, match=why):
            Span(store, 10)(lo, hi)
