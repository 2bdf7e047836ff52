"""The last minute: hundreds of suppliers hand in through the server's own doors, evenly until the deadline and a little beyond.

Whoever's last byte came in time has a receipt; who was late is told the article; nobody has one without the other.
"""
import json
import random
import secrets
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measure import Line
from bench.serving import apart
from bench.uploading import Client
from bench.writing import founded
from kernel.clock import monotonic
from kernel.command import Actor
from kernel.ticker import settle
from tests.worlds.sealed import Sealed, formal
from trading.bids import receipt as receipts
from trading.bids.records import Attempt, Bid, Closing
from trading.bids.sealer import seal_bid
from trading.projects.records import Project
from trading.sealing.rules.price import PriceForm

LATE = 0.02  # share of the suppliers who begin after the deadline
HANDS = 64  # client threads
READYING = 300_000  # ms before all that in which everybody signs in


@dataclass(frozen=True)
class Ready:
    """One supplier's sealed parts on disk, as its own machine would hold them. digests: by part."""

    actor: Actor
    folder: Path
    digests: dict[str, str]
    salt: str


def prepared(world: Sealed, folder: Path, size: int) -> Ready:
    """size: bytes of the technical file."""
    actor, salt, place = world.supplier(), secrets.token_bytes(32), folder / secrets.token_hex(8)
    files = {"commercial": {"offer.pdf": b"%PDF-1.7 offer"}, "technical": {"plan.pdf": random.Random(size).randbytes(min(size, 1 << 20)) * -(-size // (1 << 20))}}
    made = seal_bid(world.project, world.lot, world.key, world.code_of(actor), PriceForm("CNY", 100), salt, world.dice.randbytes, files=files, signer=bytes(32))
    place.mkdir()
    for part, sealed in made.items():
        (place / part).write_bytes(sealed.data)
    return Ready(actor, place, {part: sealed.digest for part, sealed in made.items()}, salt.hex())


def hand_in(client: Client, world: Sealed, ready: Ready) -> tuple[int, str]:
    """Uploads all parts and submits; the last answer."""
    parts = []
    for part, digest in ready.digests.items():
        status, answer = client.upload(part, ready.folder / part)
        if status != 200:
            return status, json.dumps(answer, ensure_ascii=False)
        parts.append({"part": part, "upload": answer["id"], "digest": digest})
    status, answer = client.ask("POST", f"/supplier/bids/{world.project}/submit", {"lot": world.lot, "parts": parts, "salt": ready.salt, "version": 1})
    return status, json.dumps(answer, ensure_ascii=False)


def rushes(suppliers: int, size: int, seconds: float) -> Iterator[Line]:
    """seconds: from the first supplier to the deadline."""
    with founded("") as centre, TemporaryDirectory(prefix="bench") as folder:
        world = formal(centre, Path(folder))
        (Path(folder) / "sealed").mkdir()
        crowd = [prepared(world, Path(folder) / "sealed", size) for _ in range(suppliers)]
        with apart(centre.home) as (port, _), ThreadPoolExecutor(HANDS) as hands:
            deadline = world.row(Project, world.project).deadline
            world.forward(deadline - centre.now() - int(seconds * 1000) - READYING)
            clients = [Client(port, world, ready.actor) for ready in crowd]
            assert clients[0].ask("GET", "/healthz")[0] == 200
            world.forward(max(0, deadline - centre.now() - int(seconds * 1000)))
            began = monotonic()

            def come(n: int) -> tuple[float, float, int, str]:
                due = began + n * seconds * (1 + LATE) / suppliers
                time.sleep(max(0.0, due - monotonic()))
                return due, *_answered(clients[n], world, crowd[n])

            answers = list(hands.map(come, range(suppliers)))
        taken = [(due, at) for due, at, status, _ in answers if status == 200]
        late = [said for *_, status, said in answers if status == 409 and '"before_closing"' in said]
        others = {(status, said[:80]) for *_, status, said in answers if status != 200 and said not in late}
        assert len(taken) + len(late) == suppliers and not others, others
        in_time(world, len(taken), len(late))
        said = f"{suppliers} suppliers in the last {seconds:.0f} s, {size / 1e6:.1f} MB each: {len(taken)} accepted, {len(late)} late and told so"
        yield Line(said, f"{seconds:.0f} s", max(at for _, at in taken) - began, seconds, len(taken), "bid")
        yield Line("the slowest of them, from the first byte to the receipt", f"{seconds:.0f} s", max(at - due for due, at in taken), seconds)


def _answered(client: Client, world: Sealed, ready: Ready) -> tuple[float, int, str]:
    status, said = hand_in(client, world, ready)
    return monotonic(), status, said


def in_time(world: Sealed, taken: int, late: int) -> None:
    """No receipt without a bid, no bid without a receipt, no refusal that was not noted."""
    world.to_deadline()
    project, bids = world.row(Project, world.project), world.all(Bid, project=world.project)
    deadline = project.deadline
    world.forward(project.grace_seconds * 1000)  # who came with one part in time and another late is waited for so long
    settle(world.centre)
    assert len(bids) == taken == world.all(Closing, project=world.project)[0].count and all(bid.moment < deadline for bid in bids)
    assert len(world.all(Attempt, project=world.project)) == late
    with world.centre.reading() as session:
        assert all(receipts.receipt(world.centre, session, Actor("person", "", bid.org), bid.id) is not None for bid in bids)
