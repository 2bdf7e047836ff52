"""The hall for everybody: sealed before its time, all prices at one moment, the host's acts in their order."""
import json

import pytest

from kernel.ticker import settle
from kernel.values import MINUTE
from tests.worlds.readers import Reader, forms_on, reader, readers
from tests.worlds.sealed import Sealed, formal
from trading.bids.records import Bid
from trading.bids.submit import Submit, submit
from trading.opening.records import OpeningObjection
from trading.projects.records import Project
from trading.sealing.rules.price import PriceForm, build_price

PRICES = (231_860_011, 228_745_022, 240_100_033)
SEALED = ("2,318,600.11", "2,287,450.22", "2,401,000.33", "贰佰叁拾壹万", "樣品丙")


class Hall:
    def __init__(self, world: Sealed, client) -> None:  # type: ignore[no-untyped-def]
        self.world, self.client = world, client
        self.code = str(world.row(Project, world.project).code)
        self.path = f"/openings/{self.code}"

    def of(self, actor=None) -> Reader:  # type: ignore[no-untyped-def]
        return reader(self.client, self.world.centre, actor)

    def do(self, actor, short: str, **more):  # type: ignore[no-untyped-def]
        answer = self.of(actor).do(f"trading.opening.{short}", project=self.world.project, _next=self.path, **more)
        settle(self.world.centre)
        return answer


@pytest.fixture
def hall(centre, tmp_path):  # type: ignore[no-untyped-def]
    world = formal(centre, tmp_path, title="示例路小学校舍改造工程", ceiling=239_000_000)
    for n, amount in enumerate(PRICES):
        world.bid(world.supplier("秘密投标人"), None, price=build_price(PriceForm("CNY", amount, (("duration", f"{170 + n} 天"), ("manager", "樣品丙")))))
    world.named_host()
    with readers(centre) as client:
        yield Hall(world, client)


def everybody(hall: Hall):  # type: ignore[no-untyped-def]
    return (None, hall.world.host, hall.world.who, *hall.world.suppliers[:2])


def test_before_the_deadline_nothing_is_told(hall: Hall) -> None:
    for actor in everybody(hall):
        for lang, words in (("zh", "在此之前任何人都不能查看投标内容"), ("en", "Until then nobody can read a bid")):
            html = hall.of(actor).text(hall.path, lang)
            assert words in html and not any(s in html for s in SEALED)
    public = hall.of().text(hall.path)
    assert "秘密投标人" not in public and "截止前保密" in public and forms_on(public) == set()
    assert "秘密投标人" not in hall.of().text(hall.path + "/wall")


def test_the_host_cannot_start_early_and_can_in_time(hall: Hall) -> None:
    assert hall.do(hall.world.host, "start").status_code == 409
    hall.world.to_deadline()
    page = hall.of(hall.world.host).text(hall.path)
    assert "trading.opening.start" in forms_on(page) and "投标已截止" in page
    assert "trading.opening.start" not in forms_on(hall.of(hall.world.suppliers[0]).text(hall.path))
    assert hall.do(hall.world.suppliers[0], "start").status_code == 404
    done = hall.do(hall.world.host, "start")
    assert done.status_code == 303 and done.headers["location"] == f"{hall.path}?done=trading.opening.start"
    assert hall.world.stage == "opening"


def test_signing_in_is_offered_once(hall: Hall) -> None:
    bidder = hall.world.suppliers[0]
    assert hall.do(bidder, "sign_in").status_code == 409
    hall.world.to_deadline()
    assert "trading.opening.sign_in" in forms_on(hall.of(bidder).text(hall.path))
    assert hall.do(bidder, "sign_in").status_code == 303
    page = hall.of(bidder).text(hall.path)
    assert "trading.opening.sign_in" not in forms_on(page) and "您的签到" in page
    hall.do(hall.world.host, "start")
    assert "已签到单位" in hall.of(hall.world.host).text(hall.path) and "已签到单位" not in hall.of().text(hall.path)


