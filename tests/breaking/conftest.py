"""One published tender for a whole module, copied for each thing that is broken."""
import uuid
from collections.abc import Iterator

import pytest

from cli.cast.tender import Play
from kernel.centre import Centre
from kernel.settings import Settings
from tests.postgres import databases
from tests.worlds.broken import QUICK, Snapshot, Zygote, published


@pytest.fixture(scope="module", params=databases())
def tender(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Snapshot, Play]:
    """A tender in its bidding time, at rest. The play's centre is closed; a copy has its own."""
    url = request.getfixturevalue("postgres").database(f"b{uuid.uuid4().hex[:12]}") if request.param == "postgresql" else ""
    snapshot = Snapshot(tmp_path_factory.mktemp("broken"), url)
    centre = Centre(Settings(home=snapshot.home, database_url=url, **QUICK))
    play = published(centre)
    centre.close()
    return snapshot, play


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    made = Zygote()
    yield made
    made.close()
