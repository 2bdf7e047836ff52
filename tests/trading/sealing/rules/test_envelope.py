import io
import json
import tracemalloc
from dataclasses import replace
from hashlib import sha512

import pytest

from kernel.canonical import canon
from trading.sealing.rules import scalars
from trading.sealing.rules.envelope import Params, check_structure, commitment_fits, digest_from, digest_of, open_with_key, prefix_for, seal
from trading.sealing.rules.faults import FAULTS, Fault
from trading.sealing.rules.header import (
    CHACHA,
    CHUNK,
    PREFIX_LIMIT,
    Header,
    check_context,
    check_distinct,
    check_prefix,
    padded_length,
    padme,
    parse_prefix,
    proof_holds,
    read_header,
    statement,
)

SIZES = [0, 1, 65528, 65529, CHUNK - 8, CHUNK - 7, 2 * CHUNK + 5]


@pytest.fixture
def params(small_centre):
    return Params("G26ABCDEF", "1", "technical", "ab" * 32, 1, small_centre.transcript.public_key)


def sealed(params, data, dice, threads=1):
    out = io.BytesIO()
    done = seal(io.BytesIO(data), out, params, len(data), dice, threads)
    return out.getvalue(), done


def opened(file, key, lock=b"", **options):
    out = io.BytesIO()
    return out, open_with_key(io.BytesIO(file), out, key, lock, **options)


def code_of(file, key, lock=b"", **options):
    """The refusal of an opening."""
    with pytest.raises(Fault) as caught:
        opened(file, key, lock, **options)
    return caught.value.code


def structure_code(file):
    with pytest.raises(Fault) as caught:
        check_structure(io.BytesIO(file))
    return caught.value.code


@pytest.fixture(scope="module")
def example(oracle, small_centre):
    """Three full chunks and a short one, sealed by the independent writer."""
    data = bytes(range(256)) * 12_800 + b"end"
    file, key = oracle.seal(data, small_centre.transcript.public_key)
    assert len(oracle.chunks(file)) == 4
    return data, file, key


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("threads", [1, 3])
def test_both_implementations_open_each_others_files(params, oracle, dice, size, threads):
    data = dice(size)
    file, done = sealed(params, data, dice, threads)
    assert oracle.open(file, done.file_key) == data
    assert oracle.digest(file) == done.digest == digest_of(io.BytesIO(file))
    theirs, key = oracle.seal(data, params.key)
    out, result = opened(theirs, key, threads=threads)
    assert out.getvalue() == data
    assert (result.digest, result.size) == (oracle.digest(theirs), size)


def test_same_ephemeral_seed_gives_the_same_bytes(params, oracle, dice):
    data = dice(70_000)
    for changes in ({}, {"aead": CHACHA}, {"prev": "cd" * 32}):
        mine, done = sealed(replace(params, **changes), data, lambda n: b"\x07" * n)
        assert (mine, done.file_key) == oracle.seal(data, params.key, **changes)
    mine, done = sealed(replace(params, lock=b"secret" * 6), data, lambda n: b"\x07" * n)
    assert (mine, done.file_key) == oracle.seal(data, params.key, b"secret" * 6)


def test_two_sealings_share_nothing(params, dice):
    one, two = (sealed(params, b"x", dice)[1] for _ in range(2))
    assert one.file_key != two.file_key and one.prefix.header.eph != two.prefix.header.eph


def test_memory_stays_small_for_a_large_file(params):
    class Endless:
        def readinto(self, buffer):
            step = min(len(buffer), self.left)
            self.left -= step
            return step

        left = 96 << 20

    class Nowhere:
        def write(self, data):
            return len(data)

    tracemalloc.start()
    seal(Endless(), Nowhere(), params, 96 << 20, lambda n: bytes(n), threads=64)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 << 20


def test_client_checks_its_own_envelope_without_writing(example):
    data, file, key = example
    assert open_with_key(io.BytesIO(file), None, key).size == len(data)


def test_streams_that_give_and_take_little_at_a_time(params, dice):
    class Slow(io.BytesIO):
        def readinto(self, buffer):
            return super().readinto(buffer[:4097])

        def write(self, data):
            return super().write(data[:70_001])

    data, out = dice(200_000), Slow()
    done = seal(Slow(data), out, params, len(data), dice)
    again = Slow()
    open_with_key(Slow(out.getvalue()), again, done.file_key)
    assert again.getvalue() == data


@pytest.mark.parametrize("real", [99_999, 100_001])
def test_source_that_changes_while_it_is_read_is_refused(params, dice, real):
    with pytest.raises(Fault) as caught:
        seal(io.BytesIO(bytes(real)), io.BytesIO(), params, 100_000, dice)
    assert caught.value.code == "source_changed"


