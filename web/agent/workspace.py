"""One tender as a place of work: what is done, what can be done now, and why the rest cannot be done yet."""
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from evaluation import reads as evaluation
from experts import reads as experts
from kernel.errors import NotYours, Reason, Text
from kernel.seconds import first_voices
from kernel.values import show_time
from rooms import reads as rooms
from trading import readiness
from trading.awards import reads as awards
from trading.green import reads as greens
from trading.notices import reads as notices
from trading.opening import reads as opening
from trading.projects import file_reads, reads
from trading.projects.rules.document import PARTS
from trading.sealing import reads as sealing
from web.forms import FORMS
from web.public.words import EVALUATIONS, METHODS
from web.refusals import sentence
from web.viewer import Viewer

DRAFTING = ("trading.projects.mandate", "trading.projects.choose_method", "trading.projects.split", "trading.projects.set_document",
            "trading.projects.set_scoring", "trading.projects.set_ceiling", "rooms.book", "trading.projects.set_calendar",
            "trading.sealing.begin_ceremony", "trading.projects.confirm_document", "trading.projects.submit")
LATER = ("trading.projects.resume", "trading.projects.archive", "trading.projects.flag_green", "trading.notices.publish", "trading.opening.name_host",
         "trading.notices.record_media_time", "trading.opening.sign_in",
         "trading.opening.commit_coefficient", "trading.opening.reveal_coefficient", "trading.opening.qualify", "trading.opening.judge_qualification",
         "trading.opening.close_qualification", "trading.opening.convene", "experts.brief", "evaluation.prepare", "evaluation.open",
         "trading.awards.send_report", "trading.awards.receive_report", "trading.notices.publish_candidates", "trading.awards.fix_winner",
         "trading.notices.publish_result", "trading.awards.send_letter", "trading.awards.report_to_regulator", "trading.awards.sign_contract",
         "trading.notices.publish_contract", "trading.awards.accept_delivery", "trading.notices.publish_failure", "trading.notices.publish_termination",
         "trading.notices.clarify", "trading.notices.extend", "trading.notices.correct")
DANGERS = ("trading.projects.suspend", "trading.awards.skip_rank", "trading.projects.fail", "trading.projects.terminate", "trading.projects.withdraw")
HALL = {"trading.opening.sign_in": Text("开标签到", "Sign in at the opening"), "trading.opening.commit_coefficient": Text("提交随机数承诺", "Commit a contribution"),
        "trading.opening.reveal_coefficient": Text("公开随机数", "Reveal the contribution")}
NAMES = {tag.rpartition(".")[2]: tag for tag in (*DRAFTING, *LATER, *DANGERS, "experts.commit", "experts.reveal", "experts.name_representative") if tag not in HALL}
INVITED = Text("邀请招标", "Invited tender")
COMMITTEE = frozenset({"experts.brief", "experts.commit", "experts.reveal", "experts.name_representative"})
OPTIONAL = frozenset({"trading.notices.clarify", "trading.notices.extend", "trading.notices.correct", "trading.projects.split", "trading.projects.flag_green",
                      "trading.projects.mandate", "trading.projects.set_ceiling", "trading.projects.choose_method"})
CLOSE = "trading.opening.close_qualification"
NOT_HERE = frozenset({"works_only", "procurement_only", "draw_in_document"})  # this tender never has such an act
BUYERS = frozenset({"trading.projects.mandate", "trading.projects.set_ceiling", "trading.projects.confirm_document"})


@dataclass(frozen=True)
class Task:
    """state: a key of the task list (ok run wait off). href: where it is done, None while it cannot be."""

    tag: str
    label: Text
    state: str
    note: Text | None = None
    href: str | None = None
    said: Text | None = None


@dataclass
class Workspace:
    """Everything the page shows, each part already masked by its read; None where it is not for this viewer."""

    seen: reads.ProjectView
    file: file_reads.FileView | None
    tasks: list[Task]
    dangers: list[Task]
    bookings: tuple[tuple[Text, rooms.Bar], ...]
    ceremony: sealing.CeremonyView | None
    notices: tuple[notices.NoticeView, ...]
    award: awards.AwardView | None
    draws: tuple[experts.DrawView, ...]
    arranged: str
    entries: tuple[file_reads.EntryLine, ...]
    host: str | None
    waiting: tuple[str, ...]
    reported: bool
    green: greens.GreenView | None

    @property
    def inside(self) -> bool:
        return bool(self.seen.roles & {"buyer", "agent"})

    @property
    def now(self) -> Task | None:
        """The task that is the reader's next: the first that can be done and is no mere possibility."""
        ready = [task for task in self.tasks if task.state == "run"]
        return next((task for task in ready if task.tag not in OPTIONAL), None)


