"""A file of the green channel is accepted with papers to follow (容缺受理): which may, until when, and what waits for them."""
from collections.abc import Mapping
from types import MappingProxyType, SimpleNamespace

from kernel.errors import Reason, Text
from kernel.values import show_time
from law.citations import parse
from law.periods import add_working_days, end_of
from trading.projects.rules.reviewing import CHECKLIST

HOUSE = parse("house")
# house: items of the checklist whose papers may follow → whether the notice waits for them
MAY_FOLLOW: Mapping[str, bool] = MappingProxyType({"plan": True, "fair_competition": True, "parties": False})


def green_channel(f: SimpleNamespace) -> Reason | None:
    return None if f.green else Reason("green_channel")


def papers_may_follow(f: SimpleNamespace) -> Reason | None:
    """f.item: stands in the list, and no paper for it is owed in this round already."""
    if f.item in MAY_FOLLOW and f.item not in f.known:
        return None
    listed = [CHECKLIST[item] for item in MAY_FOLLOW if item not in f.known]
    return Reason("papers_may_follow", needed=Text("、".join(one.zh for one in listed), "; ".join(one.en for one in listed)) if listed else None)


def follows_soon(f: SimpleNamespace) -> Reason | None:
    """f.until, ms: after this moment, within the working days of f.clause."""
    last = end_of(add_working_days(f.today, f.clause.value, f.calendar))
    if f.now < f.until <= last:
        return None
    return Reason("follows_soon", Text(show_time(f.until), show_time(f.until)), Text(f"不晚于 {show_time(last)}", f"not after {show_time(last)}"),
                  under=f.clause.under, binding=f.clause.may_refuse)


def paper_owed(f: SimpleNamespace) -> Reason | None:
    return None if f.state in ("owed", "supplied") else Reason("paper_owed")


def paper_supplied(f: SimpleNamespace) -> Reason | None:
    return None if f.state == "supplied" else Reason("paper_supplied")


def file_readable(f: SimpleNamespace) -> Reason | None:
    return None if f.media else Reason("file_readable")


def remark_given(f: SimpleNamespace) -> Reason | None:
    """What does not do is sent back with a reason."""
    return None if f.good or f.remark.strip() else Reason("reason_given")


def papers_supplied(f: SimpleNamespace) -> Reason | None:
    """f.owing: (item, title, until, settled) of the round. The notice waits for what it needs, and for whatever is overdue."""
    open_ = [title for item, title, until, settled in f.owing if not settled and (MAY_FOLLOW[item] or f.now >= until)]
    words = "、".join(open_)
    return Reason("papers_supplied", Text(words, words), under=HOUSE) if open_ else None
