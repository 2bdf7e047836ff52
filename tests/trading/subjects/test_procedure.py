"""The table of organisations is whole, and each guard it names has its sentence."""

from law.guards import text
from trading.subjects.procedure import MOVES, PROCEDURE


def test_every_stage_is_reached_and_left() -> None:
    assert PROCEDURE.flaws() == []


def test_every_guard_has_its_sentence_and_every_move_its_source_and_name() -> None:
    for move in MOVES:
        assert move.under and move.zh and move.en
        for guard in move.guards:
            text("all_faults_at_once" if guard.__name__ == "no_late_faults" else guard.__name__)
