"""A works tender with two envelopes, by the acts of production: four sealed bids, the first envelope opened and read out."""
from dataclasses import dataclass
from pathlib import Path

import cli.rooms  # noqa: F401  every room answers every other
from evaluation.reject import Reject, reject
from kernel.centre import Centre
from kernel.command import Actor
from kernel.ticker import settle
from kernel.values import MINUTE
from tests.worlds import evaluation as committee
from tests.worlds.awards import Tender
from tests.worlds.kept import kept
from tests.worlds.projects import organisation
from tests.worlds.sealed import Sealed, formal
from trading.bids.records import Bid
from trading.opening.convene import Convene, convene
from trading.opening.post_lock import PostLock, post_lock
from trading.opening.read_out import ReadOut, read_out
from trading.opening.read_out_prices import ReadOutPrices, read_out_prices
from trading.opening.records import Lock
from trading.opening.sign_price_record import SignPriceRecord, sign_price_record
from trading.opening.sign_record import SignRecord, sign_record
from trading.projects.records import Project
from trading.subjects.records import Membership

PRICES = (90_111_100, 95_222_200, 97_333_300, 93_444_400)
SHEETS = {"T1": ("30", "32", "28", "")}  # the fourth bid is rejected before anybody scores it


@dataclass
class Staged:
    """sealed: custodians and bidders · hall: the committee. The bids stand in the order of PRICES."""

    sealed: Sealed
    hall: committee.Hall

    @property
    def centre(self) -> Centre:
        return self.sealed.centre

    @property
    def bids(self) -> list[str]:
        return self.hall.tender.bids

    def hand_in(self, letters: str = committee.LETTERS) -> None:
        for letter in letters:
            committee.fill_sheet(self.hall, letter, SHEETS)
            committee.give_in(self.hall, letter)
        settle(self.centre)

    def read_prices(self) -> None:
        read_out_prices(self.centre, self.sealed.host, ReadOutPrices(project=self.sealed.project))
        settle(self.centre)

    def sign_record(self) -> None:
        """Nobody has confirmed: the host waits out the window."""
        self.sealed.forward(11 * MINUTE)
        sign_price_record(self.centre, self.sealed.host, SignPriceRecord(project=self.sealed.project))


@kept
def closed(centre: Centre, folder: Path, locks: int = 0) -> Sealed:
    """Everything is handed in, the host is named, the deadline lies ahead. locks: minutes for bidders' own locks, 0 for none."""
    world = formal(centre, folder, envelopes=2, evaluation="benchmark", budget=100_000_000, ceiling=98_000_000, mode="M2" if locks else "M1", lock_minutes=locks)
    world.set(agent=organisation(centre, "示例代理", agent=True).org)
    for n, amount in enumerate(PRICES):
        world.bid(world.supplier(), amount, **({"lock": secret(n, 1), "price_lock": secret(n, 2)} if locks else {}))
    world.named_host()
    return world


@kept
def first_read_out(centre: Centre, folder: Path, locks: int = 0) -> Sealed:
    world = closed(centre, folder, locks)
    world.opened()
    for n in range(len(PRICES) if locks else 0):
        unlock(world, n, 1)
    read_out(centre, world.host, ReadOut(project=world.project))
    settle(centre)
    return world


@kept
def reviewing(centre: Centre, folder: Path, locks: int = 0) -> Staged:
    """The record is signed, the committee sits and reads what is open."""
    world = first_read_out(centre, folder, locks)
    world.forward(11 * MINUTE)
    sign_record(centre, world.host, SignRecord(project=world.project))
    convene(centre, world.who, Convene(project=world.project))
    settle(centre)
    bids = {bid.org: bid.id for bid in world.all(Bid, project=world.project)}
    tender = Tender(centre, world.project, world.lot, world.who, world.who, agent_of(world), world.host, world.suppliers,
                    [bids[supplier.org] for supplier in world.suppliers])
    hall = committee.seated(tender, "benchmark")
    return Staged(world, committee.reviewing(committee.declared(committee.gathered(committee.inside(hall)))))


@kept
def scoring(centre: Centre, folder: Path, locks: int = 0) -> Staged:
    """The fourth bid failed the first review; sheets are open."""
    staged = reviewing(centre, folder, locks)
    committee.judged(staged.hall, {staged.bids[3]: "未按要求签字盖章"})
    turned_down(staged, 3)
    committee.scoring(staged.hall)
    return staged


def secret(n: int, envelope: int) -> bytes:
    """The lock of the bid at this place."""
    return bytes([16 * envelope + n]) * 32


def unlock(world: Sealed, n: int, envelope: int) -> Lock:
    """The bidder at this place gives in the secret that it made for an envelope."""
    bid = next(one for one in world.all(Bid) if one.org == world.suppliers[n].org)
    made: Lock = post_lock(world.centre, world.suppliers[n], PostLock(project=world.project, bid=bid.id, secret=secret(n, envelope).hex()))
    settle(world.centre)
    return made


def turned_down(staged: Staged, n: int, ground: str = "unsigned") -> None:
    """A majority rejects the bid at this place."""
    cmd = Reject(project=staged.sealed.project, bid=staged.bids[n], ground=ground, reason="未按要求签字盖章")
    staged.hall.agreed("evaluation.reject", cmd)
    reject(staged.centre, staged.hall.chair, cmd)
    settle(staged.centre)


def agent_of(world: Sealed) -> Actor:
    org = world.row(Project, world.project).agent
    return Actor("person", world.all(Membership, org=org)[0].person, org)
