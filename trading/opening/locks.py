"""The bidders' own locks (mode M2): until when a secret may be given in, who has, and which bids may be opened now.

A secret rests encrypted with a server key and is used by nobody while another bidder could still hold its own back:
nobody decides over its bid with a price in view.
"""
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.centre import Centre
from kernel.values import MINUTE
from trading.bids.records import Bid
from trading.opening.records import Lock, Opening
from trading.opening.state import opening_of, window_ends
from trading.projects.records import Project

NONCE = 12


def lock_until(project: Project, opening: Opening | None) -> int | None:
    """The first instant at which no secret is taken any more; None without locks, and before the start."""
    if project.mode != "M2" or opening is None or opening.started is None:
        return None
    return opening.started + project.lock_minutes * MINUTE


def locked(session: Session, project: str) -> set[str]:
    """Live bids whose secret has not been given in."""
    given = select(Lock.bid).where(Lock.project == project)
    return set(session.scalars(select(Bid.id).where(Bid.project == project, Bid.state == "live", Bid.id.not_in(given))))


def openable(centre: Centre, session: Session, project: Project, now: int) -> dict[str, bytes]:
    """bid → secret of its lock, of the live bids that may be opened; an empty secret where there are no locks."""
    live = session.scalars(select(Bid.id).where(Bid.project == project.id, Bid.state == "live"))
    if project.mode != "M2":
        return dict.fromkeys(live, b"")
    until, waiting = lock_until(project, opening_of(session, project.id)), locked(session, project.id)
    if until is None or (now < until and waiting):
        return {}
    return {bid: secret_of(centre, session, bid) for bid in live if bid not in waiting}


def secret_of(centre: Centre, session: Session, bid: str) -> bytes:
    """The secret that was given in for one bid, empty where there is none."""
    kept = session.scalar(select(Lock.sealed).where(Lock.bid == bid))
    return _cipher(centre, bid).decrypt(kept[:NONCE], kept[NONCE:], None) if kept else b""


def at_rest(centre: Centre, bid: str, secret: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + _cipher(centre, bid).encrypt(nonce, secret, None)


def closes(session: Session, project: Project, opening: Opening, bids: list[str]) -> int:
    """When nothing more can be done to open any of these bids: a lock that was held back is final with its own window."""
    until, ends = lock_until(project, opening), window_ends(session, project, opening)
    given = set(session.scalars(select(Lock.bid).where(Lock.project == project.id)))
    return max((until if until is not None and bid not in given else ends for bid in bids), default=ends)


def _cipher(centre: Centre, bid: str) -> AESGCM:
    return AESGCM(hmac.digest(centre.secret("locks"), bid.encode(), "sha256"))
