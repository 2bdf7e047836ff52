"""Guards about experts themselves: the library, the appraisal, the fee."""
from kernel.errors import Reason
from kernel.machine import Facts
from law.periods import Calendar, add_working_days, day_of

MARKS = ("diligence", "fairness", "quality", "discipline")
BEST = 5


def related_code_valid(f: Facts) -> Reason | None:
    """well_formed: the code passes GB 32100, or only a name is given."""
    return None if f.well_formed else Reason("related_code_valid")


def within_five_working_days(f: Facts) -> Reason | None:
    calendar: Calendar = f.calendar
    last = add_working_days(day_of(f.evaluated_at), f.days, calendar)
    if day_of(f.now) <= last:
        return None
    return Reason("within_five_working_days", under=f.days_under, binding=f.days_binding)


def own_session(f: Facts) -> Reason | None:
    """own: the seat belongs to a tender of the caller's organisation and its evaluation is over."""
    return None if f.own else Reason("own_session")


def marks_with_facts(f: Facts) -> Reason | None:
    return Reason("marks_with_facts") if any(mark < BEST for mark in f.marks.values()) and not f.facts.strip() else None


def hours_from_doors(f: Facts) -> Reason | None:
    return None if f.minutes is not None else Reason("hours_from_doors")


def fee_not_forfeited(f: Facts) -> Reason | None:
    return Reason("fee_not_forfeited") if f.forfeited else None
