import argparse
import json
import os

import pytest

from cli.seal import add_parsers

SECRET = "5e" * 32


@pytest.fixture
def run(capsys):
    """Runs a command line; exit code, what stood on stdout, what on stderr."""
    parser = argparse.ArgumentParser()
    add_parsers(parser.add_subparsers(required=True))

    def call(*words):
        args = parser.parse_args([str(word) for word in words])
        code = args.run(args)
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "bid.zip").write_bytes(bytes(range(256)) * 5000)
    return tmp_path


@pytest.fixture
def sealing(run, folder, small_centre):
    def call(*more, source="bid.zip", target="bid.tbid", key=None):
        return run("seal", folder / source, folder / target, "--key", key or small_centre.transcript.public_key.hex(), "--tender",
                   "G26ABCDEF",
                   "--lot", "1", "--part", "technical", "--supplier", "ab" * 32, "--version", "2", *more)

    return call


def only(folder):
    return sorted(path.name for path in folder.iterdir())


def refused(answer, words):
    code, out, err = answer
    assert code == 2 and out == ""
    assert err.count("\n") == 1 and words in err


@pytest.mark.parametrize("more", [(), ("--lock", SECRET), ("--aead", "chacha20-poly1305"), ("--prev", "cd" * 32)], ids=str)
def test_round_trip(run, sealing, folder, oracle, more):
    code, out, err = sealing(*more)
    made = json.loads(out)
    assert (code, err, set(made)) == (0, "", {"digest", "file_key"})
    file = (folder / "bid.tbid").read_bytes()
    lock = more if "--lock" in more else ()
    assert oracle.digest(file).hex() == made["digest"]
    assert oracle.open(file, bytes.fromhex(made["file_key"]), bytes.fromhex(SECRET) if lock else b"") == (folder / "bid.zip").read_bytes()
    code, out, err = run("unseal", folder / "bid.tbid", folder / "again", "--file-key", made["file_key"], *lock)
    told = json.loads(out)
    assert (code, err, told["digest"]) == (0, "", made["digest"])
    assert (folder / "again").read_bytes() == (folder / "bid.zip").read_bytes()
    header = told["header"]
    assert (header["tender"], header["lot"], header["part"], header["version"]) == ("G26ABCDEF", "1", "technical", 2)
    assert header.get("prev") == ("cd" * 32 if "--prev" in more else None)
    assert ("lock" in header) == bool(lock)
    assert only(folder) == ["again", "bid.tbid", "bid.zip"]


def test_written_files_are_the_owners_alone(run, sealing, folder):
    made = json.loads(sealing()[1])
    run("unseal", folder / "bid.tbid", folder / "again", "--file-key", made["file_key"])
    assert os.stat(folder / "again").st_mode & 0o777 == os.stat(folder / "bid.tbid").st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("spoil", "words"), [
    (lambda file, front: file[:-1], "truncated"),
    (lambda file, front: file[: front - 1], "truncated"),
    (lambda file, front: file + b"\x00", "appended"),
    (lambda file, front: file[:-1] + bytes([file[-1] ^ 1]), "flipped"),
    (lambda file, front: file[:front] + file[front + (1 << 20) + 16 :] + file[front : front + (1 << 20) + 16], "reordered"),
    (lambda file, front: file.replace(b'"lot":"1"', b'"lot":"2"', 1), "header_edited"),
    (lambda file, front: file.replace(b'"lot":"1"', b'"lot" "1"', 1), "header_not_canonical"),
    (lambda file, front: file.replace(b'"technical"', b'"tecknical"', 1), "header_invalid"),
    (lambda file, front: b"PK\x03\x04" + file[4:], "not_an_envelope"),
    (lambda file, front: file[: front - 80] + bytes(8) + file[front - 72 :], "length_lies"),
    (lambda file, front: b"", "truncated"),
], ids=["end", "front", "appended", "bit", "order", "context", "canonical", "part", "magic", "length", "empty"])
def test_spoiled_file_is_refused_and_leaves_nothing(run, sealing, folder, oracle, spoil, words):
    """An older output goes too: it could be taken for the content of what was just refused."""
    made = json.loads(sealing()[1])
    file = (folder / "bid.tbid").read_bytes()
    assert run("unseal", folder / "bid.tbid", folder / "again", "--file-key", made["file_key"])[0] == 0
    spoiled = spoil(file, oracle.front(file))
    assert spoiled != file
    (folder / "bid.tbid").write_bytes(spoiled)
    refused(run("unseal", folder / "bid.tbid", folder / "again", "--file-key", made["file_key"]), words)
    assert only(folder) == ["bid.tbid", "bid.zip"]


def test_wrong_key_and_lock_are_refused(run, sealing, folder):
    made = json.loads(sealing("--lock", SECRET)[1])
    for words, *more in (
        ("commitment", "--file-key", "00" * 32, "--lock", SECRET), ("lock_missing", "--file-key", made["file_key"]),
        ("lock_wrong", "--file-key", made["file_key"], "--lock", "00"), ("--file-key", "--file-key", "00" * 31),
        ("--lock", "--file-key", made["file_key"], "--lock", "xyz"),
    ):
        refused(run("unseal", folder / "bid.tbid", folder / "again", *more), words)
    assert only(folder) == ["bid.tbid", "bid.zip"]


def test_sealing_refuses_what_it_cannot_use(sealing, folder):
    refused(sealing(key="00" * 32), "key_unusable")
    refused(sealing(key="zz" * 32), "--key")
    refused(sealing("--prev", "ab"), "--prev")
    refused(sealing("--version", "0"), "header_invalid: header field version")
    refused(sealing("--tender", ""), "header_invalid: header field tender")
    refused(sealing("--tender", "\udcff"), "header_invalid: header field tender")
    refused(sealing(source="missing"), "missing")
    refused(sealing(source="."), str(folder))
    assert only(folder) == ["bid.zip"]


def test_neither_the_input_nor_a_folder_is_overwritten(sealing, folder):
    before = (folder / "bid.zip").read_bytes()
    refused(sealing(target="bid.zip"), "OUT")
    (folder / "kept").mkdir()
    refused(sealing(target="kept"), "OUT")
    refused(sealing(target="nowhere/out"), "nowhere")
    assert (folder / "bid.zip").read_bytes() == before and only(folder) == ["bid.zip", "kept"]
