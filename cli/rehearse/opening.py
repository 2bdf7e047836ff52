"""The opening: everybody signs in, custodians decrypt, prices are read out at one moment, the record is signed; then who may go on."""
import os

from cli.rehearse.bidding import unlock
from cli.rehearse.parties import Party, Stopped
from cli.rehearse.tender import Tender
from experts.contribution import contribute

OPENING = "trading.opening"


def start(tender: Tender, host: Party) -> None:
    for party in (*(bidder.party for bidder in tender.bidders), tender.agent, tender.buyer):
        party.send(tender.hall, f"{OPENING}.sign_in")
    host.send(tender.hall, f"{OPENING}.start", patient=True)
    tender.say("截止，签到，主持人开始开标", "closed; everybody signs in, the host starts the opening")
    if tender.locks:
        unlock(tender, 1)


def read_out(tender: Tender, host: Party, regulator: Party) -> None:
    """In works with a drawn coefficient the parties commit before any price is known and reveal after it."""
    shares = {}
    if tender.choices:
        for role, party in (("agent", tender.agent), ("host", host), ("regulator", regulator)):
            page = party.open(tender.hall, f"{OPENING}.commit_coefficient")
            made = contribute(tender.id, role, page.find(r'data-key="([0-9a-f]{64})"'), os.urandom)
            shares[role] = made.value
            party.send(page, f"{OPENING}.commit_coefficient", files={"sealed": ("contribution.tbid", made.sealed)}, commit=made.commit)
    host.send(tender.hall, f"{OPENING}.read_out", patient=True)
    if tender.envelopes == "2":
        tender.say("第一信封解密公布，报价仍密封", "the first envelope is opened and read out, prices stay sealed")
    else:
        tender.say("保管人解密完成，报价同时公布", "the custodians have decrypted, all prices appear at one moment")
    if tender.choices:
        for role, party in (("agent", tender.agent), ("host", host), ("regulator", regulator)):
            party.send(tender.hall, f"{OPENING}.reveal_coefficient", contribution=shares[role])
        page = host.send(tender.hall, f"{OPENING}.draw_coefficient")
        drawn = page.find(r"抽取结果：([0-9.]+)")
        if not drawn:
            raise Stopped(f"系数没有抽出 · no coefficient: {page.said()[:600]}")
        tender.say(f"系数抽取结果 {drawn}", f"the drawn coefficient is {drawn}")


def read_prices(tender: Tender, host: Party) -> None:
    """Two envelopes: the last sheet is in, custodians answer for the prices, and the host reads them out."""
    if tender.envelopes == "2":
        if tender.locks:
            unlock(tender, 2)
        host.send(tender.hall, f"{OPENING}.read_out_prices", patient=True)
        for bidder in tender.bidders:
            bidder.party.send(tender.hall, f"{OPENING}.confirm")
        host.send(tender.hall, f"{OPENING}.sign_price_record")
        tender.say("技术评审后开启报价信封，报价同时公布", "after the technical review the prices are opened and appear at one moment")


def sign(tender: Tender, host: Party) -> None:
    for bidder in tender.bidders:
        bidder.party.send(tender.hall, f"{OPENING}.confirm")
    host.send(tender.hall, f"{OPENING}.sign_record")
    tender.say("投标人确认，开标记录签署", "bidders confirm, the record is signed")


def qualify(tender: Tender) -> None:
    """Procurement: agency and buyer judge every bid and must agree. Works: the committee is convened."""
    if tender.field == "works":
        tender.does(tender.agent, f"{OPENING}.convene")
        tender.say("组建评标委员会", "the committee is convened")
        return
    tender.does(tender.agent, f"{OPENING}.qualify")
    tag, path = f"{OPENING}.judge_qualification", tender.at("judge_qualification")
    bids = tender.agent.offered(path, tag).fields["bid"].options
    for bid in bids:
        for party in (tender.agent, tender.buyer):
            party.send(path, tag, bid=bid, passed="yes")
    tender.does(tender.agent, f"{OPENING}.close_qualification")
    tender.say(f"资格审查完成，{len(bids)} 家通过", f"qualification is over: {len(bids)} passed")
