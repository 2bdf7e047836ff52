"""A manager appoints a person for the organisation. Nobody acts for two (围标 begins with one clerk of two firms)."""

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from kernel.asks import organisation_of
from kernel.canonical import salted
from kernel.command import Cmd, Work, command
from kernel.errors import Reason, Refused
from kernel.identity import invitations
from kernel.identity.records import Person
from trading.subjects.desk import hold, manager, move, not_staff
from trading.subjects.fields import EMAIL
from trading.subjects.records import Membership


class AppointPerson(Cmd):
    """email: the person's log-in name; a new one is invited."""

    subject: str = Field(max_length=32)
    email: str = Field(max_length=80, pattern=EMAIL)
    name: str = Field(min_length=1, max_length=80)
    manager: bool = False


@command("trading.subjects.appoint_person")
def appoint_person(work: Work, cmd: AppointPerson) -> Membership:
    """Guards: person_not_elsewhere, separation_kept."""
    subject = hold(work, cmd.subject)
    manager(work, subject)
    login = cmd.email.lower()
    person = work.session.scalar(select(Person).where(Person.login == login))
    elsewhere = person is not None and organisation_of(work.session, person.id) is not None
    move(work, subject, elsewhere=elsewhere)
    if person is not None:
        not_staff(work, person.id)
    else:
        person = invitations.newcomer(work, login, cmd.name.strip(), login)
        invitations.invite(work, person)
    row: Membership = work.keep(Membership(org=subject.id, person=person.id, manager=int(cmd.manager), since=work.moment))
    try:
        work.session.flush()
    except IntegrityError as error:  # appointed elsewhere at the same moment
        raise Refused(Reason("person_not_elsewhere")) from error
    work.enter(subject.id, person=salted(row.row_salt, person.id))
    return row
