"""The state of the walk: both tenders, procurement by marks and works by benchmark, and what was planted in them."""
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from cli.cast.house import House
from cli.cast.tender import Bidder, Play
from kernel.centre import Centre
from kernel.command import Actor
from kernel.daytable.reads import calendar
from kernel.settings import Settings
from kernel.values import day_of, instant
from law.periods import roll_forward
from tests.walks import people
from tests.walks.people import BIDDERS, MARK, Company, Expert

MONEY = {  # amounts in fen, no two with a prefix in common
    "procurement": {"budget": 812_398_765, "ceiling": 808_877_701, "winner": 761_234_567, "loser": 765_432_109, "third": 768_654_321,
                    "rejected": 769_912_345, "withdrawn": 757_543_210, "late": 756_887_213},
    "works": {"budget": 912_376_543, "ceiling": 908_866_607, "winner": 861_122_334, "loser": 864_455_667, "third": 867_788_991,
              "rejected": 868_901_223, "withdrawn": 857_665_544, "late": 856_334_411},
}
DEPOSIT = 8_000_000  # fen; below 2 % of either budget


@dataclass
class Walk:
    centre: Centre
    house: House
    companies: dict[str, Company]
    experts: dict[str, Expert]
    plays: list[Play]
    bids: dict[tuple[str, str], str] = field(default_factory=dict)
    sources: dict[tuple[str, str], str] = field(default_factory=dict)
    accounts: dict[tuple[str, str], str] = field(default_factory=dict)
    times: dict[tuple[str, str], int] = field(default_factory=dict)
    declined: dict[str, str] = field(default_factory=dict)
    seated: set[str] = field(default_factory=set)
    scores: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def actor(self, key: str, play: Play | None = None) -> Actor:
        """The person of an organisation; with a tender, of the supplier that plays this part in it."""
        return self.companies[f"{play.field}.{key}" if play else key].actor

    def said(self, play: Play, what: str) -> str:
        """A sentence that only this tender holds."""
        return f"{MARK[play.field]}句{what}{MARK[play.field]}"


def begin(home: Path, fields: tuple[str, ...] = ("procurement", "works"), witnessed: bool = True, database_url: str = "") -> Walk:
    """The centre with its people, and the tenders that will be played; nothing is entered yet."""
    import cli.rooms  # noqa: F401  binds every question to its answer

    centre = Centre(Settings(home=home, database_url=database_url, argon_time=1, argon_memory_kib=8, secure_cookies=False))
    house = people.open_house(centre, witnessed=witnessed)
    people.furnish(house)
    experts, companies = people.fill_library(house), people.enter_companies(house)
    with centre.reading() as session:
        day = roll_forward(day_of(centre.now()) + timedelta(days=23), calendar(session))
    plays = []
    for which, kind, method in (("procurement", "services", "comprehensive"), ("works", "construction", "benchmark")):
        if which not in fields:
            continue
        play = Play(house, which, kind, method, f"示例项目{MARK[which]}", f"Example tender {which}", MONEY[which]["budget"],
                    companies["buyer"].actor, companies["agent"].actor, deadline=instant(day, 9, 30), ceiling=MONEY[which]["ceiling"],
                    deposit=DEPOSIT, representative=people.representative(house, which),
                    bidders=[Bidder(companies[f"{which}.{key}"].actor, companies[f"{which}.{key}"].code, MONEY[which][key]) for key in BIDDERS])
        plays.append(play)
    return Walk(centre, house, companies, experts, plays)
