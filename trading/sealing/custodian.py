"""A custodian's program, whatever carries its letters: ceremony rounds, and partial decryptions behind every gate.

The server is only its mailbox. Secret: one seed, from which identity and coefficients follow. Kept besides it, in a
folder nobody else reads: which terms each ceremony began with (never two sets of terms under one id: that would deal
shares twice), which points were answered for which opening, and the largest checkpoint seen of each log.
"""
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from kernel.centre import write_secret
from kernel.errors import Refusal
from trading.sealing import draw_gates, gates
from trading.sealing.gates import Cleared, Gate, Pins
from trading.sealing.history import History
from trading.sealing.rules import ceremony as rounds
from trading.sealing.rules.faults import Fault
from trading.sealing.rules.partials import answer_all, build_batch, sign_batch
from trading.sealing.rules.transcript import read_transcript, restore, sign_transcript

Task = dict[str, Any]


class Mailbox(Protocol):
    """tasks: what waits for this custodian · opening, coefficient: the papers of one opening, or of a silence in its draw ·
    post: one act with its fields · tile: a public tile of the log by its path, None where there is none."""

    def tasks(self) -> list[Task]: ...

    def opening(self, project: str) -> Task: ...

    def coefficient(self, project: str) -> Task: ...

    def post(self, act: str, fields: dict[str, Any]) -> None: ...

    def tile(self, path: str) -> bytes | None: ...


@dataclass(frozen=True)
class Done:
    """What the program did with a task. gate: the check that failed, empty when it answered."""

    kind: str
    on: str
    gate: str = ""


