"""Early help and joint support of the green channel: who advises, which desks are called, and what they promise."""
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType, SimpleNamespace

from kernel.errors import Reason, Text
from kernel.values import show_time

ADVISES = "registrar"  # whose reviews others do: who advises never looks at the file


@dataclass(frozen=True)
class Desk:
    """role: who answers for it."""

    role: str
    name: Text


# house: the desks of the centre that may be called to one tender
DESKS: Mapping[str, Desk] = MappingProxyType({
    "reviews": Desk("registrar", Text("受理审核", "Reviews")),
    "rooms": Desk("room_manager", Text("场地", "Rooms")),
    "experts": Desk("registrar", Text("专家服务", "Experts")),
    "technicians": Desk("technician", Text("技术支持", "Technicians")),
    "area": Desk("area_guard", Text("评标区值守", "Evaluation area")),
})


def adviser_is_registrar(f: SimpleNamespace) -> Reason | None:
    return None if f.person in f.registrars else Reason("adviser_is_registrar")


def adviser_unrelated(f: SimpleNamespace) -> Reason | None:
    """f.parties: persons who act for buyer or agency, and who entered the tender."""
    return Reason("adviser_unrelated") if f.person in f.parties else None


def adviser_named(f: SimpleNamespace) -> Reason | None:
    return None if f.adviser else Reason("adviser_named")


def question_open(f: SimpleNamespace) -> Reason | None:
    return None if f.answered is None else Reason("question_open")


def desks_called_once(f: SimpleNamespace) -> Reason | None:
    """f.desks: those called now · f.called: before."""
    again = [DESKS[desk].name for desk in f.desks if desk in f.called]
    return Reason("desks_called_once", Text("、".join(one.zh for one in again), "; ".join(one.en for one in again))) if again else None


def desk_owes_promise(f: SimpleNamespace) -> Reason | None:
    return None if f.state == "called" else Reason("desk_owes_promise")


def desk_has_promised(f: SimpleNamespace) -> Reason | None:
    return None if f.state == "promised" else Reason("desk_has_promised")


def promise_lies_ahead(f: SimpleNamespace) -> Reason | None:
    return None if f.until > f.now else Reason("promise_lies_ahead", Text(show_time(f.until), show_time(f.until)))
