from dataclasses import replace
from itertools import combinations

import pytest
from nacl import bindings

from kernel.canonical import canon, parse
from trading.sealing.rules import scalars
from trading.sealing.rules.ceremony import (
    Terms,
    blames,
    check_reveal,
    deal,
    identity_key,
    identity_seed,
    open_box,
    r0,
    reveal,
    settled,
    share_fits,
    share_for,
)
from trading.sealing.rules.faults import Fault
from trading.sealing.rules.transcript import build_transcript, check_signatures, read_transcript, restore, share_of, sign_transcript


def refused(call, *args):
    with pytest.raises(Fault) as caught:
        call(*args)
    return caught.value


def test_shares_of_any_k_give_the_key_and_of_fewer_do_not(centre):
    shares = {share.index: share.value for share in (share_of(centre.transcript, one) for one in centre.identities)}
    k = centre.terms.k

    def recovered(indices):
        return scalars.base_times(scalars.sum_scalars(scalars.times_scalar(scalars.lagrange(i, indices), shares[i]) for i in indices))

    for indices in combinations(centre.terms.indices, k):
        assert recovered(indices) == centre.transcript.key
    for indices in combinations(centre.terms.indices, k - 1):
        assert recovered(indices) != centre.transcript.key


def test_each_share_fits_its_verification_key(centre):
    for identity, key in zip(centre.identities, centre.transcript.verification_keys, strict=True):
        assert scalars.base_times(share_of(centre.transcript, identity).value) == key


def test_restoring_from_seed_and_transcript_gives_the_share_back(centre):
    transcript = read_transcript(centre.transcript.raw)
    for seed, identity in zip(centre.seeds, centre.identities, strict=True):
        assert restore(seed, transcript) == restore(seed, transcript, identity) == share_of(centre.transcript, identity)


def test_restoring_with_another_seed_is_refused(small_centre):
    other = bytes(32)
    assert refused(restore, other, small_centre.transcript, small_centre.identities[0]).code == "seed_differs"
    assert refused(restore, other, small_centre.transcript).code == "not_a_custodian"


def test_seed_gives_other_coefficients_in_another_ceremony(small_centre):
    other = replace(small_centre.terms, ceremony="another")
    seed = small_centre.seeds[0]
    assert set(deal(small_centre.terms, 1, seed).coefficients).isdisjoint(deal(other, 1, seed).coefficients)


def test_nonce_of_possession_differs_between_indices(small_centre):
    """The same nonce under two challenges would give the secret coefficient to everybody."""
    one, two = (deal(small_centre.terms, i, small_centre.seeds[0]) for i in (1, 2))
    assert one.coefficients == two.coefficients
    assert one.proof[:32] != two.proof[:32]


def test_coefficients_are_hidden_from_representations(small_centre):
    made = deal(small_centre.terms, 1, small_centre.seeds[0])
    assert made.coefficients[0].hex() not in repr(made) and str(made.coefficients[0]) not in repr(made)
    share = share_of(small_centre.transcript, small_centre.identities[0])
    assert str(share.value) not in repr(share)


def test_reveal_must_agree_with_the_hash_of_the_first_round(small_centre):
    terms, seeds = small_centre.terms, small_centre.seeds
    mine = deal(terms, 1, seeds[0])
    check_reveal(terms, reveal(terms, mine), r0(terms, mine))
    late = deal(terms, 1, bytes(32))
    fault = refused(check_reveal, terms, reveal(terms, late), r0(terms, mine))
    assert (fault.code, fault.reason.values) == ("reveal_differs", {"index": 1})


def test_proof_of_possession_is_demanded(small_centre):
    """A rogue key: A_0 chosen as a point whose logarithm nobody knows, with another's proof."""
    terms = small_centre.terms
    shown = reveal(terms, deal(terms, 1, small_centre.seeds[0]))
    rogue = scalars.minus(shown.commitments[0], reveal(terms, deal(terms, 2, small_centre.seeds[1])).commitments[0])
    forged = replace(shown, commitments=(rogue, *shown.commitments[1:]))
    assert refused(check_reveal, terms, forged, r0(terms, forged)).code == "possession_false"


