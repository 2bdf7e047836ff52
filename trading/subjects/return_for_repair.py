"""A drawn reviewer returns the file with everything that is missing, named at once (一次性告知)."""

from pydantic import Field, field_validator
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from trading.subjects.decide import decide, last_return
from trading.subjects.records import Paper, Review, SubjectChange

GROUPS = {"contact": {"contact", "phone", "email"}, "name": {"name", "name_en"}}


class ReturnForRepair(Cmd):
    """answers: item → what is wrong, empty where it is in order; every item of rules.ITEMS is answered."""

    subject: str = Field(max_length=32)
    round: int = Field(ge=1)
    answers: dict[str, str] = Field(max_length=12)

    @field_validator("answers")
    @classmethod
    def short(cls, answers: dict[str, str]) -> dict[str, str]:
        if any(len(words) > 300 or ":" in item for item, words in answers.items()):
            raise ValueError("answers")
        return answers


@command("trading.subjects.return_for_repair", signed=True)
def return_for_repair(work: Work, cmd: ReturnForRepair) -> Review:
    """Guards: drawn_for_file, reason_given, all_faults_at_once. Late faults warn and stand in the entry."""
    faults = {item: words.strip() for item, words in cmd.answers.items() if words.strip()}
    before = last_return(work, cmd.subject)
    known = {line.split(":", 1)[0] for line in before.reasons} if before else None
    subject, review = decide(
        work,
        cmd.subject,
        cmd.round,
        "returned",
        tuple(f"{item}:{words}" for item, words in sorted(faults.items())),
        answers=cmd.answers,
        before=known,
        touched=touched(work, cmd.subject, before.at) if before else set(),
    )
    warn = {"warn": [reason.rule for reason in work.warnings]} if work.warnings else {}
    work.enter(subject.id, result=review.result, round=subject.round, items=sorted(faults), **warn)
    return review


def touched(work: Work, subject: str, since: int) -> set[str]:
    """Items that the organisation repaired after `since`: kinds of papers added, fields corrected."""
    items = set(work.session.scalars(select(Paper.kind).where(Paper.subject == subject, Paper.added > since)))
    for fields in work.session.scalars(select(SubjectChange.fields).where(SubjectChange.subject == subject, SubjectChange.at > since)):
        items |= set(fields) | {group for group, members in GROUPS.items() if members & set(fields)}
    return items
