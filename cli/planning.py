"""`mingbiao rooms plan`: what could be done about the rooms of a day or a week, and doing it."""
import argparse
import sys
from datetime import date, timedelta
from typing import TYPE_CHECKING

from kernel.errors import NotYours, Refused, Stale
from kernel.values import day_of, local, show_time

if TYPE_CHECKING:
    from kernel.centre import Centre
    from kernel.command import Actor
    from rooms.proposal import Proposal

DONE, REFUSED, NOBODY = 0, 1, 2


def add_parsers(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    rooms = sub.add_parser("rooms", help="场地 rooms")
    acts = rooms.add_subparsers(dest="act", required=True)
    plan = acts.add_parser("plan", help="编排一天或一周 plan a day or a week")
    span = plan.add_mutually_exclusive_group()
    span.add_argument("--day", type=date.fromisoformat, help="某日，默认今日 a day, today by default")
    span.add_argument("--week", type=date.fromisoformat, help="某日所在的周 the week of a date")
    plan.add_argument("--without", default="", metavar="KIND-NUMBER", help="假定停用该场地，如 opening-3 as if this room were closed")
    plan.add_argument("--as", dest="login", default="", help="场地管理员的登录名 the room manager's log-in")
    plan.add_argument("--bound", action="store_true", help="评标等待的下限 the least that evaluations wait")
    plan.add_argument("--apply", action="store_true", help="执行 carry it out")
    plan.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    import cli.rooms  # noqa: F401  binds every question to its answer
    from kernel.centre import Centre
    from rooms.carry_out import carry_out
    from rooms.proposal import closed, proposed

    centre = Centre()
    try:
        manager = _manager(centre, args.login) if centre.row else None
        if manager is None:
            print("没有这名场地管理员，或有多名而未指明 | no such room manager, or several and none named: --as LOGIN", file=sys.stderr)
            return NOBODY
        with centre.reading() as session:
            now = centre.clock.now(session)
            first, last = span(args.day, args.week, day_of(now))
            closing = closed(session, args.without, first, last) if args.without else None
            found = proposed(session, manager, first, last, now, closing)
        say(found)
        if args.bound:
            say_bound(centre, manager, first, last)
        if not args.apply or not found.rows:
            return REFUSED if found.stuck else DONE
        done = carry_out(centre, manager, found)
        print(f"已办理 {len(done)}/{len(found.rows)} | done {len(done)} of {len(found.rows)}")
        return DONE if len(done) == len(found.rows) and not found.stuck else REFUSED
    except NotYours:
        print(f"没有该场地 | no such room: {args.without}", file=sys.stderr)
        return NOBODY
    except (Refused, Stale) as refusal:
        print(f"未办理 | refused: {getattr(getattr(refusal, 'reason', None), 'rule', 'stale')}", file=sys.stderr)
        return REFUSED
    finally:
        centre.close()


def span(day: date | None, week: date | None, today: date) -> tuple[date, date]:
    """A day, or Monday to Sunday."""
    if week is not None:
        monday = week - timedelta(days=week.weekday())
        return monday, monday + timedelta(days=6)
    return day or today, day or today


def _manager(centre: "Centre", login: str) -> "Actor | None":
    """The person with that log-in, or the only one, who is room manager now."""
    from kernel.command import Actor
    from kernel.identity.reads import holders

    with centre.reading() as session:
        found = [person for person in holders(session, "room_manager", centre.clock.now(session)) if login in ("", person.login)]
        return Actor("person", found[0].id) if len(found) == 1 else None


def say(found: "Proposal") -> None:
    print(f"{found.first} – {found.last}")
    for row in found.rows:
        to = f"{row.to_room.zh} {show_time(row.to_start)}–{local(row.to_end):%H:%M}"
        before = f"{row.room.zh} {show_time(row.start)}"
        verb = "锁定 hold" if not row.moves else "变更 move" if row.held else "改约 place"
        print(f"  {verb}  {row.words.zh}：{f'{before} → {to}' if row.moves else to}  {row.why.zh} | {row.why.en}")
    for one in found.stuck:
        free = "；".join(slot.words.zh for slot in one.free) or "无"
        print(f"  无法安排 stuck  {one.words.zh}：{one.room.zh} {show_time(one.start)}  最近的空闲 nearest free：{free}")
    if not found.rows and not found.stuck:
        print("  无须变更 | nothing to do")


def say_bound(centre: "Centre", manager: "Actor", first: date, last: date) -> None:
    from rooms.waiting import least_wait

    with centre.reading() as session:
        wait = least_wait(session, manager, first, last, centre.clock.now(session))
    print(f"  评标等待 evaluations wait：现为 now {wait.now} min，编排后 planned {wait.planned} min，下限 least {wait.least} min")
