"""Worlds that are copied before something is broken in them, and the questions asked afterwards: is everything whole?"""
import io
import json
import shutil
import subprocess
import sys
import uuid
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from sqlalchemy import select, update

import cli.rooms  # noqa: F401  binds every question to its answer
from cli.cast import witness
from cli.cast.house import PARTIES, Applicant, credit_code, enter_all, keeper_home, open_house
from cli.cast.library import furnish
from cli.cast.tender import Bidder, Play, confirm_and_submit, enter, go_public, prepare_file
from cli.cast.tenders import ceremonies, review_tenders
from cli.progress import Progress
from kernel.canonical import parse
from kernel.centre import Centre
from kernel.command import Actor
from kernel.daytable.reads import calendar
from kernel.ledger.entries import Entry, Witness
from kernel.ledger.leaf import leaf
from kernel.ledger.note import Verifier
from kernel.ledger.proof import Proof, check
from kernel.ledger.rows import check_rows
from kernel.settings import Settings
from kernel.ticker import settle
from kernel.values import day_of, instant
from law.periods import roll_forward
from tests.postgres import clone
from trading.bids.receipt import receipt
from trading.bids.records import Bid, Envelope
from trading.sealing.rules.envelope import digest_of

ROOT = Path(__file__).resolve().parents[2]
QUICK: dict[str, Any] = {"argon_time": 1, "argon_memory_kib": 8}


def published(centre: Centre, bidders: int = 3) -> Play:
    """A procurement tender in its bidding time, every act of it taken by the acts of production; one witness."""
    house = open_house(centre)
    furnish(house)
    parties = [Applicant("示例区教育局", ("buyer",), "采购甲", "b1@x.example", credit_code(1, "11110113")),
               Applicant("示例招标代理", ("agent",), "代理甲", "a1@x.example", credit_code(2))]
    parties += [Applicant(f"示例供应商{i}", ("supplier",), f"营业{i}", f"s{i}@x.example", credit_code(10 + i)) for i in range(bidders)]
    actors = enter_all(house, parties)
    with centre.reading() as session:
        day = roll_forward(day_of(centre.now()) + timedelta(days=23), calendar(session))
    play = Play(house, "procurement", "services", "comprehensive", "示例项目", "Example", 800_000_000, actors[0], actors[1], deadline=instant(day, 9, 30),
                bidders=[Bidder(actor, party.code, 780_000_000 + n) for n, (actor, party) in enumerate(zip(actors[2:], parties[2:], strict=True))])
    enter(play)
    prepare_file(play)
    ceremonies(house, {play.project: play.agent}, Progress(True))
    confirm_and_submit(play)
    review_tenders(house, [play.project])
    go_public(play)
    house.settle()
    return play


@dataclass
class Snapshot:
    """A world at rest: its folder and database, to be copied as often as needed."""

    folder: Path
    url: str = ""
    home: Path = field(init=False)

    def __post_init__(self) -> None:
        self.home = self.folder / "template"

    def copy(self) -> "Copy":
        name = uuid.uuid4().hex[:12]
        home, url = self.folder / name, ""
        shutil.copytree(self.home, home)
        if self.url:
            base, _, template = self.url.rpartition("/")
            clone(f"{base}/postgres", f"c{name}", template)
            url = f"{base}/c{name}"
        return Copy(home, url)


class Copy:
    """One copy with a witness of its own: two futures of one log must not meet at one witness."""

    def __init__(self, home: Path, url: str) -> None:
        self.home, self.url = home, url
        self.centre = self._open()
        self._witness = witness.start(self.centre, enrol=False)
        with self.centre.database.writing() as session:
            session.execute(update(Witness).values(url=f"http://127.0.0.1:{self._witness.server_address[1]}"))
            session.commit()

    def _open(self) -> Centre:
        return Centre(Settings(home=self.home, database_url=self.url, **QUICK))

    def restart(self) -> Centre:
        """What a fresh process finds, once it has run what waits."""
        self.centre.close()
        self.centre = self._open()
        settle(self.centre)
        return self.centre

    def keepers(self) -> list[tuple[str, str]]:
        homes = [keeper_home(self.centre, party) for party, _, _ in PARTIES]
        return [(str(home), (home / "id").read_text()) for home in homes]

    def stop(self) -> None:
        self._witness.shutdown()
        self._witness.server_close()
        self.centre.close()

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.home)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Zygote:
    """The killing program of tests.breaking.zygote."""

    def __init__(self) -> None:
        self._process = subprocess.Popen([sys.executable, "-m", "tests.breaking.zygote"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                         stderr=subprocess.DEVNULL, text=True)
        assert self._process.stdout is not None
        assert self._process.stdout.readline().strip() == "ready"

    def run(self, copy: Copy, what: str, kill: int = 0, **job: Any) -> tuple[int, list[str]]:
        """Exit status (-9 when it was killed) and what the job had said by then."""
        assert self._process.stdin is not None and self._process.stdout is not None
        said = copy.home / "said"
        said.unlink(missing_ok=True)
        self._process.stdin.write(json.dumps({"what": what, "home": str(copy.home), "url": copy.url, "kill": kill, "said": str(said), **job}) + "\n")
        self._process.stdin.flush()
        status = int(self._process.stdout.readline())
        return status, said.read_text().splitlines() if said.exists() else []

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)


def known(actor: Actor) -> dict[str, Any]:
    return asdict(actor)


def assert_whole(centre: Centre) -> list[Bid]:
    """Rows and ledger agree, every bid has its entry, its files and a receipt that checks offline; returns the bids."""
    assert check_rows(centre).findings == ()
    with centre.reading() as session:
        bids = list(session.scalars(select(Bid)))
        acts = set(session.scalars(select(Entry.key).where(Entry.tag == "trading.bids.submit")))
        assert {bid.entry for bid in bids} == acts
        witnesses = [Verifier.parse(vkey) for vkey in session.scalars(select(Witness.vkey))]
        for bid in bids:
            for file in session.scalars(select(Envelope).where(Envelope.bid == bid.id)):
                assert digest_of(io.BytesIO(centre.blobs.get(file.blob))).hex() == file.digest
            slip = receipt(centre, session, Actor("person", "", bid.org), bid.id)
            assert slip is not None, "a bid that was taken has a receipt"
            payload = parse(slip["payload"].encode())
            assert payload["body"]["parts"] == slip["digests"]
            data = leaf(bytes.fromhex(slip["salt"]), payload)
            assert len(check(Proof.parse(slip["proof"].encode()), data, centre.ledger_key.verifier, witnesses, 1).cosigned) == 1
    return bids
