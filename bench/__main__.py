"""`python -m bench [--quick]`: every figure is a ratio against a named reference of the same run."""
import argparse
import os
import platform
import sys
from collections.abc import Iterator

from bench import computing, measure, opening, planning, reading, rushing, sealing, uploading, writing
from kernel.logs import configure


def lines(quick: bool) -> Iterator[measure.Line]:
    rounds = 1 if quick else 7
    yield from sealing.envelopes((4 if quick else 256) << 20, rounds)
    yield from sealing.ceremonies(2 if quick else 20, rounds)
    yield from computing.draws(1_000 if quick else 100_000, rounds)
    yield from computing.trees(1_000 if quick else 20_000, rounds)
    yield from planning.plans(quick)
    yield from writing.acts(10 if quick else 300, rounds)
    yield from uploading.uploads((16 if quick else 1024) << 20, 1 if quick else 3)
    yield from opening.openings(3 if quick else 100)
    yield from rushing.rushes(*(6, 100_000, 3) if quick else (500, 5_000_000, 60))
    yield from reading.pages(2 if quick else 20, 2 if quick else 50, rounds)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--quick", action="store_true", help="small sizes, one round: shows that it runs, measures nothing")
    args = parser.parse_args()
    import cli.rooms  # noqa: F401  binds every question to its answer

    configure()
    found = []
    for line in lines(args.quick):
        found.append(line)
        print(f"… {line.subject}: {line.ratio:.2f}×", file=sys.stderr, flush=True)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores; medians of {1 if args.quick else 7} rounds taken in turns; below 1 is faster")
    print(measure.table(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
