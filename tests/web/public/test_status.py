"""The page of the platform's state: public, recorded by a technician, closed by two, on the tender's page as well; no word of who was uploading."""
from typing import Any

from kernel.ticker import settle
from kernel.values import MINUTE, local
from tests.world import staff
from tests.worlds.readers import forms_on, reader, readers
from tests.worlds.sealed import formal
from trading.incidents.records import Incident
from trading.projects.records import Project


def test_an_outage_is_recorded_shown_and_ended(centre: Any, tmp_path: Any) -> None:
    world = formal(centre, tmp_path)
    tender = f"/tenders/{world.row(Project, world.project).code}"
    technician, regulator = staff(centre, "technician"), staff(centre, "regulator")
    with readers(centre) as client:
        public, one, two = reader(client, centre), reader(client, centre, technician), reader(client, centre, regulator)
        assert "平台运行正常" in public.text("/status") and "The platform works" in public.text("/status", "en")
        assert forms_on(public.text("/status")) == set() and "trading.incidents.open" in forms_on(one.text("/status"))
        assert "trading.incidents.open" not in forms_on(two.text("/status")) and "/status" not in public.text(tender)
        world.forward(5 * MINUTE)
        since = f"{local(centre.now() - 2 * MINUTE):%Y-%m-%dT%H:%M}"
        values = {"what": "upload", "since": since, "witnessed": "值班员样板甲看到上传失败", "_next": "/status"}
        assert reader(client, centre, world.who).post("/do/trading.incidents.open", values).status_code == 404
        assert one.post("/do/trading.incidents.open", values | {"witnessed": ""}).status_code == 422
        assert one.post("/do/trading.incidents.open", values).status_code == 303
        settle(centre)
        for page in (public.text("/status"), public.text(tender)):
            assert "上传和递交" in page and "尚未恢复" in page and "样板甲" not in page
        end = {"incident": world.all(Incident)[0].id, "until": f"{local(centre.now()):%Y-%m-%dT%H:%M}", "good": "1", "_next": "/status"}
        assert one.post("/do/trading.incidents.close", end | {"good": ""}).status_code == 409
        assert one.post("/do/trading.incidents.close", end).status_code == 303
        assert "尚未恢复" in public.text("/status") and "trading.incidents.close" in forms_on(two.text("/status"))
        before = world.row(Project, world.project).deadline
        assert two.post("/do/trading.incidents.close", end).status_code == 303
        settle(centre)
        assert "平台运行正常" in public.text("/status") and world.row(Project, world.project).deadline > before
        assert "平台故障" in public.text(tender) and "延期" in public.text(tender)
