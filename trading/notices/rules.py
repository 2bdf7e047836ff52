"""What must be true of a notice and of a change to it."""
import re
from types import SimpleNamespace

from kernel.errors import Reason, Text
from kernel.values import MINUTE, day_of, show_time
from law.citation import Clause
from law.periods import add_working_days, buyer_must_by, end_of, long_enough, period_end
from law.publicity import field
from trading.projects.rules.calendar import length

NOT_TO_CHANGE = frozenset({"subject", "qualification"})
# the words of the law itself (招标投标法 第二十八条) tell no number
LAWFUL_WORDS = re.compile(r"(不足|少于)\s*(三|3)\s*[家个]|fewer than (three|3) (bidders|bids|suppliers)", re.IGNORECASE)
NUMBERS = re.compile(r"[\d一二两三四五六七八九十零〇]+\s*[家个]|\b(\d+|no|one|two|three|four|five)\s+(bid|bidder|supplier)s?\b", re.IGNORECASE)
POINTING = re.compile(r"提问(人|单位|者)|质疑(人|单位)|应.{0,20}(公司|单位)(来函|要求)|at the request of|the asker", re.IGNORECASE)


def both_reviews_done(f: SimpleNamespace) -> Reason | None:
    return None if f.agreed == {1, 2} else Reason("both_reviews_done")


def fields_complete(f: SimpleNamespace) -> Reason | None:
    """Every field the law demands of this kind of notice says something."""
    missing = [code for code in f.required if not f.said.get(code)]
    if not missing:
        return None
    words = Text("、".join(field(c)[0] for c in missing), "; ".join(field(c)[1] for c in missing))
    return Reason("fields_complete", words, under=f.fields_under, values={"fields": words}, binding=f.fields_binding)


def periods_still_long_enough(f: SimpleNamespace) -> Reason | None:
    """Periods run from the day of publication, not from the day that was planned."""
    short = [name for name, end in (("preparation", f.deadline), ("sale", f.document_until)) if _too_short(f, f.clauses[name], end)]
    if not short:
        return None
    words = {"preparation": Text("编制投标文件时间", "bid preparation"), "sale": Text("文件提供期限", "document period")}
    which = Text("、".join(words[s].zh for s in short), ", ".join(words[s].en for s in short))
    first = f.clauses[short[0]]
    return Reason("periods_still_long_enough", which, length(first), under=first.under, values={"which": which}, binding=first.may_refuse)


def _too_short(f: SimpleNamespace, clause: Clause, end: int | None) -> bool:
    return end is None or not long_enough(day_of(f.now), day_of(end), clause.value, clause.unit, f.calendar)


def proof_of_publication(f: SimpleNamespace) -> Reason | None:
    """A medium of the list, an address or file that shows it, and a moment that is neither before the notice's minute (media
    state no seconds) nor to come."""
    good = f.medium in f.media and f.proof.strip() and f.notice_at // MINUTE * MINUTE <= f.media_moment <= f.now
    return None if good else Reason("proof_of_publication", under=f.media_under)


def before_closing(f: SimpleNamespace) -> Reason | None:
    """Equality is late (招标投标法 第三十四条). A suspension stops the clock, and so does an outage whose rule moves the deadline."""
    if f.stage == "inviting" or getattr(f, "outage", False):
        return None
    shown = show_time(f.deadline)
    return Reason("before_closing", Text(show_time(f.now), show_time(f.now)), values={"deadline": shown})


def subject_and_qualification_unchanged(f: SimpleNamespace) -> Reason | None:
    return Reason("subject_and_qualification_unchanged") if NOT_TO_CHANGE & set(f.touches) else None


def fifteen_days_or_extended(f: SimpleNamespace) -> Reason | None:
    """A change that affects bids comes early enough for the deadline that will hold."""
    clause = f.clauses["clarification"]
    last = buyer_must_by(day_of(f.new_deadline), clause.value, clause.unit, f.calendar)
    if not f.affects or day_of(f.now) <= last:
        return None
    enough = period_end(day_of(f.now), clause.value, clause.unit, f.calendar).isoformat()
    return Reason(
        "fifteen_days_or_extended", Text(show_time(f.new_deadline), show_time(f.new_deadline)), Text(f"不早于 {enough}", f"not before {enough}"),
        under=clause.under, binding=clause.may_refuse,
    )


