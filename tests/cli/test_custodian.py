"""`mingbiao custodian`: seed, enrolment, and a whole ceremony over signed HTTP."""
import argparse
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from cli import custodian
from kernel.canonical import sha256
from kernel.errors import NotYours, Refused
from kernel.identity.programs import verify
from kernel.identity.signing import give_nonce
from kernel.ledger.note import BadNote, Signer, Verifier
from kernel.rehearsal import clock_answer
from kernel.ticker import settle
from kernel.values import HOUR
from tests.world import found_test_centre, staff
from tests.worlds.projects import organisation
from trading.projects.draft import Draft, Recorded, draft
from trading.sealing import mailbox
from trading.sealing.begin_ceremony import BeginCeremony, begin_ceremony
from trading.sealing.enrol_custodian import EnrolCustodian, enrol_custodian
from trading.sealing.reads import ready_ceremony


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    custodian.add_parsers(parser.add_subparsers(required=True))
    args = parser.parse_args(["custodian", *words])
    return int(args.run(args))


def handler(centre):  # type: ignore[no-untyped-def]
    """The least that a server must do for programs: what docs/formats/programs.md says."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer(b"")

        def do_POST(self) -> None:
            self.answer(self.rfile.read(int(self.headers["content-length"])))

        def answer(self, body: bytes) -> None:
            try:
                self.send(200, self.act(body))
            except NotYours:
                self.send(404, b"")
            except Refused:
                self.send(409, b"")

        def act(self, body: bytes) -> bytes:
            path = urlsplit(self.path)
            with centre.database.writing() as session:
                now = centre.clock.now(session)
                if path.path == "/api/programs/nonces":
                    value = give_nonce(session, json.loads(body)["program"], now)
                    session.commit()
                    return json.dumps({"nonce": value}).encode()
                if path.path == "/api/programs/time":
                    return clock_answer.answer(centre, parse_qs(path.query)["nonce"][0])
                actor = verify(session, self.command, self.path, sha256(body).hex(), {k.lower(): v for k, v in self.headers.items()}, now)
                session.commit()
            if path.path == "/api/programs/tasks":
                with centre.reading() as session:
                    return json.dumps(mailbox.tasks(centre, session, actor, now)).encode()
            mailbox.post(centre, actor, path.path.rpartition("/")[2], json.loads(body))
            return b""

        def send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


@pytest.fixture
def url(centre) -> Iterator[str]:  # type: ignore[no-untyped-def]
    with ThreadingHTTPServer(("127.0.0.1", 0), handler(centre)) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()
        thread.join()


def test_init_prints_the_identity_once_and_restores_from_paper(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("init", "--home", str(tmp_path / "a")) == 0
    first = capsys.readouterr().out
    assert run("init", "--home", str(tmp_path / "a")) == 1
    capsys.readouterr()
    paper = (tmp_path / "a" / "seed").read_bytes().hex()
    assert run("init", "--home", str(tmp_path / "b"), "--seed", paper) == 0
    assert capsys.readouterr().out == first
    assert run("init", "--home", str(tmp_path / "c"), "--seed", "xy") == 2


def test_run_and_enrol_need_a_seed(tmp_path: Path) -> None:
    home = str(tmp_path / "none")
    assert run("enrol", "--home", home, "--origin", "o/2026", "--name", "x", "--party", "notary", "--employer", "y") == 2
    assert run("run", "--home", home, "--server", "http://127.0.0.1:1", "--id", "x", "--log", "k", "--once") == 2


def test_a_ceremony_over_signed_requests(centre, tmp_path: Path, url: str, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    one, two = staff(centre, "regulator"), staff(centre, "regulator")
    ids, homes = [], []
    for n in range(3):
        homes.append(str(tmp_path / f"c{n}"))
        run("init", "--home", homes[n])
        capsys.readouterr()
        assert run("enrol", "--home", homes[n], "--origin", centre.origin, "--name", f"保管{n}", "--party", "notary", "--employer", f"单位{n}") == 0
        cmd = EnrolCustodian.model_validate_json(capsys.readouterr().out)
        enrol_custodian(centre, one, cmd)
        row = enrol_custodian(centre, two, cmd)
        assert row is not None
        ids.append(row.id)
    settle(centre)
    buyer = organisation(centre, "示例招标人", buyer=True)
    project = draft(centre, buyer, Draft(procedure="replay.lowest", field="works", kind="construction", title="历史项目", budget=1,
                                         recorded=Recorded(deadline=centre.now() + HOUR)))
    begin_ceremony(centre, buyer, BeginCeremony(project=project.id, custodians=tuple(ids), k=2))
    log = centre.ledger_key.verifier.vkey()
    for _ in range(3):
        for home, id in zip(homes, ids, strict=True):
            assert run("run", "--home", home, "--server", url, "--id", id, "--log", log, "--rehearsal", "--once") == 0
    with centre.reading() as session:
        assert ready_ceremony(session, project.id) is not None
    capsys.readouterr()
    assert run("run", "--home", homes[0], "--server", url, "--id", ids[1], "--log", log, "--once") == 1
    assert run("run", "--home", homes[0], "--server", url, "--id", ids[0], "--log", "no key", "--once") == 2
    assert run("run", "--home", homes[0], "--server", "http://127.0.0.1:1", "--id", ids[0], "--log", log, "--once") == 1


def test_only_a_rehearsals_log_is_believed_about_the_time(centre, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    log = centre.ledger_key.verifier
    data = clock_answer.answer(centre, "aa")
    assert abs(clock_answer.read(data, log, "aa") - centre.now()) < 60_000
    for wrong in ((data, log, "bb"), (data.replace(b"aa", b"bb"), log, "bb"), (data, Verifier(log.name, 1, b"\x01" * 32), "aa")):
        with pytest.raises(BadNote):
            clock_answer.read(*wrong)
    real = Signer("centre.example/2026", 1, b"\x05" * 32)
    from kernel.ledger.note import sign

    forged = sign(f"{clock_answer.HEAD}\ncentre.example/2026\naa\n5\n", real)
    with pytest.raises(BadNote):
        clock_answer.read(forged, real.verifier, "aa")
    production = found_test_centre(tmp_path / "real", rehearsal=False)
    with pytest.raises(Refused):
        clock_answer.answer(production, "aa")
    production.close()