def test_weak_public_key_is_refused(params, dice):
    with pytest.raises(Fault) as caught:
        sealed(replace(params, key=bytes(32)), b"x", dice)
    assert caught.value.code == "key_unusable"


# refusals: every one starts from the file that opens


def test_truncation(example, oracle):
    _, file, key = example
    for cut in (1, 16, 17, CHUNK, len(file) - oracle.front(file), len(file) - oracle.front(file) + 1, len(file) - 8, len(file)):
        assert code_of(file[: len(file) - cut], key) == "truncated"
        assert structure_code(file[: len(file) - cut]) == "truncated"


def test_truncation_at_a_chunk_with_lengths_made_to_fit(example, oracle):
    """Three whole chunks: the lengths would agree, were they not signed."""
    _, file, key = example
    front, at = oracle.front(file), oracle.front(file) - 80
    short = file[:at] + (2 * CHUNK).to_bytes(8, "big") + (2).to_bytes(8, "big") + file[at + 16 : front + 2 * (CHUNK + 16)]
    assert code_of(short, key) == "proof_false"
    assert structure_code(short) == "proof_false"


def test_reordering(example, oracle):
    _, file, key = example
    front, chunks = file[: oracle.front(file)], oracle.chunks(file)
    assert code_of(front + chunks[1] + chunks[0] + b"".join(chunks[2:]), key) == "reordered"
    assert code_of(front + b"".join(chunks[1:]) + chunks[0], key) == "reordered"
    assert code_of(front + chunks[3] + b"".join(chunks[:3]), key) == "reordered"
    assert code_of(front + chunks[0] + chunks[0] + b"".join(chunks[2:]), key) == "reordered"


def test_appending(example, oracle):
    _, file, key = example
    for tail in (b"\x00", oracle.chunks(file)[3], file):
        assert code_of(file + tail, key) == "appended"
        assert structure_code(file + tail) == "appended"


def test_flipped_bit_in_each_chunk(example, oracle):
    _, file, key = example
    for index in range(4):
        for offset in (0, len(oracle.chunks(file)[index]) - 1):
            at = oracle.front(file) + index * (CHUNK + 16) + offset
            with pytest.raises(Fault) as caught:
                opened(file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :], key, threads=2)
            assert (caught.value.code, caught.value.reason.values) == ("flipped", {"index": index})


def test_flipped_bit_in_commitment_lengths_and_proof(example, oracle):
    _, file, key = example
    end = oracle.front(file)
    for at, code in ((end - 112, "header_edited"), (end - 73, "length_lies"), (end - 65, "length_lies"), (end - 1, "proof_false")):
        assert code_of(file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :], key) == code


def edited(file, oracle, **changes):
    end = oracle.front(file) - 112
    fields = {**json.loads(file[10:end]), **changes}
    head = canon({name: value for name, value in fields.items() if value is not None})
    return b"TBID1\n" + len(head).to_bytes(4, "big") + head + file[end:]


@pytest.mark.parametrize("changes", [
    {"tender": "G26OTHERS"}, {"lot": "2"}, {"part": "price"}, {"supplier": "cd" * 32}, {"version": 2}, {"prev": "ef" * 32},
    {"aead": CHACHA}, {"key": "09" + "00" * 31}, {"lock": "00" * 32},
], ids=str)
def test_any_header_edit(example, oracle, changes):
    _, file, key = example
    assert edited(file, oracle) == file
    spoiled = edited(file, oracle, **changes)
    assert code_of(spoiled, key) == "header_edited"
    assert structure_code(spoiled) == "proof_false"


@pytest.mark.parametrize(("changes", "field"), [
    ({"v": 2}, "v"), ({"kem": "x25519"}, "kem"), ({"aead": "aes-128-gcm"}, "aead"), ({"chunk": 65536}, "chunk"),
    ({"part": "prices"}, "part"),
    ({"version": 0}, "version"), ({"version": "1"}, "version"), ({"supplier": "AB" * 32}, "supplier"), ({"eph": "ab"}, "eph"),
    ({"tender": ""}, "tender"), ({"tender": 5}, "tender"), ({"lot": None}, "lot"), ({"note": "x"}, "note"), ({"prev": "x"}, "prev"),
], ids=str)
def test_header_field_without_meaning_is_refused_by_name(example, oracle, changes, field):
    _, file, key = example
    spoiled = edited(file, oracle, **changes)
    for attempt in (lambda: opened(spoiled, key), lambda: check_structure(io.BytesIO(spoiled))):
        with pytest.raises(Fault) as caught:
            attempt()
        assert (caught.value.code, caught.value.reason.values) == ("header_invalid", {"field": field})