def test_prices_appear_for_all_at_one_moment(hall: Hall) -> None:
    world = hall.world
    world.started()
    world.custodians_answer(1)
    for actor in everybody(hall):
        html = hall.of(actor).text(hall.path)
        assert "公布前保密" in html and not any(s in html for s in SEALED)
    assert "已到 1，须有 2 方" in hall.of().text(hall.path)
    assert hall.do(world.host, "read_out").status_code == 409
    world.custodians_answer()
    waiting = hall.of(world.host).text(hall.path)
    assert "已解密 3，共 3" in waiting and not any(s in waiting for s in SEALED) and "trading.opening.read_out" in forms_on(waiting)
    assert not any(s in hall.of().text(hall.path + "/wall") for s in SEALED)
    assert hall.do(world.host, "read_out").status_code == 303
    for actor in everybody(hall):
        html = hall.of(actor).text(hall.path)
        assert all(s in html for s in SEALED) and "高于最高限价" in html
    english = hall.of().text(hall.path, "en")
    assert "Prices are read out" in english and "above the ceiling" in english
    assert all(s in hall.of().text(hall.path + "/wall") for s in SEALED[:3])


def test_objections_confirmations_and_the_record(hall: Hall) -> None:
    world, bidder = hall.world, hall.world.suppliers[0]
    world.opened()
    hall.do(world.host, "read_out")
    assert hall.do(bidder, "object", text="报价大小写不一致").status_code == 303
    page = hall.of(world.host).text(hall.path)
    assert "报价大小写不一致" in page and "尚有未答复的开标异议" in page and "trading.opening.answer" in forms_on(page)
    assert hall.do(world.host, "sign_record").status_code == 409
    assert "trading.opening.answer" not in forms_on(hall.of(bidder).text(hall.path))
    row = world.all(OpeningObjection)[0].id
    assert hall.do(world.host, "answer", objection=row, text="").status_code == 422
    assert hall.do(world.host, "answer", objection=row, text="以大写为准").status_code == 303
    for supplier in world.suppliers:
        assert hall.do(supplier, "confirm").status_code == 303
    assert "trading.opening.confirm" not in forms_on(hall.of(bidder).text(hall.path))
    assert hall.of().get(hall.path + "/record").status_code == 404
    assert hall.do(world.host, "sign_record").status_code == 303
    page = hall.of().text(hall.path)
    assert "开标结束" in page and f"{hall.path}/record" in page and 'data-live="0"' in page
    record = hall.of().get(hall.path + "/record")
    assert record.status_code == 200 and record.content.startswith(b"%PDF-") and hall.code in record.headers["content-disposition"]


def test_a_bid_that_stays_closed_is_attributed_after_the_window(hall: Hall) -> None:
    world = hall.world
    world.started()
    page = hall.of(world.host).text(hall.path)
    assert "trading.opening.attribute_failure" not in forms_on(page) and "认定解密失败责任" in page
    world.forward(31 * MINUTE)
    page = hall.of(world.host).text(hall.path)
    assert "trading.opening.attribute_failure" in forms_on(page) and "未解密：" in page
    from trading.bids.records import Bid

    bid = world.all(Bid)[0].id
    values = {"_next": hall.path, "project": world.project, "bid": bid, "cause": "bidder", "note": "口令未提交"}
    assert hall.of(world.host).post("/do/trading.opening.attribute_failure", values).status_code == 422
    done = hall.of(world.host).post("/do/trading.opening.attribute_failure", values, files={"evidence": ("log.txt", b"no answer")})
    assert done.status_code == 303 and world.row(Bid, bid).state != "live"


