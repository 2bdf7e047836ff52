"""Vectors: the example of Go's sumdb/note documentation; elsewhere `cryptography` as a second implementation of Ed25519."""
import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kernel.ledger import note
from kernel.ledger.note import BadNote, Checkpoint, Signer, Verifier, WrongSignature, add, open_checkpoint, open_note, sign

SKEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNED = f"{TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n".encode()

LOG = Signer("centre.example/2027", note.LOG, bytes(32))
FIRST = Signer("witness.example/w1", note.WITNESS, bytes([1]) * 32)
OTHER = Signer("witness.example/w2", note.WITNESS, bytes([2]) * 32)
HEAD = Checkpoint("centre.example/2027", 42, hashlib.sha256(b"root").digest())


def test_signs_as_go_does() -> None:
    assert sign(TEXT, Signer.parse(SKEY)) == SIGNED


def test_keys_of_go_round_trip() -> None:
    assert Signer.parse(SKEY).skey() == SKEY
    assert Signer.parse(SKEY).verifier.vkey() == VKEY
    assert Verifier.parse(VKEY) == Signer.parse(SKEY).verifier


def test_opens_the_note_of_go() -> None:
    opened = open_note(SIGNED, [Verifier.parse(VKEY)])
    assert opened.text == TEXT
    assert [(s.by.name, s.time) for s in opened.signatures] == [("PeterNeumann", None)]


def test_text_may_hold_empty_lines() -> None:
    assert open_note(sign("a\n\nb\n", LOG), [LOG.verifier]).text == "a\n\nb\n"


@pytest.mark.parametrize("at", range(0, len(SIGNED), 7))
def test_any_flipped_bit_refuses(at: int) -> None:
    data = bytearray(SIGNED)
    data[at] ^= 4
    with pytest.raises(BadNote):
        open_note(bytes(data), [Verifier.parse(VKEY)])


MALFORMED = {
    "no signature": TEXT.encode() + b"\n",
    "no blank line": SIGNED.replace(b"\n\n", b"\n"),
    "unfinished": SIGNED[:-1],
    "hyphen": SIGNED.replace("—".encode(), b"-"),
    "two spaces": SIGNED.replace(b"PeterNeumann ", b"PeterNeumann  "),
    "no padding": SIGNED.replace(b"=\n", b"\n"),
    "loose last bits": SIGNED.replace(b"nAM=", b"nAN="),
    "control character": SIGNED.replace(b"problem,", b"problem\t"),
    "not UTF-8": SIGNED.replace(b"problem,", b"problem\xff"),
    "name with a plus": SIGNED.replace(b"PeterNeumann x", b"Peter+Neumann x"),
    "key id alone": TEXT.encode() + "\n— PeterNeumann x08gow==\n".encode(),
    "101 signatures": SIGNED + b"".join(b"\xe2\x80\x94 n%d AAAAAAA=\n" % i for i in range(100)),
    "too long": b"a" * 1_000_000 + b"\n\n" + SIGNED.partition(b"\n\n")[2],
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED)
def test_refuses_malformed_notes(data: bytes) -> None:
    with pytest.raises(BadNote) as caught:
        open_note(data, [Verifier.parse(VKEY)])
    assert not isinstance(caught.value, WrongSignature)


def test_unknown_keys_are_passed_over_and_bad_known_ones_are_not() -> None:
    stranger = Signer("PeterNeumann", note.LOG, bytes(32)).sign(TEXT)
    assert len(open_note(SIGNED + stranger.encode(), [Verifier.parse(VKEY)]).signatures) == 1
    with pytest.raises(WrongSignature):
        open_note(TEXT.encode() + b"\n" + stranger.encode(), [Verifier.parse(VKEY)])
    bad = LOG.sign("another text\n")
    with pytest.raises(WrongSignature):
        open_note(SIGNED + bad.encode(), [Verifier.parse(VKEY), LOG.verifier])


@pytest.mark.parametrize(
    "text",
    [
        VKEY.replace("c74f20a3", "c74f20a4"),
        VKEY.replace("c74f20a3", "C74F20A3"),
        VKEY + "=",
        "PeterNeumann+c74f20a3",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        f"n+{hashlib.sha256(b'n' + bytes([10, 2]) + bytes(32)).hexdigest()[:8]}+{base64.b64encode(bytes([2]) + bytes(32)).decode()}",
    ],
)
def test_refuses_vkeys(text: str) -> None:
    with pytest.raises(BadNote):
        Verifier.parse(text)


def test_refuses_damaged_private_keys() -> None:
    for text in (VKEY, SKEY.replace("c74f20a3", "c74f20a4"), SKEY[:-4]):
        with pytest.raises(BadNote):
            Signer.parse(text)


def test_private_key_is_not_shown() -> None:
    assert "AYEK" not in repr(Signer.parse(SKEY)) and "seed" not in repr(LOG)


