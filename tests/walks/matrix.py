"""Plays one walk and compares everything that anybody could read on the way with secrecy.csv."""
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from sqlalchemy import func, select

from kernel.asks import organisation_of
from kernel.command import PUBLIC, Actor
from kernel.identity.records import Person
from kernel.messages import Message
from law.secrecy import STRENGTH
from tests.walks import channels, invited, opened
from tests.walks.canaries import Canary, Planted
from tests.walks.viewers import Place, Sight, Viewer, sight, viewers
from tests.walks.walk import Walk, begin
from tests.worlds.asking import asking
from web.app import create_app

# fields of a view that hold a secret without a word in it: (view, field) → (kind of information, weakest form that shows it)
PROBES = {
    ("Hall", "bids"): ("bid_count", "count"), ("Hall", "decrypted"): ("decryption_state", "count"), ("Hall", "unlocked"): ("decryption_state", "count"), ("Hall", "undecided"): ("decryption_state", "full"),
    ("Hall", "present"): ("opening_attendance", "own"), ("Hall", "lines"): ("price_part", "masked"), ("Hall", "record"): ("opening_record", "masked"),
    ("Hall", "objections"): ("opening_objection", "masked"), ("Hall", "coefficient"): ("coefficient", "full"), ("Own", "present"): ("opening_attendance", "own"),
    ("DrawView", "pool"): ("pool_size", "count"), ("DrawView", "enough"): ("pool_size", "exists"), ("DrawView", "exclusions"): ("exclusions", "masked"),
    ("DrawView", "order"): ("draw_order", "masked"), ("DrawView", "parties"): ("draw_contributions", "full"), ("DrawView", "seed"): ("draw_contributions", "full"),
    ("DrawView", "calls"): ("calls_and_replies", "masked"), ("DrawView", "members"): ("draw_brief", "full"), ("DrawView", "names"): ("expert_names_seated", "full"),
    ("Progress", "handed_in"): ("score_progress", "count"), ("Progress", "own"): ("individual_scores", "own"), ("Grid", "cells"): ("individual_scores", "own"),
    ("Board", "inside"): ("attendance", "count"), ("Board", "badges"): ("badges", "masked"), ("Board", "doors"): ("door_events", "masked"),
    ("Board", "alarms"): ("alarms", "masked"), ("Board", "needs_act"): ("alarms", "exists"), ("Board", "recording"): ("recordings", "full"),
    ("Desk", "recording"): ("recordings", "exists"),
    ("AwardView", "candidates"): ("candidates", "full"), ("AwardView", "awards"): ("award_decision", "masked"), ("AwardView", "report_digest"): ("report", "full"),
    ("AwardView", "contracts"): ("contract", "masked"), ("AwardView", "refunds"): ("refunds", "own"), ("AwardView", "own"): ("totals", "own"),
    ("ProjectView", "budget"): ("budget", "full"), ("ProjectView", "ceiling"): ("ceiling_price", "full"), ("ProjectView", "plan"): ("plan_entry", "full"),
    ("ProjectView", "reviews"): ("review_remarks", "full"), ("ProjectView", "owed"): ("review_remarks", "full"), ("GreenView", "advice"): ("early_help", "own"), ("GreenView", "adviser"): ("early_help", "exists"), ("GreenView", "support"): ("joint_support", "own"), ("SeatRow", "name"): ("seat_map", "full"), ("CeremonyView", "key"): ("ceremony", "full"),
    ("QuestionView", "due"): ("committee_questions", "exists"), ("QuestionView", "question"): ("committee_questions", "own"),
}


@dataclass(frozen=True)
class Finding:
    """Somebody saw what his form does not permit."""

    kind: str
    stop: str
    stage: str
    viewer: str
    channel: str
    what: str


@dataclass
class Seen:
    """findings: what was shown too much · sung: kinds whose words somebody entitled has read · probed: kinds of fields that
    held something · broken: addresses that fell over · looked: how many texts were searched by channel."""

    findings: set[Finding] = field(default_factory=set)
    sung: set[str] = field(default_factory=set)
    probed: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    looked: Counter[str] = field(default_factory=Counter)


