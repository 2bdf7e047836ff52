"""The witness as a program: founded, served over HTTP, asked by the house's own client."""
import argparse
import http.client
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from cli.witness import add_parsers, server
from kernel.ledger import note
from kernel.ledger.tiles import Span, append
from kernel.ledger.witness import Witness
from kernel.ledger.witness_client import Elsewhere, WitnessFailed, cosign
from kernel.tree import consistency

LOG = note.Signer("centre.example/rehearsal/2027", note.LOG, bytes(range(32)))
NOW = 1_800_000_000_000


class Store(dict[str, bytes]):
    def put(self, path: str, data: bytes) -> None:
        self[path] = data


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_parsers(parser.add_subparsers(required=True))
    args = parser.parse_args(["witness", *words])
    return args.run(args)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    assert run("init", "--home", str(tmp_path / "w"), "--name", "witness.example/w1") == 0
    return tmp_path / "w"


@pytest.fixture
def url(home: Path) -> Iterator[str]:
    with server(Witness(home, [LOG.verifier], lambda: NOW), "127.0.0.1", 0) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()
        thread.join()


@pytest.fixture
def heads() -> dict[int, bytes]:
    """Signed checkpoints of a log at the sizes 5 and 9, and under 0 another log of 9 entries under the same key."""
    return {name: note.sign(note.Checkpoint(LOG.name, size, append(Store(), 0, entries)[1]).text(), LOG)
            for name, size, entries in ((5, 5, [b"x"] * 5), (9, 9, [b"x"] * 9), (0, 9, [b"y"] * 9))}  # fmt: skip


def to(new: int) -> Callable[[int], list[bytes]]:
    store = Store()
    append(store, 0, [b"x"] * new)
    return lambda old: consistency(old, new, Span(store, new)) if old else []


def test_init_prints_the_public_key_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("init", "--home", str(tmp_path / "w"), "--name", "witness.example/w1")
    assert run(*words) == 0
    key = note.Verifier.parse(capsys.readouterr().out.strip())
    assert (key.name, key.kind) == ("witness.example/w1", note.WITNESS)
    assert Witness(tmp_path / "w", [], lambda: NOW).verifier == key
    assert run(*words) == 1
    shown = capsys.readouterr()
    assert shown.out == "" and "已有见证人" in shown.err and "stands here already" in shown.err


def test_init_refuses_a_name_no_key_may_have(tmp_path: Path) -> None:
    assert run("init", "--home", str(tmp_path / "w"), "--name", "two words") == 2
    assert not (tmp_path / "w").exists()


@pytest.mark.parametrize(
    ("home_name", "listen", "vkey", "code"),
    [("none", "127.0.0.1:0", None, 1), ("w", "8750", None, 2), ("w", "127.0.0.1:70000", None, 2), ("w", "127.0.0.1:0", "not a key", 2)],
)
def test_serve_refuses(home: Path, home_name: str, listen: str, vkey: str | None, code: int) -> None:
    folder = str(home.parent / home_name)
    assert run("serve", "--home", folder, "--listen", listen, "--trust", vkey or LOG.verifier.vkey()) == code


def test_cosigns_over_http(url: str, home: Path, heads: dict[int, bytes]) -> None:
    key = Witness(home, [], lambda: NOW).verifier
    first = note.add(heads[5], cosign(url, to(5), 0, heads[5]), [key])
    assert note.open_checkpoint(first, LOG.verifier, [key]).cosigned == {key: NOW // 1000}
    with httpx.Client() as client:
        second = note.add(heads[9], cosign(url + "/", to(9), 5, heads[9], client), [key])
    assert note.open_checkpoint(second, LOG.verifier, [key]).checkpoint.size == 9


@pytest.mark.parametrize("believed", [0, 3])
def test_client_goes_on_from_where_the_witness_stands(url: str, heads: dict[int, bytes], believed: int) -> None:
    cosign(url, to(5), 0, heads[5])
    assert cosign(url, to(9), believed, heads[9]).startswith("— witness.example/w1 ".encode())


def test_client_does_not_prove_backwards(url: str, heads: dict[int, bytes]) -> None:
    cosign(url, to(9), 0, heads[9])
    with pytest.raises(Elsewhere) as caught:
        cosign(url, to(5), 0, heads[5])
    assert caught.value.size == 9


def test_a_fork_of_the_same_size_is_told(url: str, heads: dict[int, bytes]) -> None:
    cosign(url, to(9), 0, heads[9])
    with pytest.raises(Elsewhere) as caught:
        cosign(url, to(9), 9, heads[0])
    assert caught.value.size == 9


def test_client_reports_refusals_and_silence(url: str, heads: dict[int, bytes]) -> None:
    cosign(url, to(5), 0, heads[5])
    with pytest.raises(WitnessFailed, match="422"):
        cosign(url, to(9), 5, heads[0])
    with pytest.raises(WitnessFailed, match="404"):
        cosign(url + "/elsewhere", to(9), 5, heads[9])
    with pytest.raises(WitnessFailed, match="ConnectError"):
        cosign("http://127.0.0.1:9", to(5), 0, heads[5])
    with pytest.raises(WitnessFailed, match="UnsupportedProtocol"):
        cosign("witness.example", to(5), 0, heads[5])


def test_content_types(url: str, heads: dict[int, bytes]) -> None:
    address = f"{url}/add-checkpoint"
    good = httpx.post(address, content=b"old 0\n\n" + heads[5])
    conflict = httpx.post(address, content=b"old 0\n\n" + heads[9])
    assert (good.status_code, good.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert (conflict.status_code, conflict.headers["content-type"], conflict.content) == (409, "text/x.tlog.size", b"5\n")


def test_bodies_without_a_modest_length_are_refused_unread(url: str) -> None:
    for length in ("999999999", "-1", None):
        connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=5)
        connection.putrequest("POST", "/add-checkpoint")
        if length is not None:
            connection.putheader("Content-Length", length)
        connection.endheaders()
        assert connection.getresponse().status == 400
        connection.close()
