"""`mingbiao ocds export FILE`: everything public as one OCDS release package."""
import argparse
import sys
from pathlib import Path

from kernel.centre import Centre


def add_parsers(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    ocds = sub.add_parser("ocds", help="开放数据 open contracting data")
    acts = ocds.add_subparsers(dest="act", required=True)
    out = acts.add_parser("export", help="导出全部公开信息 write all that is public")
    out.add_argument("file", type=Path, help="JSON")
    out.set_defaults(run=export)


def export(args: argparse.Namespace) -> int:
    """0 written · 2 no founded centre under MINGBIAO_HOME."""
    import cli.rooms  # noqa: F401  binds every question to its answer
    from trading.awards.ocds import release_package, text

    centre = Centre()
    try:
        if centre.row is None:
            print("此处没有已建立的中心 | no founded centre here", file=sys.stderr)
            return 2
        with centre.reading() as session:
            package = release_package(centre, session, centre.clock.now(session))
        args.file.write_text(text(package), encoding="utf-8")
        count = len(package["releases"])
        print(f"已导出 {count} 个项目 | {count} tenders written: {args.file}")
        return 0
    finally:
        centre.close()
