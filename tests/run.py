"""The test command: installs what the suite needs where it may, then runs the suite in three processes.

1. everything on SQLite · 2. everything that touches the database on PostgreSQL (all of it with the argument
`postgresql`) · 3. beside the second, the browser tests in a process of their own. Ends with one line of totals.
All at once takes longer than one after the other: three worlds of data in two cores' caches.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = str(ROOT / ".venv" / "bin" / "python")
ON_DATABASE = ["tests/kernel", "tests/trading", "tests/experts", "tests/rooms", "tests/evaluation", "tests/walks", "tests/breaking"]
PACKAGES = {"chromium": ["chromium", "fonts-noto-cjk"], "postgres": ["postgresql"], "go": ["golang-go", "golang-golang-x-mod-dev"]}


def found(name: str) -> bool:
    if name == "postgres":
        return any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or shutil.which("initdb") is not None
    return shutil.which(name) is not None


def provide() -> None:
    """Chromium, PostgreSQL and Go by apt where that is allowed; otherwise the tests that need them say so."""
    missing = [package for name, packages in PACKAGES.items() if not found(name) for package in packages]
    if not missing:
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("installing", *missing, flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)  # type: ignore[call-overload]
        subprocess.run(["apt-get", "install", "-y", "-qq", *missing], check=False, **quiet)  # type: ignore[call-overload]
    for name, packages in PACKAGES.items():
        if not found(name):
            print(f"NOT FOUND: {name}. Tests that need it will be skipped; install {' '.join(packages)}.", flush=True)


def memory() -> Path | None:
    """A folder in memory for what the tests write, where there is room: a database is copied there in a tenth of the time."""
    place = Path("/dev/shm")
    roomy = place.is_dir() and shutil.disk_usage(place).free > 6 << 30
    return Path(tempfile.mkdtemp(prefix="mingbiao-", dir=place)) if roomy else None


def begin(arguments: list[str], env: dict[str, str] | None = None) -> "subprocess.Popen[str]":
    return subprocess.Popen([PYTHON, "-m", "pytest", *arguments], cwd=ROOT, env=os.environ | (env or {}), stdout=subprocess.PIPE, text=True)


def end(label: str, run: "subprocess.Popen[str]") -> tuple[int, dict[str, int]]:
    """Prints what a run says, as it says it, and counts."""
    print(f"\n== {label}", flush=True)
    tail = ""
    assert run.stdout is not None
    for line in run.stdout:
        print(line, end="", flush=True)
        tail = line if re.search(r"\d+ (passed|failed|error|skipped)", line) else tail
    counts = {word: int(n) for n, word in re.findall(r"(\d+) (passed|failed|skipped|error)", tail)}
    return run.wait(), counts


def main() -> int:
    provide()
    began, place = time.monotonic(), memory()
    if place:
        os.environ["TMPDIR"] = str(place)
    try:
        return run(began)
    finally:
        if place:
            shutil.rmtree(place, ignore_errors=True)


def run(began: float) -> int:
    everywhere = len(sys.argv) > 1 and sys.argv[1] == "postgresql"
    workers = ["-n", os.environ.get("WORKERS", "2"), "--dist", "worksteal", "-m", "not browser"]
    ends = []
    if not everywhere:
        ends.append(end("SQLite", begin([*workers, "tests"])))
    browsing = begin(["tests/browser"]) if found("chromium") else None
    if found("postgres"):
        targets = ["tests"] if everywhere else [t for t in ON_DATABASE if (ROOT / t).exists()]
        only = {} if everywhere else {"DATABASE_ONLY": "1"}
        ends.append(end("PostgreSQL", begin([*workers, *targets], {"DB": "postgresql"} | only)))
    if browsing:
        ends.append(end("browser", browsing))
    for name, there in (("PostgreSQL", found("postgres")), ("Chromium", browsing)):
        if not there and os.environ.get("CI"):
            print(f"{name} could not be installed")
            ends.append((1, {"failed": 1}))
    total = {word: sum(c.get(word, 0) for _, c in ends) for word in ("passed", "failed", "error", "skipped")}
    print(f"\n{time.monotonic() - began:.0f} s")
    print(f"{total['passed']} passed, {total['failed'] + total['error']} failed, {total['skipped']} skipped")
    return 1 if any(code not in (0, 5) for code, _ in ends) else 0


if __name__ == "__main__":
    sys.exit(main())