@pytest.mark.parametrize("spoil", [
    lambda head: head.replace(b'":', b'": ', 1),
    lambda head: b" " + head,
    lambda head: head + b"\n",
    lambda head: b'{"v":1,' + head[1:],
    lambda head: head.replace(b'"lot":"1"', b'"lot":"\\u0031"'),
    lambda head: head.replace(b'"version":1', b'"version":1.0'),
    lambda head: head.replace(b'"version":1', b'"version":true'),
    lambda head: head.decode().encode("utf-16"),
    lambda head: b"\xef\xbb\xbf" + head,
    lambda head: b"[]",
    lambda head: b"",
    lambda head: b"[" * 16_000,
    lambda head: b"\xff" + head[1:],
], ids=range(13))
def test_header_that_is_not_canonical(oracle, small_centre, spoil):
    """The sealer himself signs the odd bytes, so that nothing else is wrong with the file."""
    key = small_centre.transcript.public_key
    head = parse_prefix(oracle.seal(b"x", key)[0]).encoded
    file, file_key = oracle.seal(b"x", key, encoded=head)
    assert opened(file, file_key)[0].getvalue() == b"x"
    odd, odd_key = oracle.seal(b"x", key, encoded=spoil(head) or b" ")
    assert code_of(odd, odd_key) == structure_code(odd) == "header_not_canonical"


def test_header_too_long(oracle, small_centre):
    file, key = oracle.seal(b"x", small_centre.transcript.public_key, tender="T" * 20_000)
    assert code_of(file, key) == structure_code(file) == "header_too_long"


def test_something_else_entirely():
    for data in (b"%PDF-1.7\n" + bytes(500), b"TBID2\n" + bytes(500), bytes(500)):
        assert code_of(data, bytes(32)) == structure_code(data) == "not_an_envelope"


def test_copied_point_cannot_be_signed_for(example, oracle, small_centre):
    """A rival puts the point of a sealed bid into a header of his own that would open earlier."""
    _, file, _ = example
    victim = parse_prefix(file).header.eph
    copy, key = oracle.seal(b"mine", small_centre.transcript.public_key, tender="G26EARLIER", eph=victim, seed=b"\x09" * 32)
    assert code_of(copy, key) == structure_code(copy) == "proof_false"
    honest, key = oracle.seal(b"mine", small_centre.transcript.public_key, tender="G26EARLIER", seed=b"\x09" * 32)
    assert opened(honest, key)[0].getvalue() == b"mine"


def test_repeated_point_is_refused_even_with_its_proof(example):
    _, file, _ = example
    point = parse_prefix(file).point
    check_distinct([point, scalars.BASE])
    with pytest.raises(Fault) as caught:
        check_distinct([point, scalars.BASE, point])
    assert caught.value.code == "point_repeated"


def test_mixed_order_point_is_refused_though_its_proof_would_hold(params, dice):
    """A + (0, -1): half of all nonces make a valid Ed25519 signature by the scalar of A."""
    prefix, _, _ = prefix_for(params, 10, dice)
    secret, tried = scalars.scalar(123456789), 0
    mixed = scalars.plus(scalars.base_times(secret), scalars.ORDER_TWO)
    forged = replace(prefix, header=replace(prefix.header, eph=mixed.hex()))
    encoded = forged.header.encode()
    forged = replace(forged, encoded=encoded)
    while not proof_holds(forged):
        tried += 1
        nonce = scalars.scalar(tried)
        first = scalars.base_times(nonce)
        said = statement(forged.hh, forged.commitment, forged.padded, forged.chunks)
        challenge = scalars.reduce(sha512(first + mixed + said).digest())
        forged = replace(forged, proof=first + scalars.plus_scalar(nonce, scalars.times_scalar(challenge, secret)))
    tail = forged.commitment + forged.padded.to_bytes(8, "big") + forged.chunks.to_bytes(8, "big") + forged.proof
    with pytest.raises(Fault) as caught:
        check_prefix(b"TBID1\n" + len(encoded).to_bytes(4, "big") + encoded + tail)
    assert caught.value.code == "point_bad"


@pytest.mark.parametrize(("wanted", "field"), [
    ({"tender": "G26OTHERS"}, "tender"), ({"lot": "2"}, "lot"), ({"part": "price"}, "part"), ({"supplier": "00" * 32}, "supplier"),
    ({"version": 2}, "version"), ({"prev": "00" * 32}, "prev"), ({"key": "00" * 32}, "key"),
], ids=str)
def test_wrong_context(example, wanted, field):
    header = parse_prefix(example[1]).header
    check_context(header, tender="G26ABCDEF", lot="1", part="technical", supplier="ab" * 32, version=1, prev=None)
    with pytest.raises(Fault) as caught:
        check_context(header, **wanted)
    reason = caught.value.reason
    assert (caught.value.code, reason.rule, reason.values) == ("wrong_context", "context_matches", {"field": field})