def gather(session: Session, viewer: Viewer, id: str) -> Workspace:
    """NotYours for whoever has nothing to do with the tender."""
    actor, now = viewer.actor, viewer.now
    seen = reads.view(session, actor, id, now)
    inside = bool(seen.roles & {"buyer", "agent"})
    public = seen.published_at is not None
    space = Workspace(
        seen, file_reads.file(session, actor, id, now) if inside else None, [], [],
        rooms.of_project(session, actor, id, now) if inside else (), ceremony_of(session, viewer, id) if inside else None,
        notices.of_project(session, id), awards.view(session, actor, id, now) if public else None,
        experts.draws(session, actor, id, now) if public else (), evaluation.arranged(session, actor, id, now) if inside else "",
        file_reads.entries(session, actor, id, now, 10) if inside else (), opening.host_of(session, actor, id, now) if inside else None,
        first_voices(session, "trading.projects.terminate", id, now) if inside else (),
        awards.reported_to_regulator(session, actor, id, now) if inside else False, greens.green(session, actor, id, now) if inside and seen.green else None,
    )
    offered = offers(space)
    stopped = readiness.obstacles(session, actor, id, now)
    order = DRAFTING if seen.stage == "draft" else LATER
    elsewhere = {tag for tag, reason in stopped.items() if reason.rule in NOT_HERE}
    for tag in order:
        if tag in elsewhere:
            continue
        if tag == "trading.opening.judge_qualification" and tag in offered and CLOSE not in stopped:
            space.tasks.append(Task(tag, FORMS[tag].label, "ok", Text("全部投标已有结论", "Every bid is judged")))
            continue
        if tag in offered or (seen.stage == "draft" and inside and tag in BUYERS and seen.procedure != "replay.lowest"):
            space.tasks.append(task_of(space, viewer, tag, tag in offered, stopped.get(tag)))
    space.tasks += contributions(space)
    for tag in DANGERS:
        if tag in offered and not (tag == "trading.projects.suspend" and seen.suspended):
            space.dangers.append(task_of(space, viewer, tag, True, stopped.get(tag)))
    if not inside and not space.tasks and not space.dangers:
        raise NotYours
    return space


def contributions(space: Workspace) -> list[Task]:
    """What the reader's party still owes to a running draw."""
    draw = space.draws[-1] if space.draws else None
    sides = {"agent", "buyer"} & space.seen.roles
    own = next((one for one in draw.parties or () if one[0] in sides), None) if draw else None
    if draw is None or own is None:
        return []
    tag = "experts.commit" if draw.stage == "pooled" and not own[1] else "experts.reveal" if draw.stage == "committed" and not own[2] else ""
    return [Task(tag, FORMS[tag].label, "run", None, f"/desk/projects/{space.seen.id}/draw", Text("可办理", "Ready"))] if tag else []


def ceremony_of(session: Session, viewer: Viewer, id: str) -> sealing.CeremonyView | None:
    try:
        return sealing.view(session, viewer.actor, id, viewer.now)
    except NotYours:
        return None


def offers(space: Workspace) -> frozenset[str]:
    """Tags of acts the viewer's roles may take at this stage: of the tender's table, and of the side tables beside it."""
    seen = space.seen
    tags = {move.tag for move in seen.moves}
    if not seen.suspended:
        tags.discard("trading.projects.resume")
    if seen.published_at is None:
        tags -= {"trading.notices.publish_termination"}
    runs = bool(seen.roles & ({"agent"} if seen.agent else {"agent", "buyer"}))
    formal = seen.procedure != "replay.lowest"
    if seen.stage == "draft" and runs:
        tags |= {"trading.sealing.begin_ceremony"} | ({"rooms.book"} if formal else set())
    if formal and runs and seen.stage == "convening" and (not space.draws or space.draws[-1].stage == "short"):
        tags.add("experts.brief")
    if formal and "agent" in seen.roles and seen.stage in ("opened", "convening"):
        tags |= {"": {"evaluation.prepare"}, "booked": {"evaluation.prepare", "evaluation.open"}, "begun": {"evaluation.prepare"}}[space.arranged]
    return frozenset(tag for tag in tags if tag in FORMS or tag in HALL)


def task_of(space: Workspace, viewer: Viewer, tag: str, offered: bool, stopped: Reason | None) -> Task:
    label = HALL[tag] if tag in HALL else FORMS[tag].label
    where = f"/openings/{space.seen.code}" if tag in HALL else f"/desk/projects/{space.seen.id}/{tag.rpartition('.')[2]}"
    done, note = standing(space, tag)
    if done:
        return Task(tag, label, "ok", note, where if offered and tag not in ONCE else None)
    if not offered:
        return Task(tag, label, "wait", note or Text("由招标人（采购人）办理", "The buyer does this"), None, Text("等待对方", "With the buyer"))
    if stopped is not None:
        why = sentence(stopped)
        if stopped.found and stopped.found.zh not in why.zh:
            why = Text(f"{why.zh}：{stopped.found.zh}", f"{why.en}: {stopped.found.en}")
        if stopped.needed:
            why = Text(f"{why.zh}；需要 {stopped.needed.zh}", f"{why.en}; needed: {stopped.needed.en}")
        return Task(tag, label, "wait", why)
    if tag == "evaluation.open" and viewer.actor.channel != "area":
        return Task(tag, label, "wait", Text("须在评标区终端办理", "Only at a terminal of the evaluation area"))
    optional = tag in OPTIONAL or tag in DANGERS
    return Task(tag, label, "run", note, where, Text("可选", "Optional") if optional else Text("可办理", "Ready"))


