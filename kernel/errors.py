"""Four errors, told apart by what the caller should do. Anything else is our own fault (500)."""
from dataclasses import dataclass, field

from law.citation import Citation


@dataclass(frozen=True)
class Text:
    """One sentence in the two languages of the house: Chinese first, English second."""

    zh: str
    en: str

    def __call__(self, lang: str = "zh") -> str:
        return self.en if lang == "en" else self.zh

    def fill(self, **values: object) -> "Text":
        return Text(self.zh.format(**values), self.en.format(**values))


@dataclass(frozen=True)
class Reason:
    """Why a guard is false: which guard, what was found, what is needed, under which article.

    rule is the guard's name; its sentence is looked up in `kernel.texts` and filled with `values`.
    binding is False where the only source is unchecked: such a reason warns and never refuses.
    """

    rule: str
    found: Text | None = None
    needed: Text | None = None
    under: tuple[Citation, ...] = ()
    values: dict[str, object] = field(default_factory=dict)
    binding: bool = True


class Refusal(Exception):
    status = 500


class Refused(Refusal):
    """409: a rule says no. Carries the Reason."""

    status = 409

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.rule)
        self.reason = reason


class NotYours(Refusal):
    """404: indistinguishable from absence."""

    status = 404


class Stale(Refusal):
    """409: the thing changed since the caller looked; reload."""

    status = 409


class Malformed(Refusal):
    """422: a field cannot be read. `field` names it, `why` says what is wrong."""

    status = 422

    def __init__(self, field: str, why: Text | None = None) -> None:
        super().__init__(field)
        self.field = field
        self.why = why
