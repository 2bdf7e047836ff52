"""The draw of experts: three parties commit and reveal, calls go out one after another, the buyer names its representative."""
from dataclasses import dataclass, field

from cli.rehearse.parties import Party, Stopped
from cli.rehearse.reading import called
from cli.rehearse.tender import PDF, Tender

RELATED = 6  # experts of the wanted specialty who tell of a tie after the pool was fixed


@dataclass
class Replies:
    """accepted: names of who comes, the buyer's representative not among them."""

    accepted: list[str] = field(default_factory=list)
    declined: int = 0
    unreachable: int = 0


def seed(tender: Tender, regulator: Party) -> None:
    """Brief, commitments, reveals: the order of calling is fixed when the last contribution is shown."""
    tender.does(tender.agent, "evaluation.prepare", hours="4")
    path = tender.at("draw")
    wanted = {f"{name}{n}": value for n, pair in enumerate(tender.quota, 1) for name, value in zip(("category", "seats"), pair, strict=True)}
    tender.agent.send(path, "experts.brief", members="5", representatives="1", hours="4", **wanted)  # type: ignore[arg-type]
    office = tender.scene.wait("监督部门出数 · the office's contribution", lambda: regulator.get("/regulator").find(r'action="(/regulator/draws/\w+/contribute)"'))
    other = regulator.send("/regulator", office)
    shown = tender.agent.send(path, f"{path}/contribute", patient=True)
    for party, page, place in ((tender.agent, shown, path), (regulator, other, "/regulator")):
        share = page.find(r"\b([0-9a-f]{64})\b")
        if not share:
            raise Stopped(f"{party}: 页面没有显示随机数 · no contribution shown: {page.said()[:600]}")
        party.send(place, "experts.reveal", patient=True, value=share)
    tender.say("三方随机数产生抽取顺序，任何一方不能左右", "three contributions fix the order; no party can steer it")


def represent(tender: Tender) -> None:
    """The buyer sends one of its own people."""
    form = tender.buyer.offered(tender.at("draw"), "experts.name_representative")
    person = form.fields["person"].labelled(tender.second.name)
    tender.buyer.send(tender.at("draw"), "experts.name_representative", person=person, files={"authorisation": ("授权函.pdf", PDF)})


def call(tender: Tender, troubled: bool) -> Replies:
    """Experts answer by the link in the outbox. troubled: the first declines, the second does not answer, some are tied to a bidder."""
    replies, person = Replies(), Party(tender.scene, "")
    while True:
        found = tender.scene.wait("专家通知 · calls", lambda: _next(tender))
        if found == ("", ""):
            break
        address, link = found
        tender.scene.answered.add(link)
        if troubled and not replies.declined:
            declare(tender, address)
            person.send(link, "experts.reply", known={"accepts": "no"})
            replies.declined += 1
        elif troubled and not replies.unreachable:
            tender.scene.forward("ten")
            tender.scene.forward("ten")
            replies.unreachable += 1
        else:
            person.send(link, "experts.reply", known={"accepts": "yes"})
            replies.accepted.append(tender.stage.experts[address])
    tender.say(f"委员会组成：{len(replies.accepted)} 人应邀，{replies.declined} 人谢绝，{replies.unreachable} 人未接通",
               f"the committee stands: {len(replies.accepted)} accepted, {replies.declined} declined, {replies.unreachable} not reached")
    return replies


def _next(tender: Tender) -> tuple[str, str] | None:
    """The call that waits now; two empty words once all seats are taken."""
    for address, link in called(tender.scene.anybody.get("/outbox").text):
        if link not in tender.scene.answered and "@" in address:
            return address, link
    return ("", "") if "席位已满" in tender.agent.get(tender.at("draw")).said() else None


def declare(tender: Tender, called_now: str) -> None:
    """Experts who were not called yet declare that they work with a bidder: whoever of them comes next is passed over."""
    first = 1 if tender.quota[0][0].startswith("A") else 13
    idle = [address for address in (f"expert{number}@experts.example" for number in range(first, first + 12)) if address != called_now]
    for address in idle[:RELATED]:
        Party(tender.scene, tender.stage.experts[address]).send(
            "/seat", "experts.declare_relations", kind="economic_interest", org_code=tender.bidders[0].supplier.code)
