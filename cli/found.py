"""`mingbiao found`: a real centre begins. Once, by whoever installs it; its first people are invited by mail."""
import argparse
import sys

from kernel.centre import Centre
from kernel.errors import Refused
from kernel.identity.found_centre import FirstPerson, found
from web.refusals import sentence

ROLES = ("registrar", "registrar", "regulator", "auditor", "sysadmin")


def add_parsers(sub: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = sub.add_parser("found", help="found a centre")
    parser.add_argument("--name", required=True, help="名称")
    parser.add_argument("--name-en", required=True)
    parser.add_argument("--domain", required=True, help="e.g. ggzy.example.gov.cn")
    parser.add_argument("--person", action="append", default=[], metavar="LOGIN:NAME:EMAIL",
                        help=f"five people in the order {', '.join(ROLES)}")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    import cli.rooms  # noqa: F401  the tables of every room

    people = [person.split(":") for person in args.person]
    if len(people) != len(ROLES) or any(len(person) != 3 for person in people):
        print(f"需要五名人员 LOGIN:NAME:EMAIL（{'、'.join(ROLES)}） · five people are needed, as LOGIN:NAME:EMAIL", file=sys.stderr)
        return 2
    centre = Centre()
    try:
        found(centre, args.name, args.name_en, args.domain,
              tuple(FirstPerson(login=p[0], name=p[1], email=p[2], role=role) for p, role in zip(people, ROLES, strict=True)), rehearsal=False)
    except Refused as refusal:
        said = sentence(refusal.reason)
        print(f"{said.zh} · {said.en}", file=sys.stderr)
        return 1
    print(f"{centre.origin}\n{centre.ledger_key.verifier.vkey()}")
    return 0
