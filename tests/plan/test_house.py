"""The tables of the house are whole, and every act stands where its tag says."""
import cli.rooms
from kernel.command import OPENS, SIGNED
from kernel.facts import unbound
from trading.procedures import NAMES, flaws, procedure
from trading.subjects.procedure import PROCEDURE as SUBJECT


def test_every_question_has_an_answer() -> None:
    assert unbound() == []


def test_no_stage_is_unreachable_and_none_is_a_dead_end() -> None:
    assert flaws() + SUBJECT.flaws() == []


def test_the_check_of_the_house_passes() -> None:
    cli.rooms.check_house()


def test_every_move_of_a_tender_is_an_act() -> None:
    tags = {move.tag for name in NAMES for move in procedure(name).moves}
    assert tags - set(OPENS) == set()


def test_acts_that_bind_are_signed() -> None:
    for tag in ("trading.bids.submit", "trading.opening.start", "trading.awards.fix_winner", "evaluation.hand_in", "evaluation.sign"):
        assert tag in SIGNED


def test_every_move_says_what_it_is_in_both_languages() -> None:
    silent = sorted({move.tag for name in NAMES for move in procedure(name).moves if not (move.zh and move.en)})
    assert silent == []