def test_commitment_that_does_not_match(example, oracle, small_centre):
    data, file, key = example
    assert code_of(file, bytes(32)) == "commitment"
    assert commitment_fits(parse_prefix(file), key) and not commitment_fits(parse_prefix(file), bytes(32))
    other, other_key = oracle.seal(data, small_centre.transcript.public_key, commitment=bytes(32))
    check_structure(io.BytesIO(other))
    assert code_of(other, other_key) == "commitment"


def test_file_key_of_wrong_length(example):
    assert code_of(example[1], example[2][:31]) == "file_key_unusable"


def test_length_that_lies(oracle, small_centre):
    key = small_centre.transcript.public_key
    for stated in (0, 69_999, 100_000, 1 << 63):
        file, file_key = oracle.seal(bytes(range(1, 101)) * 700, key, stated=stated)
        check_structure(io.BytesIO(file))
        assert code_of(file, file_key) == ("padding_dirty" if stated == 69_999 else "length_lies")


def test_padding_that_hides_bytes(oracle, small_centre):
    file, file_key = oracle.seal(b"x" * 70_000, small_centre.transcript.public_key, dirt=b"!")
    check_structure(io.BytesIO(file))
    assert code_of(file, file_key) == "padding_dirty"


@pytest.mark.parametrize(("padded", "count"), [(65_535, 1), (65_537, 1), (65_536, 2), (65_536, 0), (0, 0), ((1 << 64) - 1, 1 << 44)])
def test_impossible_lengths_are_refused_before_any_chunk(example, oracle, padded, count):
    _, file, key = example
    at = oracle.front(file) - 80
    spoiled = file[:at] + padded.to_bytes(8, "big") + count.to_bytes(8, "big") + file[at + 16 :]
    assert code_of(spoiled, key) == structure_code(spoiled) == "length_lies"


def test_possible_but_false_length_is_named(example, oracle):
    _, file, key = example
    at = oracle.front(file) - 80
    assert code_of(file[:at] + (8 * CHUNK).to_bytes(8, "big") + (8).to_bytes(8, "big") + file[at + 16 :], key) == "length_lies"


def test_lock(oracle, small_centre):
    key, secret = small_centre.transcript.public_key, bytes(range(32))
    file, file_key = oracle.seal(b"price", key, secret)
    assert opened(file, file_key, secret)[0].getvalue() == b"price"
    assert code_of(file, file_key) == "lock_missing"
    assert code_of(file, file_key, bytes(32)) == "lock_wrong"
    bare, bare_key = oracle.seal(b"price", key)
    assert code_of(bare, bare_key, secret) == "lock_unwanted"


def test_digest_other_than_the_recorded_one(example, oracle):
    _, file, key = example
    assert opened(file, key, digest=oracle.digest(file))[1].digest == oracle.digest(file)
    assert code_of(file, key, digest=bytes(32)) == "digest_differs"


def test_upload_is_judged_from_its_first_bytes(example, oracle):
    _, file, _ = example
    prefix = check_prefix(file[:PREFIX_LIMIT])
    assert prefix.total == len(file) and prefix.raw == file[: oracle.front(file)]
    spans = [prefix.span(i) for i in range(prefix.chunks)]
    assert [file[at : at + length] for at, length in spans] == oracle.chunks(file)
    checked = check_structure(io.BytesIO(file))
    assert digest_from(prefix.raw, checked.leaves) == checked.digest == oracle.digest(file)
    with pytest.raises(IndexError):
        prefix.span(4)


def test_padme_is_its_own_fixed_point_and_adds_at_most_twelve_per_cent(dice):
    for size in [*range(1, 5000), *(int.from_bytes(dice(5), "big") + 9 for _ in range(2000))]:
        padded = padme(size)
        assert size <= padded <= size * 112 // 100 + 1 and padme(padded) == padded
    assert [padme(n) for n in (9, 10, 1000, 65_537, 10**9)] == [10, 10, 1024, 67_584, 1_006_632_960]
    assert [padded_length(n) for n in (0, 65_528, 65_529)] == [65_536, 65_536, 67_584]


def test_header_survives_its_own_encoding():
    header = Header("公开招标 G26", "1", "price", "00" * 32, 3, "11" * 32, "22" * 32, prev="33" * 32, lock="44" * 32)
    assert read_header(header.encode()) == header
    with pytest.raises(Fault):
        replace(header, tender="\ud800").encode()


def test_every_fault_speaks_both_languages():
    for code, (rule, text) in FAULTS.items():
        assert rule and text.zh and text.en and text.zh != text.en, code
