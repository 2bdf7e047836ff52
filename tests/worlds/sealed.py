"""Sealed tenders for tests: custodians with real keys, bids with real envelopes, all by the acts of production."""
import random
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

import kernel.documents  # noqa: F401
import trading.bids.reactions
import trading.bids.timers
import trading.opening.reactions
import trading.opening.timers  # noqa: F401
from kernel.centre import Centre
from kernel.command import SYSTEM, Actor
from kernel.ledger.entries import Witness
from kernel.ledger.note import Verifier
from kernel.rehearsal.step import Step, step
from kernel.ticker import settle
from kernel.values import HOUR
from tests.world import staff
from tests.worlds.kept import kept
from tests.worlds.projects import ALL_YES, organisation, reviewers
from trading.bids import uploads
from trading.bids.records import Bid
from trading.bids.replace import Replace, replace
from trading.bids.sealer import SealedPart, seal_bid
from trading.bids.submit import PartRef, Submit, submit
from trading.bids.uploads import store
from trading.notices.publish import Publish, publish
from trading.opening.name_host import NameHost, name_host
from trading.opening.records import Opened
from trading.opening.start import Start, start
from trading.projects.assign import Assign, assign
from trading.projects.draft import Draft, Recorded, draft
from trading.projects.records import Lot, Project
from trading.projects.review_first import ReviewFirst, review_first
from trading.projects.review_second import ReviewSecond, review_second
from trading.projects.submit import Submit as SubmitProject
from trading.projects.submit import submit as submit_project
from trading.sealing.begin_ceremony import BeginCeremony, begin_ceremony
from trading.sealing.custodian import Custodian, Done, found
from trading.sealing.enrol_custodian import enrol_custodian, enrolment
from trading.sealing.gates import Pins
from trading.sealing.mailbox import LocalMailbox
from trading.sealing.reads import ready_ceremony
from trading.sealing.rules.ceremony import identity_seed
from trading.sealing.rules.price import PriceForm
from trading.subjects.records import Subject

PARTIES = ("centre", "regulator", "agent", "notary", "association")


@dataclass
class Keeper:
    """One custodian: its id in the centre, its folder and its program."""

    id: str
    home: Path
    program: Custodian

    def moved_to(self, centre: Centre) -> None:
        self.program = program(centre, self.home, self.id)


@dataclass
class Sealed:
    """A tender whose key stands. dice: deterministic randomness for the bidders."""

    centre: Centre
    who: Actor
    project: str = ""
    lot: str = ""
    keepers: list[Keeper] = field(default_factory=list)
    suppliers: list[Actor] = field(default_factory=list)
    host: Actor | None = None
    dice: random.Random = field(default_factory=lambda: random.Random(20260101))

    def row(self, kind, id: str):  # type: ignore[no-untyped-def]
        with self.centre.reading() as session:
            return session.get_one(kind, id)

    @property
    def stage(self) -> str:
        return str(self.row(Project, self.project).stage)

    def set(self, table=Project, id: str = "", **values: object) -> None:  # type: ignore[no-untyped-def]
        with self.centre.database.writing() as session:
            row = session.get_one(table, id or self.project)
            for name, value in values.items():
                setattr(row, name, value)
            session.commit()

    def all(self, kind, **where: object) -> list:  # type: ignore[no-untyped-def,type-arg]
        with self.centre.reading() as session:
            return list(session.scalars(select(kind).filter_by(**where).order_by(kind.id)))

    def forward(self, ms: int) -> None:
        step(self.centre, SYSTEM, Step(forward=ms))

    def to_deadline(self) -> None:
        """One second past the deadline, with everything due done."""
        self.forward(max(1, self.row(Project, self.project).deadline - self.centre.now() + 1000))
        settle(self.centre)

    @property
    def key(self) -> bytes:
        with self.centre.reading() as session:
            ceremony = ready_ceremony(session, self.project)
            assert ceremony is not None
            return bytes.fromhex(ceremony.key)

    def code_of(self, actor: Actor) -> str:
        return str(self.row(Subject, actor.org or "").code)

    def seal(self, actor: Actor, amount: int | None = 100, *, price: bytes | None = None, version: int = 1, previous: dict[str, str] | None = None,
             salt: bytes | None = None, project: str = "", lot: str = "", lock: bytes = b"", price_lock: bytes = b"") -> tuple[dict[str, SealedPart], bytes]:
        salt = salt or self.dice.randbytes(32)
        row = self.row(Project, self.project)
        formal = row.procedure != "replay.lowest"
        files = {"commercial": {"offer.pdf": b"%PDF-1.7 offer"}, "technical": {"plan.pdf": b"%PDF-1.7 plan"}} if formal else None
        made = seal_bid(
            project or self.project, lot or self.lot, self.key, self.code_of(actor), price if price is not None else PriceForm("CNY", amount), salt,
            self.dice.randbytes, files=files, signer=b"\x05" * 32, version=version, previous=previous, lock=lock, price_lock=price_lock,
            envelopes=row.envelopes)
        return made, salt

    def upload(self, actor: Actor, parts: dict[str, SealedPart]) -> tuple[PartRef, ...]:
        return tuple(
            PartRef(part=part, upload=store(self.centre, actor, self.project, self.lot, part, sealed.data).id, digest=sealed.digest)
            for part, sealed in parts.items())

    def command(self, actor: Actor, amount: int | None = 100, **more) -> Submit:  # type: ignore[no-untyped-def]
        parts, salt = self.seal(actor, amount, **more)
        return Submit(project=self.project, lot=self.lot, parts=self.upload(actor, parts), salt=salt.hex())

    def bid(self, actor: Actor, amount: int | None = 100, **more) -> Bid:  # type: ignore[no-untyped-def]
        return submit(self.centre, actor, self.command(actor, amount, **more))

    def rebid(self, actor: Actor, old: Bid, amount: int) -> Bid:
        from trading.bids.records import Envelope

        previous = {row.part: row.digest for row in self.all(Envelope, bid=old.id)}
        parts, salt = self.seal(actor, amount, version=old.version + 1, previous=previous)
        return replace(self.centre, actor, Replace(
            project=self.project, lot=self.lot, parts=self.upload(actor, parts), salt=salt.hex(), version=old.version + 1, prev=old.id))

    def supplier(self, name: str = "示例供应商") -> Actor:
        made = organisation(self.centre, f"{name}{len(self.suppliers) + 1}", supplier=True)
        self.suppliers.append(made)
        return made

    def named_host(self) -> Actor:
        if self.host is None:
            self.host = staff(self.centre, "registrar", "主持甲")
            name_host(self.centre, self.who, NameHost(project=self.project, person=self.host.id))
        return self.host

    def opened(self) -> None:
        """The deadline passes, the host starts, the custodians answer, everything is decrypted."""
        self.started()
        self.custodians_answer()

    def started(self) -> None:
        host = self.named_host()
        self.to_deadline()
        start(self.centre, host, Start(project=self.project))
        settle(self.centre)

    def custodians_answer(self, count: int | None = None) -> list[Done]:
        done = [d for keeper in self.keepers[:count] for d in keeper.program.run_once()]
        settle(self.centre)
        return done

    def prices(self) -> dict[str, int | None]:
        return {row.bid: row.amount for row in self.all(Opened, project=self.project, part="price")}


