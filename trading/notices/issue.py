"""How a notice comes into being: its fields, its digest, its row. Every notice of every kind is made here."""
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import func, literal, select

from kernel.canonical import canon, plain, sha256
from kernel.command import Work
from law.citation import Citation
from law.registry import snapshot
from trading.notices.records import Notice
from trading.notices.wording import HOUSE, TITLES, Fields
from trading.projects.clauses import clause, deciding_day
from trading.projects.records import Project
from trading.subjects.records import Subject


@lru_cache(maxsize=64)
def snapshot_digest(on: date) -> str:
    """Digest (hex) of every clause that holds on a day: what a tender published then is judged by for ever."""
    return sha256(canon(plain(dict(snapshot(on))))).hex()


@lru_cache(maxsize=256)
def demanded(field: str, kind: str, replay: bool, on: date) -> tuple[tuple[str, ...], tuple[Citation, ...], bool]:
    """(codes of required fields, the articles that demand them, whether they may refuse or only warn)."""
    if not replay:
        called = {"tender": "notice"} | ({"termination": "failure"} if field == "procurement" else {})
        try:
            rule = clause(f"publicity.fields.{field}.{called.get(kind, kind)}", on)
            return tuple(rule.value), rule.under, rule.may_refuse
        except KeyError:
            pass  # the field has no list of this kind
    return HOUSE.get(kind, ()), (), True


def facts_of(project: Project, kind: str, said: Fields, now: int) -> dict[str, Any]:
    """What the guard fields_complete looks at."""
    codes, under, binding = demanded(project.field, kind, project.procedure == "replay.lowest", deciding_day(project, now))
    return {"required": codes, "said": said, "fields_under": under, "fields_binding": binding}


def issue(work: Work, project: Project, kind: str, fields: Fields, *, first: bool = False, ends_at: int | None = None,
          medium: str = "", corrects: str = "", snapshot: str = "", key: str = "") -> Notice:
    """Keeps the notice; its version counts within its kind. first: nothing of this kind can exist yet."""
    version = 1 if first else 1 + (work.session.scalar(select(func.max(Notice.version)).where(Notice.project == project.id, Notice.kind == kind)) or 0)
    title = f"{project.title} {TITLES[kind][0]}"
    body = {"v": 1, "project": project.code, "kind": kind, "version": version, "title": title, "fields": fields, "t": work.moment}
    notice: Notice = work.keep(Notice(
        project=project.id, kind=kind, version=version, title=title, fields=fields, digest=sha256(canon(plain(body))).hex(),
        published_at=work.moment, ends_at=ends_at, media=medium, corrects=corrects, snapshot=snapshot, key=key,
    ))
    return notice


def first_notice(work: Work, project: str) -> Notice | None:
    return work.session.scalar(select(Notice).where(Notice.project == project, Notice.kind == "tender").order_by(Notice.version).limit(1))


def suppliers_named(work: Work, project: Project, text: str) -> tuple[str, ...]:
    """Names of registered suppliers that stand in a text. The whole register, never the takers or bidders of this
    tender: otherwise a refusal would tell who they are."""
    found = work.session.scalars(select(Subject.name).where(
        Subject.is_supplier == 1, literal(text).contains(Subject.name), Subject.id.not_in([o for o in (project.buyer, project.agent) if o])))
    return tuple(name for name in found if name in text)
