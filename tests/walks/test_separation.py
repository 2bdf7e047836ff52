"""Posts that may never meet in one person: every pair of separation.csv is refused where it would begin and where it would be used."""
import pytest
from sqlalchemy import select

from kernel.errors import Refused
from kernel.identity.grant_role import GrantRole, grant_role
from kernel.identity.records import Grant, Person
from kernel.values import new_id
from law.guards import texts
from law.roles import DEEDS, ROLES
from law.separation import Pair, conflicts, pairs
from tests.world import login
from tests.worlds.subjects import entered
from trading.desk import keep_apart

RELATIONS = {"supplier", "taker", "bidder", "candidate", "winner", "loser", "agent", "buyer", "buyer_rep", "expert_seated", "chair"}
POSTS = {role.code for role in ROLES.values() if role.everywhere} - RELATIONS - {"public", "system", "device"} | {"regulator", "reviewer1", "reviewer2", "host"}
CENTRE_WIDE = [pair for pair in pairs() if pair.scope == "C" and {pair.left, pair.right} <= POSTS]
BESIDE = [pair for pair in pairs() if {pair.left, pair.right} <= ROLES.keys() and pair.left != pair.right]
# pairs one side of which is something that was done: the guard that looks at who did it, or why nobody can do it here
DONE = {
    6: "relations of this kind are not recorded: the bidder's declaration in the sealed bid says so, the committee looks at it",
    7: "bidder_list_shown",
    8: "separation_kept",
    10: "representative_unrelated",
    11: "not_drafter",
    12: "other_than_purchaser",
    13: "the agency briefs a draw and the machine calls: neither is a post of the centre",
    14: "the agency briefs a draw: nobody with a post of the centre acts for an agency",
    17: "logs are no act of trade: the operating system keeps who reads them apart from who keeps them",
    20: "other_than_first",
    21: "other_than_first",
    22: "other_than_officer_involved",
    23: "badges are issued and devices enrolled by different posts, which pair 18 and the table of roles keep apart",
    24: "parcels of land are not built",
    25: "disposal is not built",
    26: "clauses change by release, not by an act",
    27: "other_than_first",
    28: "representative_unrelated",
    16: "separation_kept",
    5: "agent_unrelated",
    3: "agent_unrelated",
}


def person(centre, roles=()) -> str:
    """Somebody who holds these posts already."""
    with centre.database.writing() as session:
        now = centre.clock.now(session)
        row = Person(id=new_id(), login=f"p-{new_id()}", name="示例人员", created=now)
        session.add(row)
        session.flush()
        session.add_all(Grant(person=row.id, role=role, scope="", since=now) for role in roles)
        session.commit()
        return row.id


def grant(centre, who: str, role: str) -> str:
    """The guard that refuses, "" where the role is granted."""
    try:
        for registrar in ("registrar1", "registrar2"):
            grant_role(centre, login(centre, registrar), GrantRole(person=who, role=role))
    except Refused as refusal:
        return refusal.reason.rule
    with centre.reading() as session:
        assert session.scalar(select(Grant.id).where(Grant.person == who, Grant.role == role))
    return ""


def test_centre_wide_pairs_are_refused_at_granting_in_either_order(centre) -> None:
    assert {1, 15, 16, 17, 18, 19} <= {pair.number for pair in CENTRE_WIDE}
    for pair in CENTRE_WIDE:
        for first, second in ((pair.left, pair.right), (pair.right, pair.left)):
            assert grant(centre, person(centre, [first]), second) == "separation_kept", str(pair)


def test_posts_that_may_meet_are_granted(centre) -> None:
    assert grant(centre, person(centre), "cashier") == ""
    assert not conflicts({("room_manager", "")}, ("area_guard", "elsewhere"))
    assert grant(centre, person(centre, ["room_manager"]), "area_guard") == ""


@pytest.mark.parametrize("kind", ["agent", "buyer", "supplier"])
def test_whoever_acts_for_an_organisation_gets_no_post(centre, kind) -> None:
    member = entered(centre, kinds=(kind,))
    for role in ("regulator", "registrar", "cashier", "auditor", "sysadmin"):
        assert grant(centre, member.id, role) == "separation_kept"
        assert grant(centre, person(centre), role) == ""


@pytest.mark.parametrize("pair", BESIDE, ids=lambda pair: f"{pair.number}:{pair}")
def test_two_relations_to_one_tender_are_refused_at_acting(pair: Pair) -> None:
    for first, second in ((pair.left, pair.right), (pair.right, pair.left)):
        with pytest.raises(Refused) as refused:
            keep_apart({first, second}, second)
        assert refused.value.reason.rule == "separation_kept"
        keep_apart({"public", second}, second)


def test_no_pair_is_forgotten() -> None:
    """Every row is either two roles, refused above, or a deed, whose guard has a sentence or whose absence has a reason."""
    with_roles = {pair.number for pair in BESIDE}
    with_deeds = {pair.number for pair in pairs() if {pair.left, pair.right} & DEEDS.keys()}
    assert with_roles | with_deeds | {8} == set(range(1, 29))
    assert with_deeds <= DONE.keys()
    for number, guard in DONE.items():
        assert guard in texts() or " " in guard, number


def test_two_voices_of_one_person_are_one(centre) -> None:
    who, registrar = person(centre), login(centre, "registrar1")
    cmd = GrantRole(person=who, role="archivist")
    grant_role(centre, registrar, cmd)
    with pytest.raises(Refused) as refused:
        grant_role(centre, registrar, cmd)
    assert refused.value.reason.rule in ("other_than_first", "second_person_confirms")
    grant_role(centre, login(centre, "registrar2"), cmd)
    with pytest.raises(Refused) as to_oneself:
        grant_role(centre, registrar, GrantRole(person=registrar.id, role="archivist"))
    assert to_oneself.value.reason.rule == "not_to_oneself"