def test_the_coefficient_follows_from_contributions(hall: Hall, centre) -> None:  # type: ignore[no-untyped-def]
    from experts.contribution import contribute
    from tests.world import staff
    from trading.projects.records import Scoring

    world = hall.world
    values = {party: contribute(world.project, party, world.key.hex(), world.dice.randbytes) for party in ("host", "regulator")}
    with centre.database.writing() as session:
        session.add(Scoring(project=world.project, digest="0" * 64, scheme={"benchmark": {"drawn": "k", "choices": ["0.95", "0.96", "0.97"]}}))
        session.commit()
    office = {"host": world.host, "regulator": staff(centre, "regulator", scope="works")}
    assert "0.96" in hall.of().text(hall.path) and "trading.opening.commit_coefficient" not in forms_on(hall.of(world.suppliers[0]).text(hall.path))
    world.opened()
    for party, actor in office.items():
        assert f'data-party="{party}"' in hall.of(actor).text(hall.path)
        assert f'data-key="{world.key.hex()}"' in hall.of(actor).text(hall.path)
        form = {"project": world.project, "_next": hall.path, "commit": values[party].commit}
        sealed = {"sealed": ("mine.tbid", values[party].sealed, "application/octet-stream")}
        for wrong, files in ((form | {"commit": "short"}, sealed), (form, {"sealed": ("mine.tbid", b"rubbish", "application/octet-stream")})):
            assert hall.of(actor).post("/do/trading.opening.commit_coefficient", wrong, files).status_code == 422
        assert hall.of(actor).post("/do/trading.opening.commit_coefficient", form, sealed).status_code == 303
        assert "trading.opening.commit_coefficient" not in forms_on(hall.of(actor).text(hall.path))
    hall.do(world.host, "read_out")
    assert hall.do(world.host, "draw_coefficient").status_code == 409
    assert hall.do(world.host, "reveal_coefficient", contribution="03" * 32).status_code == 409
    for party, actor in office.items():
        assert hall.do(actor, "reveal_coefficient", contribution=values[party].value).status_code == 303
    assert "抽取结果" not in hall.of().text(hall.path)
    assert hall.do(world.host, "draw_coefficient").status_code == 303
    assert "抽取结果：0.9" in hall.of().text(hall.path) and "系数抽取结果" in hall.of().text(hall.path + "/wall")


def test_procurement_keeps_prices_from_the_public(centre, tmp_path) -> None:  # type: ignore[no-untyped-def]
    world = formal(centre, tmp_path, "procurement.open", ceiling=239_000_000)
    for amount in PRICES:
        world.bid(world.supplier("秘密投标人"), amount)
    world.opened()
    with readers(centre) as client:
        hall = Hall(world, client)
        hall.do(world.host, "read_out")
        for path in (hall.path, hall.path + "/wall"):
            html = hall.of().text(path)
            assert "开标结果不对外公开" in html and not any(s in html for s in SEALED[:4]) and "秘密投标人" not in html
        assert all(s in hall.of(world.suppliers[1]).text(hall.path) for s in SEALED[:3])


def test_fewer_than_three_go_back(centre, tmp_path) -> None:  # type: ignore[no-untyped-def]
    world = formal(centre, tmp_path)
    for amount in PRICES[:2]:
        world.bid(world.supplier(), amount)
    world.named_host()
    world.to_deadline()
    with readers(centre) as client:
        hall = Hall(world, client)
        before = hall.of().text(hall.path)
        assert "不足三家" not in before and "第四十四条" not in before
        assert "trading.opening.return_unopened" in forms_on(hall.of(world.host).text(hall.path))
        assert hall.do(world.host, "return_unopened").status_code == 303
        for tail in ("", "/wall"):
            html = hall.of().text(hall.path + tail)
            assert "不足三家" in html and "投标文件未被打开" in html and "第四十四条" in html and "距开标" not in html


def test_what_was_opened_and_failed_later_was_opened(centre, tmp_path) -> None:  # type: ignore[no-untyped-def]
    world = formal(centre, tmp_path)
    for amount in PRICES:
        world.bid(world.supplier(), amount)
    world.opened()
    world.set(stage="failed", stopped_at="opening", stop_cause="fewer_than_three_bidders")
    with readers(centre) as client:
        assert "不予开标" not in Hall(world, client).of().text(f"/openings/{world.row(Project, world.project).code}")


@pytest.mark.parametrize("code", ["E2026XXXXXX", "../../etc", "%00", "<script>", "x" * 300])
def test_unknown_halls_are_absent(hall: Hall, code: str) -> None:
    for tail in ("", "/wall", "/record"):
        assert hall.of().get(f"/openings/{code}{tail}").status_code == 404


