"""Key files of organisations' persons (Ed25519), as other rooms certify and revoke them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.command import Work
from kernel.identity.records import SigningKey


def used_before(session: Session, public: bytes) -> bool:
    """Was this public key ever certified, for anybody, revoked or not?"""
    return session.scalar(select(SigningKey.id).where(SigningKey.public == public)) is not None


def certify(work: Work, person: str, org: str, public: bytes) -> SigningKey:
    key: SigningKey = work.keep(SigningKey(person=person, org=org, public=public, certified=work.moment))
    return key


def of_organisation(session: Session, org: str, live: bool = True) -> list[SigningKey]:
    query = select(SigningKey).where(SigningKey.org == org).order_by(SigningKey.certified, SigningKey.id)
    return list(session.scalars(query.where(SigningKey.revoked.is_(None)) if live else query))


def revoke_all(work: Work, person: str, org: str) -> int:
    """Revokes a person's keys for one organisation; what they signed before stays valid. Returns how many."""
    found = [key for key in of_organisation(work.session, org) if key.person == person]
    for key in found:
        key.revoked = work.moment
    return len(found)
