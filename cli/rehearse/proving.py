"""The end of a rehearsal: everything it left is exported, and checked from these files alone, as an outsider would."""
import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.verify import load
from kernel.errors import Text
from verify import dossier, draw
from verify.ledger import check as check_ledger

PUBLISHED = "evaluation.dossier.publish"


@dataclass(frozen=True)
class Check:
    """words: what was checked, and what came of it."""

    words: Text
    good: bool


def entries(folder: Path) -> list[dict[str, Any]]:
    """The opened payloads of an exported ledger."""
    return [json.loads(line)["payload"] for line in (folder / "ledger" / "openings.jsonl").read_text().splitlines()]


def tags(folder: Path) -> Counter[str]:
    return Counter(str(payload["tag"]) for payload in entries(folder))


def everything(folder: Path) -> list[Check]:
    """The ledger, each dossier against the root in the ledger, each draw by the stand-alone checker, the open data's form."""
    problems = check_ledger(folder / "ledger")
    size = len(entries(folder))
    found = [Check(Text(f"账本：{size} 条已公开记录，{len(problems)} 处不符", f"ledger: {size} opened entries, {len(problems)} problems"), not problems)]
    roots = [str(payload["body"]["root"]) for payload in entries(folder) if payload["tag"] == PUBLISHED]
    for archive in sorted(folder.glob("*.zip")):
        found += one_dossier(folder, archive, roots)
    return [*found, open_data(folder / "ocds.json")]


def one_dossier(folder: Path, archive: Path, roots: list[str]) -> list[Check]:
    files = load(archive)
    findings = dossier.check(files)
    known = any(all(finding.good for finding in dossier.check(files, root)) for root in roots)
    bad = [finding for finding in findings if not finding.good]
    found = [Check(Text(f"卷宗 {archive.stem}：{len(findings)} 项核验，{len(bad)} 项不符，根{'在' if known else '不在'}账本中",
                        f"dossier {archive.stem}: {len(findings)} checks, {len(bad)} refused, its root is {'' if known else 'not '}in the ledger"), known and not bad)]
    for name in sorted(name for name in files if name.startswith("draw-")):
        transcript = folder / f"{archive.stem}-{name}"
        transcript.write_bytes(files[name])
        done = subprocess.run([sys.executable, "-I", draw.__file__, str(transcript)], capture_output=True, text=True, timeout=60, check=False)
        found.append(Check(Text(f"专家抽取 {transcript.stem}：独立程序核验", f"draw {transcript.stem}: checked by the stand-alone program"), done.returncode == 0))
    return found


def open_data(file: Path) -> Check:
    """The package names what OCDS 1.1 asks of every release."""
    package = json.loads(file.read_text())
    wanted = ("ocid", "id", "date", "tag", "initiationType")
    releases = package["releases"]
    good = package["version"] == "1.1" and bool(releases) and all(all(name in release for name in wanted) for release in releases)
    awarded = sum(bool(release.get("awards")) for release in releases)
    return Check(Text(f"开放数据：{len(releases)} 个项目，{awarded} 个有中标结果", f"open data: {len(releases)} tenders, {awarded} with awards"), good)
