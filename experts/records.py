"""The library of experts, the draws from it, and who sits in a committee because of them.

Rows that tie a pid to a person (`Call`, `Seat`) exist only for people who were called. The pool itself holds pids
alone: which person stands behind one follows from the draw's key (`DrawKey`), which may be destroyed, and from then
on nobody can tell (protocols: tdraw/v1, erasure). Pool members and specialties stand outside the entries' row lists:
the pool's root commits to the ones, the expert's own row to the other.
"""
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Id, Json, Record, Tables

OPEN = text("outcome = ''")
LIVE = text("out is null")


class Expert(Record):
    """One person of the library. title: senior | middle | equal · id_mark: keyed hash of the ID number (never the number).

    stage: see experts/procedure.py. employer_code: unified social credit code of the employer, empty when it has none.
    """

    __tablename__ = "expert"
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), unique=True)
    id_mark: Mapped[str] = mapped_column(String(64), unique=True)
    id_shown: Mapped[str] = mapped_column(String(24), default="")
    birth_year: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(8))
    years: Mapped[int] = mapped_column(Integer)
    employer: Mapped[str] = mapped_column(String(120))
    employer_code: Mapped[str] = mapped_column(String(18), default="")
    specialties: Mapped[list[str]] = mapped_column(Json)
    region: Mapped[str] = mapped_column(String(6), default="")
    stage: Mapped[str] = mapped_column(String(10), default="admitted", index=True)
    admitted: Mapped[int | None] = mapped_column(BigInteger)
    __table_args__ = (
        CheckConstraint("title in ('senior','middle','equal')", name="title"),
        CheckConstraint("stage in ('applied','reviewed','admitted','paused','removed')", name="stage"),
    )

    def listed(self) -> bool:
        """The entry of `experts.enlist` holds the root over its rows' commitments."""
        return True


class Specialty(Tables):
    """One specialty code of an expert (发改法规〔2018〕316号), for finding the eligible without reading the whole library."""

    __tablename__ = "expert_specialty"
    code: Mapped[str] = mapped_column(String(7), primary_key=True)
    expert: Mapped[str] = mapped_column(ForeignKey("expert.id"), primary_key=True)


