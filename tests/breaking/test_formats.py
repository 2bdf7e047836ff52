"""Foreign files: cut, doubled, altered, huge, hostile. Each reader says what is wrong; none falls over, none takes the altered for the true."""
import io
import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from cli import verify as cli_verify
from cli.cast.house import credit_code
from cli.cast.library import HEAD, resident_id
from cli.main import main
from experts.sheet import read as read_sheet
from kernel import draw
from kernel.canonical import canon, parse
from kernel.errors import Malformed, Refused
from kernel.ledger import leaf, note, tiles
from kernel.ledger.proof import BadProof, Proof, check
from kernel.tree import inclusion
from trading.bids.packing import pack, unpack
from trading.sealing.custodian import Custodian, found
from trading.sealing.gates import Pins
from trading.sealing.rules.envelope import Params, check_structure, seal
from trading.sealing.rules.faults import Fault
from trading.sealing.rules.price import PriceForm, build_price, parse_price
from verify import draw as stand_alone
from verify.dossier import check as check_dossier

ROOT = Path(__file__).parents[2]
KEY = bytes.fromhex("58" + "66" * 31)  # the base point: a valid public key
DEEP = b"[" * 100_000 + b"]" * 100_000
HOSTILE = [b"", b"\x00", b"\xff\xfe" * 50, b"null", b"{}", b"[]", b'"' + b"9" * 5000 + b'"', b"9" * 5000, b"1e999", b"NaN", DEEP, b'{"a":' * 5000 + b"1" + b"}" * 5000,
           "\u202e\u0000龘".encode(), b"\\ud800", b'"\\ud800"', b"'; drop table bid; --", b"<script>alert(1)</script>", b"\r\n" * 1000]
QUIET = settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def broken(data: bytes) -> st.SearchStrategy[bytes]:
    """The file with one thing done to it: cut, bytes changed, removed, put in or doubled."""

    def do(what: str, at: int, size: int, more: bytes) -> bytes:
        at %= len(data)
        end = min(len(data), at + 1 + size)
        return {
            "cut": data[:at], "flip": data[:at] + bytes([data[at] ^ (1 + size % 255)]) + data[at + 1 :], "remove": data[:at] + data[end:],
            "insert": data[:at] + more + data[at:], "replace": data[:at] + more + data[end:], "double": data[:end] + data[at:],
        }[what]

    whats = st.sampled_from(["cut", "flip", "remove", "insert", "replace", "double"])
    whole = st.sampled_from([*HOSTILE, data + data, data + b"\x00" * (2 << 20), data + b"\n", b"\xef\xbb\xbf" + data])
    return st.builds(do, whats, st.integers(0, 1 << 30), st.integers(0, 64), st.binary(max_size=40) | st.sampled_from(HOSTILE[1:9])) | whole


# a proof with its entry
LOG = note.Signer("centre.example/rehearsal/2027", note.LOG, bytes(range(32)))


def _proof() -> tuple[bytes, bytes]:
    entries = [leaf.cover(n.to_bytes(2, "big") * 16) for n in range(300)]
    store: dict[str, bytes] = {}

    class Memory:
        get = staticmethod(store.get)
        put = staticmethod(store.__setitem__)

    size, root = tiles.append(Memory, 0, entries)  # type: ignore[arg-type]
    head = note.sign(note.Checkpoint(LOG.name, size, root).text(), LOG)
    return entries[7], Proof(7, tuple(inclusion(7, size, tiles.Span(Memory, size))), head).encode()  # type: ignore[arg-type]


ENTRY, PROOF = _proof()


def test_the_true_proof_holds() -> None:
    assert check(Proof.parse(PROOF), ENTRY, LOG.verifier).checkpoint.size == 300


@QUIET
@given(broken(PROOF))
def test_a_broken_proof_is_refused_or_says_the_same(data: bytes) -> None:
    try:
        given_proof = Proof.parse(data)
        signed = check(given_proof, ENTRY, LOG.verifier)
    except BadProof:
        return
    assert (given_proof.index, signed.checkpoint.size) == (7, 300)


