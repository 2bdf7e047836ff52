"""Everybody of the walk, under names that occur nowhere else: whoever finds one has found that person."""
import hashlib
import io
from dataclasses import dataclass

from openpyxl import Workbook

from cli.cast import house as houses
from cli.cast.house import Applicant, House, actor_of, credit_code, employ, enter_all
from cli.cast.library import HEAD, resident_id
from experts.enlist import Enlist, enlist
from kernel.command import Actor
from rooms.catalogue import furnish_all
from trading.subjects.appoint_person import AppointPerson, appoint_person

DIGITS = "零壹贰叁肆伍陆柒捌玖"
# what each organisation does in both tenders; the first three stand in the order in which they shall rank
BIDDERS = ("winner", "loser", "third", "rejected")
SUPPLIERS = (*BIDDERS, "withdrawn", "taker", "payer", "late")
NAMES = dict(zip(SUPPLIERS, "鼊鼋鼍鼌麤龗爩灪", strict=True))
MARK = {"procurement": "巛", "works": "丱"}  # stands in every planted word of a tender

REPRESENTATIVES = {"procurement": "代表厵", "works": "代表驫"}


@dataclass(frozen=True)
class Company:
    """One made-up organisation and the person who acts for it."""

    key: str
    name: str
    code: str
    person: str
    actor: Actor


@dataclass(frozen=True)
class Expert:
    """One made-up expert as the sheet of the library says it."""

    number: int
    name: str
    id_number: str
    phone: str
    email: str
    employer: str
    code: str


def expert(number: int) -> Expert:
    name = "龘" + "".join(DIGITS[int(d)] for d in f"{number:03d}")
    return Expert(number, name, resident_id(number), f"1390007{number:04d}", f"x{number:03d}@experts.example",
                  f"靐设计院{name[1:]}", credit_code(number, "91110105"))


def fill_library(house: House, civil: int = 30, services: int = 30, economics: int = 24) -> dict[str, Expert]:
    """Name → expert. Enlisted from one sheet by two registrars."""
    codes = ["A080101"] * civil + ["C010101"] * services + ["A060102"] * economics
    book, file = Workbook(), io.BytesIO()
    book.active.append(HEAD)
    made = [expert(n) for n in range(1, len(codes) + 1)]
    for one, code in zip(made, codes, strict=True):
        book.active.append([one.name, one.id_number, one.phone, one.email, one.employer, one.code, "高级", 12, code, "110105"])
    book.save(file)
    data = file.getvalue()
    cmd = Enlist(blob=house.centre.blobs.put(data).key, digest=hashlib.sha256(data).hexdigest())
    for who in ("dengji1", "dengji2"):
        enlist(house.centre, house.people[who], cmd)
    return {one.name: one for one in made}


def furnish(house: House) -> None:
    """Rooms, and one holder of every post of the centre; posts that no act of the walk needs are there to look."""
    furnish_all(house.centre, house.people["dengji1"])
    for login, name, role, scope in (
        ("changdi1", "场地甲", "room_manager", ""), ("caiwu1", "财务甲", "cashier", ""), ("dangan1", "档案甲", "archivist", ""),
        ("jishu1", "技术甲", "technician", ""), ("tudi1", "土地监督", "regulator", "land"), ("zhuchi2", "主持乙", "host", ""),
    ):
        employ(house, login, name, role, scope)
    guard = employ(house, "zhishou1", "值守甲", "area_guard")
    house.people["zhishou1"] = Actor("person", guard.id, channel="area")


def enter_companies(house: House) -> dict[str, Company]:
    """Buyer, agency, another of each, and the suppliers of each tender, admitted by both reviews; the buyer's representatives
    beside them. Keys: buyer, agent, buyer2, agent2, idle and <field>.<supplier>."""
    rows = [("buyer", "示例区教育局", ("buyer",), "采购甲"), ("agent", "示例招标代理", ("agent",), "代理甲"),
            ("buyer2", "示例区水务局", ("buyer",), "采购丁"), ("agent2", "示例第二代理", ("agent",), "代理丁"), ("idle", "示例旁观供应商", ("supplier",), "营业旁")]
    rows += [(f"{field}.{key}", f"示例{mark}{NAMES[key]}公司", ("supplier",), f"营业{mark}{NAMES[key]}") for field, mark in MARK.items() for key in SUPPLIERS]
    codes = {key: credit_code(n, "11110113" if key.startswith("buyer") else "91110113") for n, (key, *_) in enumerate(rows, 1)}
    actors = enter_all(house, [Applicant(name, kinds, person, f"{key}@x.example", codes[key]) for key, name, kinds, person in rows])
    made = {key: Company(key, name, codes[key], person, actor) for (key, name, _, person), actor in zip(rows, actors, strict=True)}
    for field, name in REPRESENTATIVES.items():
        appoint_person(house.centre, actors[0], AppointPerson(subject=actors[0].org, email=f"rep.{field}@x.example", name=name))
    return made


def representative(house: House, field: str) -> Actor:
    return actor_of(house.centre, f"rep.{field}@x.example")


def custodian(house: House, number: int = 0) -> Actor:
    return Actor("program", house.keepers[number].id, channel="custodian")


BANK = Actor("program", "bank", channel="bank")
WITNESS = Actor("program", "witness", channel="witness")
open_house = houses.open_house
