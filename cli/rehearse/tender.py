"""One tender of the rehearsal and the people around it, and its way from the first entry to the notice."""
import dataclasses
from dataclasses import dataclass

from cli.rehearse.house import Stage, Supplier
from cli.rehearse.parties import Party, Scene, Stopped
from kernel.values import HOUR, local

PDF = b"%PDF-1.7\n% rehearsal\n%%EOF\n"
MEDIA = {"works": "national_service_platform", "procurement": "ccgp_province"}
SAID = {"requirements": "具备相应资质和履约能力", "qualification": "营业执照有效\n具备相应资质", "consortium": "不接受联合体", "subject": "详见招标文件",
        "contact": "示例联系人 010-00000000", "objection_ways": "示例联系人 010-00000000", "fair_competition": "示例审查表 1 号"}


@dataclass
class Bidder:
    """price: yuan as typed · locks: secrets of the last sealing, one an envelope, which never leave this machine before their turn."""

    supplier: Supplier
    party: Party
    price: str
    account: str = ""
    locks: list[bytes] = dataclasses.field(default_factory=list)


@dataclass
class Tender:
    """items: (name, section, kind, points) of the scoring · quota: (category, seats) of the experts · amounts in yuan as typed."""

    scene: Scene
    stage: Stage
    field: str
    kind: str
    evaluation: str
    title: str
    title_en: str
    budget: str
    deposit: str
    buyer: Party
    second: Party
    agent: Party
    items: tuple[tuple[str, str, str, str], ...]
    quota: tuple[tuple[str, str], ...]
    deadline: int
    bidders: list[Bidder] = dataclasses.field(default_factory=list)
    choices: str = ""
    envelopes: str = "1"
    locks: bool = False
    id: str = ""
    code: str = ""
    publicity_until: str = ""

    def at(self, name: str = "") -> str:
        """Address of the tender's place of work, or of one act there."""
        return f"/desk/projects/{self.id}" + (f"/{name}" if name else "")

    def does(self, party: Party, tag: str, **typed: object) -> None:
        """One act on its own page of the tender, typed confirmation included where the form asks for it."""
        page = party.open(self.at(tag.rpartition(".")[2]), tag, patient=True)
        form = party.offered(page, tag)
        party.send(page, tag, **({"typed": self.code[-4:]} if "typed" in form.fields else {}), **typed)  # type: ignore[arg-type]

    @property
    def evaluation_at(self) -> int:
        return self.deadline + HOUR + HOUR // 2

    @property
    def hall(self) -> str:
        return f"/openings/{self.code}"

    @property
    def name(self) -> str:
        return {"works": "工程", "procurement": "采购"}[self.field]

    def say(self, zh: str, en: str) -> None:
        self.scene.say(f"{self.name}：{zh}", f"{self.field}: {en}")


def wall(ms: int) -> str:
    return f"{local(ms):%Y-%m-%dT%H:%M}"


def enter(tender: Tender) -> None:
    """The buyer enters the tender and gives an agency its mandate; the agency accepts."""
    page = tender.buyer.send(
        "/desk/projects/new", "trading.projects.draft", field=tender.field, kind=tender.kind, title=tender.title, title_en=tender.title_en,
        budget=tender.budget, plan="示例批复〔2026〕1 号", region="110113")
    tender.id = page.path.rpartition("/")[2]
    tender.code = page.find(r"\b([A-Z]\d{4}[A-Z2-7]{6})\b")
    if not tender.code:
        raise Stopped(f"项目页上没有编号 · no code on the tender's page: {page.said()[:300]}")
    tender.does(tender.buyer, "trading.projects.mandate", files={"file": ("委托合同.pdf", PDF)})
    tender.agent.send(tender.at(), "trading.projects.accept_mandate")
    tender.say(f"登记并委托代理 {tender.code}", "entered, an agency holds the mandate")


def write(tender: Tender) -> None:
    """Method, document, scoring, ceiling, rooms, calendar."""
    tender.does(tender.agent, "trading.projects.choose_method", method="open", evaluation=tender.evaluation)
    form = tender.agent.offered(tender.at("set_document"), "trading.projects.set_document")
    locks = {"mode": "M2", "lock_minutes": "10"} if tender.locks else {}
    said = {name: words for name, words in SAID.items() if name in form.fields}
    tender.does(tender.agent, "trading.projects.set_document", deposit=tender.deposit, envelopes=tender.envelopes, **said, **locks, files={"file_tender_document": ("招标文件.pdf", PDF)})
    rows = {f"{name}{n}": value for n, item in enumerate(tender.items, 1) for name, value in zip(("zh", "section", "kind", "high"), item, strict=True)}
    extra = {"k": "", "choices": tender.choices} if tender.choices else {}
    tender.does(tender.agent, "trading.projects.set_scoring", tie="draw" if tender.field == "procurement" else "buyer", conditions="营业执照有效", **rows, **extra)
    tender.does(tender.buyer, "trading.projects.set_ceiling", ceiling=tender.budget)
    tender.does(tender.agent, "rooms.book", opening_at=wall(tender.deadline), opening_hours="1", opening_seats="12",
                evaluation_at=wall(tender.evaluation_at), evaluation_hours="4", evaluation_seats="7")
    tender.scene.wait("场地锁定 · rooms held", lambda: tender.agent.get(tender.at()).said().count("已锁定") >= 1)
    tender.does(tender.agent, "trading.projects.set_calendar", document_until=wall(tender.deadline - 4 * 24 * HOUR), deadline=wall(tender.deadline),
                evaluation=wall(tender.evaluation_at))
    tender.say("招标文件、评分办法、限价、场地和时间已定", "document, scoring, ceiling, rooms and calendar are set")


def make_key(tender: Tender) -> None:
    """Three custodians make the key among themselves, any two of them open with it."""
    form = tender.agent.offered(tender.at("begin_ceremony"), "trading.sealing.begin_ceremony")
    tender.does(tender.agent, "trading.sealing.begin_ceremony", custodians=form.fields["custodians"].options, k="2")
    tender.scene.wait("密钥仪式 · key ceremony", lambda: "3 名保管人，门限 2" in tender.agent.get(tender.at()).said())
    tender.say("密钥仪式完成，三方保管，两方可开", "the key is made: three custodians, any two open")


def review(tender: Tender) -> None:
    """The buyer confirms, the agency submits, two drawn reviewers look one after the other."""
    tender.does(tender.buyer, "trading.projects.confirm_document")
    tender.does(tender.agent, "trading.projects.submit")
    for names, tag in ((("初审甲", "初审乙"), "trading.projects.review_first"), (("复审甲", "复审乙"), "trading.projects.review_second")):
        path = f"/reviews/{tender.id}"
        drawn = drawn_among([Party(tender.scene, name) for name in names], path)
        form = drawn.offered(path, tag)
        drawn.send(path, tag, **{name: "yes" for name in form.fields if name.startswith("check_")})  # type: ignore[arg-type]
    tender.say("两级审核通过", "both reviews are done")


def drawn_among(parties: list[Party], path: str) -> Party:
    """The one in whose queue the file lies."""
    found: Party = parties[0].scene.wait(path, lambda: next((one for one in parties if path in one.get("/reviews").text), None))
    return found


def publish(tender: Tender) -> None:
    tender.does(tender.agent, "trading.notices.publish")
    tender.does(tender.agent, "trading.notices.record_media_time", medium=MEDIA[tender.field], proof="示例页面 1")
    tender.does(tender.agent, "trading.opening.name_host")
    tender.say("公告已发布，主持人已指定", "the notice is out, a host is named")
