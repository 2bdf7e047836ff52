"""`mingbiao verify FILE`: replays a tender's published dossier or an exported opening, a folder or the archive as it was fetched."""
import argparse
import sys
import zipfile
import zlib
from pathlib import Path

from verify.dossier import check
from verify.findings import guarded
from verify.opening import check_opening

ACCEPTED, REFUSED, UNREADABLE = 0, 1, 2
# how a foreign archive breaks: its form, its compression, a password (RuntimeError), a method nobody knows
BROKEN = (OSError, ValueError, EOFError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error)
LIMIT = 1 << 30  # bytes after unpacking; a dossier is far smaller


def add_parsers(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = sub.add_parser("verify", help="核验项目卷宗或开标核验包 replay a tender's dossier or an exported opening")
    parser.add_argument("dossier", type=Path, help="文件夹或 zip a folder, or the zip")
    parser.add_argument("--root", default="", help="账本中的卷宗根 the root that stands in the ledger, hex")
    parser.set_defaults(run=verify)


def verify(args: argparse.Namespace) -> int:
    """0 everything holds · 1 something does not, each on its line · 2 the dossier cannot be read."""
    try:
        files = load(args.dossier)
    except BROKEN as why:
        print(f"无法读取 unreadable: {args.dossier}: {why}", file=sys.stderr)
        return UNREADABLE
    dossier = "tender.json" in files or args.root
    findings = check(files, args.root.strip().lower()) if dossier else guarded("opening.json", check_opening, files)
    for finding in findings:
        print(f"{'相符' if finding.good else '不符'} [{finding.check}] {finding.words.zh} | {'good' if finding.good else 'refused'}: {finding.words.en}")
    return ACCEPTED if all(finding.good for finding in findings) else REFUSED


def load(path: Path) -> dict[str, bytes]:
    """name → bytes, names with forward slashes. ValueError: nothing in it, or too much."""
    if path.is_dir():
        found = {p.relative_to(path).as_posix(): p.read_bytes() for p in sorted(path.rglob("*")) if p.is_file()}
    else:
        with zipfile.ZipFile(path) as zipped:
            if sum(info.file_size for info in zipped.infolist()) > LIMIT:
                raise ValueError("too large after unpacking")
            found = {info.filename: zipped.read(info) for info in zipped.infolist() if not info.is_dir()}
    if not found:
        raise ValueError("empty")
    return found
