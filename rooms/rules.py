"""The conditions under which a room is booked, held, moved, used, prolonged, freed and blocked. Pure."""
from dataclasses import dataclass
from types import SimpleNamespace

from kernel.errors import Reason, Text
from kernel.values import DAY, HOUR, MINUTE, show_time
from rooms.plan import LONGEST, Space, Span, inside_hours

EARLY = HOUR  # how long before its start a session may be let in
KINDS = {"opening": Text("开标室", "opening room"), "evaluation": Text("评标室", "evaluation room")}


@dataclass(frozen=True)
class Ask:
    """One session somebody wants in one room. reason: for hours outside the open ones; empty within them."""

    space: Space
    kind: str
    seats: int
    wishes: tuple[str, ...]
    start: int
    end: int
    reason: str
    advance_days: int
    room_open: bool = True


def _meets(start: int, end: int, spans: tuple[Span, ...]) -> Span | None:
    return next((span for span in spans if span[0] < end and start < span[1]), None)


def room_fits(f: SimpleNamespace) -> Reason | None:
    for ask in f.asks:
        lacking = sorted(set(ask.wishes) - ask.space.equipment)
        if ask.space.kind != ask.kind or ask.space.seats < ask.seats or lacking:
            return Reason(
                "room_fits",
                found=Text(f"{ask.space.seats} 座", f"{ask.space.seats} seats"),
                needed=Text(f"{ask.seats} 座 {' '.join(ask.wishes)}".strip(), f"{ask.seats} seats {' '.join(ask.wishes)}".strip()),
                values={"lacking": lacking},
            )
    return None


def within_advance_limit(f: SimpleNamespace) -> Reason | None:
    """Not in the past, not beyond the room's horizon, inside its hours (its late hours when a reason is given), not for ever."""
    for ask in f.asks:
        last = f.now + ask.advance_days * DAY
        if not f.now <= ask.start <= last:
            return Reason("within_advance_limit", found=_moment(ask.start),
                          needed=Text(f"不晚于 {show_time(last)}", f"not after {show_time(last)}"), values={"last": last})
        if ask.end - ask.start > LONGEST:
            return Reason("within_advance_limit", found=_span(ask.start, ask.end), needed=Text(f"不超过 {LONGEST // DAY} 日", f"at most {LONGEST // DAY} days"))
        if not inside_hours(ask.space, ask.start, ask.end, f.calendar, bool(ask.reason)):
            return Reason(
                "within_advance_limit", found=_span(ask.start, ask.end),
                needed=Text("开放时间内，或写明延时服务理由", "within opening hours, or a reason for extended hours"),
            )
    return None


def whole_chain(f: SimpleNamespace) -> Reason | None:
    """Opening, evaluation and its seats go together, the evaluation not before the opening."""
    starts = f.standing | {ask.kind: ask.start for ask in f.asks}
    missing = sorted(set(f.needed_kinds) - set(starts))
    backwards = "evaluation" in starts and starts["evaluation"] < starts.get("opening", 0)
    if not missing and not backwards:
        return None
    named = [KINDS[kind] for kind in sorted(starts)]
    return Reason(
        "whole_chain", found=Text("、".join(kind.zh for kind in named), ", ".join(kind.en for kind in named)),
        needed=Text("开标、评标，且评标不早于开标", "opening and evaluation, the evaluation not before the opening"),
        values={"missing": missing},
    )


def slot_free(f: SimpleNamespace) -> Reason | None:
    if all(_meets(ask.start, ask.end, f.sessions) is None for ask in f.asks):
        return None
    return Reason("slot_free", found=Text("该时段已被占用", "the slot is taken"))


def buffer_kept(f: SimpleNamespace) -> Reason | None:
    """f.busy: the sessions of the room with their cleaning time, those released early included."""
    for ask in f.asks:
        if _meets(ask.start, ask.end + ask.space.buffer_ms, f.busy):
            minutes = ask.space.buffer_ms // MINUTE
            needed = Text(f"场次间隔 {minutes} 分钟", f"{minutes} minutes between sessions")
            return Reason("buffer_kept", needed=needed, values={"minutes": minutes})
    return None


def room_not_blocked(f: SimpleNamespace) -> Reason | None:
    for ask in f.asks:
        if not ask.room_open or _meets(ask.start, ask.end, f.blocked):
            return Reason("room_not_blocked", found=_moment(ask.start))
    return None


def kept_apart(f: SimpleNamespace) -> Reason | None:
    """f.apart: sessions, with their cleaning, that tenders kept apart from this one have on the corridor of the room."""
    for ask in f.asks:
        if _meets(ask.start, ask.end + ask.space.buffer_ms, f.apart):
            return Reason("kept_apart", found=Text("同一通道", "the same corridor"))
    return None


def another_room_again(f: SimpleNamespace) -> Reason | None:
    """f.evaluated: was this tender evaluated in the room, and its report written? What lay there could be found, or left there for those to come."""
    return Reason("another_room_again", found=Text("原评标室", "the room of the first evaluation")) if f.evaluated else None


def another_tender(f: SimpleNamespace) -> Reason | None:
    return Reason("another_tender") if f.same else None


def stand_apart(f: SimpleNamespace) -> Reason | None:
    """f.together: codes of sessions of the two that stand on one corridor at one time; they move first."""
    if not f.together:
        return None
    codes = "、".join(f.together)
    return Reason("stand_apart", found=Text(codes, codes))


