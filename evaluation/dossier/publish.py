"""The dossier is published: whoever wants may repeat with `verify` what can be repeated."""
from typing import Any

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from evaluation.dossier.contents import files
from evaluation.dossier.records import Dossier
from evaluation.records import Member, Session
from evaluation.rules.dossier import dossier_root
from kernel.archive import archive
from kernel.canonical import sha256
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours, Reason, Stale
from kernel.identity.records import Person
from kernel.machine import Facts, Move, Procedure
from law.citations import parse
from law.stages import at_or_after, place
from trading.awards.records import Award
from trading.bids.records import Bid
from trading.projects.records import Project
from trading.projects.stage import stage_at
from trading.subjects.records import Subject


def names_secrecy_over(f: Facts) -> Reason | None:
    return None if f.announced else Reason("names_secrecy_over")


def secrets_cut(f: Facts) -> Reason | None:
    return None if not f.found else Reason("secrets_cut")


DOSSIER = Procedure("dossier", ("due", "published"), "due", ("published",), (
    Move("evaluation.dossier.publish", ("due",), "published", ("system",), parse("招标投标法 第五条; 招标投标法 第三十七条; 87号令 第六十九条"),
         (names_secrecy_over, secrets_cut), zh="公布核验卷宗", en="Publish the dossier"),
))


class Publish(Cmd):
    project: str = Field(max_length=32)


@command("evaluation.dossier.publish")
def publish(work: Work, cmd: Publish) -> Dossier:
    """Guards: names_secrecy_over, secrets_cut. Stale while an entry of a draw has no position yet, or when it is published."""
    project = work.session.get(Project, cmd.project)
    if project is None:
        raise NotYours
    there = work.session.scalar(select(Dossier.id).where(Dossier.project == project.id))
    try:
        made = files(work.centre, work.session, project)
    except ValueError as unsequenced:
        raise Stale from unsequenced
    announced = at_or_after(place(stage_at(project, work.moment), project.stopped_at), "announced")
    found = [word for word in forbidden(work.session, project) if any(word.encode() in content for content in made.values())]
    work.step(DOSSIER, "published" if there else "due", {work.actor.kind}, Facts(now=work.moment, announced=announced, found=found))
    digests = {name: sha256(content).hex() for name, content in made.items()}
    blob = work.centre.blobs.put(archive(made))
    row: Dossier = work.keep(Dossier(project=project.id, files=digests, root=dossier_root(digests), blob=blob.key, digest=blob.digest, at=work.moment))
    work.enter(project.id, root=row.root, files=len(digests))
    return row


def forbidden(session: Database, project: Project) -> list[str]:
    """Names that must stand in no file: the members', and in procurement those of everybody who did not win."""
    members = select(Person.name).join(Member, Member.person == Person.id).join(Session, Session.id == Member.session).where(Session.project == project.id)
    names = list(session.scalars(members))
    if project.field == "procurement":
        won = select(Award.org).where(Award.project == project.id)
        names += session.scalars(select(Subject.name).join(Bid, Bid.org == Subject.id).where(Bid.project == project.id, Bid.org.not_in(won)))
    return names


def latest(session: Database, project: str) -> dict[str, Any] | None:
    """The published dossier of a tender as the public may fetch it: root, files with digests, key of the archive."""
    row = session.scalar(select(Dossier).where(Dossier.project == project))
    return None if row is None else {"root": row.root, "files": row.files, "blob": row.blob, "digest": row.digest, "at": row.at}
