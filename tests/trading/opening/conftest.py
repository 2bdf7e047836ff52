"""Tenders on their way to an opening, for the tests of this folder."""
import pytest

from kernel.facts import _bound
from tests.worlds.sealed import Sealed, formal
from trading.opening.read_out import ReadOut, read_out


@pytest.fixture
def works(centre, tmp_path) -> Sealed:  # type: ignore[no-untyped-def]
    """Works under the law, three bids, host named, before the deadline."""
    world = formal(centre, tmp_path)
    for n in range(3):
        world.bid(world.supplier(), 100_00 + n)
    world.named_host()
    return world


@pytest.fixture
def recording():  # type: ignore[no-untyped-def]
    """The area's answer to "does a recording run?", given by the test."""
    name, told = "trading.asks.recording_on", {"on": True}
    before = _bound[name]
    _bound[name] = lambda *_: told["on"]
    yield told
    _bound[name] = before


@pytest.fixture
def answered(works: Sealed, recording) -> Sealed:  # type: ignore[no-untyped-def]
    """Started; every custodian's batch lies ready, none is posted."""
    works.started()
    return works


@pytest.fixture
def read(answered: Sealed) -> Sealed:
    answered.custodians_answer()
    read_out(answered.centre, answered.host, ReadOut(project=answered.project))
    return answered
