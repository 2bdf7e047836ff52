"""A tender whose opening is signed, its ceremony done, and a library of generated experts: ready for a draw.

The upstream rows stand directly in the tables; everything of the experts' room is made by its acts.
"""
import hashlib
import io
import random
from dataclasses import dataclass, field

from openpyxl import Workbook
from sqlalchemy import select

from evaluation.records import Session
from experts.brief import Brief, Wanted, brief
from experts.calling import token
from experts.commit import Commit, commit
from experts.contribution import Made, contribute
from experts.enlist import Enlist, enlist
from experts.records import Call, Draw, Expert
from experts.reply import Reply, reply
from experts.reveal import Reveal, reveal
from kernel.centre import Centre
from kernel.codes import CREDIT_ALPHABET, ID_CHECKS, ID_WEIGHTS, credit_check
from kernel.command import PUBLIC, SYSTEM, Actor
from kernel.identity.records import Grant, Person
from kernel.rehearsal.step import Step, step
from kernel.ticker import settle
from kernel.values import HOUR, new_id
from tests.world import login, staff
from tests.worlds.kept import kept
from trading.bids.records import Bid
from trading.opening.records import Opening
from trading.projects.records import Lot, Project
from trading.sealing.records import Ceremony, Custodian, Round
from trading.sealing.rules.ceremony import Terms, deal, identity_key, identity_seed, r0
from trading.sealing.rules.ceremony import reveal as show
from trading.sealing.rules.transcript import Transcript, build_transcript, read_transcript, sign_transcript
from trading.subjects.records import Membership, Subject

CIVIL, ECON = "A0801", "A0601"
HEAD = ["姓名", "身份证号", "手机", "邮箱", "工作单位", "单位代码", "职称", "从业年限", "专业代码", "地区"]


def credit_code(number: int) -> str:
    digits = "".join(random.Random(number).choices(CREDIT_ALPHABET, k=9))
    first = f"91110105{digits}"
    return first + credit_check(first)


def resident_id(number: int) -> str:
    first = f"110105{1960 + number % 30}0{1 + number % 9}{10 + number % 18}{number % 1000:03d}"
    return first + ID_CHECKS[sum(int(c) * w for c, w in zip(first, ID_WEIGHTS, strict=True)) % 11]


def people(civil: int = 12, econ: int = 6, employer: str = "示例设计院{n}") -> list[list[object]]:
    """Rows of a list: each expert with an employer of his own."""
    codes = ["A080101"] * civil + ["A060102"] * econ
    return [
        [f"专家甄{n:03d}", resident_id(n), f"1380000{n:04d}", f"e{n}@example.cn", employer.format(n=n), credit_code(5000 + n), "高级", 12, code, "110105"]
        for n, code in enumerate(codes, 1)
    ]


def sheet(rows: list[list[object]], head: list[str] = HEAD) -> bytes:
    book, file = Workbook(), io.BytesIO()
    table = book.active
    assert table is not None
    table.append(head)
    for row in rows:
        table.append(row)
    book.save(file)
    return file.getvalue()


def enlist_all(centre: Centre, rows: list[list[object]]) -> int | None:
    data = sheet(rows)
    cmd = Enlist(blob=centre.blobs.put(data).key, digest=hashlib.sha256(data).hexdigest())
    enlist(centre, login(centre, "registrar1"), cmd)
    return enlist(centre, login(centre, "registrar2"), cmd)


@dataclass
class World:
    centre: Centre
    project: str
    agent: Actor
    buyer: Actor
    representative: Actor
    bidders: list[str]
    regulator: Actor
    custodian: Actor
    papers: list[bytes]
    identities: list[bytes]
    custodians: list[str]
    transcript: Transcript
    made: dict[str, Made] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.transcript.public_key.hex()

    def wait(self, ms: int) -> None:
        step(self.centre, SYSTEM, Step(forward=ms))

    def row(self, draw: str) -> Draw:
        with self.centre.reading() as session:
            return session.get_one(Draw, draw)

    def change(self, kind: type, id: str, /, **values: object) -> None:
        """Sets columns of one row: the one fact that differs."""
        with self.centre.database.writing() as session:
            found = session.get_one(kind, id)
            for name, value in values.items():
                setattr(found, name, value)
            session.commit()

    def add(self, row: object) -> None:
        with self.centre.database.writing() as session:
            session.add(row)
            session.commit()

    def brief(self, members: int = 5, civil: int = 3, econ: int = 1, representatives: int = 1, by: Actor | None = None) -> Draw:
        wanted = tuple(Wanted(category=c, seats=n) for c, n in ((CIVIL, civil), (ECON, econ)) if n)
        return brief(self.centre, by or self.agent, Brief(project=self.project, quota=wanted, members=members, representatives=representatives))

    def parties(self) -> dict[str, Actor]:
        return {"agent": self.agent, "centre": self.custodian, "regulator": self.regulator}

    def commit(self, draw: str, party: str) -> None:
        made = contribute(draw, party, self.key, random.Random(f"{draw}{party}").randbytes)
        self.made[party] = made
        commit(self.centre, self.parties()[party], Commit(draw=draw, commit=made.commit, blob=self.centre.blobs.put(made.sealed).key))

    def reveal(self, draw: str, party: str) -> Draw:
        return reveal(self.centre, self.parties()[party], Reveal(draw=draw, value=self.made[party].value))

    def seeded(self, **shape: int) -> Draw:
        """A draw whose first call is out."""
        draw = self.brief(**shape)
        settle(self.centre)
        for party in self.parties():
            self.commit(draw.id, party)
        for party in self.parties():
            self.reveal(draw.id, party)
        settle(self.centre)
        return self.row(draw.id)

    def open_call(self, draw: str) -> Call | None:
        with self.centre.reading() as session:
            return session.scalar(select(Call).where(Call.draw == draw, Call.outcome == ""))

    def answer(self, draw: str, accepts: bool = True) -> Call:
        call = self.open_call(draw)
        assert call is not None
        done = reply(self.centre, PUBLIC, Reply(token=token(self.centre, call.id), accepts=accepts))
        settle(self.centre)
        return done

    def answer_all(self, draw: str) -> None:
        while self.open_call(draw):
            self.answer(draw)

    def expert(self, id: str) -> Expert:
        with self.centre.reading() as session:
            return session.get_one(Expert, id)


