"""The key ceremony as a table: three rounds, in each of which every custodian speaks once; the last voice moves it."""
from kernel.machine import Move, Procedure
from law.citations import parse
from law.stages import SIDE
from trading.sealing.rules import guards

ROUNDS = parse("protocols §1.3")
NONE = "none"  # before the ceremony exists

CEREMONY = Procedure("ceremony", (NONE, *SIDE["ceremony"]), NONE, ("ready", "broken"), (
    Move(
        "trading.sealing.begin_ceremony", (NONE,), "r0", ("agent", "buyer"), ROUNDS,
        (guards.not_after_notice, guards.custodians_enough, guards.custodians_unrelated), zh="发起密钥仪式", en="Begin the key ceremony",
    ),
    Move(
        "trading.sealing.post_commitment", ("r0",), "r1", ("custodian",), ROUNDS,
        (guards.custodian_named, guards.first_word), zh="提交承诺", en="Post the commitment",
    ),
    Move(
        "trading.sealing.post_shares", ("r1",), "r2", ("custodian",), ROUNDS,
        (guards.custodian_named, guards.first_word, guards.matches_commitment, guards.proof_good), zh="分发份额", en="Post the shares",
    ),
    Move(
        "trading.sealing.confirm", ("r2",), "ready", ("custodian",), ROUNDS,
        (guards.custodian_named, guards.first_word, guards.transcript_agreed), zh="确认仪式记录", en="Confirm the transcript",
    ),
    Move(
        "trading.sealing.blame", ("r1", "r2"), "broken", ("custodian",), ROUNDS,
        (guards.custodian_named, guards.blame_provable), zh="指控", en="Blame",
    ),
    Move(
        "trading.sealing.answer_blame", ("r1", "r2"), None, ("custodian",), ROUNDS,
        (guards.custodian_named, guards.blame_provable), zh="公开份额", en="Publish the share",
    ),
))
