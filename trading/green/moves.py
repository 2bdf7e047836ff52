"""Rows of the tender's table for the green channel: early help while the draft is written, joint support until the award."""
from kernel.machine import Move, span
from law.citations import parse
from law.stages import MAIN
from trading.green import rules
from trading.projects.rules.owing import green_channel

HOUSE = parse("house")
DRAFT = ("draft",)
CALLED = span(MAIN, "draft", "awarded")
DESKS = tuple(dict.fromkeys(desk.role for desk in rules.DESKS.values()))

MOVES: tuple[Move, ...] = (
    Move("trading.green.name_adviser", DRAFT, None, ("room_manager",), HOUSE,
         (green_channel, rules.adviser_is_registrar, rules.adviser_unrelated), zh="指定提前介入人员", en="Name an adviser"),
    Move("trading.green.ask_adviser", DRAFT, None, ("agent", "buyer"), HOUSE, (green_channel, rules.adviser_named), zh="提前咨询", en="Ask the adviser"),
    Move("trading.green.advise", DRAFT, None, (rules.ADVISES,), HOUSE, (rules.question_open,), zh="答复咨询", en="Answer a question"),
    Move("trading.green.call_desks", CALLED, None, ("room_manager",), HOUSE, (green_channel, rules.desks_called_once), zh="召集联合保障", en="Call desks together"),
    Move("trading.green.promise", CALLED, None, DESKS, HOUSE, (rules.desk_owes_promise, rules.promise_lies_ahead), zh="确认保障事项", en="Promise support"),
    Move("trading.green.keep_promise", CALLED, None, DESKS, HOUSE, (rules.desk_has_promised,), zh="保障事项办结", en="Report a promise kept"),
)