class Watcher:
    """Searches texts for canaries, once for each line, and judges them for each reader."""

    def __init__(self, walk: Walk, seen: Seen) -> None:
        self.walk, self.seen = walk, seen
        self.planted = Planted(walk)
        self._words: dict[str, list[Canary]] = {}

    def next_stop(self) -> None:
        self.planted.grow()
        self._words.clear()

    def found_in(self, text: str) -> list[Canary]:
        """Line by line: pages have most of their lines in common."""
        return list({(canary.word, canary.tender): canary for line in text.split("\n") for canary in self._words_of(line)}.values())

    def _words_of(self, line: str) -> list[Canary]:
        if line not in self._words:
            self._words[line] = [canary for canary in self.planted.found.values() if canary.word in line]
        return self._words[line]

    def judge(self, stop: str, eye: Sight, channel: str, text: str) -> None:
        stages = "/".join(place.stage for place in eye.places.values())
        for canary in self.found_in(text):
            if eye.allows(canary):
                self.seen.sung |= canary.kinds.keys()
            elif canary.tender == "both" or canary.tender in eye.places:
                self.seen.findings.add(Finding(canary.kind, stop, stages, eye.viewer.label, channel, f"{canary.word} {canary.note}"))

    def probe(self, stop: str, eye: Sight, channel: str, answer: object) -> None:
        """Fields without words: something stands in one whose kind this viewer may not know in any tender of the walk."""
        for view, name, value in channels.parts(answer):
            wanted = PROBES.get((view, name))
            if wanted is None or value in (None, "", (), {}, 0):
                continue
            kind, weakest = wanted
            if any(strong_enough(place, kind, weakest) for place in eye.places.values()):
                self.seen.probed.add(kind)
            else:
                self.seen.findings.add(Finding(kind, stop, next(iter(eye.places.values())).stage, eye.viewer.label, channel, f"{view}.{name}"))


def strong_enough(place: Place, kind: str, weakest: str) -> bool:
    return STRENGTH[place.form(kind)] >= STRENGTH[weakest]


def drive(home: Path, tender: str, database_url: str = "", pages: bool = True, share: int = 6) -> Seen:
    """The whole walk of one field. Reads at every stop by every third viewer in turn (without pages: by another third). Pages once a stage: by the public always, by
    one in `share` of the others in turn, others in each field (what pages hold, the reads have given them); in alternating languages. share 1: all by everybody."""
    seen = Seen()
    walk = begin(home, (tender,), database_url=database_url)
    watcher, app, stages = Watcher(walk, seen), create_app(walk.centre), set[str]()
    told, turn, side = 0, 0, int(tender == "works")
    with asking(app) as client:
        for stop in chain(invited.stops(walk), opened.stops(walk)):
            watcher.next_stop()
            turn += 1
            stage = walk.plays[0].row().stage
            for n, viewer in enumerate(viewers(walk)):
                if share == 1 or n == 0 or (n + turn) % 3 == pages:
                    ask(watcher, stop, viewer)
                if pages and viewer.actor.kind != "program" and stage not in stages and (n == 0 or (n + len(stages)) % share == side % share):
                    browse(watcher, client, app, stop, viewer, "en" if (turn + n // 3) % 2 else "zh", public=n in (0, turn))
            stages.add(stage)
            told = deliver(watcher, stop, told)
            mirror(watcher, stop, home / f"ledger-{turn}")
    walk.centre.close()
    return seen


def ask(watcher: Watcher, stop: str, viewer: Viewer) -> None:
    walk = watcher.walk
    with walk.centre.reading() as session:
        now = walk.centre.clock.now(session)
        eye = sight(session, walk, viewer, now)
        for name, answer in channels.answers(walk, session, viewer, now):
            watcher.seen.looked["reads"] += 1
            watcher.judge(stop, eye, name, repr(answer))
            watcher.probe(stop, eye, name, answer)


def browse(watcher: Watcher, client, app, stop: str, viewer: Viewer, lang: str, public: bool) -> None:  # type: ignore[no-untyped-def]
    """A log-in acts for the organisation its person belongs to, at a seat too."""
    walk, who = watcher.walk, viewer.actor
    with walk.centre.reading() as session:
        org = who.org or (organisation_of(session, who.id) if who.kind == "person" else None)
        eye = sight(session, walk, replace(viewer, actor=replace(who, org=org)), walk.centre.clock.now(session))
    for path, text in channels.pages(client, app, walk, viewer, lang, public, watcher.seen.broken):
        watcher.seen.looked["pages"] += 1
        watcher.judge(stop, eye, path, text)


def deliver(watcher: Watcher, stop: str, after: int) -> int:
    """Every message made since, before the eyes of the person it goes to. Returns the moment of the last."""
    walk = watcher.walk
    with walk.centre.reading() as session:
        now = walk.centre.clock.now(session)
        for reader, text in channels.letters(session, after):
            watcher.seen.looked["messages"] += 1
            person = session.get(Person, reader)
            name = person.login if person else reader
            for viewer in people_of(walk, reader, name):
                watcher.judge(stop, sight(session, walk, viewer, now), "message", text)
        return session.scalar(select(func.max(Message.created))) or after


def people_of(walk: Walk, person: str, name: str) -> Iterator[Viewer]:
    """The reader of a message with the organisation he acts for."""
    org = next((c.actor.org for c in walk.companies.values() if c.actor.id == person), None)
    org = org or next((p.buyer.org for p in walk.plays if p.representative and p.representative.id == person), None)
    yield Viewer(f"inbox of {name}", Actor("person", person, org))


def mirror(watcher: Watcher, stop: str, folder: Path) -> None:
    walk = watcher.walk
    with walk.centre.reading() as session:
        eye = sight(session, walk, Viewer("public", PUBLIC), walk.centre.clock.now(session))
    for channel, text in channels.exported(walk, folder):
        watcher.seen.looked["exports"] += 1
        watcher.judge(stop, eye, channel, text)