def member(session, org: str, name: str, now: int) -> Actor:  # type: ignore[no-untyped-def]
    person = Person(id=new_id(), login=f"p-{new_id()[:8]}", name=name, created=now)
    session.add(person)
    session.flush()
    session.add(Membership(org=org, person=person.id, since=now))
    return Actor("person", person.id, org)


def subject(session, number: int, name: str, now: int, **kind: int) -> str:  # type: ignore[no-untyped-def]
    row = Subject(id=new_id(), code=credit_code(number), name=name, stage="admitted", entered_by="x", entered_at=now, admitted_at=now, **kind)
    session.add(row)
    session.flush()
    return row.id


def ceremony(session, project: str, now: int) -> tuple[list[bytes], list[bytes], list[str], Transcript]:  # type: ignore[no-untyped-def]
    papers = [hashlib.sha256(f"custodian {project} {i}".encode()).digest() for i in range(3)]
    seeds = [identity_seed(paper) for paper in papers]
    ids = []
    for party, seed in zip(("centre", "regulator", "agent"), seeds, strict=True):
        row = Custodian(id=new_id(), name=party, party=party, employer=party, identity=identity_key(seed).hex(), enrolled=now)
        session.add(row)
        ids.append(row.id)
    made = new_id()
    terms = Terms(made, project, 2, tuple(identity_key(seed) for seed in seeds))
    deals = [deal(terms, i, paper) for i, paper in enumerate(papers, 1)]
    raw = build_transcript(terms, tuple(r0(terms, one) for one in deals), tuple(show(terms, one) for one in deals))
    transcript = read_transcript(raw)
    session.add(Ceremony(id=made, project=project, k=2, custodians=ids, stage="ready", transcript=raw.decode(), key=transcript.public_key.hex(), begun=now))
    session.flush()
    session.add_all(Round(ceremony=made, number=n, r0="00" * 32, commitments=["00" * 32], signature=sign_transcript(transcript, seed).hex())
                    for n, seed in enumerate(seeds, 1))
    return papers, seeds, ids, transcript


@kept
def world(centre: Centre, rows: list[list[object]] | None = None, field_: str = "works", **project: object) -> World:
    """The tender stands at convening; its evaluation begins in twenty hours."""
    with centre.database.writing() as session:
        now = centre.clock.now(session)
        buyer = subject(session, 1, "示例区建设局", now, is_buyer=1)
        agent = subject(session, 2, "示例招标代理公司", now, is_agent=1)
        bidders = [subject(session, 10 + n, f"示例建筑公司{n}", now, is_supplier=1) for n in range(3)]
        values: dict[str, object] = {
            "code": f"E2026{new_id()[:6]}", "field": field_, "procedure": f"{field_}.open", "kind": "construction" if field_ == "works" else "services",
            "title": "示例道路改造工程", "buyer": buyer, "agent": agent, "budget": 500_000_000, "stage": "convening", "created_by": "x", "created": now,
            "published_at": now,
        }
        tender = Project(id=new_id(), **{**values, **project})
        session.add(tender)
        session.flush()
        lot = Lot(id=new_id(), project=tender.id, number=1, title="一标段", budget=1)
        session.add(lot)
        session.flush()
        for org in bidders:
            session.add(Bid(project=tender.id, lot=lot.id, org=org, supplier="0" * 64, supplier_salt=bytes(32), version=1, moment=now))
        session.add(Session(project=tender.id, code="7F3A", starts=now + 20 * HOUR, hours=4, tie_commit="0" * 64))
        people_of = [member(session, agent, "代理甲", now), member(session, buyer, "采购甲", now), member(session, buyer, "采购乙", now)]
        session.add(Opening(project=tender.id, host=people_of[0].id, started=now, signed=now))
        papers, seeds, ids, transcript = ceremony(session, tender.id, now)
        session.commit()
    enlist_all(centre, people() if rows is None else rows)
    return World(
        centre, tender.id, *people_of, bidders, staff(centre, "regulator", scope=field_), Actor("program", ids[0], channel="custodian"),
        papers, seeds, ids, transcript)


def employed_by(rows: list[list[object]], number: int, name: str, code: str) -> list[list[object]]:
    """The same list with one expert moved to another employer."""
    return [[*row[:4], name, code, *row[6:]] if n == number else row for n, row in enumerate(rows, 1)]


def grant(world: World, person: str, role: str) -> None:
    world.add(Grant(person=person, role=role, scope="", since=1))
