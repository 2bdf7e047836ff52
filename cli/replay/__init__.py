"""`mingbiao replay NAME`: recorded or generated trading history, run through the same acts."""
import argparse
import importlib

REPLAYS = ("tsuchiura", "shunyi", "huairou")


def add_parsers(sub: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = sub.add_parser("replay", help="replay recorded tenders")
    kinds = parser.add_subparsers(dest="kind", required=True)
    for name in REPLAYS:
        importlib.import_module(f"cli.replay.{name}").add_parser(kinds)
