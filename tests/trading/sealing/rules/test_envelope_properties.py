"""Whatever is done to a file, it opens to its own content or not at all, and never with an error of ours."""
import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.canonical import canon
from trading.sealing.rules.envelope import Params, check_structure, open_with_key, seal
from trading.sealing.rules.faults import Fault
from trading.sealing.rules.header import CHUNK, parse_prefix

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def example(oracle, small_centre):
    return oracle.seal(bytes(range(256)) * 9000, small_centre.transcript.public_key)


def refusal(file, key):
    with pytest.raises(Fault) as caught:
        open_with_key(io.BytesIO(file), io.BytesIO(), key)
    assert "{" not in caught.value.text.zh + caught.value.text.en
    return caught.value.code


def refused_without_key(file):
    with pytest.raises(Fault) as caught:
        check_structure(io.BytesIO(file))
    return caught.value.code


@quick
@given(st.data())
def test_truncated_anywhere(example, data):
    file, key = example
    cut = data.draw(st.integers(0, len(file) - 1))
    assert refusal(file[:cut], key) == refused_without_key(file[:cut]) == "truncated"


@quick
@given(st.binary(min_size=1, max_size=100))
def test_extended_by_anything(example, tail):
    file, key = example
    assert refusal(file + tail, key) == refused_without_key(file + tail) == "appended"


@quick
@given(st.data())
def test_any_bit_flipped_in_the_front(example, oracle, data):
    file, key = example
    at = data.draw(st.integers(0, 8 * oracle.front(file) - 1))
    spoiled = bytearray(file)
    spoiled[at // 8] ^= 1 << at % 8
    refusal(bytes(spoiled), key)
    refused_without_key(bytes(spoiled))


@quick
@given(st.data())
def test_any_bit_flipped_in_the_body(example, oracle, data):
    file, key = example
    at = data.draw(st.integers(8 * oracle.front(file), 8 * len(file) - 1))
    spoiled = bytearray(file)
    spoiled[at // 8] ^= 1 << at % 8
    assert refusal(bytes(spoiled), key) == "flipped"


@quick
@given(st.data())
def test_any_order_but_the_right_one(example, oracle, data):
    file, key = example
    chunks = oracle.chunks(file)
    right = list(range(len(chunks)))
    order = data.draw(st.permutations(right).filter(lambda drawn: drawn != right))
    spoiled = file[: oracle.front(file)] + b"".join(chunks[i] for i in order)
    assert refusal(spoiled, key) in {"reordered", "flipped"}


@quick
@given(st.dictionaries(
    st.sampled_from(["tender", "lot", "part", "supplier", "version", "prev", "key", "eph", "aead"]),
    st.one_of(st.text(max_size=5), st.integers(0, 9), st.sampled_from(["price", "chacha20-poly1305", "ab" * 32, "09" + "00" * 31])),
    min_size=1,
))
def test_any_other_context(example, oracle, changes):
    file, key = example
    end = oracle.front(file) - 112
    fields = json.loads(file[10:end])
    if {**fields, **changes} == fields:
        return
    head = canon({**fields, **changes})
    spoiled = b"TBID1\n" + len(head).to_bytes(4, "big") + head + file[end:]
    assert refusal(spoiled, key) in {"header_edited", "header_invalid"}
    assert refused_without_key(spoiled) in {"proof_false", "point_bad", "header_invalid"}


@quick
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200))
def test_copied_point_under_any_header(example, oracle, small_centre, seed, content):
    """The thief seals honestly with his own key, then names the victim's point."""
    victim = parse_prefix(example[0]).header.eph
    file, key = oracle.seal(content, small_centre.transcript.public_key, seed=seed, eph=victim, lot="2")
    assert refusal(file, key) == refused_without_key(file) == "proof_false"


@quick
@given(st.binary(max_size=300))
def test_arbitrary_bytes(data):
    refusal(data, bytes(32))
    refusal(b"TBID1\n" + data, bytes(32))
    refused_without_key(b"TBID1\n" + len(data).to_bytes(4, "big") + data + bytes(112))


@quick
@given(st.one_of(st.binary(max_size=3000), st.sampled_from([CHUNK - 9, CHUNK - 8, CHUNK - 7, 2 * CHUNK, 3 * CHUNK - 8]).map(bytes)),
       st.binary(max_size=40), st.sampled_from(["aes-256-gcm", "chacha20-poly1305"]),
       st.integers(1, 4), st.binary(min_size=32, max_size=32))
def test_whatever_is_sealed_opens_again(oracle, small_centre, content, lock, aead, threads, seed):
    out, again = io.BytesIO(), io.BytesIO()
    params = Params("T", "1", "price", "00" * 32, 1, small_centre.transcript.public_key, None, lock, aead)
    done = seal(io.BytesIO(content), out, params, len(content), lambda n: seed, threads)
    opened = open_with_key(io.BytesIO(out.getvalue()), again, done.file_key, lock, done.digest, threads)
    assert again.getvalue() == content and opened.size == len(content)
    assert oracle.open(out.getvalue(), done.file_key, lock) == content