def put(world: Sealed, actor: Actor, upload: str, number: int, data: bytes) -> int | None:
    """A whole piece at once; the moment of the file once it is complete."""
    piece = coming(world, actor, upload, number)
    piece.take(data)
    return piece.stand()


def coming(world: Sealed, actor: Actor, upload: str, number: int) -> uploads.Coming:
    return uploads.Coming(world.centre, uploads.expect(world.centre, actor, upload), number)


def enrol(centre: Centre, folder: Path, count: int = 3, parties: tuple[str, ...] = PARTIES) -> list[Keeper]:
    """Custodians enrolled by two regulators, each of its own employer."""
    one, two = staff(centre, "regulator"), staff(centre, "regulator")
    keepers = []
    for n in range(count):
        home, seed = folder / f"custodian{n + 1}", bytes([n + 1]) * 32
        found(home, seed)
        cmd = enrolment(identity_seed(seed), centre.origin, f"保管人{n + 1}", parties[n], f"单位{n + 1}")
        enrol_custodian(centre, one, cmd)
        row = enrol_custodian(centre, two, cmd)
        assert row is not None
        keepers.append(Keeper(row.id, home, program(centre, home, row.id)))
    settle(centre)
    return keepers


def program(centre: Centre, home: Path, id: str) -> Custodian:
    with centre.reading() as session:
        witnesses = tuple(Verifier.parse(vkey) for vkey in session.scalars(select(Witness.vkey)))
    return Custodian(home, LocalMailbox(centre, id), Pins(centre.ledger_key.verifier, witnesses), centre.now)


def hold_ceremony(world: Sealed, k: int = 2) -> None:
    begin_ceremony(world.centre, world.who, BeginCeremony(project=world.project, custodians=tuple(keeper.id for keeper in world.keepers), k=k))
    for _ in range(3):
        for keeper in world.keepers:
            keeper.program.run_once()


def drafted(centre: Centre, folder: Path, n: int = 3, quorum: int = 0) -> Sealed:
    """A replay before its ceremony, and enrolled custodians."""
    for role in ("reviewer1", "reviewer2"):
        staff(centre, role)
    world = Sealed(centre, organisation(centre, "示例招标人", buyer=True))
    made = draft(centre, world.who, Draft(
        procedure="replay.lowest", field="works", kind="construction", title="历史项目", budget=10_000_000,
        recorded=Recorded(deadline=centre.now() + HOUR, quorum=quorum)))
    world.project = made.id
    world.lot = world.all(Lot, project=made.id)[0].id
    world.keepers = enrol(centre, folder, n)
    return world


def published(world: Sealed, envelopes: int = 1) -> Sealed:
    """The two reviews and the notice, once the key stands."""
    centre = world.centre
    submit_project(centre, world.who, SubmitProject(project=world.project))
    assign(centre, SYSTEM, Assign(project=world.project))
    first, second = reviewers(centre, world.project)
    review_first(centre, first, ReviewFirst(project=world.project, checklist=ALL_YES))
    review_second(centre, second, ReviewSecond(project=world.project, checklist=ALL_YES))
    if envelopes == 2:
        world.set(envelopes=2)
    publish(centre, world.who, Publish(project=world.project))
    return world


@kept
def replay(centre: Centre, folder: Path, k: int = 2, n: int = 3, quorum: int = 0, envelopes: int = 1) -> Sealed:
    """A published replay with its key: the shortest way to sealed bids."""
    world = drafted(centre, folder, n, quorum)
    hold_ceremony(world, k)
    return published(world, envelopes)


@kept
def formal(centre: Centre, folder: Path, name: str = "works.open", envelopes: int = 1, **columns: object) -> Sealed:
    """A tender under the law of its field. Only the way to its notice is shortened: it is published as a replay and then
    takes on the procedure, so that everything after the notice runs by the acts and guards under test."""
    world = replay(centre, folder, envelopes=envelopes)
    world.set(procedure=name, field=name.partition(".")[0], **columns)
    return world
