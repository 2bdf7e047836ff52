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
HOST = ("start", "return_unopened", "read_out", "draw_coefficient", "sign_record", "read_out_prices", "sign_price_record")
STEPS = (
    Text("截止核对", "Deadline"), Text("清点投标", "Count"), Text("解密", "Decryption"), Text("公布并唱标", "Read-out"),
    Text("异议答复", "Objections"), Text("签认记录", "Record"),
)
SECOND = (Text("技术评审", "Review"), Text("开启报价", "Prices"))  # what follows where there are two envelopes


@dataclass(frozen=True)
class Step:
    """One act on offer. why: the sentence of the rule that still stands in its way, None when it may be tried."""

    shown: Shown
    why: Text | None = None

    @property
    def name(self) -> str:
        return self.shown.form.tag.removeprefix(OPENING)


def place_of(seen: Hall) -> int:
    """Index into the steps of what is going on; their number when all is done."""
    if seen.signed is not None:
        return 6 if seen.envelopes == 1 else 8 if seen.prices_signed is not None else 7 if seen.called is not None else 6
    if seen.read_out is not None:
        return 4
    if seen.started is not None:
        return 3 if seen.decrypted and seen.decrypted[0] == seen.decrypted[1] else 2
    return 1 if seen.stage == "closed" else 0


def ribbon(seen: Hall) -> list[dict[str, Any]]:
    here = place_of(seen)
    stopped = seen.stage in ("failed", "terminated") and (seen.signed is None or prices_wait(seen))
    counted = Text(f"{seen.bids} 家", f"{seen.bids} bids") if seen.bids is not None else Text("数量保密", "number sealed")
    two = seen.envelopes == 2
    opened = Text(f"已完成 {seen.decrypted[0]}，共 {seen.decrypted[1]}", f"{seen.decrypted[0]} of {seen.decrypted[1]}") if seen.decrypted else None
    decrypted = opened or Text("时限内完成", "within its window")
    notes = (
        Text(*[show_time(seen.deadline, seconds=True)] * 2) if seen.deadline else None, counted if here else None,
        Text("仅技术、商务文件", "technical and commercial only") if two else decrypted,
        Text("第一信封，报价仍密封", "first envelope; prices stay sealed") if two else Text("报价同时公布", "all prices at one moment"),
        Text("当场提出、当场答复", "asked and answered on the spot"), Text("各方确认、主持人签署", "confirmed and signed"),
        Text("评标委员会独立进行", "by the committee"), opened if opened and here == 7 else Text("报价同时公布", "all prices at one moment"),
    )
    rows = []
    for n, step in enumerate((*STEPS, *SECOND) if two else STEPS):
        state = "done" if n < here else "void" if stopped else "now" if n == here else "next"
        rows.append({"name": step, "state": state, "note": notes[n]})
    return rows


def headline(seen: Hall, k: int | None) -> Text:
    """The sentence that says what is happening."""
    posted = sum(c.posted is not None for c in seen.custodians)
    if seen.too_few:
        return Text("递交投标文件的不足三家，不予开标，投标文件未被打开。", "Fewer than three bid, so nothing is opened; no bid was read.")
    if seen.stage in ("failed", "terminated") and seen.signed is None:
        return Text("本项目未开标，投标文件未被打开。", "This tender was not opened; no bid was read.")
    if seen.signed is not None and prices_wait(seen):
        return second(seen, k, posted)
    if seen.signed is not None and sitting(seen):
        until = show_time(seen.confirm_until or 0)
        return Text(f"报价已公布。请投标人在 {until} 前核对并确认；主持人签署记录前，可当场提出异议。",
                    f"The prices are read out. Bidders check and confirm before {until}, and may object until the host signs the record.")
    if seen.signed is not None:
        return Text("开标结束，记录已签署。", "The opening is over; its record is signed.")
    if seen.read_out is not None:
        until = show_time(seen.confirm_until or seen.read_out)
        if seen.envelopes == 2:
            return Text(f"第一信封已公布，报价仍密封。请投标人在 {until} 前核对并确认。", f"The first envelope is read out; prices stay sealed. Bidders check and confirm before {until}.")
        return Text(f"已唱标。请投标人在 {until} 前核对并确认。", f"Prices are read out. Bidders check and confirm before {until}.")
    if seen.started is not None:
        if seen.decrypted and seen.decrypted[0] == seen.decrypted[1]:
            return Text("第一信封全部解密，等待公布；报价仍密封。", "The first envelope is decrypted; its read-out is next. Prices stay sealed.") if seen.envelopes == 2 else Text(
                "全部解密完成，等待唱标。", "Everything is decrypted; the read-out is next.")
        if k is not None and posted < k:
            return Text(f"等待保管人解密：已到 {posted}，须有 {k} 方。", f"Waiting for the custodians: {posted} came, {k} are needed.")
        if waiting := unlocking(seen):
            return waiting
        return Text("正在解密，报价在唱标前保密。", "Decrypting. Prices stay sealed until the read-out.")
    if seen.stage == "closed":
        return Text("投标已截止，等待主持人开始开标。", "Bids are closed; the host will start the opening.")
    when = show_time(seen.deadline) if seen.deadline else ""
    return Text(f"{when} 开标。在此之前任何人都不能查看投标内容。", f"The opening is at {when}. Until then nobody can read a bid.")


