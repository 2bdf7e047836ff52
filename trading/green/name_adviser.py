"""The centre names one of its registrars who advises on a green draft before it is submitted (提前介入)."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.identity.reads import holders
from trading.desk import hold, move
from trading.green.rules import ADVISES
from trading.projects.records import Project
from trading.subjects.records import Membership


class NameAdviser(Cmd):
    """person: who advises from now on; what others have answered before stands."""

    project: str = Field(max_length=32)
    person: str = Field(max_length=32)


@command("trading.green.name_adviser", opens="never")
def name_adviser(work: Work, cmd: NameAdviser) -> Project:
    """Guards: green_channel, adviser_is_registrar, adviser_unrelated. Who advised is never drawn to review the file (trading.projects.assign)."""
    project = hold(work, cmd.project)
    parties = {project.created_by} | set(work.session.scalars(select(Membership.person).where(
        Membership.org.in_([org for org in (project.buyer, project.agent) if org]), Membership.until.is_(None))))
    registrars = {person.id for person in holders(work.session, ADVISES, work.moment)}
    move(work, project, person=cmd.person, registrars=registrars, parties=parties)
    project.adviser = cmd.person
    work.enter(project.id, adviser=cmd.person)
    return project