def test_cosignature_bytes() -> None:
    """tlog-cosignature: id over 0x04, then u64 time, then Ed25519 over the two lines before the body."""
    line = FIRST.sign(HEAD.text(), 1679315147)
    key = Ed25519PrivateKey.from_private_bytes(FIRST.seed).public_key().public_bytes_raw()
    raw = base64.b64decode(line.split(" ")[2])
    assert line.startswith("— witness.example/w1 ")
    assert raw[:4] == hashlib.sha256(b"witness.example/w1\n\x04" + key).digest()[:4]
    assert int.from_bytes(raw[4:12], "big") == 1679315147
    message = f"cosignature/v1\ntime 1679315147\ncentre.example/2027\n42\n{base64.b64encode(HEAD.root).decode()}\n"
    Ed25519PublicKey.from_public_bytes(key).verify(raw[12:], message.encode())


def test_cosignature_with_another_time_is_refused() -> None:
    line = FIRST.sign(HEAD.text(), 5)
    raw = bytearray(base64.b64decode(line.split(" ")[2]))
    raw[11] ^= 1
    data = sign(HEAD.text(), LOG) + f"— {FIRST.name} {note.line(bytes(raw))}\n".encode()
    with pytest.raises(WrongSignature):
        open_checkpoint(data, LOG.verifier, [FIRST.verifier])
    assert open_checkpoint(data, LOG.verifier).cosigned == {}


def test_a_witness_signs_with_a_time_and_a_log_without() -> None:
    with pytest.raises(ValueError, match="time"):
        FIRST.sign(HEAD.text())
    with pytest.raises(ValueError, match="time"):
        LOG.sign(HEAD.text(), 5)


def test_checkpoint_round_trip_with_witnesses() -> None:
    data = sign(HEAD.text(), LOG)
    data = add(data, (FIRST.sign(HEAD.text(), 7) + OTHER.sign(HEAD.text(), 9)).encode(), [FIRST.verifier])
    data = add(data, OTHER.sign(HEAD.text(), 8).encode(), [FIRST.verifier, OTHER.verifier])
    signed = open_checkpoint(data, LOG.verifier, [FIRST.verifier, OTHER.verifier])
    assert signed.checkpoint == HEAD
    assert signed.cosigned == {FIRST.verifier: 7, OTHER.verifier: 8}
    assert data.count("—".encode()) == 3


def test_a_key_is_added_once() -> None:
    once = add(sign(HEAD.text(), LOG), FIRST.sign(HEAD.text(), 7).encode(), [FIRST.verifier])
    assert add(once, FIRST.sign(HEAD.text(), 8).encode(), [FIRST.verifier]) == once


def test_add_refuses_an_answer_with_a_text_of_its_own() -> None:
    data, planted = sign(HEAD.text(), LOG), "planted\n"
    longer = f"{HEAD.text()}\n{planted}"
    with pytest.raises(BadNote, match="text of its own"):
        add(data, f"{planted}\n{FIRST.sign(longer, 7)}".encode(), [FIRST.verifier])


def test_add_refuses_a_wrong_or_unknown_cosignature() -> None:
    data = sign(HEAD.text(), LOG)
    for lines in (FIRST.sign("other\n", 7), OTHER.sign(HEAD.text(), 7), "", "rubbish"):
        with pytest.raises(BadNote):
            add(data, lines.encode(), [FIRST.verifier])


@pytest.mark.parametrize(
    "text",
    ["o\n1\n", "\n1\n" + note.line(bytes(32)) + "\n", "o\n01\n" + note.line(bytes(32)) + "\n", "o\n-1\n" + note.line(bytes(32)) + "\n",
     "o\n１\n" + note.line(bytes(32)) + "\n", "o\n9223372036854775808\n" + note.line(bytes(32)) + "\n", "o\n1\n" + note.line(bytes(31)) + "\n",
     "o\n1\n" + note.line(bytes(32)) + "\n\n", "o\n1\n" + note.line(bytes(32))],
)  # fmt: skip
def test_refuses_malformed_checkpoints(text: str) -> None:
    with pytest.raises(BadNote):
        Checkpoint.parse(text)


def test_extension_lines_are_kept() -> None:
    text = f"{HEAD.text()}more\n"
    assert Checkpoint.parse(text).extensions == ("more",)
    assert Checkpoint.parse(text).text() == text


def test_checkpoint_of_another_origin_is_refused() -> None:
    text = Checkpoint("centre.example/2026", 42, HEAD.root).text()
    with pytest.raises(BadNote, match="another log"):
        open_checkpoint(sign(text, LOG), LOG.verifier)


def test_a_witness_alone_is_not_the_log() -> None:
    data = HEAD.text() + "\n" + FIRST.sign(HEAD.text(), 7)
    with pytest.raises(WrongSignature, match="log itself"):
        open_checkpoint(data.encode(), LOG.verifier, [FIRST.verifier])
