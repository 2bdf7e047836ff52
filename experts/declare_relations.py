"""An expert names an organisation he is tied to; every later draw leaves him out where it takes part."""
from typing import Literal

from pydantic import Field, model_validator
from sqlalchemy import select

from experts.procedure import EXPERT
from experts.records import Expert, Relation
from kernel.codes import is_credit_code, tidy
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours
from kernel.identity.reads import roles
from kernel.machine import Facts

Kind = Literal["employed", "director_or_supervisor", "shareholder_or_controller", "kin_of_head", "near_relative", "economic_interest", "other_relation"]


class DeclareRelations(Cmd):
    """until: the moment the relation ended, absent while it lasts. A code or a name is needed."""

    kind: Kind
    org_code: str = Field(default="", max_length=30)
    org_name: str = Field(default="", max_length=120)
    until: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def some_org(self) -> "DeclareRelations":
        if not self.org_code.strip() and not self.org_name.strip():
            raise ValueError("org_code or org_name")
        return self


@command("experts.declare_relations", opens="never")
def declare_relations(work: Work, cmd: DeclareRelations) -> Relation:
    expert = work.session.scalar(select(Expert).where(Expert.person == work.actor.id))
    if expert is None:
        raise NotYours
    code = tidy(cmd.org_code)
    work.step(EXPERT, expert.stage, roles(work.session, work.actor, work.moment), Facts(well_formed=not code or is_credit_code(code)))
    row: Relation = work.keep(Relation(expert=expert.id, kind=cmd.kind, org_code=code, org_name=cmd.org_name.strip(), until=cmd.until, declared=work.moment))
    work.enter(expert.id)
    return row
