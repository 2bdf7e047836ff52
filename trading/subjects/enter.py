"""A person enters the organisation it acts for; free of charge and without obstacle (电子招标投标办法 第十六条)."""

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from kernel.asks import organisation_of
from kernel.canonical import salted
from kernel.codes import tidy
from kernel.command import Work, command
from kernel.errors import NotYours, Reason, Refused
from kernel.machine import Facts, check
from trading.subjects.desk import not_staff, put
from trading.subjects.fields import EMAIL, Fields
from trading.subjects.procedure import PROCEDURE
from trading.subjects.records import Membership, Subject


class Enter(Fields):
    """code: unified social credit code · terms: the terms of use were read and accepted."""

    code: str = Field(max_length=40)
    terms: bool = False
    name: str = Field(min_length=2, max_length=120)
    kinds: tuple[str, ...] = Field(min_length=1, max_length=3)
    email: str = Field(max_length=160, pattern=EMAIL)


@command("trading.subjects.enter")
def enter(work: Work, cmd: Enter) -> Subject:
    """Guards: credit_code_valid, code_not_taken, terms_read. The person becomes the organisation's first manager."""
    if work.actor.kind != "person" or organisation_of(work.session, work.actor.id):
        raise NotYours
    not_staff(work, work.actor.id)
    code = tidy(cmd.code)
    taken = work.session.scalar(select(Subject.id).where(Subject.code == code)) is not None
    check(PROCEDURE.index[work.tag], Facts(now=work.moment, code=code, code_taken=taken, terms=cmd.terms))
    work.role = "supplier"
    subject: Subject = work.keep(Subject(code=code, entered_by=work.actor.id, entered_at=work.moment))
    put(subject, cmd.values())
    try:
        work.session.flush()
    except IntegrityError as error:  # somebody else entered the code at the same moment
        raise Refused(Reason("code_not_taken")) from error
    work.keep(Membership(org=subject.id, person=work.actor.id, manager=1, since=work.moment))
    work.enter(subject.id, code=salted(subject.row_salt, code))
    return subject
