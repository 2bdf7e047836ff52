"""How often a log-in may be tried, counted in SQL in one statement, so that parallel attempts cannot slip through.

The attempt is counted before it is judged. Names are counted whether or not they exist: a lock tells nothing about
an account. Addresses and names stand there only as keyed hashes.
"""

import hashlib
import hmac
from typing import TYPE_CHECKING

from sqlalchemy import delete, text

from kernel.errors import Reason, Refused, Text
from kernel.identity.records import LoginWindow
from kernel.values import DAY, MINUTE

if TYPE_CHECKING:
    from kernel.centre import Centre

NAME_TRIES, NAME_WINDOW = 5, 15 * MINUTE
ADDRESS_TRIES, ADDRESS_WINDOW = 60, 10 * MINUTE
COUNT = text(
    "insert into login_window (bucket, since, tries) values (:bucket, :now, 1) on conflict (bucket) do update set "
    "tries = case when login_window.since <= :over then 1 else login_window.tries + 1 end, "
    "since = case when login_window.since <= :over then :now else login_window.since end returning tries"
)


def admit(centre: "Centre", name: str = "", address: str = "") -> None:
    """Counts one attempt under the name and the address. Refused("not_locked") when there were too many.

    A name is free again 15 minutes after the first of five counted attempts, an address 10 minutes after sixty.
    """
    over = False
    with centre.database.writing() as session:
        now = centre.clock.now(session)
        session.execute(delete(LoginWindow).where(LoginWindow.since < now - DAY))
        for kind, value, most, window in (("address", address, ADDRESS_TRIES, ADDRESS_WINDOW), ("name", name, NAME_TRIES, NAME_WINDOW)):
            if value:
                tries = session.scalar(COUNT, {"bucket": _bucket(centre, kind, value), "now": now, "over": now - window})
                over |= (tries or 0) > most
        session.commit()
    if over:
        raise Refused(Reason("not_locked", needed=Text("尝试次数过多，请 15 分钟后再试", "Too many attempts; try again in 15 minutes")))


def forgive(centre: "Centre", name: str) -> None:
    """Forgets the attempts under a name, after one succeeded."""
    with centre.database.writing() as session:
        session.execute(delete(LoginWindow).where(LoginWindow.bucket == _bucket(centre, "name", name)))
        session.commit()


def _bucket(centre: "Centre", kind: str, value: str) -> str:
    return hmac.new(centre.secret("limits"), f"{kind}/{value}".encode(), hashlib.sha256).hexdigest()
