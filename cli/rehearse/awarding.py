"""From the sealed report to the contract, the refunds and the appraisal of the experts."""
import re
from datetime import date

from cli.rehearse.parties import Party, Scene, Stopped
from cli.rehearse.programs import Bank
from cli.rehearse.tender import PDF, Bidder, Tender
from kernel.values import DAY, HOUR, instant

AWARDS = "trading.awards"
RESULT = {"main_items": "详见招标文件", "contact": "示例联系人 010-00000000", "objection_ways": "示例联系人 010-00000000"}


def hand_over(tender: Tender) -> None:
    """The report goes to the buyer; works candidates are published for three days."""
    tender.does(tender.agent, f"{AWARDS}.send_report")
    tender.does(tender.buyer, f"{AWARDS}.receive_report")
    if tender.field == "works":
        tag = "trading.notices.publish_candidates"
        tender.publicity_until = tender.agent.offered(tender.at("publish_candidates"), tag).fields["until"].value
        tender.does(tender.agent, tag, manager="示例经理 证书 0001", qualification_met="符合", files={"sme_statement": ("声明函.pdf", PDF)})
        tender.say("中标候选人公示", "the candidates are published")


def publicity_over(tender: Tender) -> int:
    """The morning after the last day of publicity."""
    return instant(date.fromisoformat(tender.publicity_until)) + DAY + 9 * HOUR


def award(tender: Tender) -> Bidder:
    """The first candidate wins; result notice and letter go out at one moment."""
    tag = f"{AWARDS}.fix_winner"
    form = tender.buyer.offered(tender.at("fix_winner"), tag, patient=True)
    first = form.fields["choice"].options[0]
    tender.does(tender.buyer, tag, choice=[first])
    tender.does(tender.agent, "trading.notices.publish_result", **RESULT)
    tender.does(tender.agent, f"{AWARDS}.send_letter")
    if tender.field == "works":
        tender.does(tender.buyer, f"{AWARDS}.report_to_regulator", **{name: "详见招标文件" for name in _texts(tender)})
    page = tender.agent.get(tender.at())
    winner = next((one for one in tender.bidders if one.supplier.name in page.find(r"中标结果(.*?)</section>") or f"<b>{one.supplier.name}</b>" in page.text), None)
    if winner is None:
        raise Stopped(f"项目页上没有中标人 · no winner on the page: {page.said()[:600]}")
    tender.say(f"中标：{winner.supplier.name}，结果公告和通知书同时发出", "the winner is fixed; notice and letter go out together")
    return winner


def _texts(tender: Tender) -> list[str]:
    form = tender.buyer.offered(tender.at("report_to_regulator"), f"{AWARDS}.report_to_regulator", patient=True)
    return [name for name, one in form.fields.items() if one.kind == "textarea"]


def contract(tender: Tender, winner: Bidder) -> None:
    for party in (tender.buyer, winner.party):
        tender.does(party, f"{AWARDS}.sign_contract", files={"file": ("合同.pdf", PDF)})
    tender.say("双方签署合同", "both sides have signed the contract")


def appraise(tender: Tender) -> int:
    """一标一评: agency and buyer mark each expert once the names are released."""
    tag, path, marked = "experts.appraise", tender.at("draw"), 0
    for party in (tender.agent, tender.buyer):
        tender.scene.wait("专家评价 · appraisal", lambda party=party: party.get(path).form(tag))  # type: ignore[misc]
        while form := party.get(path).form(tag):
            party.send(path, tag, known={"seat": form.fields["seat"].value}, diligence="5", fairness="5", quality="5", discipline="5")
            marked += 1
    tender.say(f"专家一标一评 {marked} 份", f"{marked} appraisals of the experts")
    return marked


def refund(scene: Scene, first: Party, second: Party, bank: Bank) -> int:
    """One cashier prepares, another approves, the bank pays; the account is the one the money came from."""
    for party, tag in ((first, f"{AWARDS}.prepare_refund"), (second, f"{AWARDS}.approve_refund")):
        page = party.get("/refunds")
        for id in dict.fromkeys(re.findall(r'name="refund" value="(\w+)"', page.text)):
            if party.get("/refunds").form(tag, {"refund": id}):
                party.send("/refunds", tag, known={"refund": id})
    paid = bank.pay_refunds()
    scene.say(f"保证金：两人经办复核，银行退还 {paid} 笔", f"deposits: prepared, approved by another, {paid} paid back by the bank")
    return paid
