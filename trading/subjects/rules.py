"""Guards of the organisations' own procedure. Pure: facts in, a reason or nothing out.

Facts: now, stage, the subject's columns by name, and what the act adds.
"""

from collections.abc import Mapping

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from kernel.canonical import canon, sha256
from kernel.codes import is_credit_code
from kernel.errors import Reason, Text
from kernel.machine import Facts

REQUIRED_PAPERS: Mapping[str, Text] = {
    "licence": Text("营业执照或登记证书", "licence or certificate of registration"),
    "authorisation": Text("经办人授权书", "authorisation of the person who acts"),
}
PAPER_KINDS = (*REQUIRED_PAPERS, "qualification", "other")
# what a reviewer answers on, one by one; papers by their kind
ITEMS: Mapping[str, Text] = {
    "code": Text("统一社会信用代码", "credit code"),
    "name": Text("名称", "name"),
    "kinds": Text("主体类型", "kind of organisation"),
    "legal_person": Text("法定代表人", "legal representative"),
    "address": Text("地址", "address"),
    "contact": Text("联系方式", "contact"),
    **REQUIRED_PAPERS,
}
KEY_PREFIX = b"mingbiao/key/v1"


def credit_code_valid(f: Facts) -> Reason | None:
    return None if is_credit_code(f.code) else Reason("credit_code_valid")


def code_not_taken(f: Facts) -> Reason | None:
    return Reason("code_not_taken") if f.code_taken else None


def terms_read(f: Facts) -> Reason | None:
    return None if f.terms else Reason("terms_read")


def file_readable(f: Facts) -> Reason | None:
    """media: what the bytes are; empty when they are none of the kinds taken, or cut off."""
    if f.media:
        return None
    return Reason("file_readable", needed=Text("PDF、JPG、PNG 或 OFD，不超过 50 MB", "PDF, JPG, PNG or OFD of at most 50 MB"))


def review_not_running(f: Facts) -> Reason | None:
    return Reason("review_not_running") if f.stage in ("first_review", "second_review") else None


def papers_complete(f: Facts) -> Reason | None:
    missing = [text for kind, text in REQUIRED_PAPERS.items() if kind not in f.paper_kinds]
    if not missing:
        return None
    names = Text("、".join(t.zh for t in missing), ", ".join(t.en for t in missing))
    return Reason("papers_complete", needed=names, values={"missing": names})


def drawn_for_file(f: Facts) -> Reason | None:
    """assignee: who was drawn for this round and slot."""
    return None if f.assignee == f.person else Reason("drawn_for_file")


def not_drafter(f: Facts) -> Reason | None:
    return Reason("not_drafter") if f.person == f.entered_by else None


def other_than_first(f: Facts) -> Reason | None:
    return Reason("other_than_first") if f.person == f.first_reviewer else None


def reason_given(f: Facts) -> Reason | None:
    return None if any(reason.strip() for reason in f.reasons) else Reason("reason_given")


def all_faults_at_once(f: Facts) -> Reason | None:
    """Whoever returns a file has answered on every item, so that nothing is held back (一次性告知)."""
    open_items = [text for item, text in ITEMS.items() if item not in f.answers]
    if open_items or set(f.answers) - set(ITEMS) - set(PAPER_KINDS):
        names = Text("、".join(t.zh for t in open_items), ", ".join(t.en for t in open_items))
        return Reason("all_faults_at_once", needed=names)
    return None


def no_late_faults(f: Facts) -> Reason | None:
    """A fault that stood there at the last return and was not named then: shown as a warning, kept in the entry.

    before: faults of the last return, None when there was none · touched: items repaired since.
    """
    if f.before is None:
        return None
    late = sorted(item for item, fault in f.answers.items() if fault.strip() and item not in f.before and item not in f.touched)
    if not late:
        return None
    return Reason("all_faults_at_once", found=Text("、".join(late), ", ".join(late)), binding=False)


def key_bytes(origin: str, org: str, person: str) -> bytes:
    """What the holder of a new key signs to prove possession: bound to this centre, organisation and person."""
    return KEY_PREFIX + sha256(canon({"v": 1, "origin": origin, "org": org, "person": person}))


def possession_proved(f: Facts) -> Reason | None:
    try:
        VerifyKey(f.public).verify(f.challenge, f.proof)
    except (BadSignatureError, ValueError):
        return Reason("possession_proved")
    return None


def key_not_used_before(f: Facts) -> Reason | None:
    return Reason("key_not_used_before") if f.key_used else None


def person_not_elsewhere(f: Facts) -> Reason | None:
    return Reason("person_not_elsewhere") if f.elsewhere else None


def one_manager_left(f: Facts) -> Reason | None:
    return None if f.managers_left else Reason("one_manager_left")


def decision_cited(f: Facts) -> Reason | None:
    return None if f.decision.strip() else Reason("decision_cited")


def period_given(f: Facts) -> Reason | None:
    return None if f.until is not None and f.until > f.now else Reason("period_given")


def period_over_or_revoked(f: Facts) -> Reason | None:
    """revoked: number of the decision that lifts the bar early, empty when the period has simply run out."""
    over = f.barred_until is not None and f.now >= f.barred_until
    return None if over or f.revoked.strip() else Reason("period_over_or_revoked")


def file_number_given(f: Facts) -> Reason | None:
    return None if f.file_number.strip() and f.cause.strip() else Reason("file_number_given")
