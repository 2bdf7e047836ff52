"""What waits for a custodian's program in a draw: for the centre's own its commitment, then its contribution; for each, what a
silent party sealed."""
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from experts.commit import party_of
from experts.desk import contributions_of
from experts.records import Draw
from experts.silence import breaks_silence
from kernel.command import Actor
from trading.projects.records import Project
from trading.relations import relations
from trading.sealing.records import Ceremony


def waiting(session: Session, actor: Actor, now: int) -> list[dict[str, Any]]:
    """Tasks as a custodian's mailbox lists them. `draw_commit` brings the key to seal the contribution to; `draw_reveal` follows
    when every party has committed, `draw_silent` when ten minutes later one has not shown its own."""
    found = []
    for draw in session.scalars(select(Draw).where(Draw.stage.in_(("pooled", "committed")), Draw.rules_hash != "").order_by(Draw.id)):
        project = session.get_one(Project, draw.project)
        party, given = party_of(session, actor, project, relations(session, actor, project, now), draw), contributions_of(session, draw)
        own = given.get(party)
        if breaks_silence(session, actor, draw, now) and not project.suspended:
            found.append({"project": project.id, "code": project.code, "draw": draw.id, "kind": "draw_silent"})
        if not party or party not in draw.parties or project.suspended:
            continue
        task = {"project": project.id, "code": project.code, "draw": draw.id, "party": party}
        if own is None:
            found.append(task | {"kind": "draw_commit", "key": session.get_one(Ceremony, draw.ceremony).key})
        elif not own.value and draw.stage == "committed":
            found.append(task | {"kind": "draw_reveal"})
    return found