# a sealed file
def _sealed() -> bytes:
    out, dice = io.BytesIO(), random.Random(4)
    seal(io.BytesIO(b"offer" * 500), out, Params("tender", "lot", "price", "ab" * 32, 1, KEY), 2500, dice.randbytes)
    return out.getvalue()


TBID = _sealed()


@QUIET
@given(broken(TBID))
def test_a_broken_sealed_file_is_refused_with_its_reason_or_has_another_digest(data: bytes) -> None:
    """Without a key nobody can tell a changed ciphertext from a true one; the digest in the ledger can."""
    try:
        found = check_structure(io.BytesIO(data)).digest
    except Fault as fault:
        assert fault.reason.rule
        return
    assert (found == check_structure(io.BytesIO(TBID)).digest) == (data == TBID)


def test_a_header_that_promises_much_reads_nothing() -> None:
    """Lengths are believed only as far as bytes follow them."""
    for length in (0, 3, 2**16, 2**31, 2**32 - 1):
        with pytest.raises(Fault):
            check_structure(io.BytesIO(TBID[:6] + length.to_bytes(4, "big") + b"{}"))


# what is inside a sealed file
PRICE, PACK = build_price(PriceForm("CNY", 123_456)), pack({"a.pdf": b"%PDF", "b.pdf": b"%PDF-2"})


@QUIET
@given(broken(PRICE))
def test_a_broken_price_form_is_rubbish_or_another_price(data: bytes) -> None:
    try:
        form = parse_price(data)
    except (Fault, Refused, Malformed, ValueError):
        return
    assert build_price(form) == data, "one form has one spelling"


@QUIET
@given(broken(PACK))
def test_a_broken_pack_is_refused_or_has_no_byte_to_spare(data: bytes) -> None:
    try:
        files = unpack(data)
    except Malformed:
        return
    assert len(pack(files)) == len(data)


# the transcript of a draw
VECTOR = json.loads((ROOT / "tests/worked/draw.json").read_text())
TRANSCRIPT = json.dumps(VECTOR).encode()


@QUIET
@given(broken(TRANSCRIPT))
def test_both_verifiers_refuse_a_broken_transcript(data: bytes) -> None:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return
    if value != VECTOR:
        assert bool(draw.verify(value)) and bool(list(stand_alone.problems(value)))


@QUIET
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(), x, max_size=3)),
       st.sampled_from(sorted(VECTOR)))
def test_any_value_in_any_place_of_a_transcript_is_refused(value: Any, name: str) -> None:
    if value != VECTOR[name]:
        assert draw.verify({**VECTOR, name: value}) and list(stand_alone.problems({**VECTOR, name: value}))


