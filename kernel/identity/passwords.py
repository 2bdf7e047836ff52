"""Passwords: argon2id, at most two at once (each takes 64 MiB), and the same time for a name nobody has.

Hashing and checking happen outside transactions: half a second under the writer's lock would stop the centre.
"""

import threading
from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from kernel.errors import Malformed, Text
from kernel.settings import Settings

AT_ONCE = threading.BoundedSemaphore(2)
SHORTEST, LONGEST = 12, 128


@dataclass(frozen=True)
class Checked:
    """A password was right against this stored hash; the act demands that the hash still stands."""

    person: str
    stored: str


@cache
def _hasher(time_cost: int, memory_kib: int) -> PasswordHasher:
    return PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)


@cache
def _nobody(time_cost: int, memory_kib: int) -> str:
    return _hasher(time_cost, memory_kib).hash("nobody has this password")


def hashed(settings: Settings, password: str, names: tuple[str, ...] = ()) -> str:
    """The hash to keep. Malformed("password") when it is too short, too long or one of the person's names."""
    if not SHORTEST <= len(password) <= LONGEST or password.lower() in {n.lower() for n in names} or len(set(password)) < 5:
        raise Malformed(
            "password",
            Text(
                f"密码须为 {SHORTEST} 至 {LONGEST} 个字符，且不得与账号相同或仅由少数字符重复构成",
                f"A password has {SHORTEST} to {LONGEST} characters, is not your log-in name and not a few letters repeated",
            ),
        )
    with AT_ONCE:
        return _hasher(settings.argon_time, settings.argon_memory_kib).hash(password)


def right(settings: Settings, stored: str, password: str) -> bool:
    """True when it fits. Without a stored hash it does the same work and says no."""
    cost = settings.argon_time, settings.argon_memory_kib
    with AT_ONCE:
        try:
            _hasher(*cost).verify(stored or _nobody(*cost), password[:LONGEST])
        except (VerifyMismatchError, InvalidHashError):
            return False
    return bool(stored)
