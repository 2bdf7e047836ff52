"""The letter of award goes out with the result notice: both carry one moment, from which the contract's time runs."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import Stale
from kernel.values import day_of
from trading.awards.letters import award_letter
from trading.awards.records import Letter
from trading.awards.steps import awards_of, notice_of
from trading.desk import hold, move


class SendLetter(Cmd):
    project: str = Field(max_length=32)


@command("trading.awards.send_letter", signed=True)
def send_letter(work: Work, cmd: SendLetter) -> tuple[Letter, ...]:
    """Guard: result_published_same_time. A letter of the notice's own day carries the notice's moment; a later one
    its own, with a warning in the entry. Stale where every winner has its letter."""
    project = hold(work, cmd.project)
    notice = notice_of(work.session, project.id, "result")
    move(work, project, result_at=notice.published_at if notice else None)
    assert notice is not None
    at = notice.published_at if day_of(notice.published_at) == day_of(work.moment) else work.moment
    have = set(work.session.scalars(select(Letter.org).where(Letter.project == project.id, Letter.kind == "award")))
    letters = tuple(award_letter(work, project, award, at) for award in awards_of(work.session, project.id) if award.org not in have)
    if not letters:
        raise Stale
    warn = [w.rule for w in work.warnings]
    work.enter(project.id, letters=sorted(letter.digest for letter in letters), moment=at, warn=warn or None)
    return letters
