"""Procedures as tables: one Move is one sentence of the regulation.

A guard is a function `(facts) -> None | Reason`; its name is the true sentence. Guards are checked in the order
written; the first false and binding one is the refusal; a false one that rests on an unchecked clause is a warning.
"""
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

from kernel.errors import NotYours, Reason, Refused, Stale
from law.citation import Citation
from law.citations import of_field

Guard = Callable[[SimpleNamespace], Reason | None]
Facts = SimpleNamespace


@dataclass(frozen=True)
class Move:
    """tag: the act · source: stages it may start from · target: new stage, None = no change · only: one field."""

    tag: str
    source: tuple[str, ...]
    target: str | None
    by: tuple[str, ...]
    under: tuple[Citation, ...] = ()
    guards: tuple[Guard, ...] = ()
    only: str | None = None
    zh: str = ""
    en: str = ""


@dataclass(frozen=True)
class Step:
    """What was decided: the stage after, the role that acted, and what unchecked rules warn of."""

    stage: str
    role: str
    warnings: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Procedure:
    """A table of moves over an ordered axis of stages. Refuses a move that stands twice or names a foreign stage."""

    name: str
    stages: tuple[str, ...]
    start: str
    ends: tuple[str, ...]
    moves: tuple[Move, ...]
    index: dict[str, Move] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        index: dict[str, Move] = {}
        for move in self.moves:
            assert move.tag not in index, f"{self.name}: {move.tag} stands twice"
            assert move.by, f"{self.name}: nobody may {move.tag}"
            for stage in (*move.source, *([move.target] if move.target else [])):
                assert stage in self.stages, f"{self.name}: {move.tag} names {stage}"
            index[move.tag] = move
        object.__setattr__(self, "index", index)

    def flaws(self) -> list[str]:
        """Unreachable stages and dead ends. A plan test and the start of the server demand that there are none."""
        reached, grew = {self.start}, True
        while grew:
            more = {m.target for m in self.moves if m.target and reached & set(m.source)} - reached
            reached |= more
            grew = bool(more)
        found = [f"{self.name}: {s} cannot be reached" for s in self.stages if s not in reached]
        for stage in self.stages:
            if stage not in self.ends and not any(stage in m.source and m.target not in (None, stage) for m in self.moves):
                found.append(f"{self.name}: nothing leads out of {stage}")
        return found

    def span(self, first: str, last: str) -> tuple[str, ...]:
        return span(self.stages, first, last)

    def step(self, tag: str, stage: str, roles: Iterable[str], facts: SimpleNamespace) -> Step:
        """Decides one move. Raises NotYours (no such role, or no such move here), Refused (a guard), Stale (not from this stage)."""
        move = self.index.get(tag)
        if move is None:
            raise NotYours
        held = set(roles)
        role = next((r for r in move.by if r in held), None)
        if role is None:
            raise NotYours
        if stage not in move.source and not getattr(facts, "stage_moved_by_clock", False):
            raise Stale
        warnings = check(move, facts)
        if stage not in move.source:
            raise Stale
        return Step(move.target or stage, role, warnings)

    def open_moves(self, stage: str, roles: Iterable[str]) -> list[Move]:
        """Moves a page may offer: those that start here and that one of the roles may take."""
        held = set(roles)
        return [m for m in self.moves if stage in m.source and held & set(m.by)]


def rows(moves: Iterable[Move], axis: tuple[str, ...], field_name: str) -> tuple[Move, ...]:
    """The rows of one field: those meant for it, each cut down to the stages of its axis."""
    kept = []
    for move in moves:
        source = tuple(s for s in move.source if s in axis)
        if move.only in (None, field_name) and source and (move.target is None or move.target in axis):
            kept.append(replace(move, source=source, under=of_field(move.under, field_name)))
    return tuple(kept)


def check(move: Move, facts: SimpleNamespace) -> tuple[Reason, ...]:
    """Runs the guards; raises Refused with the article of the move when a reason names none of its own."""
    warnings = []
    for guard in move.guards:
        reason = guard(facts)
        if reason is None:
            continue
        if not reason.under:
            reason = replace(reason, under=of_field(move.under, getattr(facts, "field", "")))
        if reason.binding:
            raise Refused(reason)
        warnings.append(reason)
    return tuple(warnings)


def span(stages: tuple[str, ...], first: str, last: str) -> tuple[str, ...]:
    """The stages from first to last, both included."""
    return stages[stages.index(first) : stages.index(last) + 1]
