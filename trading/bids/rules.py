"""When a sealed bid may come, change or go, and when the list is closed. Pure: facts in, reason out."""
import hmac
import re
from collections.abc import Iterable, Mapping

from kernel.errors import Reason, Text
from kernel.machine import Facts
from kernel.tree import leaf_hash, root
from kernel.values import show_time
from trading.sealing.rules.faults import Fault
from trading.sealing.rules.header import Prefix, check_context, check_distinct, check_locks

NOTED = ("before_closing", "envelope_whole", "context_matches", "proof_good", "key_certified")
NUMBER = re.compile(r"[A-Za-z0-9-]{4,60}")


def required_parts(procedure: str) -> tuple[str, ...]:
    """The files of a whole bid. A replay of a recorded auction has nothing but prices."""
    return ("price",) if procedure == "replay.lowest" else ("price", "commercial", "technical")


def supplier_commitment(salt: bytes, code: str) -> str:
    """How a header names its supplier: HMAC-SHA256(salt, credit code) in hex; the salt stands in the receipt."""
    return hmac.new(salt, code.encode(), "sha256").hexdigest()


def closing_root(digests: Iterable[str]) -> str:
    """RFC 6962 root over the live digests in ascending order, each a leaf of 32 raw bytes."""
    return root([leaf_hash(bytes.fromhex(digest)) for digest in sorted(digests)]).hex()


def before_closing(f: Facts) -> Reason | None:
    """f.moment: after the last byte. f.written: the stage last written; a closed list is closed for good."""
    if f.moment < f.deadline and f.written == "inviting":
        return None
    at, end = show_time(f.moment, seconds=True), show_time(f.deadline, seconds=True)
    return Reason("before_closing", Text(f"收讫时间 {at}", f"received at {at}"), Text(f"截止时间 {end}", f"deadline {end}"), values={"deadline": end})


def not_barred(f: Facts) -> Reason | None:
    if f.barred_until is None or f.barred_until <= f.now:
        return None
    return Reason("not_barred", values={"decision": f.bar_decision})


def envelope_whole(f: Facts) -> Reason | None:
    missing = set(f.required) - set(f.prefixes)
    surplus = set(f.prefixes) - set(f.required)
    if not missing and not surplus:
        return None
    listed = "、".join(sorted(missing or surplus))
    found = Text(f"缺少部分：{listed}", f"parts missing: {listed}") if missing else Text(f"多出部分：{listed}", f"parts not asked for: {listed}")
    return Reason("envelope_whole", found)


def context_matches(f: Facts) -> Reason | None:
    """Tender, lot, part, key, supplier, version and predecessor in every header, and a lock where the tender's mode has one."""
    prefixes: Mapping[str, Prefix] = f.prefixes
    try:
        for part, prefix in prefixes.items():
            check_context(prefix.header, **f.expected, part=part, prev=f.previous.get(part))
        check_locks([prefix.header for prefix in prefixes.values()], f.mode == "M2", f.envelopes)
    except Fault as fault:
        return fault.reason
    return None


def proof_good(f: Facts) -> Reason | None:
    """The proofs themselves were checked with the last byte; here, that no ephemeral key stands twice anywhere."""
    try:
        check_distinct([prefix.point for prefix in f.prefixes.values()] + [bytes.fromhex(point) for point in f.points_known])
    except Fault as fault:
        return fault.reason
    return None


def key_certified(f: Facts) -> Reason | None:
    return None if f.certified else Reason("key_certified")


def no_live_bid_without_prev(f: Facts) -> Reason | None:
    return Reason("no_live_bid_without_prev") if f.live else None


def prev_is_live(f: Facts) -> Reason | None:
    return None if f.live else Reason("prev_is_live")


def after_closing(f: Facts) -> Reason | None:
    return None if f.now >= f.deadline else Reason("after_closing")


def account_known_to_bank(f: Facts) -> Reason | None:
    return None if f.known else Reason("account_known_to_bank")


def guarantee_form_complete(f: Facts) -> Reason | None:
    """Number, amount of at least the deposit, and validity over the whole validity of the bid."""
    if not NUMBER.fullmatch(f.number):
        return Reason("guarantee_form_complete", Text("保函编号有误", "the number cannot be read"))
    if f.amount < f.deposit:
        return Reason("guarantee_form_complete", Text("保函金额不足", "the amount is too small"))
    if f.valid_until < f.valid_needed:
        return Reason("guarantee_form_complete", Text("保函有效期不足", "it ends before the bid's validity does"))
    return None


def attempt_real(f: Facts) -> Reason | None:
    return None if f.guard in NOTED and f.known else Reason("attempt_real")


def digest_known(f: Facts) -> Reason | None:
    return None if f.recorded else Reason("digest_known")


def byte_equal(f: Facts) -> Reason | None:
    return None if f.digest == f.recorded else Reason("byte_equal")


def closing_reached(f: Facts) -> Reason | None:
    return None if f.now >= f.deadline else Reason("closing_reached")


def bids_all_sequenced(f: Facts) -> Reason | None:
    """Waits for what is in time and not yet in the ledger, and no longer than the grace."""
    if not f.waiting or f.now >= f.deadline + f.grace_seconds * 1000:
        return None
    return Reason("bids_all_sequenced")


def no_open_incident(f: Facts) -> Reason | None:
    """A deadline that fell into an outage moves first, and nothing is closed at the old one."""
    return Reason("no_open_incident") if f.outage else None


def record_signed(f: Facts) -> Reason | None:
    return None if f.signed else Reason("record_signed")
