"""Pages against an empty handler of the same application, served by uvicorn on 127.0.0.1 and fetched over one kept connection."""
from collections.abc import Iterator

import httpx

from bench.measure import Line, compare
from bench.writing import founded
from cli.cast.house import Applicant, House, actor_of, credit_code, employ, enrol_keepers, enter_all
from cli.cast.tenders import ceremonies, review_tenders
from cli.progress import Progress
from kernel.centre import Centre
from kernel.ticker import settle
from kernel.values import DAY
from tests.worlds.served import served
from trading.notices.publish import Publish, publish
from trading.projects.draft import Draft, Recorded, draft
from trading.projects.submit import Submit, submit


def fill(centre: Centre, tenders: int) -> None:
    """So many published tenders, by the acts."""
    house = House(centre)
    for login, part in (("one", "dengji1"), ("two", "dengji2"), ("three", "jiandu1")):
        house.people[part] = actor_of(centre, login)
    for login, role in (("jiandu2", "regulator"), ("chushen1", "reviewer1"), ("fushen1", "reviewer2")):
        employ(house, login, login, role)
    enrol_keepers(house)
    (buyer,) = enter_all(house, [Applicant("示例招标人", ("buyer",), "采购甲", "buyer@x.example", credit_code(1))])
    projects = [draft(centre, buyer, Draft(
        procedure="replay.lowest", field="works", kind="construction", title=f"示例项目 {n}", budget=10_000_000,
        recorded=Recorded(deadline=centre.now() + 9 * DAY, quorum=0))).id for n in range(tenders)]
    ceremonies(house, dict.fromkeys(projects, buyer), Progress(True))
    for project in projects:
        submit(centre, buyer, Submit(project=project))
    review_tenders(house, projects)
    for project in projects:
        publish(centre, buyer, Publish(project=project))
    settle(centre)


def pages(tenders: int, count: int, rounds: int) -> Iterator[Line]:
    """count: requests in a round."""
    with founded("") as centre:
        fill(centre, tenders)
        with served(centre) as address, httpx.Client(base_url=address) as client:
            def fetch(path: str) -> None:
                for _ in range(count):
                    assert client.get(path).status_code == 200, path

            for path, said in (("/tenders", f"/tenders, {tenders} rows"), ("/rules", "/rules"), ("/ledger", "/ledger")):
                yield compare(f"page {said}", lambda p=path: fetch(p), "/healthz", lambda: fetch("/healthz"), rounds, count, "request")  # type: ignore[misc]
