"""`mingbiao draw verify FILE` checks the transcript of a draw against its own hashes and order; `draw export ID` writes one;
`draw contribute` makes a party's contribution on its own machine."""
import argparse
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

from experts.contribution import contribute
from kernel.draw import commit, problems

ACCEPTED, REFUSED, UNREADABLE = 0, 1, 2


def add_parsers(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    draw = sub.add_parser("draw", help="抽取 draws")
    acts = draw.add_subparsers(dest="act", required=True)
    check = acts.add_parser("verify", help="核验抽取记录 check the transcript of a draw")
    check.add_argument("file", type=Path, help="JSON")
    check.set_defaults(run=verify)
    give = acts.add_parser("export", help="导出抽取记录 write the transcript of a draw")
    give.add_argument("id", help="draw")
    give.add_argument("--home", type=Path, default=None, help="MINGBIAO_HOME")
    give.add_argument("--identities", action="store_true", help="连同已公开成员的身份 with the identities of the released members")
    give.set_defaults(run=export)
    make = acts.add_parser("contribute", help="生成随机数 make a contribution")
    make.add_argument("party", choices=("agent", "buyer", "centre", "host", "regulator"), help="代表的一方 for whom")
    make.add_argument("--draw", default="", help="抽取编号，抽取系数时为项目编号 the draw; for a coefficient the id of the tender")
    make.add_argument("--key", default="", help="项目公钥，64 位十六进制 the tender's key")
    make.add_argument("--out", type=Path, default=None, help="密封文件 the sealed file to write")
    make.set_defaults(run=contribution)


def verify(args: argparse.Namespace) -> int:
    """0 accepted · 1 refused, each reason on its line · 2 the file cannot be read."""
    try:
        transcript = json.loads(args.file.read_bytes(), object_pairs_hook=_no_doubles)
    except (OSError, ValueError, RecursionError) as why:
        print(f"无法读取 unreadable: {args.file}: {why}", file=sys.stderr)
        return UNREADABLE
    found = problems(transcript)
    for text in found:
        print(f"不符 {text.zh} | refused: {text.en}")
    if not found:
        print(f"抽取记录有效 | the draw is good: {transcript['rules']['draw']}")
    return REFUSED if found else ACCEPTED


def export(args: argparse.Namespace) -> int:
    """Prints the transcript as JSON. 0 written · 1 no such draw, or one without a seed · 2 not yet in the ledger."""
    if args.home is not None:
        os.environ["MINGBIAO_HOME"] = str(args.home)
    import cli.rooms  # noqa: F401  binds every question to its answer
    from experts.transcript import transcript
    from kernel.centre import Centre

    centre = Centre()
    try:
        with centre.reading() as session:
            found = transcript(session, args.id, args.identities)
    except KeyError:
        print(f"没有已抽取的该记录 no such draw: {args.id}", file=sys.stderr)
        return REFUSED
    except ValueError:
        print("尚未全部入账，请稍后再试 not all of it stands in the ledger yet", file=sys.stderr)
        return UNREADABLE
    finally:
        centre.close()
    print(json.dumps(found, ensure_ascii=False, sort_keys=True, indent=1))
    return ACCEPTED


def contribution(args: argparse.Namespace) -> int:
    """Prints the 32 bytes and their commitment, and writes them sealed where it is told to whom. 0 made · 2 the arguments do
    not fit together, or the file is there already."""
    value = os.urandom(32).hex()
    if args.draw or args.key or args.out:
        if not (args.draw and re.fullmatch(r"[0-9a-f]{64}", args.key) and args.out):
            print("须同时给出 --draw、--key、--out | --draw, --key and --out go together", file=sys.stderr)
            return UNREADABLE
        made = contribute(args.draw, args.party, args.key, os.urandom)
        value = made.value
        try:
            with args.out.open("xb") as file:
                file.write(made.sealed)
        except OSError as why:
            print(f"无法写入 cannot write: {args.out}: {why.strerror}", file=sys.stderr)
            return UNREADABLE
    print(f"承诺 commitment   {commit(args.party, bytes.fromhex(value))}")
    print(f"随机数 contribution {value}")
    return ACCEPTED


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name that stands twice lets two readers see two different transcripts."""
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return dict(pairs)
