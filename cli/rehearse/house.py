"""The stage of a rehearsal: a fresh centre with its people, organisations and library, then the processes around it."""
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nacl.signing import SigningKey

from cli import serve
from cli.cast.house import Applicant, House, credit_code, employ, enter_all, open_house
from cli.cast.library import fill_library, furnish, person_name
from cli.rehearse.parties import Stopped
from kernel.centre import Centre
from kernel.settings import Settings
from trading.bids.enrol_bank import enrol_bank, enrolment
from trading.subjects.appoint_person import AppointPerson, appoint_person

HOST = "127.0.0.1"
BUYERS = (("示例区文化和旅游局", "Example Culture Bureau", "采购甲", "代表甲"), ("示例区教育工程建设所", "Example Education Works Office", "采购乙", "代表乙"))
AGENCY = ("望岳项目咨询有限公司（示例）", "Wangyue Consulting (example)", "代理甲")
SUPPLIERS = (
    ("拾光科技有限公司（示例）", "Shiguang Technology (example)", "营业甲"), ("示例青禾建设有限公司", "Qinghe Construction (example)", "营业乙"),
    ("北辰物业有限公司（示例）", "Beichen Services (example)", "营业丙"), ("云栈工程有限公司（示例）", "Yunzhan Works (example)", "营业丁"),
    ("临溪市政有限公司（示例）", "Linxi Municipal (example)", "营业戊"),
)
EXPERTS = {"civil": 12, "services": 12, "goods": 0, "economics": 8}
BANK = "示例银行"


@dataclass(frozen=True)
class Supplier:
    """name: the organisation's · person: who signs in for it · code: its credit code."""

    name: str
    person: str
    code: str


@dataclass
class Stage:
    """What the players know besides the pages: which names they were given, and the bank its own key."""

    centre: Centre
    house: House
    suppliers: tuple[Supplier, ...]
    bank: str
    bank_seed: bytes
    experts: dict[str, str]


def build(home: Path) -> Stage:
    """Everything that stands before a tender begins, made by the acts of production in this process."""
    os.environ |= {"MINGBIAO_HOME": str(home), "MINGBIAO_SECURE_COOKIES": "false"}
    centre = Centre(Settings())
    house = open_house(centre)
    furnish(house)
    employ(house, "caiwu2", "财务乙", "cashier")
    employ(house, "jiandu3", "监督丙", "regulator", "works")
    employ(house, "jiandu4", "监督丁", "regulator", "procurement")
    fill_library(house, **EXPERTS)
    applicants = [Applicant(name, ("buyer",), person, f"buyer{n}@rehearsal.example", credit_code(n, "11110113"), en) for n, (name, en, person, _) in enumerate(BUYERS, 1)]
    applicants.append(Applicant(AGENCY[0], ("agent",), AGENCY[2], "agent@rehearsal.example", credit_code(1), AGENCY[1]))
    applicants += [Applicant(name, ("supplier",), person, f"supplier{n}@rehearsal.example", credit_code(n + 1), en) for n, (name, en, person) in enumerate(SUPPLIERS, 1)]
    actors = enter_all(house, applicants)
    for n, (actor, (_, _, _, second)) in enumerate(zip(actors, BUYERS, strict=False), 1):
        appoint_person(centre, actor, AppointPerson(subject=actor.org or "", email=f"rep{n}@rehearsal.example", name=second))
    seed = secrets.token_bytes(32)
    bank = bank_of(centre, house, seed)
    house.settle()
    suppliers = tuple(Supplier(one.name, one.person, one.code) for one in applicants[3:])
    experts = {f"expert{n}@experts.example": person_name(n) for n in range(1, sum(EXPERTS.values()) + 1)}
    return Stage(centre, house, suppliers, bank, seed, experts)


def bank_of(centre: Centre, house: House, seed: bytes) -> str:
    """The bank's program, enrolled by two registrars; returns its id."""
    cmd = enrolment(seed, SigningKey(seed).verify_key.encode().hex(), centre.origin, BANK)
    enrol_bank(centre, house.people["dengji1"], cmd)
    program = enrol_bank(centre, house.people["dengji2"], cmd)
    assert program is not None
    return str(program.id)


@contextmanager
def running(stage: Stage) -> Iterator[str]:
    """Server, witness and three custodians; the address of the server. All end with the block."""
    port = free_port()
    os.environ["MINGBIAO_ORIGIN_URL"] = f"http://{HOST}:{port}"
    children: list[subprocess.Popen[bytes]] = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        children = serve.start_children(stage.centre, HOST, port, 1, 0.5, log=stage.centre.home / "custodians.log")
        if children[0].poll() is not None:
            raise Stopped("服务没有启动 · the server did not start")
        yield f"http://{HOST}:{port}"
    finally:
        serve.end(children)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