def test_proof_of_possession_is_bound_to_index_and_ceremony(small_centre):
    terms = small_centre.terms
    shown = reveal(terms, deal(terms, 1, small_centre.seeds[0]))
    moved = replace(shown, index=2)
    assert refused(check_reveal, terms, moved, r0(terms, moved)).code == "possession_false"
    other = replace(terms, ceremony="another")
    assert refused(check_reveal, other, shown, r0(other, shown)).code == "possession_false"


@pytest.mark.parametrize("spoil", [
    lambda shown: replace(shown, commitments=shown.commitments[:-1]),
    lambda shown: replace(shown, commitments=(*shown.commitments[:-1], scalars.plus(scalars.BASE, scalars.ORDER_TWO))),
    lambda shown: replace(shown, boxes=shown.boxes[:-1]),
    lambda shown: replace(shown, boxes=(*shown.boxes[:-1], b"short")),
    lambda shown: replace(shown, proof=shown.proof[:63]),
    lambda shown: replace(shown, index=4),
], ids=["degree", "mixed-order", "box missing", "box short", "proof short", "index"])
def test_malformed_reveal_is_refused(small_centre, spoil):
    terms = small_centre.terms
    shown = reveal(terms, deal(terms, 1, small_centre.seeds[0]))
    check_reveal(terms, shown, r0(terms, shown))
    spoiled = spoil(shown)
    assert refused(check_reveal, terms, spoiled, r0(terms, spoiled)).code == "reveal_malformed"


def cheated(centre, wrong):
    """Custodian 1 deals custodian 2 the given content instead of its share."""
    shown = reveal(centre.terms, deal(centre.terms, 1, centre.seeds[0]))
    box = bindings.crypto_box_seal(wrong, scalars.montgomery(centre.terms.custodians[1]))
    return replace(shown, boxes=(shown.boxes[0], box, *shown.boxes[2:]))


def test_wrong_share_is_noticed_and_blamed(small_centre):
    terms, made = small_centre.terms, deal(small_centre.terms, 1, small_centre.seeds[0])
    honest = reveal(terms, made)
    assert open_box(terms, honest, small_centre.identities[1]) == share_for(made, 2)
    shown = cheated(small_centre, share_for(made, 3))
    check_reveal(terms, shown, r0(terms, shown))
    assert open_box(terms, shown, small_centre.identities[1]) is None
    assert open_box(terms, shown, small_centre.identities[2]) == share_for(made, 3)
    assert blames(shown, 2, None)
    assert blames(shown, 2, share_for(made, 3))
    assert not blames(shown, 2, share_for(made, 2))


def test_answered_complaint_settles_and_the_share_survives_in_the_transcript(small_centre):
    terms, seeds = small_centre.terms, small_centre.seeds
    deals = [deal(terms, i, seed) for i, seed in enumerate(seeds, 1)]
    shown = cheated(small_centre, share_for(deals[0], 3))
    reveals = [shown, *(reveal(terms, one) for one in deals[1:])]
    hashes = tuple(r0(terms, one) for one in deals)
    spoiled = read_transcript(build_transcript(terms, hashes, tuple(reveals)))
    fault = refused(share_of, spoiled, small_centre.identities[1])
    assert (fault.code, fault.reason.values) == ("share_wrong", {"index": 1})
    reveals[0] = settled(shown, 2, share_for(deals[0], 2))
    transcript = read_transcript(build_transcript(terms, hashes, tuple(reveals)))
    assert transcript.key == small_centre.transcript.key
    assert restore(seeds[1], transcript) == share_of(small_centre.transcript, small_centre.identities[1])


def test_false_answer_to_a_complaint_cannot_settle_it(small_centre):
    made = deal(small_centre.terms, 1, small_centre.seeds[0])
    assert refused(settled, reveal(small_centre.terms, made), 2, share_for(made, 3)).code == "share_wrong"


