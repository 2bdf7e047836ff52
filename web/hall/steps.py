"""What the hall says first, where it stands, and which act each person may take next, or why not yet."""
from dataclasses import dataclass
from typing import Any

from kernel.errors import Reason, Text
from kernel.values import MINUTE, show_time
from law.roles import name as role_name
from trading.opening.hall_reads import Own
from trading.opening.reads import Hall
from trading.procedures import procedure
from web.forms import FORMS, Shown
from web.refusals import sentence

OPENING = "trading.opening."
HOST = ("start", "return_unopened", "read_out", "draw_coefficient", "sign_record")
STEPS = (
    Text("截止核对", "Deadline"), Text("清点投标", "Count the bids"), Text("解密", "Decryption"), Text("公布并唱标", "Read-out"),
    Text("异议答复", "Objections"), Text("签认记录", "Record"),
)


@dataclass(frozen=True)
class Step:
    """One act on offer. why: the sentence of the rule that still stands in its way, None when it may be tried."""

    shown: Shown
    why: Text | None = None

    @property
    def name(self) -> str:
        return self.shown.form.tag.removeprefix(OPENING)


def place_of(seen: Hall) -> int:
    """Index into STEPS of what is going on; 6 when all is done."""
    if seen.signed is not None:
        return 6
    if seen.read_out is not None:
        return 4
    if seen.started is not None:
        return 3 if seen.decrypted and seen.decrypted[0] == seen.decrypted[1] else 2
    return 1 if seen.stage == "closed" else 0


def ribbon(seen: Hall) -> list[dict[str, Any]]:
    here = place_of(seen)
    stopped = seen.stage in ("failed", "terminated") and seen.signed is None
    counted = Text(f"{seen.bids} 家", f"{seen.bids} bids") if seen.bids is not None else Text("数量保密", "number sealed")
    decrypted = Text(f"已完成 {seen.decrypted[0]}，共 {seen.decrypted[1]}", f"{seen.decrypted[0]} of {seen.decrypted[1]}") if seen.decrypted else Text("时限内完成", "within its window")
    notes = (
        Text(*[show_time(seen.deadline, seconds=True)] * 2) if seen.deadline else None, counted if here else None, decrypted,
        Text("报价同时公布", "all prices at one moment"), Text("当场提出、当场答复", "asked and answered on the spot"), Text("各方确认、主持人签署", "confirmed and signed"),
    )
    rows = []
    for n, step in enumerate(STEPS):
        state = "done" if n < here else "void" if stopped else "now" if n == here else "next"
        rows.append({"name": step, "state": state, "note": notes[n]})
    return rows


def headline(seen: Hall, k: int | None) -> Text:
    """The sentence that says what is happening."""
    posted = sum(c.posted is not None for c in seen.custodians)
    if seen.stage in ("failed", "terminated") and seen.signed is None:
        return Text("本项目未开标，投标文件未被打开。", "This tender was not opened; no bid was read.")
    if seen.signed is not None:
        return Text("开标结束，记录已签署。", "The opening is over; its record is signed.")
    if seen.read_out is not None:
        until = show_time(seen.confirm_until or seen.read_out)
        return Text(f"已唱标。请投标人在 {until} 前核对并确认。", f"Prices are read out. Bidders check and confirm before {until}.")
    if seen.started is not None:
        if seen.decrypted and seen.decrypted[0] == seen.decrypted[1]:
            return Text("全部解密完成，等待唱标。", "Everything is decrypted; the read-out is next.")
        if k is not None and posted < k:
            return Text(f"等待保管人解密：已到 {posted}，须有 {k} 方。", f"Waiting for the custodians: {posted} came, {k} are needed.")
        if seen.lock_until is not None and not (seen.unlocked and seen.unlocked[0] == seen.unlocked[1]):
            until = show_time(seen.lock_until, seconds=True)
            return Text(f"等待投标人解锁，时限至 {until}。", f"Waiting for bidders to unlock, until {until}.")
        return Text("正在解密，报价在唱标前保密。", "Decrypting. Prices stay sealed until the read-out.")
    if seen.stage == "closed":
        return Text("投标已截止，等待主持人开始开标。", "Bids are closed; the host will start the opening.")
    when = show_time(seen.deadline) if seen.deadline else ""
    return Text(f"{when} 开标。在此之前任何人都不能查看投标内容。", f"The opening is at {when}. Until then nobody can read a bid.")


