"""A founded rehearsal centre with its staff, custodians and the ways organisations come in."""
import hashlib
import io
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from cli.cast import witness
from kernel.centre import Centre
from kernel.codes import credit_check
from kernel.command import PUBLIC, SYSTEM, Actor
from kernel.identity.found_centre import FirstPerson, found
from kernel.identity.grant_role import GrantRole, grant_role
from kernel.identity.invite import Invite, invite
from kernel.identity.records import Person
from kernel.identity.sign_up import SignUp, sign_up
from kernel.ledger.entries import Witness
from kernel.ledger.note import Verifier
from kernel.reactions import run_reactions
from kernel.rehearsal.step import Step, step
from kernel.ticker import settle
from trading.sealing import custodian
from trading.sealing.enrol_custodian import enrol_custodian, enrolment
from trading.sealing.gates import Pins
from trading.sealing.mailbox import LocalMailbox
from trading.sealing.rules.ceremony import identity_seed
from trading.subjects.enter import Enter, enter
from trading.subjects.papers import receive
from trading.subjects.records import Assignment, Subject
from trading.subjects.review_first import ReviewFirst, review_first
from trading.subjects.review_second import ReviewSecond, review_second
from trading.subjects.submit import Submit, submit

PARTIES = (("centre", "示例区公共资源交易中心", "中心保管人"), ("regulator", "示例区行政监督部门", "监督保管人"), ("agent", "示例招标代理协会", "代理保管人"))
FIRST = (
    FirstPerson(login="dengji1", name="登记甲", role="registrar"), FirstPerson(login="dengji2", name="登记乙", role="registrar"),
    FirstPerson(login="jiandu1", name="监督甲", role="regulator"), FirstPerson(login="shenji1", name="审计甲", role="auditor"),
    FirstPerson(login="xitong1", name="系统甲", role="sysadmin"),
)
LICENCE = b"%PDF-1.7\n% licence of a rehearsal: "
LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass
class Keeper:
    """A custodian of the rehearsal: its id in the centre and its program, run in this process."""

    id: str
    program: custodian.Custodian


@dataclass
class House:
    """centre, the first people by login, and custodians. Organisations are admitted through both reviews."""

    centre: Centre
    people: dict[str, Actor] = field(default_factory=dict)
    keepers: list[Keeper] = field(default_factory=list)
    numbers: int = 0

    def forward(self, ms: int) -> None:
        step(self.centre, SYSTEM, Step(forward=ms))

    def until(self, moment: int) -> None:
        """The clock stands at or after `moment`; what fell due is done."""
        ahead = moment - self.centre.now()
        if ahead > 0:
            self.forward(ahead)
        settle(self.centre)

    def settle(self) -> None:
        settle(self.centre)

    def react(self) -> None:
        """Reactions only: enough between acts of one hour, where nothing falls due and nothing must be in the tree yet."""
        while run_reactions(self.centre):
            pass


def open_house(centre: Centre, name: str = "示例区公共资源交易中心", name_en: str = "Example District Public Resource Trading Centre",
               domain: str = "centre.example", currency: str = "CNY", minor: int = 2, witnessed: bool = True) -> House:
    """Founds a rehearsal centre with reviewers, three custodians (2-of-3) and one witness."""
    found(centre, name, name_en, domain, FIRST, True, currency, minor)
    house = House(centre)
    if witnessed:
        witness.start(centre)
    for person in FIRST:
        house.people[person.login] = actor_of(centre, person.login)
    for login, said, role, scope in (
        ("jiandu2", "监督乙", "regulator", ""), ("chushen1", "初审甲", "reviewer1", ""), ("chushen2", "初审乙", "reviewer1", ""),
        ("fushen1", "复审甲", "reviewer2", ""), ("fushen2", "复审乙", "reviewer2", ""), ("zhuchi1", "主持甲", "host", ""),
    ):
        employ(house, login, said, role, scope)
    enrol_keepers(house)
    return house


def employ(house: House, login: str, name: str, role: str = "", scope: str = "", email: str = "") -> Actor:
    """A person of the centre: invited, and given a role by two registrars."""
    made = invite(house.centre, SYSTEM, Invite(login=login, name=name, email=email))
    actor = Actor("person", made.person)
    if role:
        grant(house, actor, role, scope)
    house.people[login] = actor
    return actor


