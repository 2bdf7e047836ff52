"""The ceremony as acts: who may speak, when, and what breaks it."""
from pathlib import Path

import pytest

from kernel.canonical import canon
from kernel.command import Actor
from kernel.errors import NotYours, Refused, Stale
from kernel.values import HOUR
from tests.world import staff
from tests.worlds.projects import organisation
from tests.worlds.sealed import Sealed, enrol, hold_ceremony, replay
from trading.projects.draft import Draft, Recorded, draft
from trading.sealing.begin_ceremony import BeginCeremony, begin_ceremony
from trading.sealing.blame import Blame, blame
from trading.sealing.confirm import Confirm, confirm
from trading.sealing.custodian import found
from trading.sealing.enrol_custodian import enrol_custodian, enrolment
from trading.sealing.post_commitment import PostCommitment, post_commitment
from trading.sealing.post_shares import PostShares, post_shares
from trading.sealing.reads import latest_ceremony, ready_ceremony, terms_of, view
from trading.sealing.records import Ceremony, Complaint, Custodian, Round
from trading.sealing.rules.ceremony import deal, identity_seed, r0, reveal
from trading.sealing.rules.transcript import read_transcript


@pytest.fixture
def world(centre, tmp_path) -> Sealed:  # type: ignore[no-untyped-def]
    """A draft and three enrolled custodians."""
    made = Sealed(centre, organisation(centre, "示例招标人", buyer=True))
    project = draft(centre, made.who, Draft(procedure="replay.lowest", field="works", kind="construction", title="历史项目", budget=1,
                                            recorded=Recorded(deadline=centre.now() + HOUR, quorum=0)))
    made.project, made.keepers = project.id, enrol(centre, tmp_path)
    return made


def begin(world: Sealed, k: int = 2, ids: tuple[str, ...] = ()) -> Ceremony:
    return begin_ceremony(world.centre, world.who, BeginCeremony(project=world.project, custodians=ids or tuple(x.id for x in world.keepers), k=k))


def rule(act, *args) -> str:  # type: ignore[no-untyped-def]
    with pytest.raises(Refused) as found:
        act(*args)
    return found.value.reason.rule


def as_program(keeper) -> Actor:  # type: ignore[no-untyped-def]
    return Actor("program", keeper.id, channel="custodian")


def test_three_rounds_make_a_key_that_everybody_signed(world: Sealed) -> None:
    hold_ceremony(world)
    with world.centre.reading() as session:
        ready = ready_ceremony(session, world.project)
        assert ready is not None and ready.entry
        assert read_transcript(ready.transcript.encode()).public_key.hex() == ready.key
        seen = view(session, world.who, world.project, world.centre.now())
        assert seen is not None and [line.voices for line in seen.custodians] == [3, 3, 3]
        with pytest.raises(NotYours):
            view(session, organisation(world.centre, "外人", supplier=True), world.project, world.centre.now())
    with pytest.raises(Stale):
        begin(world)


@pytest.mark.parametrize(("k", "take", "expected"), [(1, 3, "custodians_enough"), (2, 2, "custodians_enough"), (4, 3, "custodians_enough")])
def test_too_few_custodians(world: Sealed, k: int, take: int, expected: str) -> None:
    assert rule(begin, world, k, tuple(x.id for x in world.keepers[:take])) == expected


def test_no_k_custodians_of_one_employer(world: Sealed) -> None:
    world.set(Custodian, world.keepers[1].id, employer="单位1")
    assert rule(begin, world) == "custodians_unrelated"
    world.set(Custodian, world.keepers[1].id, employer="单位9")
    assert begin(world).stage == "r0"


def test_no_ceremony_after_the_notice(centre, tmp_path) -> None:  # type: ignore[no-untyped-def]
    world = replay(centre, tmp_path)
    with centre.reading() as session:
        old = ready_ceremony(session, world.project)
    assert old is not None
    world.set(Ceremony, old.id, stage="broken")
    assert rule(begin, world) == "not_after_notice"


def test_only_named_custodians_speak_and_once(world: Sealed) -> None:
    made = begin(world)
    cmd = PostCommitment(ceremony=made.id, hash="00" * 32)
    assert rule(post_commitment, world.centre, Actor("program", "stranger", channel="custodian"), cmd) == "custodian_named"
    with pytest.raises(NotYours):
        post_commitment(world.centre, world.who, cmd)
    one = as_program(world.keepers[0])
    assert post_commitment(world.centre, one, cmd).stage == "r0"
    assert rule(post_commitment, world.centre, one, cmd) == "first_word"
    with pytest.raises((Stale, Refused)):
        post_shares(world.centre, one, PostShares(ceremony=made.id, commitments=("00" * 32,) * 2, proof="00" * 64, boxes=("00" * 80,) * 3))


def test_a_reveal_must_fit_its_hash_and_its_proof(world: Sealed) -> None:
    made = begin(world)
    with world.centre.reading() as session:
        terms = terms_of(session, made)
    deals = [deal(terms, n, bytes([n]) * 32) for n in (1, 2, 3)]
    other = deal(terms, 1, b"\x77" * 32)
    for keeper, dealt in zip(world.keepers, deals, strict=True):
        post_commitment(world.centre, as_program(keeper), PostCommitment(ceremony=made.id, hash=r0(terms, dealt).hex()))
    shown, false = reveal(terms, deals[0]), reveal(terms, other)

    def post(what, proof: bytes):  # type: ignore[no-untyped-def]
        return post_shares(world.centre, as_program(world.keepers[0]), PostShares(
            ceremony=made.id, commitments=tuple(c.hex() for c in what.commitments), proof=proof.hex(), boxes=tuple(b.hex() for b in what.boxes)))

    assert rule(post, false, false.proof) == "matches_commitment"
    assert rule(post, shown, shown.proof[:-1] + b"\xff") in ("matches_commitment", "proof_good")
    assert post(shown, shown.proof).stage == "r1"


