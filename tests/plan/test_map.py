"""The README's map is the tree: every folder of the top and of trading/, each with a line in both languages."""
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINE = re.compile(r"^( *)([.a-z]+)/ +(\S.*) · (\S.*)$")


def mapped() -> dict[str, str]:
    """Folder → its line, from the map's block."""
    block = README.split("地图 Map\n```\n")[1].split("\n```")[0]
    found: dict[str, str] = {}
    parent = ""
    for text in block.splitlines():
        line = LINE.match(text)
        assert line, text
        parent = parent if line[1] else line[2]
        found[f"{parent}/{line[2]}" if line[1] else line[2]] = line[3]
    return found


def tree() -> set[str]:
    """Folders at the top and in trading/ that hold a file which is, or may be, committed."""
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    parts = [Path(name).parts for name in listed.stdout.splitlines() if (ROOT / name).exists()]
    return {p[0] for p in parts if len(p) > 1} | {f"trading/{p[1]}" for p in parts if p[0] == "trading" and len(p) > 2}


def test_the_map_is_the_tree() -> None:
    assert set(mapped()) == tree()


def test_links_lead_somewhere() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    dead = [f"{page.relative_to(ROOT)}: {link}" for page in pages for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
            if not (page.parent / link).exists()]
    assert dead == []


def test_every_guide_is_linked() -> None:
    assert {p.name for p in (ROOT / "docs/guides").glob("*.md")} == set(re.findall(r"docs/guides/([a-z-]+\.md)", README))


def test_the_commands_of_the_readme_are_targets_of_make() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"^make ([a-z]+)", README, re.MULTILINE)) == {"run", "test", "bench"} <= targets
