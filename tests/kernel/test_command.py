"""One act, one transaction, one entry."""
import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from kernel.canonical import parse
from kernel.command import OPENS, SYSTEM, Cmd, Work, command
from kernel.identity.records import Person
from kernel.ledger.entries import Checkpoint, Entry
from kernel.ledger.leaf import leaf_of
from kernel.ledger.proof import Proof, check
from kernel.ledger.sequencer import proof_of
from kernel.rehearsal.step import Step, step
from kernel.ticker import settle


class Name(Cmd):
    login: str
    twice: bool = False
    none: bool = False
    nested: bool = False


def _act():  # type: ignore[no-untyped-def]
    OPENS.pop(__name__, None)

    @command(__name__)
    def test_act(work: Work, cmd: Name) -> Person:
        work.role = "system"
        person = work.keep(Person(login=cmd.login, name="示例", created=work.moment))
        if cmd.nested:
            step(work.centre, SYSTEM, Step(forward=1))
        if not cmd.none:
            work.enter(person.id, kind="test")
        if cmd.twice:
            work.enter(person.id, kind="test")
        return person

    return test_act


def entries(centre) -> list[Entry]:  # type: ignore[no-untyped-def]
    with centre.reading() as session:
        return list(session.scalars(select(Entry).order_by(Entry.number)))


def test_an_act_leaves_one_entry_that_commits_to_its_rows(centre) -> None:  # type: ignore[no-untyped-def]
    before = len(entries(centre))
    person = _act()(centre, SYSTEM, Name(login="one"))
    after = entries(centre)
    assert len(after) == before + 1
    payload = parse(after[-1].payload.encode())
    assert payload["tag"] == __name__ and payload["on"] == person.id
    with centre.reading() as session:
        assert payload["rows"] == [session.get(Person, person.id).commitment()]


def test_a_trial_refuses_what_the_act_refuses_and_leaves_nothing(centre) -> None:  # type: ignore[no-untyped-def]
    act, before = _act(), len(entries(centre))
    act.trial(centre, SYSTEM, Name(login="one"))
    assert len(entries(centre)) == before
    with centre.reading() as session:
        assert session.scalar(select(Person).where(Person.login == "one")) is None
    with pytest.raises(AssertionError):
        act.trial(centre, SYSTEM, Name(login="one", none=True))
    act(centre, SYSTEM, Name(login="one"))
    with pytest.raises(IntegrityError):
        act.trial(centre, SYSTEM, Name(login="one"))
    assert len(entries(centre)) == before + 1


@pytest.mark.parametrize("fault", ["twice", "none", "nested"])
def test_a_broken_act_leaves_nothing(centre, fault: str) -> None:  # type: ignore[no-untyped-def]
    before = len(entries(centre))
    with pytest.raises(AssertionError):
        _act()(centre, SYSTEM, Name(login="one", **{fault: True}))
    assert len(entries(centre)) == before
    with centre.reading() as session:
        assert session.scalar(select(Person).where(Person.login == "one")) is None


def test_an_entry_gets_a_proof_that_checks_offline(centre) -> None:  # type: ignore[no-untyped-def]
    _act()(centre, SYSTEM, Name(login="one"))
    settle(centre)
    with centre.reading() as session:
        entry = session.scalars(select(Entry).where(Entry.tag == __name__)).one()
        checkpoint = session.scalars(select(Checkpoint).order_by(Checkpoint.size.desc())).first()
        proof = proof_of(centre, entry.position, checkpoint)
    signed = check(Proof.parse(proof), leaf_of(entry.o), centre.ledger_key.verifier)
    assert signed.checkpoint.size == checkpoint.size


def test_the_stepped_clock_jumps_forward_and_stays(centre) -> None:  # type: ignore[no-untyped-def]
    before = centre.now()
    step(centre, SYSTEM, Step(forward=86_400_000))
    assert centre.now() >= before + 86_400_000
