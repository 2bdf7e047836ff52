"""The file of a tender is closed: its papers and entries are checked and bound under one root."""
import hashlib
import hmac
from typing import Any

from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import Stale, Text
from kernel.ledger.entries import Entry
from kernel.machine import Facts
from kernel.tree import leaf_hash, root
from law.stages import ENDS
from trading.awards.records import Contract
from trading.desk import hold, move
from trading.notices.records import Notice
from trading.projects.moves import ENDED
from trading.projects.records import Document, Package, Project
from trading.relations import relations

READABLE = ("application/pdf", "image/jpeg", "image/png", "application/ofd", "application/zip")


class Archive(Cmd):
    project: str = Field(max_length=32)


@command("trading.projects.archive", signed=True)
def archive(work: Work, cmd: Archive) -> Package:
    """Guards: file_complete, four_checks_passed, no_open_dispute. Effects: stage archived; a tender that failed or was
    terminated keeps its stage, so that the closing of its file opens nothing. Stale where it is closed already."""
    project = hold(work, cmd.project)
    if work.session.scalar(select(Package.id).where(Package.project == project.id)):
        raise Stale
    items = contents(work, project)
    facts: dict[str, Any] = {"missing": missing(work, project), "failed_checks": failed_checks(work, project)}
    if project.stage in ENDS:
        held = relations(work.session, work.actor, project, work.moment)
        work.step(ENDED, project.stage, held, Facts(now=work.moment, stage=project.stage, suspended=project.suspended, **facts))
    else:
        move(work, project, **facts)
    bound = root([leaf_hash(bytes.fromhex(digest)) for digest in sorted(items)]).hex()
    package: Package = work.keep(Package(project=project.id, root=bound, items=items, at=work.moment))
    work.enter(project.id, root=bound, items=len(items))
    return package


def contents(work: Work, project: Project) -> dict[str, str]:
    """digest → what it is: papers, notices, contracts and every entry of the tender."""
    of = work.session
    found = {d.digest: f"paper/{d.kind}/{d.version}" for d in of.scalars(select(Document).where(Document.project == project.id))}
    found |= {n.digest: f"notice/{n.kind}/{n.version}" for n in of.scalars(select(Notice).where(Notice.project == project.id))}
    found |= {c.digest: "contract" for c in of.scalars(select(Contract).where(Contract.project == project.id))}
    return found | {o: f"entry/{tag}" for o, tag in of.execute(select(Entry.o, Entry.tag).where(Entry.on == project.id))}


def missing(work: Work, project: Project) -> list[Text]:
    """What a closed file must hold: after a notice the document and the notice of its end; after an award the contract."""
    kinds = set(work.session.scalars(select(Notice.kind).where(Notice.project == project.id)))
    lacks = []
    if project.published_at is not None and not work.session.scalar(select(Document.id).where(Document.project == project.id).limit(1)):
        lacks.append(Text("招标文件", "tender document"))
    closing = {"failed": "failure", "terminated": "termination"}.get(project.stage, "result")
    if project.published_at is not None and closing not in kinds:
        lacks.append({"failure": Text("流标公告", "notice of failure"), "termination": Text("终止公告", "notice of termination"),
                      "result": Text("结果公告", "result notice")}[closing])
    if project.stage not in ENDS and not work.session.scalar(select(Contract.id).where(Contract.project == project.id).limit(1)):
        lacks.append(Text("合同", "contract"))
    return lacks


def failed_checks(work: Work, project: Project) -> list[Text]:
    """真实性: every entry opens to its payload · 完整性: every paper has the digest it was taken in with ·
    可用性: every paper is of a readable kind · 安全性: every entry has its place in the ledger (DA/T 103-2024)."""
    entries = list(work.session.scalars(select(Entry).where(Entry.on == project.id)))
    papers = list(work.session.scalars(select(Document).where(Document.project == project.id)))
    held = {
        Text("真实性", "authenticity"): all(e.salt is None or hmac.new(e.salt, e.payload.encode(), hashlib.sha256).hexdigest() == e.o for e in entries),
        Text("完整性", "integrity"): all(_digest(work, paper) == paper.digest for paper in papers),
        Text("可用性", "usability"): all(paper.media in READABLE for paper in papers),
        Text("安全性", "safety"): all(e.position is not None for e in entries),
    }
    return [name for name, good in held.items() if not good]


def _digest(work: Work, paper: Document) -> str:
    total = hashlib.sha256()
    try:
        for part in work.centre.blobs.stream(paper.blob):
            total.update(part)
    except FileNotFoundError:
        return ""
    return total.hexdigest()
