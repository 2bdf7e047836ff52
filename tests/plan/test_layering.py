"""Imports run leftward only; what is pure stays pure; no drawers; nothing of a machine (docs/decisions/0001)."""
import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LEFT = {
    "law": set(), "kernel": {"law"}, "trading": {"law", "kernel"}, "experts": {"law", "kernel", "trading"}, "rooms": {"law", "kernel", "trading"},
    "evaluation": {"law", "kernel", "trading", "experts", "rooms"}, "web": {"law", "kernel", "trading", "experts", "rooms", "evaluation", "verify", "cli"},
    "cli": {"law", "kernel", "trading", "experts", "rooms", "evaluation", "verify", "web"},
    "verify": {"law", "kernel", "trading", "evaluation"},
}
PURE_FOR_VERIFY = ("trading.bids.rules", "kernel.canonical", "kernel.tree", "kernel.draw", "kernel.errors", "kernel.ledger", "kernel.values", "trading.sealing.rules", "evaluation.rules", "law")
IMPURE = {"sqlalchemy", "litestar", "pydantic", "random", "secrets", "time", "httpx", "obstore"}
DRAWERS = {"utils", "util", "helpers", "common", "misc", "constants", "services", "service", "base"}


def sources() -> list[Path]:
    return sorted(f for top in LEFT for f in (ROOT / top).rglob("*.py") if "node_modules" not in f.parts)


def imported(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= names | ({node.module} if "." in node.module or node.module not in LEFT else set())
    return found


def breaches() -> list[str]:
    wrong = []
    for file in sources():
        place = file.relative_to(ROOT)
        names = imported(file)
        for name in names:
            top = name.split(".")[0]
            if top in LEFT and top != place.parts[0] and top not in LEFT[place.parts[0]]:
                wrong.append(f"{place} imports {name}")
            if place.parts[0] == "verify" and top in ("kernel", "trading", "evaluation", "law") and not name.startswith(PURE_FOR_VERIFY):
                wrong.append(f"{place} imports {name}, which is not pure")
        if place.parts[0] == "law" or "rules" in place.parts or file.stem == "rules":
            wrong += [f"{place} is pure and imports {name}" for name in names if name.split(".")[0] in IMPURE]
        if file.stem in DRAWERS:
            wrong.append(f"{place} is a drawer")
    return wrong


def test_imports_run_leftward_and_rules_stay_pure() -> None:
    assert breaches() == []


def test_the_check_sees_a_breach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LEFT, "rooms", {"law", "kernel"})
    assert any(line.startswith("rooms/") for line in breaches())


def test_the_clock_is_asked_in_one_place() -> None:
    asks = re.compile(r"datetime\.(now|utcnow)\(|time\.time\(\)|date\.today\(")
    assert [str(f.relative_to(ROOT)) for f in sources() if f != ROOT / "kernel/clock.py" and asks.search(f.read_text())] == []


def test_only_the_command_commits_business_rows() -> None:
    """Log-ins, uploads, and the messages that reactions and timers queue are no acts; every other commit is the decorator's."""
    allowed = {"trading/bids/uploads.py", "web/viewer.py"}
    found = {f for f in sources() if ".commit()" in f.read_text() and f.stem not in ("reactions", "timers") and f.relative_to(ROOT).parts[0] != "kernel"}
    assert {str(f.relative_to(ROOT)) for f in found} - allowed == set()


def test_lock_files_name_no_address() -> None:
    for name in ("requirements.lock", "package-lock.json"):
        assert re.findall(r"https?://", (ROOT / name).read_text()) == [], name


def test_nothing_of_a_machine_is_committed() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    marks = re.compile(r"/(?:wor[k]|far[m]|roo[t])/|pyp[i]\.org|pythonhoste[d]|registry\.npmj[s]|deb\.debia[n]", re.IGNORECASE)
    dirty = []
    for name in listed:
        try:
            text = (ROOT / name).read_text()
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        if marks.search(text):
            dirty.append(name)
    assert dirty == []


def test_files_stay_small() -> None:
    assert [str(f.relative_to(ROOT)) for f in sources() if f.read_text().count("\n") > 400] == []
