"""What is published, what is not, and that a citizen can repeat it."""
import io
import random
import zipfile

import pytest
from sqlalchemy import select

from cli.main import main
from evaluation.dossier.publish import Publish, archive, publish
from evaluation.dossier.records import Dossier
from kernel.canonical import canon, parse
from kernel.command import SYSTEM
from kernel.errors import Stale
from kernel.values import new_id
from tests.evaluation.test_session import finished, refused
from tests.worlds import evaluation as world
from tests.worlds.kept import kept
from trading.awards.records import Award
from trading.bids.records import Bid, Closing, Envelope
from trading.bids.rules import closing_root
from trading.bids.sealer import seal_bid
from trading.opening.records import Opened
from trading.projects.records import Lot, Project
from trading.sealing.rules.price import PriceForm
from trading.subjects.records import Subject
from verify.dossier import check

KEY = bytes.fromhex("5866666666666666666666666666666666666666666666666666666666666666")  # the base point: any tender key serves a sealing


def announced(hall):
    """The first in rank has won; the result is public. The price envelopes are real ones."""
    with hall.centre.database.writing() as session:
        project = session.get_one(Project, hall.project)
        project.stage, project.announced_at = "announced", hall.centre.clock.now(session)
        seal_prices(hall, session, project)
        total = hall.totals()[0]
        bid = session.get_one(Bid, total.bid)
        session.add(Award(project=project.id, lot=bid.lot, bid=bid.id, org=bid.org, amount=total.amount, rank=1, at=project.announced_at))
        session.commit()
    return hall


def seal_prices(hall, session, project):
    rng, digests = random.Random(7), []
    for opened in session.scalars(select(Opened).where(Opened.project == project.id, Opened.part == "price")):
        bid = session.get_one(Bid, opened.bid)
        code = session.get_one(Subject, bid.org).code
        part = seal_bid(project.id, bid.lot, KEY, code, PriceForm("CNY", opened.amount), bytes(32), rng.randbytes)["price"]
        opened.file_key = part.file_key
        blob = hall.centre.blobs.put(part.data)
        session.add(Envelope(bid=bid.id, part="price", digest=part.digest, point=new_id(), header="", committed="", padded=0, size=len(part.data), blob=blob.key))
        digests.append(part.digest)
    row = session.scalars(select(Closing).where(Closing.project == project.id)).one()
    row.digests, row.root = sorted(digests), closing_root(digests)


def published(hall):
    row = publish(hall.centre, SYSTEM, Publish(project=hall.project))
    with zipfile.ZipFile(io.BytesIO(hall.centre.blobs.get(row.blob))) as zipped:
        return row, {name: zipped.read(name) for name in zipped.namelist()}


@kept
def ended(centre):
    return announced(world.signed(world.recommended(finished(centre, "benchmark", scores={"T1": ("30", "30", "30")}))))


@pytest.fixture
def works(centre):
    return ended(centre)


def test_a_works_dossier_can_be_repeated(works, tmp_path, capsys):
    row, files = published(works)
    findings = check(files, row.root)
    assert [f.words.en for f in findings if not f.good] == []
    assert {f.check for f in findings} == {"files", "scheme", "closing", "prices", "result"}
    path = tmp_path / "dossier.zip"
    path.write_bytes(archive(files))
    assert main(["verify", str(path), "--root", row.root]) == 0
    for name, content in files.items():
        (tmp_path / "d" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "d" / name).write_bytes(content)
    assert main(["verify", str(tmp_path / "d")]) == 0
    assert main(["verify", str(tmp_path / "nothing")]) == 2
    assert "示例供应商" in capsys.readouterr().out


def changed(files, name, change):
    value = parse(files[name])
    change(value)
    return files | {name: canon(value)}


def swap(value):
    value["candidates"][0]["rank"], value["candidates"][1]["rank"] = 2, 1


CHANGES = {
    "amount": ("prices.json", lambda v: v[0].update(amount=1), "prices"),
    "key": ("prices.json", lambda v: v[0].update(file_key="00" * 32), "prices"),
    "exchanged": ("prices.json", lambda v: v[0].update(file=v[1]["file"]), "prices"),
    "closing": ("closing.json", lambda v: v[0]["digests"].pop(), "closing"),
    "order": ("result.json", swap, "result"),
    "award": ("result.json", lambda v: v["awards"][0].update(amount=5), "result"),
    "scheme": ("scheme.json", lambda v: v["scheme"].update(places=3), "scheme"),
    "shape": ("result.json", lambda v: v.update(awards=7), "result.json"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_is_found(works, name):
    row, files = published(works)
    file, change, hit = CHANGES[name]
    findings = check(changed(files, file, change), row.root)
    bad = {f.check for f in findings if not f.good}
    assert hit.removesuffix(".json") in bad and "files" in bad


def test_a_procurement_dossier_hides_the_losers(centre):
    hall = announced(world.signed(world.recommended(finished(centre))))
    row, files = published(hall)
    text = b"".join(files.values()).decode()
    assert "示例供应商0" in text and "示例供应商1" not in text and "评委甄" not in text and "prices.json" not in files
    assert all(f.good for f in check(files, row.root))
    with pytest.raises(Stale):
        publish(centre, SYSTEM, Publish(project=hall.project))


def test_nothing_is_published_early_or_with_a_secret(centre):
    hall = world.signed(world.recommended(finished(centre)))
    hall.tender.set(stage="confirming")
    refused("names_secrecy_over", publish, centre, SYSTEM, Publish(project=hall.project))
    announced(hall).tender.set(title="由评委甄A评审的项目")
    refused("secrets_cut", publish, centre, SYSTEM, Publish(project=hall.project))


def test_the_timer_publishes_once_the_result_is_out(centre):
    hall = announced(world.signed(world.recommended(finished(centre))))
    hall.tender.forward(86_400_000)
    world.settle(centre)
    with centre.reading() as session:
        assert session.scalars(select(Dossier.project)).one() == hall.project
        assert session.scalar(select(Lot.id)) == hall.tender.lot
