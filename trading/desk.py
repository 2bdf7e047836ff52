"""Where acts on a tender begin: the project's row held, its relations known, its table asked, its stage moved."""
from typing import Any

from kernel.command import Work
from kernel.errors import NotYours, Reason, Refused, Text
from kernel.machine import Facts, Step
from law.separation import conflicts
from law.stages import name
from trading.procedures import procedure
from trading.projects.records import Project
from trading.projects.stage import stage_at
from trading.relations import relations

STAMPS = {"awarded": "awarded_at", "announced": "announced_at", "contracted": "contracted_at", "opened": "opened_at", "reported": "reported_at"}


def hold(work: Work, project_id: str) -> Project:
    """The project's row, locked for this act. NotYours where there is none."""
    project = work.session.get(Project, project_id, with_for_update=True)
    if project is None:
        raise NotYours
    return project


def move(work: Work, project: Project, while_suspended: bool = False, roles: set[str] | None = None, **facts: Any) -> Step:
    """Decides the act in the project's own table and writes the new stage.

    Facts that every guard may use: now, stage, and the project's columns by name; more come as keywords.
    """
    held = relations(work.session, work.actor, project, work.moment) if roles is None else roles
    columns = {c.key: getattr(project, c.key) for c in Project.__mapper__.column_attrs}
    columns.pop("stage")
    step = work.step(procedure(project.procedure), project.stage, held, Facts(now=work.moment, stage=stage_at(project, work.moment), **(columns | facts)))
    if project.suspended and not while_suspended:
        raise Refused(Reason("not_suspended"))
    keep_apart(held, step.role)
    if step.stage != project.stage:
        enter_stage(project, step.stage, work.moment)
    return step


def enter_stage(project: Project, stage: str, moment: int) -> None:
    if stage in ("failed", "terminated"):
        project.stopped_at, project.ended_at = project.stage, moment
    project.stage = stage
    if stage in STAMPS:
        setattr(project, STAMPS[stage], moment)


def keep_apart(held: set[str], acting: str) -> None:
    """separation_kept at acting: no other role of this person towards this tender may clash with the one that acts."""
    for other in held - {acting, "public"}:
        pairs = conflicts({(other, "tender")}, (acting, "tender"))
        if pairs:
            pair = f"{pairs[0].left} × {pairs[0].right}"
            raise Refused(Reason("separation_kept", Text(f"另任 {other}", f"also {other}"), values={"pair": pair}))


def stage_words(stage: str) -> Text:
    return Text(*name(stage))
