"""Steps on many tenders at once: ceremonies, reviews, openings."""
from typing import Any

from sqlalchemy import select

from cli.cast.house import House
from cli.progress import Progress
from kernel.command import Actor
from kernel.reactions import run_reactions
from kernel.ticker import settle
from trading.projects.records import ProjectAssignment
from trading.projects.review_first import ReviewFirst, review_first
from trading.projects.review_second import ReviewSecond, review_second
from trading.projects.rules.reviewing import CHECKLIST
from trading.sealing.begin_ceremony import BeginCeremony, begin_ceremony

YES = dict.fromkeys(CHECKLIST, "yes")


def ceremonies(house: House, agents: dict[str, Actor], progress: Progress, k: int = 2, batch: int = 60) -> None:
    """The key ceremony of each project (id → its agent or buyer), 2-of-3, by the custodians' own programs, in batches."""
    projects = list(agents)
    for at in range(0, len(projects), batch):
        for project in projects[at : at + batch]:
            begin_ceremony(house.centre, agents[project], BeginCeremony(project=project, custodians=tuple(keeper.id for keeper in house.keepers), k=k))
        for _ in range(3):
            for keeper in house.keepers:
                check(keeper.program.run_once())
        progress.say("密钥仪式 · ceremonies", min(at + batch, len(projects)), len(projects))


def review_tenders(house: House, projects: list[str]) -> None:
    """First and second review of submitted tenders by whoever was drawn."""
    steps: tuple[tuple[int, Any, Any], ...] = ((1, review_first, ReviewFirst), (2, review_second, ReviewSecond))
    for slot, act, form in steps:
        while run_reactions(house.centre):
            pass
        with house.centre.reading() as session:
            drawn = dict(session.execute(select(ProjectAssignment.project, ProjectAssignment.person).where(
                ProjectAssignment.slot == slot, ProjectAssignment.done.is_(None))).all())
        for project in projects:
            act(house.centre, Actor("person", drawn[project]), form(project=project, checklist=YES))


def custodians_open(house: House, progress: Progress, k: int = 2) -> None:
    """k custodians answer everything that waits; reactions decrypt."""
    for n, keeper in enumerate(house.keepers[:k], 1):
        check(keeper.program.run_once())
        progress.say("保管人解密 · custodians answered", n, k, always=True)
    settle(house.centre)


def check(done: list[Any]) -> None:
    stopped = [d for d in done if d.gate]
    if stopped:
        raise SystemExit(f"保管端核验未通过 · a custodian's gate refuses: {stopped[0]}")