def green_channel(f: SimpleNamespace) -> Reason | None:
    return None if f.green else Reason("green_channel")


def one_who_can_give_way(f: SimpleNamespace) -> Reason | None:
    """f.one: exactly one held session is in the way, and it is weaker: not green, not about to begin, no opening whose time is public,
    and never asked before. Whose it is stays unsaid."""
    return None if f.one else Reason("one_who_can_give_way")


def asked_in_time(f: SimpleNamespace) -> Reason | None:
    return None if f.open else Reason("asked_in_time")


def first_in_line(f: SimpleNamespace) -> Reason | None:
    """f.ahead: somebody waits for this time who came before, and finds it free. Whose it is stays unsaid."""
    return Reason("first_in_line") if f.ahead else None


def slot_taken(f: SimpleNamespace) -> Reason | None:
    """Nobody waits for what is free to him; f.free as in slot_came_free."""
    return Reason("slot_taken") if f.free and not f.ahead else None


def slot_came_free(f: SimpleNamespace) -> Reason | None:
    """f.free: the room can be held for this booking now, and its session has not begun."""
    return None if f.free else Reason("slot_came_free")


def devices_whole(f: SimpleNamespace) -> Reason | None:
    if not f.faulty:
        return None
    names = "、".join(f.faulty)
    return Reason("devices_whole", found=Text(names, names))


def covers(kind: str, start: int, end: int, deadline: int | None, evaluation: int | None) -> bool:
    """Does a session lie where its tender needs it? An opening over the deadline; an evaluation not before it, and over its own beginning."""
    moment = deadline if kind == "opening" else evaluation
    early = kind == "evaluation" and deadline is not None and start < deadline
    return not early and (moment is None or start <= moment < end)


def times_moved(f: SimpleNamespace) -> Reason | None:
    """f.before, f.after: does the session lie where its tender needs it, as it stands and as it would?"""
    return None if f.after and not f.before else Reason("times_moved")


def not_within_two_hours(f: SimpleNamespace) -> Reason | None:
    """f.bound: the session lies where its tender needs it; one that the tender has left behind may go at any time."""
    clause = f.clauses["rooms.no_move_hours"]
    if f.held and f.bound and f.now > f.from_ms - clause.value * HOUR:
        return Reason("not_within_two_hours", found=_moment(f.from_ms), under=clause.under, binding=clause.may_refuse)
    return None


def parties_told_if_opening(f: SimpleNamespace) -> Reason | None:
    """The place of an opening stands in the tender document: once published, a correction notice comes first."""
    if f.kind != "opening" or f.published_at is None or (f.corrected_at or 0) > f.asked_at:
        return None
    return Reason("parties_told_if_opening", needed=Text("先发布更正公告", "a correction notice first"))


def within_window(f: SimpleNamespace) -> Reason | None:
    if f.from_ms - EARLY <= f.now < f.to_ms:
        return None
    return Reason("within_window", found=_moment(f.now), needed=_span(f.from_ms - EARLY, f.to_ms))


def room_ready(f: SimpleNamespace) -> Reason | None:
    """No blocking at this moment, no faulty device, and the session before has left."""
    if f.faulty or f.still_used or any(a <= f.now < b for a, b in f.blocked):
        names = "、".join(f.faulty)
        return Reason("room_ready", found=Text(names, names) if names else None)
    return None


def next_can_move(f: SimpleNamespace) -> Reason | None:
    """f.stuck: sessions in the way for which no other room is free at their time. Whose they are is nobody's business."""
    return Reason("next_can_move") if f.stuck else None


def session_over_or_no_show(f: SimpleNamespace) -> Reason | None:
    """An asked booking keeps nobody out and may always go; a held one after the no-show time; a used one when over. f.given_back: whoever
    booked does not need it, and no file under review or published names it as the place of an opening."""
    clause = f.clauses["rooms.no_show_minutes"]
    no_show = f.stage == "held" and not f.present and f.now >= f.from_ms + clause.value * MINUTE
    if f.stage == "asked" or f.over or no_show or (f.stage == "held" and f.given_back) or (f.stage == "used" and f.now >= f.to_ms and not f.present):
        return None
    return Reason("session_over_or_no_show", found=_moment(f.now), under=clause.under, binding=clause.may_refuse)


def no_held_session_inside(f: SimpleNamespace) -> Reason | None:
    if not f.inside:
        return None
    codes = "、".join(f.inside)
    return Reason("no_held_session_inside", found=Text(codes, codes))


def reason_given(f: SimpleNamespace) -> Reason | None:
    return None if f.reason.strip() else Reason("reason_given")


def other_slot_offered(f: SimpleNamespace) -> Reason | None:
    """f.offered: is the slot named instead free for this session?"""
    return None if f.offered else Reason("other_slot_offered")


def device_key_fresh(f: SimpleNamespace) -> Reason | None:
    return Reason("device_key_fresh") if f.key_known else None


def text_from_masked_view(f: SimpleNamespace) -> Reason | None:
    """f.text, f.masked: digests of what is to be shown and of what anybody may read at this moment."""
    return None if f.text == f.masked else Reason("text_from_masked_view")


def _span(start: int, end: int) -> Text:
    return Text(f"{show_time(start)} 至 {show_time(end)}", f"{show_time(start)} to {show_time(end)}")


def _moment(at: int) -> Text:
    return Text(show_time(at), show_time(at))
