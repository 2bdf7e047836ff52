"""The bidders' own locks (mode M2): until when a secret may be given in, who has, and which bids may be opened now.

A secret rests encrypted with a server key and is used by nobody while another bidder could still hold its own back:
nobody decides over its bid with a price in view. Of two envelopes each has a lock and a window of its own: the secret
of the first is published with what it opened, and would leave the price to the custodians alone.
"""
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.centre import Centre
from kernel.values import MINUTE
from trading.opening.records import Lock, Opening
from trading.opening.state import awaited, called, opening_of, window_ends
from trading.projects.records import Project

NONCE = 12


def envelope_of(session: Session, project: Project) -> int:
    """Which envelope's locks are asked for, or were last."""
    return 1 if called(session, project) is None else 2


def lock_until(session: Session, project: Project, opening: Opening | None) -> int | None:
    """The first instant at which no secret is taken any more, counted from the start or from the call for the prices; None without locks,
    and before the start."""
    if project.mode != "M2" or opening is None or opening.started is None:
        return None
    call = called(session, project)
    return (call.at if call else opening.started) + project.lock_minutes * MINUTE


def locked(session: Session, project: Project) -> set[str]:
    """Bids of this turn whose secret has not been given in."""
    return set(awaited(session, project)) - _given(session, project)


def openable(centre: Centre, session: Session, project: Project, now: int) -> dict[str, bytes]:
    """bid → secret of its lock, of the live bids that may be opened; an empty secret where there are no locks."""
    live = awaited(session, project)
    if project.mode != "M2":
        return dict.fromkeys(live, b"")
    until, waiting = lock_until(session, project, opening_of(session, project.id)), locked(session, project)
    if until is None or (now < until and waiting):
        return {}
    envelope = envelope_of(session, project)
    return {bid: secret_of(centre, session, bid, envelope) for bid in live if bid not in waiting}


def secret_of(centre: Centre, session: Session, bid: str, envelope: int) -> bytes:
    """The secret that was given in for one bid and envelope, empty where there is none."""
    kept = session.scalar(select(Lock.sealed).where(Lock.bid == bid, Lock.envelope == envelope))
    return _cipher(centre, bid).decrypt(kept[:NONCE], kept[NONCE:], None) if kept else b""


def at_rest(centre: Centre, bid: str, secret: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + _cipher(centre, bid).encrypt(nonce, secret, None)


def closes(session: Session, project: Project, opening: Opening, bids: list[str]) -> int:
    """When nothing more can be done to open any of these bids: a lock that was held back is final with its own window."""
    until, ends, given = lock_until(session, project, opening), window_ends(session, project, opening), _given(session, project)
    return max((until if until is not None and bid not in given else ends for bid in bids), default=ends)


def _given(session: Session, project: Project) -> set[str]:
    """Bids whose secret of this turn's envelope is in."""
    return set(session.scalars(select(Lock.bid).where(Lock.project == project.id, Lock.envelope == envelope_of(session, project))))


def _cipher(centre: Centre, bid: str) -> AESGCM:
    return AESGCM(hmac.digest(centre.secret("locks"), bid.encode(), "sha256"))