class Custodian:
    """home: the folder made by `found` · now: the machine's own clock in ms, never the server's word in a real centre."""

    def __init__(self, home: Path, mailbox: Mailbox, pins: Pins, now: Callable[[], int], random: Callable[[int], bytes] = os.urandom) -> None:
        self._home, self._mailbox, self._pins, self._now, self._random = home, mailbox, pins, now, random
        self._seed = (home / "seed").read_bytes()
        self.identity_seed = rounds.identity_seed(self._seed)
        self.identity = rounds.identity_key(self.identity_seed)
        self._terms = _read_lines(home / "terms")
        self._points = _read_lines(home / "points")
        self._history = History(home / "heads", lambda path: self._mailbox.tile(path))

    def run_once(self) -> list[Done]:
        """Does what waits now. A gate that fails is reported and stops only its own task."""
        done = []
        for task in self._mailbox.tasks():
            kind, on = str(task.get("kind")), str(task.get("project"))
            try:
                self._do(kind, task)
                done.append(Done(kind, on))
            except Gate as gate:
                done.append(Done(kind, on, gate.code))
                if kind == "open":
                    self._report(on, gate.code)
            except Refusal:
                done.append(Done(kind, on, "refused"))
        return done

    def _do(self, kind: str, task: Task) -> None:
        if kind == "open":
            self._open(task)
            return
        if kind == "coefficient":
            papers = self._mailbox.coefficient(str(task["project"]))
            if papers["draw"] != task["project"]:
                raise Gate("context")
            self._mailbox.post("break_silence", {"project": papers["draw"]} | self.break_silence(papers))
            return
        terms = gates.terms(task)
        if self.identity not in terms.custodians:
            raise Gate("seed")
        index = terms.index_of(self.identity)
        if kind == "commit":
            gates.enrolled(self._pins, task)
            self._remember_terms(terms)
            self._mailbox.post("post_commitment", {"ceremony": terms.ceremony, "hash": rounds.r0(terms, rounds.deal(terms, index, self._seed)).hex()})
            return
        if self._terms.get(terms.ceremony) != gates.digest_of_terms(terms):
            raise Gate("terms")
        if kind == "reveal":
            shown = rounds.reveal(terms, rounds.deal(terms, index, self._seed))
            self._mailbox.post("post_shares", {
                "ceremony": terms.ceremony, "commitments": [c.hex() for c in shown.commitments], "proof": shown.proof.hex(),
                "boxes": [box.hex() for box in shown.boxes]})
        elif kind == "confirm":
            self._confirm(terms, task)
        elif kind == "answer":
            share = rounds.share_for(rounds.deal(terms, index, self._seed), int(task["accuser"]))
            self._mailbox.post("answer_blame", {"ceremony": terms.ceremony, "accuser": int(task["accuser"]), "share": share.hex()})
        else:
            raise Gate("task")

    def _confirm(self, terms: rounds.Terms, task: Task) -> None:
        """Signs only a transcript of the terms it began with, in which its own reveal stands and every box fits."""
        try:
            transcript = read_transcript(str(task["transcript"]).encode())
            if transcript.terms != terms:
                raise Gate("terms")
            restore(self._seed, transcript, self.identity_seed)
        except Fault as fault:
            accused = fault.reason.values.get("index")
            if fault.code == "share_wrong" and isinstance(accused, int):
                self._mailbox.post("blame", {"ceremony": terms.ceremony, "accused": accused})
                return
            raise Gate("transcript") from None
        self._mailbox.post("confirm", {
            "ceremony": terms.ceremony, "transcript": gates.sha256(transcript.raw).hex(),
            "signature": sign_transcript(transcript, self.identity_seed).hex()})

    def _open(self, task: Task) -> None:
        papers = self._mailbox.opening(str(task["project"]))
        cleared = gates.clear(papers, self._pins, self._now(), lambda point: self._points.get(point.hex()))
        if cleared.transcript.terms.tender != task["project"]:
            raise Gate("context")
        self._mailbox.post("post_partials", {"project": cleared.occasion.tender} | self._answer(cleared))

    def break_silence(self, papers: Task) -> Task:
        """batch and signature for the contributions of silent parties to a draw, behind gates of its own. Raises Gate."""
        return self._answer(draw_gates.clear(papers, self._pins, self._now(), lambda point: self._points.get(point.hex())))

    def _answer(self, cleared: Cleared) -> Task:
        """The partials of what passed, once it is on disk which occasion these points were answered for. The log that the papers
        stand in must be the one seen before."""
        self._history.follow(cleared.head)
        try:
            share = restore(self._seed, cleared.transcript, self.identity_seed)
            key = cleared.transcript.public_key
            batch = answer_all(share, cleared.occasion, cleared.envelopes, key, self._random)
        except Fault as fault:
            raise Gate("seed" if fault.code in ("seed_differs", "not_a_custodian") else "proof") from None
        name = f"{cleared.occasion.tender} {cleared.occasion.close.hex()}"
        self._keep("points", self._points, {prefix.point.hex(): name for prefix in cleared.envelopes.values()})
        raw = build_batch(batch)
        return {"batch": raw.decode(), "signature": sign_batch(raw, self.identity_seed).hex()}

    def _report(self, project: str, gate: str) -> None:
        try:
            self._mailbox.post("report_gate", {"project": project, "gate": gate})
        except Refusal:
            pass  # it was said before, or the opening is over

    def _remember_terms(self, terms: rounds.Terms) -> None:
        digest = gates.digest_of_terms(terms)
        if self._terms.setdefault(terms.ceremony, digest) != digest:
            raise Gate("terms")
        self._keep("terms", {}, {terms.ceremony: digest})

    def _keep(self, name: str, known: dict[str, str], fresh: dict[str, str]) -> None:
        """On disk before anything leaves the machine."""
        lines = "".join(f"{key} {value}\n" for key, value in fresh.items() if key not in known)
        known.update(fresh)
        with open(os.open(self._home / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())


def found(home: Path, seed: bytes) -> bytes:
    """Writes the seed (0600) of a new or restored custodian; returns its identity key. FileExistsError where one stands."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_secret(home / "seed", seed)
    return rounds.identity_key(rounds.identity_seed(seed))


def _read_lines(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    whole, end, torn = path.read_text().rpartition("\n")
    if torn:  # a line that a power cut left unfinished was never answered for, since it is on disk before anything leaves
        path.write_text(whole + end)
    return dict(line.split(" ", 1) for line in whole.splitlines())
