"""Papers and terms of the tender document. A paper of the same kind and title is a new version of it."""
from pydantic import Field
from sqlalchemy import func, select

from kernel.command import Cmd, Work, command
from kernel.errors import Malformed, Text
from trading.desk import hold, move
from trading.projects.clauses import clause, deciding_day, deposit_clauses
from trading.projects.draft import MONEY, Details
from trading.projects.records import Document, Project


class Paper(Cmd):
    """A stored file: key in the store, hex SHA-256, size in bytes, media type."""

    kind: str = Field(pattern=r"^(tender_document|bill|drawing|contract_draft|specification|other)$")
    title: str = Field(min_length=1, max_length=200)
    blob: str = Field(pattern=r"^[a-z2-7]{16}$")
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=1, le=2**33)
    media: str = Field(pattern=r"^(application/pdf|image/jpeg|image/png|application/ofd|application/zip)$")


class SetDocument(Cmd):
    """deposit in the smallest unit; floor: a minimum price, which the law forbids; fair_competition: where the review
    stands; presence_required: named persons must appear, which may not be forced; details: what the notice says.
    mode, lock_minutes, rescue, envelopes: as trading.projects.records.Project has them."""

    project: str = Field(max_length=32)
    papers: tuple[Paper, ...] = Field(default=(), max_length=40)
    deposit: int = Field(default=0, ge=0, le=MONEY)
    floor: int | None = Field(default=None, ge=0, le=MONEY)
    fair_competition: str = Field(default="", max_length=200)
    presence_required: bool = False
    validity_days: int = Field(default=90, ge=1, le=365)
    decrypt_minutes: int = 30
    mode: str = Field(default="M1", pattern=r"^M[12]$")
    lock_minutes: int = Field(default=0, ge=0)
    rescue: bool = True
    envelopes: int = Field(default=1, ge=1, le=2)
    confirm_minutes: int = Field(default=10, ge=5, le=60)
    details: Details = Field(default_factory=dict, max_length=40)


@command("trading.projects.set_document", opens="inviting")
def set_document(work: Work, cmd: SetDocument) -> list[Document]:
    """Guards: no_floor_price, deposit_within_cap, fair_competition_reviewed, no_forced_presence, price_announced_at_opening."""
    project = hold(work, cmd.project)
    on = deciding_day(project, work.moment)
    move(work, project, wanted_floor=cmd.floor, wanted_deposit=cmd.deposit, fair_competition=cmd.fair_competition,
         presence_required=cmd.presence_required, wanted_envelopes=cmd.envelopes, clauses=deposit_clauses(project, on))
    low, high = clause("opening.decryption_minutes_range", on).value
    if not low <= cmd.decrypt_minutes <= high:
        raise Malformed("decrypt_minutes", Text(f"解密时限应为 {low} 至 {high} 分钟", f"The decryption window is {low} to {high} minutes"))
    project.deposit, project.validity_days = cmd.deposit, cmd.validity_days
    least = clause("opening.lock_minutes", on).value
    if cmd.mode == "M2" and not least <= cmd.lock_minutes <= cmd.decrypt_minutes:
        raise Malformed("lock_minutes", Text(f"投标人解锁时限应为 {least} 分钟以上，且不超过解密时限",
                                             f"The window for bidders' locks is at least {least} minutes and no longer than the decryption window"))
    if cmd.mode == "M1" and cmd.lock_minutes:
        raise Malformed("lock_minutes", Text("未采用投标人锁，无须填写", "Only where bidders add a lock of their own"))
    project.decrypt_minutes, project.confirm_minutes = cmd.decrypt_minutes, cmd.confirm_minutes
    project.mode, project.lock_minutes, project.rescue = cmd.mode, cmd.lock_minutes, int(cmd.rescue)
    project.envelopes = cmd.envelopes
    project.details = project.details | cmd.details | {"fair_competition": cmd.fair_competition}
    rows = add_papers(work, project, cmd.papers)
    work.enter(project.id, papers=[row.digest for row in rows], warn=[w.rule for w in work.warnings] or None)
    return rows


def add_papers(work: Work, project: Project, papers: tuple[Paper, ...]) -> list[Document]:
    """Keeps papers as the next versions of their kind and title."""
    rows = []
    for paper in papers:
        last = work.session.scalar(select(func.max(Document.version)).where(
            Document.project == project.id, Document.kind == paper.kind, Document.title == paper.title)) or 0
        rows.append(work.keep(Document(project=project.id, version=last + 1, at=work.moment, **paper.model_dump())))
        work.session.flush()
    return rows