def test_bidders_unlock_on_their_page_and_the_hall_says_how_far_it_is(centre, tmp_path) -> None:  # type: ignore[no-untyped-def]
    world = formal(centre, tmp_path, mode="M2", lock_minutes=20)
    bids = [world.bid(world.supplier("秘密投标人"), 100 + n, lock=bytes([n + 1]) * 32).id for n in range(3)]
    world.named_host()
    with readers(centre) as client:
        hall = Hall(world, client)
        one, space = world.suppliers[0], f"/supplier/bids/{world.project}"
        sealed = hall.of(one).text(space)
        assert "trading.opening.post_lock" not in forms_on(sealed) and "--lock LOCK" in sealed
        world.opened()
        assert "trading.opening.post_lock" in forms_on(hall.of(one).text(space)) and f"{space}#unlock" in hall.of(one).text(hall.path)
        assert hall.do(one, "post_lock", bid=bids[0], secret="02" * 32).status_code == 409
        assert hall.do(one, "post_lock", bid=bids[0], secret="nonsense").status_code == 422
        kept = json.dumps({"kind": "mingbiao/filekeys/v1", "lock": "01" * 32, "parts": []})
        assert hall.do(one, "post_lock", bid=bids[0], secret=kept).status_code == 303
        assert "已解锁，等待解密" in hall.of(one).text(space) and "trading.opening.post_lock" not in forms_on(hall.of(one).text(space))
        assert "已解锁 1，共 3" in hall.of().text(hall.path) and "1 of 3 unlocked" in hall.of(world.suppliers[1]).text(hall.path, "en")
        assert hall.of(world.host).text(hall.path).count("未解锁") == 2 and "未解锁" not in hall.of(one).text(hall.path)
        world.set(procedure="procurement.open", field="procurement")
        assert "已解锁 1" not in hall.of().text(hall.path) and "已解锁 1，共 3" in hall.of(one).text(hall.path)
        world.forward(20 * MINUTE)
        assert "trading.opening.attribute_failure" in forms_on(hall.of(world.host).text(hall.path))
        assert "trading.opening.post_lock" not in forms_on(hall.of(world.suppliers[1]).text(space))


def test_a_bid_is_rescued_with_its_key_file_by_its_bidder_or_over_the_hosts_desk(centre, tmp_path) -> None:  # type: ignore[no-untyped-def]
    world = formal(centre, tmp_path)
    files = []
    for n in range(3):
        actor = world.supplier()
        parts, salt = world.seal(actor, 100 + n)
        submit(centre, actor, Submit(project=world.project, lot=world.lot, parts=world.upload(actor, parts), salt=salt.hex()))
        rows = [{"part": part, "file_key": sealed.file_key.hex()} for part, sealed in parts.items()]
        files.append(json.dumps({"kind": "mingbiao/filekeys/v1", "parts": rows}))
    world.named_host()
    bids = [next(bid.id for bid in world.all(Bid) if bid.org == actor.org) for actor in world.suppliers]
    world.started()
    with readers(centre) as client:
        hall, (one, two, _) = Hall(world, client), world.suppliers
        space = f"/supplier/bids/{world.project}"
        assert "trading.opening.rescue" in forms_on(hall.of(one).text(space)) and "trading.opening.rescue" not in forms_on(hall.of(two).text(hall.path))
        assert hall.do(one, "rescue", bid=bids[0], keys="nonsense").status_code == 422
        assert hall.do(one, "rescue", bid=bids[0], keys=files[1]).status_code == 409
        assert hall.do(one, "rescue", bid=bids[0], keys=files[0]).status_code == 303
        assert "trading.opening.rescue" not in forms_on(hall.of(one).text(space))
        assert hall.of(world.host).text(hall.path).count("用开封密钥补救：") == 2
        assert hall.do(world.host, "rescue", bid=bids[1], keys=files[1]).status_code == 303
        assert world.prices() == {bids[0]: 100, bids[1]: 101}
        world.set(rescue=0)
        assert "用开封密钥补救" not in hall.of(world.host).text(hall.path) and "trading.opening.rescue" not in forms_on(hall.of(two).text(space))