@pytest.mark.parametrize("data", [b"", DEEP, b"\xff", b'{"a":1,"a":2}', b"9" * 5000])
def test_the_programs_say_that_a_file_cannot_be_read(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "t.json"
    file.write_bytes(data)
    assert main(["draw", "verify", str(file)]) in (1, 2)
    done = subprocess.run([sys.executable, "-I", str(ROOT / "verify/draw.py"), str(file)], capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 1 and "Traceback" not in done.stderr


# a list of experts
def _sheet(rows: list[list[Any]]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def _expert(n: int) -> list[Any]:
    return ["示例", resident_id(n), "13800000000", "x@x.example", "示例单位", credit_code(n), "高级", 12, "A080101", "110105"]


SHEET = _sheet([HEAD, *map(_expert, range(1, 4))])


@QUIET
@given(broken(SHEET))
def test_a_broken_sheet_has_faults_or_whole_rows(data: bytes) -> None:
    rows, faults = read_sheet(data)
    assert rows or faults
    assert all(row.id_number and row.name and row.specialties for row in rows)


CELLS = ["=1+1", "=cmd|' /C calc'!A0", "\ud7ff", "龘" * 40_000, "-1", "1e9", "'; drop table expert; --", "<b>", "\t", "０１２", "٣", True, 1.5, None]


@pytest.mark.parametrize("column", range(len(HEAD)))
def test_hostile_cells_make_faults_not_experts(column: int) -> None:
    for value in CELLS:
        row = _expert(1)
        row[column] = value[:32_000] if isinstance(value, str) else value
        rows, faults = read_sheet(_sheet([HEAD, row]))
        assert faults or len(rows) == 1, (HEAD[column], value)


def test_an_archive_that_unpacks_to_much_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(5):
            archive.writestr(f"xl/{n}.xml", b" " * (60 << 20))
    rows, faults = read_sheet(out.getvalue())
    assert not rows and len(faults) == 1 and faults[0].line == 0


# a published dossier
def _dossier() -> dict[str, bytes]:
    from kernel.tree import leaf_hash, root

    digests = sorted(bytes([n]).hex() * 32 for n in (1, 2, 3))
    top = root([leaf_hash(bytes.fromhex(d)) for d in digests]).hex()
    return {
        "closing.json": canon([{"lot": "l1", "root": top, "count": 3, "digests": digests}]),
        "opening.json": canon({"v": 1, "tender": "t1", "ceremony": "c1", "close": {"o": "00" * 32}, "signatures": ["00" * 64], "parts": [
            {"bid": "b1", "part": "price", "digest": digests[0], "file": "p.tbid", "file_key": "00" * 32, "state": "opened", "amount": 1, "partials": []}]}),
        "transcript.json": canon({}), "p.tbid": TBID,
        "result.json": canon({"candidates": [{"bid": "b1", "rank": 1, "amount": 1, "lot": "l1"}], "award": []}), "scheme.json": canon({"scheme": {}, "digest": ""}),
        "coefficient.json": canon({}), "draw-x.json": TRANSCRIPT,
    }


DOSSIER = _dossier()


@QUIET
@given(st.data())
def test_a_broken_dossier_has_findings_and_never_the_root_of_the_true_one(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(DOSSIER)))
    changed = {**DOSSIER, name: data.draw(broken(DOSSIER[name]))}
    true = check_dossier(DOSSIER)[0].words.zh.rsplit(" ", 1)[1]
    findings = check_dossier(changed, true)
    assert findings and all(f.words.zh and f.words.en for f in findings)
    assert findings[0].good == (changed[name] == DOSSIER[name])


@QUIET
@given(st.data())
def test_a_broken_archive_is_unreadable_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in DOSSIER.items():
            archive.writestr(name, content)
    file = tmp_path / "d.zip"
    file.write_bytes(data.draw(broken(out.getvalue())))
    true = check_dossier(DOSSIER)[0].words.zh.rsplit(" ", 1)[1]
    assert main(["verify", str(file), "--root", true]) in (1, 2)  # the true one has faults of its own


def test_an_archive_that_lies_about_its_size_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "d.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b" " * 50_000)
    monkeypatch.setattr(cli_verify, "LIMIT", 40_000)
    assert main(["verify", str(file)]) == 2


# canonical bytes, which everything that is signed goes through
@pytest.mark.parametrize("data", HOSTILE)
def test_what_is_not_canonical_is_a_value_error(data: bytes) -> None:
    try:
        value = parse(data)
    except ValueError:
        return
    assert canon(value) == data


# a custodian's own notes
@pytest.mark.parametrize("torn", ["abcd", "abcd proje", "x"])
def test_a_line_that_a_power_cut_left_unfinished_does_not_stop_a_custodian(tmp_path: Path, torn: str) -> None:
    found(tmp_path, bytes(32))
    whole = "".join(f"{n:064x} tender {'ab' * 32}\n" for n in range(2))
    (tmp_path / "points").write_text(whole + torn)
    mailbox: Callable[..., Any] = lambda *_: []
    keeper = Custodian(tmp_path, mailbox, Pins(LOG.verifier, ()), lambda: 0)  # type: ignore[arg-type]
    assert len(keeper._points) == 2 and (tmp_path / "points").read_text() == whole
