"""The stage of a tender at a moment: `closed` begins by the clock, though no entry is written yet.

A suspension stops that clock: the deadline moves by the days held when the tender goes on.
"""
from trading.projects.records import Project


def stage_at(project: Project, now: int) -> str:
    if project.stage == "inviting" and not project.suspended and project.deadline is not None and now >= project.deadline:
        return "closed"
    return project.stage
