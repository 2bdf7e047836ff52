"""Guards of the draw: from the brief to the release of names.

Facts come from the acts: the draw's columns by name, now, and what each act adds. Texts never tell how many are in a pool.
"""
from experts.rules.categories import fit_lot
from experts.rules.committee import EVEN, FEW_EXPERTS, TOO_FEW, shape_faults, two_thirds
from kernel.draw import Walk
from kernel.errors import Reason, Text
from kernel.machine import Facts
from kernel.values import DAY, local
from law.stages import at_or_after

SNAPSHOT_LASTS = DAY
CHANNELS = 3
FAULTS = {
    TOO_FEW: Text("人数不足", "too few members"),
    EVEN: Text("人数为双数", "an even number of members"),
    FEW_EXPERTS: Text("专家不足三分之二", "fewer than two thirds experts"),
}


def committee_shape(f: Facts) -> Reason | None:
    """members, experts: of the committee as planned or as seated · least: from the clause in force."""
    faults = shape_faults(f.members, f.experts, f.least)
    if not faults:
        return None
    found = Text("、".join(FAULTS[x].zh for x in faults), ", ".join(FAULTS[x].en for x in faults))
    return Reason("committee_shape", found, values={"n": f.least}, under=f.size_under)


def draw_window(f: Facts) -> Reason | None:
    """The draw does not begin earlier than the clause lets it; where nobody has checked the clause, this only warns."""
    if f.now >= f.earliest:
        return None
    limit = f"{local(f.earliest):%Y-%m-%d %H:%M}"
    return Reason("draw_window", values={"limit": limit}, under=f.window_under, binding=f.window_binding)


def categories_match_lot(f: Facts) -> Reason | None:
    codes = [category for category, _ in f.quota]
    if len(set(codes)) == len(codes) and fit_lot(codes, f.kind):
        return None
    return Reason("categories_match_lot", Text("、".join(codes), ", ".join(codes)))


def record_signed_or_early_draw_allowed(f: Facts) -> Reason | None:
    return None if f.record_signed or f.early_draw else Reason("record_signed_or_early_draw_allowed")


def session_booked(f: Facts) -> Reason | None:
    return None if f.session_start is not None else Reason("session_booked")


def key_ready(f: Facts) -> Reason | None:
    """Contributions are sealed to the tender's key, so there must be one."""
    return None if f.key else Reason("key_ready")


def pool_three_times_seats(f: Facts) -> Reason | None:
    """eligible: category → how many may be called. Said of no category by name: a small pool names its members."""
    enough = all(f.eligible[category] >= f.pool_factor * seats for category, seats in f.quota)
    return None if enough else Reason("pool_three_times_seats")


def snapshot_fresh(f: Facts) -> Reason | None:
    """A pool is taken within a day of its brief, or of the last widening; an older brief no longer says who is free."""
    return None if f.now - f.snapshot_at <= SNAPSHOT_LASTS else Reason("snapshot_fresh")


def exclusions_fixed(f: Facts) -> Reason | None:
    """Who is to be excluded is known once the bidders are: after the opening's record, or under leave to draw early."""
    return None if f.record_signed or f.early_draw else Reason("exclusions_fixed")


def pool_short(f: Facts) -> Reason | None:
    return Reason("pool_short") if f.enough else None


def first_word(f: Facts) -> Reason | None:
    return Reason("first_word") if f.spoken else None


def party_named(f: Facts) -> Reason | None:
    return None if f.party in f.parties else Reason("party_named")


def commits_complete(f: Facts) -> Reason | None:
    return None if f.committed >= set(f.parties) else Reason("commits_complete")


def matches_commitment(f: Facts) -> Reason | None:
    return None if f.commit_given == f.commit_kept else Reason("matches_commitment")


def strictly_next(f: Facts) -> Reason | None:
    """walk: where the calling stands · pid: who is to be called · open_call: a call without an outcome."""
    walk: Walk = f.walk
    if f.open_call or (walk.short and (walk.next is None or walk.next[1] != f.pid)):
        return Reason("strictly_next")
    return None


def quota_open(f: Facts) -> Reason | None:
    return None if f.walk.short else Reason("quota_open")


def call_open(f: Facts) -> Reason | None:
    return None if not f.outcome and f.now < f.until else Reason("call_open")


def waiting_time_over(f: Facts) -> Reason | None:
    """until: end of a call's window; for opening a silent party's contribution, ten minutes after the last commitment."""
    if f.now >= f.until:
        return None
    clock = f"{local(f.until):%H:%M:%S}"
    return Reason("waiting_time_over", needed=Text(f"{clock} 之后", f"after {clock}"))


def channels_tried(f: Facts) -> Reason | None:
    """channels: how many ways of reaching the person were used."""
    return None if f.channels >= CHANNELS else Reason("channels_tried")


def relation_found(f: Facts) -> Reason | None:
    return None if f.code else Reason("relation_found")


def quota_full(f: Facts) -> Reason | None:
    return Reason("quota_full") if f.walk.short else None


def order_exhausted(f: Facts) -> Reason | None:
    return None if f.walk.next is None and f.walk.short and not f.open_call else Reason("order_exhausted")


def cause_of_replacement_lawful(f: Facts) -> Reason | None:
    """Recusal, absence or health (实施条例 第四十六条, 第四十八条); unlawful conduct (87号令 第六十二条)."""
    return None if f.cause in ("recusal", "absence", "health", "misconduct") else Reason("cause_of_replacement_lawful")


def member_out(f: Facts) -> Reason | None:
    return None if f.out is not None else Reason("member_out")


def authorisation_attached(f: Facts) -> Reason | None:
    return None if f.authorisation else Reason("authorisation_attached")


def representative_share(f: Facts) -> Reason | None:
    """named: representatives with this one. Never above the brief's number, which keeps the share of two thirds."""
    if f.named <= f.representatives and two_thirds(f.members, f.members - f.named):
        return None
    return Reason("representative_share")


def representative_unrelated(f: Facts) -> Reason | None:
    return Reason("representative_unrelated") if f.related else None


def names_secrecy_over(f: Facts) -> Reason | None:
    """secret_until: the stage named by the clause. A tender that stopped earlier keeps its names for ever."""
    if at_or_after(f.stopped_at or f.project_stage, f.secret_until):
        return None
    return Reason("names_secrecy_over", under=f.secret_under)