class Relation(Record):
    """What ties an expert to an organisation. kind: a code of law/experts.py (employed, shareholder_or_controller …).

    until: when it ended, None while it lasts; it counts for some years after (clause experts.relation_years.*).
    """

    __tablename__ = "expert_relation"
    expert: Mapped[str] = mapped_column(ForeignKey("expert.id"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    org_code: Mapped[str] = mapped_column(String(18), index=True, default="")
    org_name: Mapped[str] = mapped_column(String(120), default="")
    until: Mapped[int | None] = mapped_column(BigInteger)
    declared: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (CheckConstraint("org_code <> '' or org_name <> ''", name="some_org"),)


class Draw(Record):
    """One draw of experts for a tender. quota: [[category, seats]] · wider: category → further codes that serve as well.

    members: size of the whole committee, representatives among them. *_entry: keys of the ledger entries whose
    positions stand in the transcript. excluded: [[pid, code]] as fixed in the rules.
    """

    __tablename__ = "expert_draw"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    stage: Mapped[str] = mapped_column(String(10), default="briefed", index=True)
    quota: Mapped[list[list[object]]] = mapped_column(Json)
    wider: Mapped[dict[str, list[str]]] = mapped_column(Json, default=dict)
    members: Mapped[int] = mapped_column(Integer)
    representatives: Mapped[int] = mapped_column(Integer)
    max_per_org: Mapped[int] = mapped_column(Integer, default=1)
    evaluation_at: Mapped[int] = mapped_column(BigInteger)
    hours: Mapped[int] = mapped_column(Integer)
    parties: Mapped[list[str]] = mapped_column(Json)
    ceremony: Mapped[str] = mapped_column(ForeignKey("ceremony.id"))
    briefed_by: Mapped[str] = mapped_column(Id)
    snapshot_at: Mapped[int] = mapped_column(BigInteger)
    pool_size: Mapped[int] = mapped_column(Integer, default=0)
    pool_root: Mapped[str] = mapped_column(String(64), default="")
    pool_entry: Mapped[str] = mapped_column(Id, default="")
    excluded: Mapped[list[list[str]]] = mapped_column(Json, default=list)
    rules_hash: Mapped[str] = mapped_column(String(64), default="")
    rules_entry: Mapped[str] = mapped_column(Id, default="")
    committed_at: Mapped[int | None] = mapped_column(BigInteger)
    seed: Mapped[str] = mapped_column(String(64), default="")
    seed_entry: Mapped[str] = mapped_column(Id, default="")
    filled_at: Mapped[int | None] = mapped_column(BigInteger)
    released_at: Mapped[int | None] = mapped_column(BigInteger)
    release_entry: Mapped[str] = mapped_column(Id, default="")
    __table_args__ = (
        UniqueConstraint("project", "number"),
        CheckConstraint("members > representatives and representatives >= 0", name="members"),
        CheckConstraint("(stage in ('briefed','pooled','committed')) = (seed = '')", name="seed_after_commitments"),
        CheckConstraint("rules_hash = '' or pool_root <> ''", name="pool_before_rules"),
    )


class DrawKey(Tables):
    """The secret behind the pids of one draw. Deleting the row erases who they were."""

    __tablename__ = "expert_draw_key"
    draw: Mapped[str] = mapped_column(ForeignKey("expert_draw.id"), primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(32))


class PoolMember(Tables):
    """One lot in a pool. org: tag of the employer within this draw · place: rank in the order of calling, None before the seed."""

    __tablename__ = "expert_pool_member"
    draw: Mapped[str] = mapped_column(ForeignKey("expert_draw.id"), primary_key=True)
    pid: Mapped[str] = mapped_column(String(64), primary_key=True)
    cats: Mapped[list[str]] = mapped_column(Json)
    org: Mapped[str] = mapped_column(String(16))
    w: Mapped[int] = mapped_column(Integer, default=1)
    place: Mapped[int | None] = mapped_column(Integer)


class Contribution(Record):
    """A party's share of the randomness: commit first, the 32 bytes (hex) later; blob: the same, sealed to the custodians."""

    __tablename__ = "draw_contribution"
    draw: Mapped[str] = mapped_column(ForeignKey("expert_draw.id"), index=True)
    party: Mapped[str] = mapped_column(String(12))
    commit: Mapped[str] = mapped_column(String(64))
    blob: Mapped[str] = mapped_column(Id)
    digest: Mapped[str] = mapped_column(String(64))
    by: Mapped[str] = mapped_column(String(64))
    committed: Mapped[int] = mapped_column(BigInteger)
    commit_entry: Mapped[str] = mapped_column(Id, default="")
    value: Mapped[str] = mapped_column(String(64), default="")
    revealed: Mapped[int | None] = mapped_column(BigInteger)
    __table_args__ = (
        UniqueConstraint("draw", "party"),
        CheckConstraint("party in ('centre','agent','buyer','regulator')", name="party"),
        CheckConstraint("(value = '') = (revealed is null)", name="revealed"),
    )


class DrawPartial(Record):
    """What a custodian posted to open the contributions of silent parties. number: its index in the ceremony."""

    __tablename__ = "draw_partial"
    draw: Mapped[str] = mapped_column(ForeignKey("expert_draw.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    batch: Mapped[str] = mapped_column(Text)
    at: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (UniqueConstraint("draw", "number"),)


class Call(Record):
    """One call. n counts from 1 · token_hash: SHA-256 of the one-time link's token · outcome: empty while the call is open."""

    __tablename__ = "expert_call"
    draw: Mapped[str] = mapped_column(ForeignKey("expert_draw.id"), index=True)
    n: Mapped[int] = mapped_column(Integer)
    pid: Mapped[str] = mapped_column(String(64))
    expert: Mapped[str] = mapped_column(ForeignKey("expert.id"), index=True)
    category: Mapped[str] = mapped_column(String(7))
    at: Mapped[int] = mapped_column(BigInteger)
    until: Mapped[int] = mapped_column(BigInteger)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    outcome: Mapped[str] = mapped_column(String(12), default="")
    __table_args__ = (
        UniqueConstraint("draw", "n"),
        UniqueConstraint("draw", "pid"),
        CheckConstraint("outcome in ('','accepted','declined','unreachable','conflict')", name="outcome"),
        Index("one_open_call", "draw", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    )


class Outcome(Record):
    """The outcomes of a draw in their order: replies, and "out" for a seat lost after acceptance. code: why, if a code says it."""

    __tablename__ = "draw_outcome"
    draw: Mapped[str] = mapped_column(ForeignKey("expert_draw.id"), index=True)
    n: Mapped[int] = mapped_column(Integer)
    pid: Mapped[str] = mapped_column(String(64))
    reply: Mapped[str] = mapped_column(String(12))
    code: Mapped[str] = mapped_column(String(12), default="")
    at: Mapped[int] = mapped_column(BigInteger)
    entry: Mapped[str] = mapped_column(Id, default="")
    __table_args__ = (
        UniqueConstraint("draw", "n"),
        CheckConstraint("reply in ('accepted','declined','unreachable','conflict','out')", name="reply"),
    )


class Seat(Record):
    """A member of the committee. kind: expert | buyer_rep · letter: drawn when the draw is filled, empty before.

    pid: as drawn; of a representative, a salted hash of the person. out: moment at which the seat was lost.
    authorisation: digest of the buyer's letter for its representative.
    """

    __tablename__ = "committee_seat"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    draw: Mapped[str] = mapped_column(ForeignKey("expert_draw.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    expert: Mapped[str] = mapped_column(Id, default="")
    pid: Mapped[str] = mapped_column(String(64))
    category: Mapped[str] = mapped_column(String(7), default="")
    letter: Mapped[str] = mapped_column(String(1), default="")
    authorisation: Mapped[str] = mapped_column(String(64), default="")
    accepted: Mapped[int] = mapped_column(BigInteger)
    out: Mapped[int | None] = mapped_column(BigInteger)
    out_code: Mapped[str] = mapped_column(String(12), default="")
    released: Mapped[int | None] = mapped_column(BigInteger)
    __table_args__ = (
        CheckConstraint("kind in ('expert','buyer_rep')", name="kind"),
        CheckConstraint("(kind = 'expert') = (expert <> '')", name="expert"),
        Index("one_live_seat", "project", "person", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index("one_letter", "project", "letter", unique=True,
              sqlite_where=text("out is null and letter <> ''"), postgresql_where=text("out is null and letter <> ''")),
    )


class Appraisal(Record):
    """一标一评: what the agent or the buyer says of a seat's work. marks: item → points of 0 … 5; facts: behind any lower mark."""

    __tablename__ = "expert_appraisal"
    seat: Mapped[str] = mapped_column(ForeignKey("committee_seat.id"), index=True)
    party: Mapped[str] = mapped_column(String(8))
    by: Mapped[str] = mapped_column(Id)
    marks: Mapped[dict[str, int]] = mapped_column(Json)
    facts: Mapped[str] = mapped_column(String(1000), default="")
    at: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (UniqueConstraint("seat", "party"),)


class Fee(Record):
    """What an expert is owed for one evaluation, from the hours of the doors. amount in the centre's smallest unit."""

    __tablename__ = "expert_fee"
    seat: Mapped[str] = mapped_column(ForeignKey("committee_seat.id"), unique=True)
    minutes: Mapped[int] = mapped_column(Integer)
    amount: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (CheckConstraint("amount >= 0 and minutes >= 0", name="not_negative"),)
