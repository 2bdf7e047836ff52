"""Who may not sit: recusal (回避) worked out before any randomness exists, and its reasons as codes.

A page never says more than the code: the relation or the company behind it is the expert's private matter.
Sources: 招标投标法 第三十七条; 实施条例 第四十六条; 政府采购法实施条例 第九条; 87号令 第四十条, 第四十七条.
"""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kernel.errors import Text

CONVENER, BIDDER, RELATION, OFFICE, CROWDED = "1", "2", "3", "4", "5"
CODES = {
    CONVENER: Text("与招标人（采购人）或代理机构同一单位", "Same employer as the buyer or its agent"),
    BIDDER: Text("与投标人同一单位", "Same employer as a bidder"),
    RELATION: Text("本人申报的利害关系或回避", "A relation or recusal declared by the expert"),
    OFFICE: Text("监督部门、交易中心人员、开标在场人员或已不在库", "Staff of an authority or the centre, present at the opening, or no longer in the library"),
    CROWDED: Text("同一单位已有成员", "The employer has a member already"),
}


@dataclass(frozen=True)
class Org:
    """code: unified social credit code, or empty."""

    code: str
    name: str

    def same(self, code: str, name: str) -> bool:
        """By code where both have one, otherwise by the registered name."""
        if self.code and code:
            return self.code == code
        return bool(name) and _plain(self.name) == _plain(name)


@dataclass(frozen=True)
class Tie:
    """A declared relation; until: the day it ended, None while it lasts."""

    code: str
    name: str
    until: date | None


@dataclass(frozen=True)
class Candidate:
    """What recusal needs to know of one expert. office: may not sit for a post, for having attended the opening, or for having left the library."""

    expert: str
    employer: Org
    ties: tuple[Tie, ...] = ()
    office: bool = False


@dataclass(frozen=True)
class Ground:
    """Against whom: the organisations of one tender and the day from which past relations count."""

    conveners: tuple[Org, ...]
    bidders: tuple[Org, ...]
    seated: tuple[Org, ...]
    since: date


def code_for(one: Candidate, ground: Ground) -> str:
    """The code of the first reason to recuse, "" when there is none."""
    if _among(one.employer, ground.conveners):
        return CONVENER
    if _among(one.employer, ground.bidders):
        return BIDDER
    if any(_counts(tie, ground.since) and any(org.same(tie.code, tie.name) for org in (*ground.conveners, *ground.bidders)) for tie in one.ties):
        return RELATION
    if one.office:
        return OFFICE
    return CROWDED if _among(one.employer, ground.seated) else ""


def years_before(day: date, years: int) -> date:
    """The same day `years` earlier; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _counts(tie: Tie, since: date) -> bool:
    return tie.until is None or tie.until >= since


def _among(employer: Org, orgs: Iterable[Org]) -> bool:
    return any(org.same(employer.code, employer.name) for org in orgs)


def _plain(name: str) -> str:
    return "".join(name.split()).replace("（", "(").replace("）", ")").casefold()
