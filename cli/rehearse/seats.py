"""The evaluation: phones into lockers, badges through the door, pledge, judgement, scores, report, signatures, and out again."""
import html
import re
from collections.abc import Callable
from decimal import Decimal

from cli.rehearse.parties import Party, Stopped
from cli.rehearse.reading import Form, Page
from cli.rehearse.tender import PDF, Tender

AREA = "evaluation.area"
DOOR = "一号门"


class Committee:
    """The members at their seats; the first is the chair. here: address of the session's page at a seat."""

    def __init__(self, tender: Tender, guard: Party, names: list[str], first_locker: int) -> None:
        self.tender, self.guard, self.scene, self.locker = tender, guard, tender.scene, first_locker
        self.agent = Party(tender.scene, tender.agent.name, area=True)
        self.members = [Party(tender.scene, name, area=True) for name in [*names, tender.second.name]]
        self.here, self.code, self.order = "", "", list[str]()

    @property
    def chair(self) -> Party:
        return self.members[0]

    def own(self) -> Page:
        """The agency's page of this tender's session, at a terminal of the area."""
        return self._at_desk(self.agent, lambda page: f'name="project" value="{self.tender.id}"' in page.text)

    def desk(self) -> Page:
        """The guard's page of the session, which he knows by its code alone."""
        if not self.code:
            self.code = self.own().find(r'<p class="meta small">[^<]* · (\w+) · ')
        return self._at_desk(self.guard, lambda page: f" · {self.code} · " in page.text)

    def _at_desk(self, party: Party, right: Callable[[Page], bool]) -> Page:
        first = party.get("/area")
        pages = (first, *(party.get(html.unescape(link)) for link in re.findall(r'href="(/area\?session=\w+)"', first.text)))
        found = next((page for page in pages if right(page)), None)
        if found is None:
            raise Stopped(f"{party}: 值守页上没有本场次 · the area desk does not list the session: {first.said()[:600]}")
        return found

    def badges(self) -> list[str]:
        listed = self.desk().find(r'<datalist id="badges">(.*?)</datalist>')
        return re.findall(r'value="(\w+)"', listed)

    def walk_in(self) -> None:
        """The guard takes the phones and opens the door badge by badge."""
        badges = self.badges()
        for number, badge in enumerate(badges, self.locker):
            page = self.guard.send(self.desk(), f"{AREA}.store_phone", badge=badge, locker=number)
            self.guard.send(page, f"{AREA}.admit", badge=badge, door=DOOR, face="yes", paper="yes")
        self.tender.say(f"{len(badges)} 名成员存放通讯工具、刷卡进入评标区", f"{len(badges)} members leave their phones and enter the area")

    def walk_out(self) -> None:
        for badge in self.badges():
            page = self.guard.send(self.desk(), f"{AREA}.leave", badge=badge, door=DOOR)
            self.guard.send(page, f"{AREA}.return_phone", badge=badge)
        self.tender.say("成员离开，通讯工具归还", "everybody has left with the phone")

    def recorded(self) -> Page | None:
        """The agency's page once it says that the cameras run."""
        page = self.own()
        return page if "录音录像 运行中" in page.said() else None

    def sit(self) -> None:
        """The agency opens the session and checks every member; pledge, declaration, chair."""
        project = {"project": self.tender.id}
        page = self.scene.wait("录音录像 · recording", self.recorded)
        self.agent.send(page, "evaluation.open", known=project, network_cut="yes")
        page = self.own()
        while form := page.form("evaluation.verify_member", project):
            seat = form.fields["seat"].value
            sent = bool(page.find(rf"核验席位 {seat}</h2><span class=\"meta\">(代表)"))
            page = self.agent.send(page, "evaluation.verify_member", known=project | {"seat": seat}, files={"letter": ("授权函.pdf", PDF)} if sent else None, face="yes", paper="yes")
        self.here = self.scene.wait("席位 · seats", lambda: self.chair.get("/seat").find(r'href="(/seat/\w+)"'))
        for member in self.members:
            page = member.send(self.here, "evaluation.pledge")
            member.send(page, "evaluation.declare_no_interest")
        letter = self.chair.get(self.here).find(r"您的代号 ([A-Z])")
        for member in self.members[:3]:
            member.send(self.here, "evaluation.elect_chair", seat=letter)
        self.chair.send(self.here, "evaluation.start")
        self.tender.say("身份核验、承诺、无利害关系声明、推选组长", "identities checked, pledges, declarations, a chair elected")

    def judge(self) -> None:
        """Each member judges every bid by the criteria of the document."""
        for member in self.members:
            page = member.get(self.here)
            links = dict.fromkeys(html.unescape(link) for link in re.findall(rf'href="({self.here}\?bid=[^"]+)"', page.text))
            for link in links:
                page = member.get(link)
                form = member.offered(page, f"{self.here}/conformity")
                member.send(page, f"{self.here}/conformity", verdict=["pass"] * len(form.fields["criterion"].chosen))
        self.chair.send(self.here, "evaluation.begin_scoring")
        self.tender.say("符合性审查完成", "every bid is judged for conformity")

    def score(self) -> None:
        """Cell by cell, as the page leads from one to the next; then each hands in the own sheet."""
        for number, member in enumerate(self.members):
            page = member.get(self.here)
            while "全部已评" not in page.text:
                form = member.offered(page, f"{self.here}/score")
                page = member.send(page, f"{self.here}/score", score=self.mark(form, number), reason="依据投标文件")
            member.send(f"{self.here}/hand-in", "evaluation.hand_in", objective_confirmed="yes")
        self.tender.say("各成员独立评分并提交", "every member scores alone and hands in")

    def mark(self, form: Form, member: int) -> str:
        """Objective items alike for all; judged ones a point apart by member."""
        stem, item = form.fields["stem"].value, form.fields["item"].value
        if stem not in self.order:
            self.order.append(stem)
        most = Decimal(form.fields["score"].most)
        value = (most * (Decimal("0.95") - Decimal("0.06") * self.order.index(stem))).quantize(Decimal(1))
        return f"{min(most, value + member % 2) if item.startswith('T') else value:f}"

    def conclude(self) -> None:
        """The chair proposes by the totals, a majority agrees, the report is signed by all."""
        recommend = {"act": "evaluation.recommend"}
        self.chair.send(self.here, "evaluation.vote", known=recommend, patient=True)
        for member in self.members[1:3]:
            member.send(self.here, "evaluation.vote", known=recommend | {"yes": "yes"})
        self.chair.send(self.here, "evaluation.recommend")
        for member in self.members:
            self.scene.wait("评标报告 · report", lambda member=member: member.get(self.here).form("evaluation.sign"))  # type: ignore[misc]
            if not member.fetch(f"{self.here}/report").startswith(b"%PDF"):
                raise Stopped("评标报告不是 PDF · the report is no PDF")
            member.send(self.here, "evaluation.sign")
        self.scene.wait("封存 · sealed", lambda: "报告已封存" in self.chair.get(self.here).text)
        self.tender.say("推荐候选人，报告签署并封存", "candidates recommended, the report signed and sealed")
