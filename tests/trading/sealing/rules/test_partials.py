import io
from dataclasses import replace
from itertools import combinations

import pytest

from kernel.canonical import canon, parse
from trading.sealing.rules import scalars
from trading.sealing.rules.envelope import Params, commitment_fits, open_with_key, seal
from trading.sealing.rules.faults import Fault
from trading.sealing.rules.header import check_prefix, parse_prefix
from trading.sealing.rules.hpke import file_key_from_dh
from trading.sealing.rules.partials import (
    Occasion,
    answer_all,
    build_batch,
    combine,
    combine_points,
    false_partials,
    partial,
    partial_holds,
    read_batch,
    sign_batch,
    signed_batch,
)
from trading.sealing.rules.transcript import restore, share_of

CLOSE = bytes(range(32))


@pytest.fixture
def occasion(centre):
    return Occasion(centre.terms.ceremony, centre.terms.tender, CLOSE)


@pytest.fixture
def envelope(oracle, centre):
    """Sealed by an independent RFC 9180 sender; digest, prefix, file, file key."""
    file, key = oracle.seal(b"the bid", centre.transcript.public_key)
    return oracle.digest(file), check_prefix(file), file, key


def answers(centre, occasion, envelope, dice):
    digest, prefix = envelope[:2]
    context = occasion.context(prefix.header.lot, prefix.header.part, digest)
    shares = [share_of(centre.transcript, identity) for identity in centre.identities]
    return {share.index: partial(share, prefix.point, context, digest, dice) for share in shares}


def refused(call, *args):
    with pytest.raises(Fault) as caught:
        call(*args)
    return caught.value


def test_any_k_custodians_open_what_an_rfc_9180_sender_sealed(centre, occasion, envelope, dice):
    digest, prefix, file, key = envelope
    given = answers(centre, occasion, envelope, dice)
    for chosen in combinations(given, centre.terms.k):
        combined = combine(centre.transcript, occasion, prefix, digest, {i: given[i] for i in chosen})
        assert combined.file_key == key and combined.blamed == ()
    out = io.BytesIO()
    open_with_key(io.BytesIO(file), out, key)
    assert out.getvalue() == b"the bid"


def test_custodians_open_what_we_sealed(centre, occasion, dice):
    out = io.BytesIO()
    params = Params(centre.terms.tender, "1", "price", "00" * 32, 1, centre.transcript.public_key)
    done = seal(io.BytesIO(b"form"), out, params, 4, dice)
    envelope = (done.digest, check_prefix(out.getvalue()))
    combined = combine(centre.transcript, occasion, done.prefix, done.digest, answers(centre, occasion, envelope, dice))
    assert combined.file_key == done.file_key


def test_one_custodian_less_cannot_derive_the_key(centre, occasion, envelope, dice):
    digest, prefix, _, key = envelope
    given = answers(centre, occasion, envelope, dice)
    k = centre.terms.k
    few = {i: given[i] for i in list(given)[: k - 1]}
    fault = refused(combine, centre.transcript, occasion, prefix, digest, few)
    assert (fault.code, fault.reason.values) == ("too_few_partials", {"good": k - 1, "need": k, "blamed": "-"})
    # and not by skipping that check either
    points = {i: one.point for i, one in few.items()}
    guess = scalars.montgomery(combine_points(points, k - 1))
    attempt = file_key_from_dh(guess, scalars.montgomery(prefix.point), centre.transcript.public_key, prefix.encoded)
    assert attempt != key and not commitment_fits(prefix, attempt) and commitment_fits(prefix, key)


def test_restored_custodian_answers_like_the_lost_one(centre, occasion, envelope, dice):
    digest, prefix, _, key = envelope
    given = answers(centre, occasion, envelope, dice)
    again = restore(centre.seeds[0], centre.transcript)
    made = partial(again, prefix.point, occasion.context("1", "technical", digest), digest, dice)
    assert made.point == given[1].point
    assert combine(centre.transcript, occasion, prefix, digest, {**given, 1: made}).file_key == key


