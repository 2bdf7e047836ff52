"""The screen of the drawing room: codes and replies for who draws and who watches, nothing for others, a name for nobody."""
import re

from kernel.centre import Centre
from kernel.ticker import settle
from tests.world import staff
from tests.worlds.experts import world
from tests.worlds.readers import reader, readers


def test_the_order_is_shown_by_codes_to_those_who_draw(centre: Centre) -> None:
    made = world(centre)
    draw = made.brief()
    settle(centre)
    path = f"/draws/{draw.id}/wall"
    with readers(centre) as client:
        agent, regulator = reader(client, centre, made.agent), reader(client, centre, made.regulator, "en")
        before = agent.text(path)
        assert "draw-lines" not in before and "各方公开随机数后排定" in before
        for party in made.parties():
            made.commit(draw.id, party)
        assert "已封存，待公开" in agent.text(path)
        for party in made.parties():
            made.reveal(draw.id, party)
        settle(centre)
        assert "Order of calls" in regulator.text(path)
        made.answer(draw.id, accepts=False)
        made.answer(draw.id)
        for shown in (agent.text(path), regulator.text(path)):
            codes = re.findall(r'<code translate="no">([0-9a-f]{4} [0-9a-f]{4})</code>', shown)
            assert len(codes) == len(set(codes)) == 14
            assert "专家甄" not in shown and "示例设计院" not in shown
        assert agent.text(path).count("婉拒") == agent.text(path).count("已应约") == 1 and agent.text(path).count('class="run now"') == 1
        for stranger in (None, staff(centre, "room_manager"), staff(centre, "regulator", scope="procurement")):
            assert reader(client, centre, stranger).get(path).status_code == 404
        assert agent.get("/draws/none/wall").status_code == 404