def source_not_named(f: SimpleNamespace) -> Reason | None:
    """No name of any supplier in the register, and no word that points at who asked."""
    return Reason("source_not_named") if POINTING.search(f.text) or any(name in f.text for name in f.names) else None


def same_media(f: SimpleNamespace) -> Reason | None:
    return None if f.medium == f.first_medium else Reason("same_media", Text(f.medium, f.medium), Text(f.first_medium, f.first_medium))


def later_than_before(f: SimpleNamespace) -> Reason | None:
    """A deadline never moves earlier, and the moments that hang on it never before it."""
    later = f.new_deadline > f.deadline and f.new_document_until >= (f.document_until or 0) and f.new_evaluation_at >= f.new_deadline
    return None if later else Reason("later_than_before", Text(show_time(f.new_deadline), show_time(f.new_deadline)))


def reason_given(f: SimpleNamespace) -> Reason | None:
    return None if f.reason.strip() else Reason("reason_given")


def result_not_changed_by_correction(f: SimpleNamespace) -> Reason | None:
    """Ranking, winner and amounts are changed by acts of their own, never by a correction of words."""
    touched = sorted(set(f.corrected) & {"candidates", "winner", "experts"})
    return Reason("result_not_changed_by_correction", Text(*_words(touched))) if touched else None


def _words(codes: list[str]) -> tuple[str, str]:
    return "、".join(field(c)[0] for c in codes), "; ".join(field(c)[1] for c in codes)


def works_only(f: SimpleNamespace) -> Reason | None:
    return None if f.field == "works" else Reason("works_only")


def within_three_days(f: SimpleNamespace) -> Reason | None:
    """Late publicity is a fault to be reported, and still better than none: it warns."""
    clause = f.clauses["publicity_start"]
    if f.received_at is None or f.now < end_of(period_end(day_of(f.received_at), clause.value, clause.unit, f.calendar)):
        return None
    return Reason("within_three_days", Text(show_time(f.now), show_time(f.now)), under=clause.under, binding=False)


def publicity_three_days(f: SimpleNamespace) -> Reason | None:
    clause = f.clauses["publicity"]
    if long_enough(day_of(f.now), f.until, clause.value, clause.unit, f.calendar):
        return None
    first = period_end(day_of(f.now), clause.value, clause.unit, f.calendar).isoformat()
    return Reason("publicity_three_days", Text(f.until.isoformat(), f.until.isoformat()), Text(f"不早于 {first}", f"not before {first}"),
                  under=clause.under, binding=clause.may_refuse)


def smes_attached(f: SimpleNamespace) -> Reason | None:
    """Who benefits from a small firm's price deduction shows the statement it rests on (46号 第十三条)."""
    return None if f.sme_statement or not f.sme_claimed else Reason("smes_attached")


def expert_names_present_if_procurement(f: SimpleNamespace) -> Reason | None:
    return None if f.field != "procurement" or f.experts else Reason("expert_names_present_if_procurement")


def document_attached_if_procurement(f: SimpleNamespace) -> Reason | None:
    return None if f.field != "procurement" or f.papers else Reason("document_attached_if_procurement")


def within_two_working_days(f: SimpleNamespace) -> Reason | None:
    """As with publicity: lateness warns and is seen, it does not keep the result secret."""
    clause = f.clauses.get("two_days")
    if clause is None:
        return None
    if f.counted_from is None or f.now < end_of(add_working_days(day_of(f.counted_from), clause.value, f.calendar)):
        return None
    return Reason("within_two_working_days", Text(show_time(f.now), show_time(f.now)), under=clause.under, binding=False)


def reason_without_numbers(f: SimpleNamespace) -> Reason | None:
    """The failure says why and nothing of who or how many bid."""
    rest = LAWFUL_WORDS.sub("", f.text)
    return Reason("reason_without_numbers") if NUMBERS.search(rest) or any(name in f.text for name in f.names) else None


def secrets_cut(f: SimpleNamespace) -> Reason | None:
    """Phone, identity and bank numbers never stand in a published text; the signer states that trade secrets are cut."""
    leak = re.search(r"(?<!\d)(1[3-9]\d{9}|\d{17}[\dXx]|\d{16,19})(?!\d)", f.text)
    return None if f.cut and not leak else Reason("secrets_cut")
