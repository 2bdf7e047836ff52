"""`mingbiao rehearse`: one government-procurement tender and one works tender, end to end over HTTP, by everybody concerned.

A fresh rehearsal centre is founded in a home of its own; server, witness and custodians run as processes beside this one;
then each act is done on the page of the person whose it is. At the end everything is exported and verified from the files.
"""
import argparse
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kernel.clock import monotonic

if TYPE_CHECKING:
    from cli.rehearse.walk import Told

Tell = Callable[[str], None]


def add_parsers(sub: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = sub.add_parser("rehearse", help="play two tenders end to end over HTTP")
    parser.add_argument("--home", type=Path, default=None, help="an empty folder for the centre; a temporary one otherwise")
    parser.add_argument("--keep", action="store_true", help="keep the temporary folder with everything that was exported")
    parser.add_argument("--two-envelopes", action="store_true", help="the works tender opens its prices after the technical review")
    parser.add_argument("--locks", action="store_true", help="bids of the works tender carry a lock of their bidder's own, one an envelope")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0: both tenders done and verified · 1: something nobody planned · 2: the folder is not empty."""
    if args.home is not None and args.home.exists() and any(args.home.iterdir()):
        print(f"文件夹不是空的 · the folder is not empty: {args.home}", file=sys.stderr)
        return 2
    home = args.home or Path(tempfile.mkdtemp(prefix="mingbiao-"))
    try:
        return rehearse(home, home / "export", "2" if args.two_envelopes else "1", args.locks)
    finally:
        if args.home is None and not args.keep:
            shutil.rmtree(home, ignore_errors=True)


def rehearse(home: Path, folder: Path, envelopes: str = "1", locks: bool = False) -> int:
    import httpx

    from cli.rehearse.parties import Stopped

    began = monotonic()

    def tell(line: str) -> None:
        print(f"{monotonic() - began:6.1f} s  {line}", flush=True)

    try:
        return whole(home, folder, tell, envelopes, locks)
    except (Stopped, httpx.HTTPError) as why:
        print(f"演练中断 · stopped: {why or type(why).__name__}", file=sys.stderr)
        return 1


def whole(home: Path, folder: Path, tell: Tell, envelopes: str = "1", locks: bool = False) -> int:
    import cli.rooms  # noqa: F401  binds every question to its answer
    from cli.ledger import write
    from cli.rehearse import house, proving, walk
    from cli.rehearse.parties import Scene

    tell("布置演练中心 · setting up a rehearsal centre")
    stage = house.build(home)
    folder.mkdir(parents=True)
    with house.running(stage) as address:
        scene = Scene(address, tell)
        tell(f"服务、见证方和三名保管人已启动 · server, witness and three custodians run: {address}")
        plays, told = walk.play(scene, stage, envelopes, locks)
        for one in plays:
            path = f"/tenders/{one.code}/dossier"
            scene.wait("卷宗 · dossier", lambda path=path: scene.anybody.look(path).status == 200)  # type: ignore[misc]
            (folder / f"{one.code}.zip").write_bytes(scene.anybody.fetch(path))
        (folder / "ocds.json").write_bytes(scene.anybody.fetch("/ocds.json"))
    leaves = write(stage.centre, folder / "ledger")
    tell("仅凭导出文件核验 · verifying from the exported files alone")
    checks = proving.everything(folder)
    for check in checks:
        tell(f"{'✓' if check.good else '✗'} {check.words.zh} · {check.words.en}")
    summarise(scene.acts, leaves, told, proving.tags(folder), tell)
    return 0 if all(check.good for check in checks) else 1


def summarise(acts: int, leaves: int, told: "Told", tags: Counter[str], tell: Tell) -> None:
    """The figures a reader can find again in the exported ledger."""
    for code, name in told.winners.items():
        tell(f"{code}：{name} 中标 · award to {name}")
    tell(f"经网页和接口办理 {acts} 项，账本 {leaves} 条 · {acts} acts over HTTP, {leaves} leaves in the ledger")
    tell(f"专家：{told.accepted} 人应邀，{told.declined} 人谢绝，{told.unreachable} 人未接通，{tags['experts.find_conflict']} 人回避 · experts: "
         f"{told.accepted} accepted, {told.declined} declined, {told.unreachable} not reached, {tags['experts.find_conflict']} in conflict")
    tell(f"投标：{tags['trading.bids.submit'] + tags['trading.bids.replace']} 份记录公开可查，撤回和迟到的记录永不公开 · bids: "
         f"{tags['trading.bids.submit'] + tags['trading.bids.replace']} records stand open, what was withdrawn or came too late never does")
    tell(f"退还保证金 {told.refunds} 笔，专家评价 {told.appraisals} 份 · {told.refunds} deposits paid back, {told.appraisals} appraisals")