def test_false_partial_is_left_out_and_blamed(centre, occasion, envelope, dice):
    digest, prefix, _, key = envelope
    given = answers(centre, occasion, envelope, dice)
    given[2] = replace(given[2], point=given[1].point)
    combined = combine(centre.transcript, occasion, prefix, digest, given)
    assert (combined.file_key, combined.blamed) == (key, (2,))
    few = {i: given[i] for i in list(given)[: centre.terms.k]}
    assert refused(combine, centre.transcript, occasion, prefix, digest, few).reason.values["blamed"] == "2"


@pytest.mark.parametrize("spoil", [
    lambda one: replace(one, point=scalars.plus(one.point, scalars.ORDER_TWO)),
    lambda one: replace(one, point=scalars.IDENTITY),
    lambda one: replace(one, point=scalars.BASE),
    lambda one: replace(one, challenge=scalars.scalar(1)),
    lambda one: replace(one, answer=scalars.plus_scalar(one.answer, scalars.scalar(1))),
    lambda one: replace(one, answer=(int.from_bytes(one.answer, "little") + scalars.ORDER).to_bytes(32, "little")),
    lambda one: replace(one, challenge=scalars.ZERO, answer=scalars.ZERO),
], ids=["mixed", "identity", "other point", "challenge", "answer", "second encoding", "zero"])
def test_changed_partial_does_not_hold(small_centre, oracle, dice, spoil):
    share = share_of(small_centre.transcript, small_centre.identities[0])
    point = scalars.base_times(scalars.scalar(99))
    made = partial(share, point, b"context", CLOSE, dice)
    key = small_centre.transcript.verification_keys[0]
    assert partial_holds(key, point, b"context", made)
    assert not partial_holds(key, point, b"context", spoil(made))


def test_partial_is_bound_to_custodian_point_and_occasion(small_centre, dice):
    share = share_of(small_centre.transcript, small_centre.identities[0])
    keys = small_centre.transcript.verification_keys
    point = scalars.base_times(scalars.scalar(99))
    occasion = Occasion("c", "t", CLOSE)
    context = occasion.context("1", "price", CLOSE)
    made = partial(share, point, context, CLOSE, dice)
    assert partial_holds(keys[0], point, context, made)
    assert not partial_holds(keys[1], point, context, made)
    assert not partial_holds(keys[0], scalars.plus(point, scalars.BASE), context, made)
    for other in (occasion.context("2", "price", CLOSE), occasion.context("1", "technical", CLOSE),
                  occasion.context("1", "price", bytes(32)),
                  Occasion("c", "t", bytes(32)).context("1", "price", CLOSE), Occasion("c", "u", CLOSE).context("1", "price", CLOSE),
                  Occasion("d", "t", CLOSE).context("1", "price", CLOSE)):
        assert not partial_holds(keys[0], point, other, made)


def test_context_is_the_documented_object():
    assert Occasion("c", "t", CLOSE).context("1", "price", bytes(32)) == (
        b'{"ceremony":"c","close":"' + CLOSE.hex().encode() + b'","digest":"' + b"00" * 32 + b'","lot":"1","part":"price","tender":"t"}'
    )


def test_nonce_stays_secret_with_a_broken_generator(small_centre):
    """Constant 'randomness': different contexts still get different nonces, else two answers would give the share."""
    share = share_of(small_centre.transcript, small_centre.identities[0])
    point = scalars.base_times(scalars.scalar(99))
    one, two = (partial(share, point, context, CLOSE, bytes) for context in (b"a", b"b"))
    above = int.from_bytes(one.answer, "little") - int.from_bytes(two.answer, "little")
    below = int.from_bytes(one.challenge, "little") - int.from_bytes(two.challenge, "little")
    assert scalars.scalar(above * pow(below, -1, scalars.ORDER)) != share.value


def test_custodian_refuses_a_point_outside_the_subgroup(small_centre, dice):
    share = share_of(small_centre.transcript, small_centre.identities[0])
    for bad in (scalars.ORDER_TWO, scalars.IDENTITY, scalars.plus(scalars.BASE, scalars.ORDER_TWO)):
        assert refused(partial, share, bad, b"context", CLOSE, dice).code == "point_bad"


