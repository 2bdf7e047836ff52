"""What is published, what is not, and that a citizen can repeat it."""
import io
import random
import zipfile

import pytest
from sqlalchemy import select

from cli.main import main
from evaluation.dossier.publish import Publish, publish
from evaluation.dossier.records import Dossier
from kernel.archive import archive
from kernel.canonical import canon, parse, salted
from kernel.command import SYSTEM
from kernel.errors import Stale
from kernel.ledger.entries import Entry
from kernel.ledger.leaf import leaf_of
from kernel.tree import leaf_hash
from kernel.values import new_id
from tests.evaluation.test_session import finished, refused
from tests.worlds import evaluation as world
from tests.worlds.kept import kept
from trading.awards.records import Award
from trading.bids.records import Bid, Closing, Envelope
from trading.bids.rules import closing_root
from trading.bids.sealer import seal_bid
from trading.opening.records import Batch, Opened
from trading.projects.records import Lot, Project
from trading.sealing.records import Ceremony, Round
from trading.sealing.rules.ceremony import Terms, deal, identity_key, identity_seed, r0, reveal
from trading.sealing.rules.header import parse_prefix
from trading.sealing.rules.partials import Occasion, answer_all, build_batch
from trading.sealing.rules.price import PriceForm
from trading.sealing.rules.transcript import build_transcript, read_transcript, restore, sign_transcript
from trading.subjects.records import Subject
from verify.dossier import check

SEEDS = tuple(bytes([n]) * 32 for n in (1, 2, 3))


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
    """Real envelopes under the key of a real ceremony, opened by real partial decryptions."""
    rng = random.Random(7)
    transcript, shares = held(session, project)
    files, closing = {}, session.scalars(select(Closing).where(Closing.project == project.id)).one()
    for opened in session.scalars(select(Opened).where(Opened.project == project.id, Opened.part == "price")):
        bid = session.get_one(Bid, opened.bid)
        code = session.get_one(Subject, bid.org).code
        part = seal_bid(project.id, bid.lot, transcript.public_key, code, PriceForm("CNY", opened.amount), bytes(32), rng.randbytes)["price"]
        opened.file_key = part.file_key
        blob = hall.centre.blobs.put(part.data)
        prefix = parse_prefix(part.data)
        session.add(Envelope(bid=bid.id, part="price", digest=part.digest, point=prefix.point.hex(), header=prefix.encoded.decode(), committed=prefix.commitment.hex(),
                             proof=prefix.proof.hex(), padded=prefix.padded, size=len(part.data), blob=blob.key))
        files[bytes.fromhex(part.digest)] = prefix
    closing.digests = sorted(digest.hex() for digest in files)
    closing.root, closing.entry = closing_root(closing.digests), new_id()
    payload = {"tag": "trading.bids.close", "body": {"roots": {closing.lot: closing.root}}}
    o = salted(bytes(32), payload)
    session.add(Entry(key=closing.entry, tag="trading.bids.close", on=project.id, moment=0, role="system", actor="system", opens="works.opened",
                      salt=bytes(32), payload=canon(payload).decode(), o=o))
    occasion = Occasion(transcript.terms.ceremony, project.id, leaf_hash(leaf_of(o)))
    for share in shares:
        raw = build_batch(answer_all(share, occasion, files, transcript.public_key, rng.randbytes))
        session.add(Batch(project=project.id, number=share.index, batch=raw.decode(), signature="", digest="", at=0))


def held(session, project):
    """A ceremony of three whose record stands in the tables; its transcript and the shares."""
    identities = [identity_seed(seed) for seed in SEEDS]
    terms = Terms(new_id(), project.id, 2, tuple(identity_key(one) for one in identities))
    reveals = tuple(reveal(terms, deal(terms, n, seed)) for n, seed in enumerate(SEEDS, 1))
    transcript = read_transcript(build_transcript(terms, tuple(r0(terms, shown) for shown in reveals), reveals))
    session.add(Ceremony(id=terms.ceremony, project=project.id, k=2, custodians=[], stage="ready", transcript=transcript.raw.decode(), key=transcript.public_key.hex(), begun=0))
    session.flush()
    for n, one in enumerate(identities, 1):
        session.add(Round(ceremony=terms.ceremony, number=n, signature=sign_transcript(transcript, one).hex()))
    return transcript, [restore(seed, transcript) for seed in SEEDS]


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
    assert {f.check for f in findings} == {"files", "scheme", "closing", "ceremony", "close", "opening", "result"}
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
    "amount": ("opening.json", lambda v: v["parts"][0].update(amount=1), "opening"),
    "exchanged": ("opening.json", lambda v: v["parts"][0].update(file=v["parts"][1]["file"]), "opening"),
    "not listed": ("closing.json", lambda v: v[0]["digests"].pop(), "opening"),
    "closing": ("closing.json", lambda v: v[0]["digests"].pop(), "close"),
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
    assert "示例供应商0" in text and "示例供应商1" not in text and "评委甄" not in text and "opening.json" not in files
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