def test_a_transcript_that_differs_is_not_confirmed(world: Sealed) -> None:
    made = begin(world)
    for _ in range(2):
        for keeper in world.keepers:
            keeper.program.run_once()
    cmd = Confirm(ceremony=made.id, transcript="00" * 32, signature="00" * 64)
    assert rule(confirm, world.centre, as_program(world.keepers[0]), cmd) == "transcript_agreed"


def bad_box(world: Sealed, ceremony: str) -> None:
    """The first custodian's box for the second is overwritten with another's."""
    row = next(r for r in world.all(Round, ceremony=ceremony) if r.number == 1)
    world.set(Round, row.id, boxes=[row.boxes[0], row.boxes[2], row.boxes[2]])
    with world.centre.database.writing() as session:
        from trading.sealing.reads import rounds_of, transcript_bytes

        made = session.get_one(Ceremony, ceremony)
        made.transcript = transcript_bytes(session, made, rounds_of(session, ceremony)).decode()
        session.commit()


@pytest.fixture
def spoiled(world: Sealed) -> Sealed:
    made = begin(world)
    for _ in range(2):
        for keeper in world.keepers:
            keeper.program.run_once()
    bad_box(world, made.id)
    return world


def test_a_bad_box_is_answered_in_public_and_the_key_still_stands(spoiled: Sealed) -> None:
    second, first, third = spoiled.keepers[1], spoiled.keepers[0], spoiled.keepers[2]
    assert [done.kind for done in second.program.run_once()] == ["confirm"]
    assert [row.state for row in spoiled.all(Complaint)] == ["open"]
    assert second.program.run_once() == []
    assert [done.kind for done in first.program.run_once()] == ["answer", "confirm"]
    assert [row.state for row in spoiled.all(Complaint)] == ["settled"]
    for keeper in (second, third, first):
        keeper.program.run_once()
    with spoiled.centre.reading() as session:
        assert ready_ceremony(session, spoiled.project) is not None


def test_silence_for_an_hour_breaks_the_ceremony(spoiled: Sealed) -> None:
    second = spoiled.keepers[1]
    second.program.run_once()
    with spoiled.centre.reading() as session:
        made = latest_ceremony(session, spoiled.project)
    assert made is not None
    assert rule(blame, spoiled.centre, as_program(second), Blame(ceremony=made.id, accused=1)) == "blame_provable"
    assert rule(blame, spoiled.centre, as_program(second), Blame(ceremony=made.id, accused=2)) == "blame_provable"
    spoiled.forward(HOUR)
    second.program.run_once()
    assert spoiled.row(Ceremony, made.id).stage == "broken"
    assert begin(spoiled).stage == "r0"


def test_two_regulators_enrol_and_possession_is_proved(centre) -> None:  # type: ignore[no-untyped-def]
    one, two, clerk = staff(centre, "regulator"), staff(centre, "regulator"), staff(centre, "registrar")
    good = enrolment(identity_seed(b"\x21" * 32), centre.origin, "保管人", "notary", "示例公证处")
    other = enrolment(identity_seed(b"\x22" * 32), centre.origin, "保管人", "notary", "示例公证处")
    with pytest.raises(NotYours):
        enrol_custodian(centre, clerk, good)
    assert rule(enrol_custodian, centre, one, good.model_copy(update={"proof": other.proof})) == "possession_proved"
    assert enrol_custodian(centre, one, good) is None
    assert rule(enrol_custodian, centre, one, good) == "other_than_first"
    assert enrol_custodian(centre, two, good) is not None
    assert rule(enrol_custodian, centre, one, good) == "key_not_used_before"


def test_a_program_deals_only_once_under_one_id(world: Sealed, tmp_path: Path) -> None:
    """A server that sends other terms under the same id would collect a second set of shares."""
    begin(world)
    keeper = world.keepers[0]
    task = keeper.program._mailbox.tasks()[0]
    for other in world.keepers:
        other.program.run_once()

    class Lying:
        def __init__(self) -> None:
            self.sent: list[str] = []

        def tasks(self):  # type: ignore[no-untyped-def]
            return [{**task, "kind": "reveal", "k": 3}]

        def post(self, act: str, fields: object) -> None:
            self.sent.append(act)

    lying = Lying()
    keeper.program._mailbox = lying  # type: ignore[assignment]
    assert [done.gate for done in keeper.program.run_once()] == ["terms"]
    assert lying.sent == []


def test_a_program_takes_part_only_with_enrolled_custodians(world: Sealed) -> None:
    begin(world)
    keeper = world.keepers[0]
    task = keeper.program._mailbox.tasks()[0]
    assert len(canon(task)) > 100

    class Lying:
        def tasks(self):  # type: ignore[no-untyped-def]
            return [{**task, "enrolments": task["enrolments"][:2]}]

    keeper.program._mailbox = Lying()  # type: ignore[assignment]
    assert [done.gate for done in keeper.program.run_once()] == ["enrolled"]


def test_seed_and_state_are_for_their_owner_alone(tmp_path: Path) -> None:
    found(tmp_path / "c", b"\x01" * 32)
    assert (tmp_path / "c" / "seed").stat().st_mode & 0o077 == 0
    with pytest.raises(FileExistsError):
        found(tmp_path / "c", b"\x02" * 32)