def barrier(tag: str, seen: Hall, now: int) -> Reason | None:
    """What this page already knows to stand in the way of an act; the act itself checks everything again."""
    short = tag.removeprefix(OPENING)
    undecided = seen.undecided or ()
    window = seen.window_ends is not None and now < seen.window_ends
    open_objections = any(not answered for _, _, answered in seen.objections or ())
    drawn = not seen.choices or seen.coefficient is not None
    late = now < (seen.confirm_until or now)
    found = {
        "start": ("opening_time_reached", {"time": show_time(seen.deadline or 0)}) if now < (seen.deadline or 0) else None,
        "sign_in": ("hall_open", {}) if now < (seen.deadline or 0) else None,
        "read_out": ("decryption_window_over_or_all", {}) if undecided and window else ("all_decided", {}) if undecided else None,
        "confirm": None if seen.read_out else ("read_out_done", {}),
        "attribute_failure": ("decryption_window_over_or_all", {}) if window else None,
        "draw_coefficient": None if seen.read_out else ("read_out_done", {}),
        "reveal_coefficient": None if seen.read_out else ("read_out_done", {}),
        "sign_record": ("read_out_done", {}) if not seen.read_out else ("objections_answered", {}) if open_objections else
        ("contributions_complete", {}) if not drawn else ("confirm_window_over_or_all", {}) if late and not _all_confirmed(seen) else None,
    }.get(short)
    return Reason(found[0], values=dict(found[1])) if found else None


def _all_confirmed(seen: Hall) -> bool:
    return bool(seen.lines) and all(line.confirmed for line in seen.lines or () if line.state in ("opened", "rubbish"))


def settled(short: str, seen: Hall, own: Own) -> bool:
    """Acts that the table still lists and that have nothing left to do."""
    done = dict(own.parties or ())
    return {
        "sign_in": own.signed_in is not None, "confirm": own.confirmed is not None or not own.bids, "read_out": seen.read_out is not None,
        "draw_coefficient": not seen.choices or seen.coefficient is not None, "sign_record": seen.signed is not None,
        "commit_coefficient": not seen.choices or own.party in done or seen.read_out is not None,
        "reveal_coefficient": own.party not in done or done[own.party], "object": not own.bids,
        "return_unopened": seen.bids is None or seen.bids >= 3,
    }.get(short, False)


def steps(name: str, seen: Hall, own: Own, now: int, path: str) -> list[Step]:
    """The acts of the hall that the table offers this person, in the table's order; those per bid or objection left out."""
    found = []
    for move in procedure(name).open_moves(seen.stage, own.roles):
        short = move.tag.removeprefix(OPENING)
        if not move.tag.startswith(OPENING) or move.tag not in FORMS or short in ("attribute_failure", "answer", "name_host", "post_lock", "rescue") or settled(short, seen, own):
            continue
        why = barrier(move.tag, seen, now)
        found.append(Step(Shown(FORMS[move.tag], {"project": seen.project}, next=path), sentence(why) if why else None))
    return found


def per_bid(seen: Hall, own: Own, now: int, path: str) -> list[tuple[str, Step]]:
    """For the host: each bid that is still closed, with the form that finds out why."""
    if "host" not in own.roles or seen.stage != "opening" or seen.read_out is not None:
        return []
    form = FORMS["trading.opening.attribute_failure"]
    why = barrier(form.tag, seen, now)
    shut = own.locked if seen.lock_until is not None and now >= seen.lock_until and own.locked else frozenset()  # nobody can open these any more
    return [
        (name, Step(Shown(form, {"project": seen.project, "bid": bid}, next=path), sentence(why) if why and bid not in shut else None))
        for bid, name, decided in own.bidders or () if decided is False]


def rescues(rescue: bool, seen: Hall, k: int | None, failing: list[tuple[str, Step]]) -> dict[str, Shown]:
    """name → the form by which the host takes in a bid's file keys, where the document allows it and custodians are too few."""
    rescue = rescue and k is not None and sum(c.posted is not None for c in seen.custodians) < k
    form = FORMS[OPENING + "rescue"]
    return {name: Shown(form, {key: step.shown.values[key] for key in ("project", "bid")}, next=step.shown.next) for name, step in failing} if rescue else {}


def waits(seen: Hall, now: int) -> int:
    """How often a page of this hall asks again, in seconds; 0 when nothing will change any more."""
    if seen.signed is not None or seen.stage in ("failed", "terminated"):
        return 0
    near = seen.deadline is not None and now > seen.deadline - 10 * MINUTE
    return 5 if near else 60


def party_words(party: str) -> Text:
    return Text(*role_name(party))