def grant(house: House, actor: Actor, role: str, scope: str = "") -> None:
    cmd = GrantRole(person=actor.id, role=role, scope=scope)
    grant_role(house.centre, house.people["dengji1"], cmd)
    grant_role(house.centre, house.people["dengji2"], cmd)


def actor_of(centre: Centre, login: str) -> Actor:
    from kernel.asks import organisation_of

    with centre.reading() as session:
        person = session.scalars(select(Person).where(Person.login == login)).one()
        return Actor("person", person.id, organisation_of(session, person.id))


def keeper_home(centre: Centre, party: str) -> Path:
    return centre.home / "rehearsal" / "custodians" / party


def enrol_keepers(house: House) -> None:
    """Three custodians with seed files of their own, enrolled by two regulators."""
    centre = house.centre
    for party, employer, name in PARTIES:
        home, seed = keeper_home(centre, party), secrets.token_bytes(32)
        custodian.found(home, seed)
        cmd = enrolment(identity_seed(seed), centre.origin, name, party, employer)
        enrol_custodian(centre, house.people["jiandu1"], cmd)
        row = enrol_custodian(centre, house.people["jiandu2"], cmd)
        assert row is not None
        (home / "id").write_text(row.id)
        house.keepers.append(Keeper(row.id, program(centre, home, row.id)))
    settle(centre)


def program(centre: Centre, home: Path, id: str) -> custodian.Custodian:
    with centre.reading() as session:
        witnesses = tuple(Verifier.parse(vkey) for vkey in session.scalars(select(Witness.vkey)))
    return custodian.Custodian(home, LocalMailbox(centre, id), Pins(centre.ledger_key.verifier, witnesses), centre.now)


def credit_code(number: int, prefix: str = "91110113") -> str:
    """A valid unified social credit code for a made-up organisation (GB 32100-2015)."""
    digest = int.from_bytes(hashlib.sha256(f"{prefix}/{number}".encode()).digest()[:8], "big")
    body = "MA"
    for _ in range(7):
        digest, at = divmod(digest, len(LETTERS))
        body += LETTERS[at]
    return prefix + body + credit_check(prefix + body)


@dataclass(frozen=True)
class Applicant:
    name: str
    kinds: tuple[str, ...]
    person: str
    login: str
    code: str
    name_en: str = ""


def enter_all(house: House, applicants: list[Applicant], said: str = "") -> list[Actor]:
    """Each organisation signs up, enters, hands in its licence and submits; then both reviews. In phases, so that reactions run in batches."""
    centre, actors, rows = house.centre, [], []
    for one in applicants:
        sign_up(centre, PUBLIC, SignUp(name=one.person, email=one.login))
        person = actor_of(centre, one.login)
        row = enter(centre, person, Enter(
            code=one.code, terms=True, name=one.name, kinds=one.kinds, email=one.login, name_en=one.name_en,
            contact=one.person, phone="010-00000000", region="110113", address="示例区示例路 1 号", legal_person=one.person))
        actor = Actor("person", person.id, row.id)
        for kind in ("licence", "authorisation"):
            receive(centre, actor, row.id, kind, io.BytesIO(LICENCE + f"{kind} {one.code}\n%%EOF\n".encode()))
        submit(centre, actor, Submit(subject=row.id))
        actors.append(actor)
        rows.append(row.id)
    review_all(house, rows)
    return actors


def review_all(house: House, subjects: list[str]) -> None:
    centre = house.centre
    for slot, act, form in ((1, review_first, ReviewFirst), (2, review_second, ReviewSecond)):
        while run_reactions(centre):
            pass
        with centre.reading() as session:
            drawn = dict(session.execute(select(Assignment.subject, Assignment.person).where(Assignment.slot == slot, Assignment.done.is_(None))).all())
            rounds = dict(session.execute(select(Subject.id, Subject.round)).all())
        for subject in subjects:
            act(centre, Actor("person", drawn[subject]), form(subject=subject, round=rounds[subject]))
    while run_reactions(centre):
        pass