@pytest.fixture
def batch(small_centre, oracle, dice):
    """Three bids, the answer of custodian 1, and what is needed to ask again."""
    key = small_centre.transcript.public_key
    envelopes = {}
    for seed in range(3):
        file, _ = oracle.seal(b"bid", key, seed=bytes([seed]) * 32, supplier=f"{seed:064x}")
        envelopes[oracle.digest(file)] = parse_prefix(file)
    occasion = Occasion(small_centre.terms.ceremony, "G26ABCDEF", CLOSE)
    share = share_of(small_centre.transcript, small_centre.identities[0])
    return answer_all(share, occasion, envelopes, key, dice), envelopes, (share, occasion, key, dice)


def test_batch_travels_signed(batch, small_centre):
    made, envelopes, _ = batch
    raw = build_batch(made)
    assert read_batch(raw) == made and false_partials(small_centre.transcript, read_batch(raw), envelopes) == ()
    signature = sign_batch(raw, small_centre.identities[0])
    assert signed_batch(raw, small_centre.terms.custodians[0], signature)
    assert not signed_batch(raw, small_centre.terms.custodians[1], signature)
    assert not signed_batch(raw + b" ", small_centre.terms.custodians[0], signature)


def test_false_partials_of_a_batch_are_listed(batch, small_centre):
    made, envelopes, _ = batch
    spoiled = replace(made, partials=(made.partials[0], replace(made.partials[1], point=made.partials[0].point), made.partials[2]))
    assert false_partials(small_centre.transcript, spoiled, envelopes) == (made.partials[1].digest,)
    unasked = dict(list(envelopes.items())[:2])
    assert len(false_partials(small_centre.transcript, made, unasked)) == 1
    assert refused(false_partials, small_centre.transcript, replace(made, index=4), envelopes).code == "not_a_custodian"


@pytest.mark.parametrize("change", [
    lambda b: b.update(v=2),
    lambda b: b.pop("close"),
    lambda b: b.update(index="1"),
    lambda b: b.update(tender=1),
    lambda b: b["partials"].append(b["partials"][0]),
    lambda b: b["partials"][0].pop(),
    lambda b: b["partials"][0].__setitem__(1, "AB" * 32),
    lambda b: b["partials"][0].__setitem__(1, 5),
])
def test_malformed_batch_is_refused(batch, change):
    fields = parse(build_batch(batch[0]))
    change(fields)
    assert refused(read_batch, canon(fields)).code == "batch_malformed"
    assert refused(read_batch, build_batch(batch[0]) + b"\n").code == "batch_malformed"


def test_custodian_refuses_to_answer(batch, oracle):
    _, envelopes, (share, occasion, key, dice) = batch
    first = next(iter(envelopes.values()))
    elsewhere = parse_prefix(oracle.seal(b"bid", key, tender="G26EARLIER", seed=b"\x09" * 32)[0])
    other_key = parse_prefix(oracle.seal(b"bid", scalars.montgomery(scalars.BASE), seed=b"\x09" * 32)[0])
    forged = parse_prefix(oracle.seal(b"bid", key, seed=b"\x09" * 32, eph="58" + "66" * 31)[0])
    for extra, code, values in (
        (first, "point_repeated", {}),
        (elsewhere, "wrong_context", {"field": "tender"}),
        (other_key, "wrong_context", {"field": "key"}),
        (forged, "proof_false", {}),
    ):
        fault = refused(answer_all, share, occasion, {**envelopes, bytes(32): extra}, key, dice)
        assert (fault.code, fault.reason.values) == (code, values)


def test_combining_for_another_key_is_refused(small_centre, oracle, dice):
    file, _ = oracle.seal(b"bid", scalars.montgomery(scalars.BASE))
    fault = refused(combine, small_centre.transcript, Occasion("c", "t", CLOSE), parse_prefix(file), CLOSE, {})
    assert (fault.code, fault.reason.values) == ("wrong_context", {"field": "key"})
