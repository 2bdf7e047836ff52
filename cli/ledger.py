"""`mingbiao ledger export DIR`, `ledger check DIR` and `ledger nightly` (protocols §3)."""
import argparse
import shutil
import sys
from pathlib import Path

from sqlalchemy import select

from kernel.canonical import canon, parse
from kernel.centre import Centre
from kernel.ledger import note, tiles
from kernel.ledger.entries import Checkpoint, Entry, Witness
from kernel.ledger.leaf import leaf_of
from kernel.ledger.openings import public
from kernel.ledger.sequencer import proof_of, sequence
from kernel.tree import consistency
from verify.ledger import check

PROOFS = 12


def add_parsers(sub: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = sub.add_parser("ledger", help="export and check the ledger")
    acts = parser.add_subparsers(dest="act", required=True)
    export = acts.add_parser("export", help="write everything public for outside verifiers")
    export.add_argument("folder", type=Path)
    export.set_defaults(run=run_export)
    checked = acts.add_parser("check", help="check an export offline")
    checked.add_argument("folder", type=Path)
    checked.set_defaults(run=run_check)
    night = acts.add_parser("nightly", help="compare every business row with the ledger, as every night at two")
    night.set_defaults(run=run_nightly)


def run_export(args: argparse.Namespace) -> int:
    import cli.rooms  # noqa: F401

    centre = Centre()
    if centre.row is None:
        print("尚未初始化 · no centre is founded here", file=sys.stderr)
        return 2
    print(f"{write(centre, args.folder)} leaves · {args.folder}")
    return 0


def run_check(args: argparse.Namespace) -> int:
    problems = check(args.folder)
    for problem in problems:
        print(f"{problem.where}: {problem.what.zh} · {problem.what.en}", file=sys.stderr)
    print("账本核验通过 · the ledger holds" if not problems else f"{len(problems)} 处不符 · problems")
    return 1 if problems else 0


def run_nightly(args: argparse.Namespace) -> int:
    import cli.rooms  # noqa: F401
    from kernel.ledger.rows import nightly

    centre = Centre()
    if centre.row is None:
        print("尚未初始化 · no centre is founded here", file=sys.stderr)
        return 2
    night = nightly(centre)
    for finding in night.findings:
        print(f"{finding.text.zh} · {finding.text.en}", file=sys.stderr)
    seen = f"{night.rows} 行、{night.entries} 条 · {night.rows} rows, {night.entries} entries"
    print(f"数据与账本一致 · rows and ledger agree（{seen}）" if not night.findings else f"{len(night.findings)} 处不符 · findings（{seen}）")
    return 1 if night.findings else 0


def write(centre: Centre, folder: Path) -> int:
    """The export as outside verifiers take it; returns the number of leaves. An older export there is replaced."""
    sequence(centre)
    with centre.reading() as session:
        newest = session.scalars(select(Checkpoint).order_by(Checkpoint.size.desc()).limit(1)).one()
        witnesses = [w.vkey for w in session.scalars(select(Witness).order_by(Witness.vkey))]
        older = session.scalars(select(Checkpoint).where(Checkpoint.size <= max(1, newest.size // 2)).order_by(Checkpoint.size.desc()).limit(1)).first()
        older = older or session.scalars(select(Checkpoint).order_by(Checkpoint.size).limit(1)).one()
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
        (folder / "vkeys").write_text("\n".join([centre.ledger_key.verifier.vkey(), *witnesses]) + "\n")
        (folder / "checkpoint").write_text(newest.note)
        (folder / "checkpoint.old").write_text(older.note)
        span = tiles.Span(centre.tiles, newest.size)
        proof = consistency(older.size, newest.size, span) if older.size < newest.size else []
        (folder / "consistency").write_text("".join(note.line(h) + "\n" for h in proof))
        for level, n, width in tiles.layout(newest.size):
            _copy(centre, folder, level, n, width)
        with (folder / "openings.jsonl").open("wb") as lines:
            for entry in public(centre, session, newest.size):
                lines.write(canon({"index": entry.position, "salt": entry.salt.hex(), "payload": parse(entry.payload.encode())}) + b"\n")  # type: ignore[union-attr]
        chosen = sorted({0, newest.size - 1, *(newest.size * i // PROOFS for i in range(PROOFS))})
        for entry in session.scalars(select(Entry).where(Entry.position.in_(chosen))):
            (folder / f"{entry.position}.entry").write_bytes(leaf_of(entry.o))
            (folder / f"{entry.position}.tlog-proof").write_bytes(proof_of(centre, entry.position or 0, newest))
        return newest.size


def _copy(centre: Centre, folder: Path, level: int | None, n: int, width: int) -> None:
    """One tile at exactly the width that the checkpoint has; cut from a wider one when the log has grown since."""
    path = tiles.path(level, n, width)
    data = centre.tiles.get(path)
    if data is None:
        whole = centre.tiles.get(tiles.path(level, n))
        assert whole is not None, path
        data = whole[: width * tiles.HASH] if level is not None else tiles.bundle(tiles.unbundle(whole)[:width])
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
