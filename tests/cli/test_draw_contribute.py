"""A party makes its contribution on its own machine: the commitment is of those bytes, the sealed file of that draw."""
import pytest

from cli.main import main
from kernel.draw import commit
from tests.worlds import experts as world
from trading.sealing.draw_gates import contribution


def said(out: str) -> tuple[str, str]:
    lines = [line.split()[-1] for line in out.strip().splitlines()]
    return lines[0], lines[1]


def test_bytes_and_their_commitment_need_no_draw(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["draw", "contribute", "host"]) == 0
    promise, value = said(capsys.readouterr().out)
    assert promise == commit("host", bytes.fromhex(value))


def test_a_draw_takes_the_sealed_file(centre, tmp_path, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    made = world.world(centre)
    file, args = tmp_path / "mine.tbid", ["draw", "contribute", "regulator", "--draw", "abcdefgh23456723", "--key", made.key]
    assert main(args) == 2
    assert main([*args, "--out", str(file)]) == 0
    promise, value = said(capsys.readouterr().out)
    assert promise == commit("regulator", bytes.fromhex(value)) and contribution(file.read_bytes(), "abcdefgh23456723", "regulator", made.key)
    assert main([*args, "--out", str(file)]) == 2