ONCE = frozenset({"trading.sealing.begin_ceremony", "trading.notices.record_media_time", "trading.awards.receive_report", "trading.awards.send_letter",
                  "rooms.book", "trading.awards.sign_contract", "trading.awards.report_to_regulator", "evaluation.prepare"})


def standing(space: Workspace, tag: str) -> tuple[bool, Text | None]:
    """Is it done, and what is there to say of it?"""
    seen, file, short = space.seen, space.file, tag.rpartition(".")[2]
    if short == "sign_contract" and space.award and space.award.contracts:
        side = "buyer" if "buyer" in seen.roles else "winner"
        mine = [line for line in space.award.contracts if line.sides]
        signed = bool(mine) and all(side in line.sides for line in mine) and (file is None or len(mine) == len(file.lots))
        return signed, Text("已签署，等待对方", "Signed; the other side is to sign") if signed else None
    if file is None:
        return False, None
    if short == "mandate" and file.mandate:
        open_ = file.mandate.state == "open"
        return not open_, Text(f"等待 {file.mandate.agent} 接受", f"Waiting for {file.mandate.agent}") if open_ else Text(file.mandate.agent, file.mandate.agent)
    if short == "choose_method":
        method, way = METHODS.get(seen.method, INVITED), EVALUATIONS[seen.evaluation]
        return "tender_document" not in file.missing, Text(f"{method.zh}，{way.zh}", f"{method.en}, {way.en.lower()}")
    if short == "split" and len(file.lots) > 1:
        return True, Text(f"{len(file.lots)} 个标段（包）", f"{len(file.lots)} lots")
    if short == "set_document":
        papers = seen.papers or ()
        return "tender_document" not in file.missing, Text(f"{len(papers)} 份文件", f"{len(papers)} files") if papers else None
    if short == "set_scoring":
        if seen.scheme is None and "scoring" not in file.missing:
            return True, Text("价格法无须评分办法", "A price method needs none")
        return seen.scheme is not None, None
    if short == "set_ceiling":
        return seen.ceiling is not None, None
    if short == "book":
        return len({bar.kind for _, bar in space.bookings}) > 1, booked(space)
    if short == "set_calendar":
        return seen.deadline is not None, Text(f"截止 {show_time(seen.deadline)}", f"Deadline {show_time(seen.deadline)}") if seen.deadline else None
    if short == "begin_ceremony":
        return ceremony(space)
    if short == "confirm_document":
        lacking = Text("、".join(PARTS[p].zh for p in file.missing), ", ".join(PARTS[p].en for p in file.missing)) if file.missing else None
        return file.confirmed and not file.missing, Text(f"还缺：{lacking.zh}", f"Still missing: {lacking.en}") if lacking else None
    return after_notice(space, short)


def after_notice(space: Workspace, short: str) -> tuple[bool, Text | None]:
    first = next((notice for notice in space.notices if notice.kind == "tender"), None)
    if short == "name_host":
        return space.host is not None, Text(space.host, space.host) if space.host else None
    if short == "record_media_time" and first:
        return first.media_at is not None, Text(show_time(first.media_at), show_time(first.media_at)) if first.media_at else None
    if short == "prepare":
        return bool(space.arranged), None
    if short == "report_to_regulator":
        return space.reported, None
    if space.award:
        if short == "receive_report" and space.award.report_received:
            return True, Text(show_time(space.award.report_received), show_time(space.award.report_received))
        if short == "send_letter" and space.award.letters:
            return True, Text(f"{len(space.award.letters)} 份", f"{len(space.award.letters)}")
    published = {"publish_failure": "failure", "publish_termination": "termination", "publish_contract": "contract"}.get(short)
    return published is not None and any(notice.kind == published for notice in space.notices), None


def booked(space: Workspace) -> Text | None:
    if not space.bookings:
        return None
    parts = [(room, bar, {"asked": Text("待锁定", "not held yet"), "held": Text("已锁定", "held"), "used": Text("使用中", "in use")}[bar.stage or "asked"])
             for room, bar in space.bookings]
    return Text("；".join(f"{room.zh} {show_time(bar.start)} {state.zh}" for room, bar, state in parts),
                "; ".join(f"{room.en} {show_time(bar.start)} {state.en}" for room, bar, state in parts))


def ceremony(space: Workspace) -> tuple[bool, Text | None]:
    made = space.ceremony
    if made is None or made.stage == "broken":
        return False, Text("上次仪式已作废，需重新发起", "The last ceremony was broken off") if made else None
    if made.stage == "ready":
        return True, Text(f"{len(made.custodians)} 名保管人，门限 {made.k}", f"{len(made.custodians)} custodians, threshold {made.k}")
    voices, of = sum(line.voices for line in made.custodians), 3 * len(made.custodians)
    return True, Text(f"保管人进行中 {voices}/{of}", f"Custodians at work {voices}/{of}")


def tag_of(name: str) -> str:
    """The tag of a page's last word. NotYours: no such act here."""
    tag: Any = NAMES.get(name)
    if tag is None or tag not in FORMS:
        raise NotYours
    return str(tag)