def prices_wait(seen: Hall) -> bool:
    """Two envelopes, and the prices have not been read out."""
    return seen.envelopes == 2 and seen.prices_read is None


def sitting(seen: Hall) -> bool:
    """Is something going on in the hall: before the record, or of two envelopes between the read-out of the prices and its record?"""
    if seen.signed is None:
        return seen.stage == "opening"
    return seen.prices_read is not None and seen.prices_signed is None and seen.stage == "evaluating"


def unlocking(seen: Hall) -> Text | None:
    """While bidders may give in their locks and not all have."""
    if seen.lock_until is None or (seen.unlocked and seen.unlocked[0] == seen.unlocked[1]):
        return None
    until = show_time(seen.lock_until, seconds=True)
    return Text(f"等待投标人解锁，时限至 {until}。", f"Waiting for bidders to unlock, until {until}.")


def second(seen: Hall, k: int | None, posted: int) -> Text:
    """The sentence between the first record and the read-out of the prices."""
    if seen.stage in ("failed", "terminated"):
        return Text("项目已结束，报价信封没有开启。", "This tender has ended; its prices were never opened.")
    if seen.called is None:
        return Text("第一信封开标结束。报价待技术评审结束后在此公开开启。", "The first envelope is done. Prices are opened here, in public, once the technical review is over.")
    if seen.decrypted and seen.decrypted[0] == seen.decrypted[1]:
        return Text("报价信封全部解密，等待主持人公布。", "All prices are decrypted; the host reads them out next.")
    if k is not None and posted < k:
        return Text(f"技术评审已结束，等待保管人开启报价：已到 {posted}，须有 {k} 方。", f"The technical review is over. Waiting for the custodians: {posted} came, {k} are needed.")
    if waiting := unlocking(seen):
        return waiting
    return Text("正在开启报价信封，公布前保密。", "Opening the prices; they stay sealed until they are read out.")


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
        **dict.fromkeys(("read_out", "read_out_prices"), ("decryption_window_over_or_all", {}) if undecided and window else ("all_decided", {}) if undecided else None),
        "sign_price_record": ("objections_answered", {}) if open_objections else ("confirm_window_over_or_all", {}) if late and not _all_confirmed(seen) else None,
        "confirm": None if seen.read_out else ("read_out_done", {}),
        "attribute_failure": ("decryption_window_over_or_all", {}) if window else None,
        "draw_coefficient": None if seen.read_out else ("read_out_done", {}),
        "reveal_coefficient": None if seen.read_out else ("read_out_done", {}),
        "sign_record": ("read_out_done", {}) if not seen.read_out else ("objections_answered", {}) if open_objections else
        ("contributions_complete", {}) if not drawn else ("confirm_window_over_or_all", {}) if late and not _all_confirmed(seen) else None,
    }.get(short)
    return Reason(found[0], values=dict(found[1])) if found else None


def _all_confirmed(seen: Hall) -> bool:
    asked = ("opened", "rubbish", "sealed") if prices_wait(seen) else ("opened", "rubbish")
    return bool(seen.lines) and all(line.confirmed for line in seen.lines or () if line.state in asked)


def settled(short: str, seen: Hall, own: Own) -> bool:
    """Acts that the table still lists and that have nothing left to do."""
    done = dict(own.parties or ())
    return {
        "sign_in": own.signed_in is not None, "confirm": own.confirmed is not None or not own.read or not sitting(seen), "read_out": seen.read_out is not None,
        "read_out_prices": seen.called is None or not prices_wait(seen), "sign_price_record": seen.prices_read is None or seen.prices_signed is not None,
        "draw_coefficient": not seen.choices or seen.coefficient is not None, "sign_record": seen.signed is not None,
        "commit_coefficient": not seen.choices or own.party in done or seen.read_out is not None,
        "reveal_coefficient": own.party not in done or done[own.party], "object": not own.bids or not sitting(seen),
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
    running = seen.called is not None and prices_wait(seen) if seen.signed is not None else seen.stage == "opening" and seen.read_out is None
    if "host" not in own.roles or not running:
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
    if seen.stage in ("failed", "terminated") or (seen.signed is not None and not prices_wait(seen) and not sitting(seen)):
        return 0
    if seen.signed is not None:
        return 5 if seen.called is not None else 60
    near = seen.deadline is not None and now > seen.deadline - 10 * MINUTE
    return 5 if near else 60


def party_words(party: str) -> Text:
    return Text(*role_name(party))