def test_share_with_a_second_encoding_does_not_fit(small_centre):
    made = deal(small_centre.terms, 1, small_centre.seeds[0])
    share = share_for(made, 2)
    assert share_fits(made.commitments, 2, share)
    assert not share_fits(made.commitments, 2, (int.from_bytes(share, "little") + scalars.ORDER).to_bytes(32, "little"))


def test_signatures_of_all_custodians_are_demanded(centre):
    transcript = centre.transcript
    signatures = [sign_transcript(transcript, identity) for identity in centre.identities]
    assert check_signatures(transcript, tuple(signatures)) == ()
    assert check_signatures(transcript, tuple(signatures[:-1])) == (len(signatures),)
    signatures[1] = signatures[0]
    assert check_signatures(transcript, tuple(signatures)) == (2,)


def test_stranger_cannot_sign(small_centre):
    assert refused(sign_transcript, small_centre.transcript, bytes(32)).code == "not_a_custodian"


def test_transcript_reads_back_as_the_same_bytes(centre):
    again = read_transcript(centre.transcript.raw)
    assert build_transcript(again.terms, tuple(r0(again.terms, one) for one in again.reveals), again.reveals) == centre.transcript.raw
    assert set(parse(again.raw)) == {"v", "ceremony", "tender", "k", "custodians", "r0", "commitments", "proofs", "boxes"}


@pytest.mark.parametrize(("change", "code"), [
    (lambda t: t.update(k=3), "reveal_malformed"),
    (lambda t: t.update(k="2"), "ceremony_malformed"),
    (lambda t: t.update(k=1), "ceremony_malformed"),
    (lambda t: t.update(ceremony=7), "ceremony_malformed"),
    (lambda t: t.update(ceremony="another"), "reveal_differs"),
    (lambda t: t.update(v=2), "transcript_malformed"),
    (lambda t: t.update(extra="x"), "transcript_malformed"),
    (lambda t: t["custodians"].pop(), "ceremony_malformed"),
    (lambda t: t["custodians"].__setitem__(0, t["custodians"][1]), "ceremony_malformed"),
    (lambda t: t["custodians"].__setitem__(0, t["custodians"][0].upper()), "transcript_malformed"),
    (lambda t: t["proofs"].pop(), "transcript_malformed"),
    (lambda t: t["r0"].reverse(), "reveal_differs"),
    (lambda t: t["proofs"].reverse(), "reveal_differs"),
    (lambda t: t["boxes"][0].__setitem__(1, "01" + "00" * 31), "share_wrong"),
    (lambda t: t.update(commitments="00"), "transcript_malformed"),
])
def test_changed_transcript_is_refused(small_centre, change, code):
    fields = parse(small_centre.transcript.raw)
    change(fields)
    assert refused(read_transcript, canon(fields)).code == code


def test_transcript_that_is_no_object_is_refused():
    for raw in (b"", b"[]", b"{", b"[" * 100_000, b"\xff", b'{"v":1}'):
        assert refused(read_transcript, raw).code == "transcript_malformed"


def test_terms_demand_two_of_three(small_centre):
    keys = small_centre.terms.custodians
    assert Terms("c", "t", 2, keys).indices == range(1, 4)
    assert refused(Terms, "c", "t", 2, keys[:2]).code == "ceremony_malformed"
    assert refused(Terms, "c", "t", 4, keys).code == "ceremony_malformed"
    assert refused(Terms, "", "t", 2, keys).code == "ceremony_malformed"


def test_identity_key_follows_from_the_seed(small_centre):
    assert identity_key(identity_seed(small_centre.seeds[0])) == small_centre.terms.custodians[0]


def test_proof_of_possession_has_one_encoding(small_centre):
    terms = small_centre.terms
    shown = reveal(terms, deal(terms, 1, small_centre.seeds[0]))
    second = (int.from_bytes(shown.proof[32:], "little") + scalars.ORDER).to_bytes(32, "little")
    twin = replace(shown, proof=shown.proof[:32] + second)
    assert refused(check_reveal, terms, twin, r0(terms, twin)).code == "possession_false"
