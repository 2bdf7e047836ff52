"""An independent program on Go's checksum-database code accepts our exports and refuses changed ones."""
import os
import shutil
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[3] / "verify" / "go"
GOPATH = Path("/usr/share/gocode")


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("go") is None or not (GOPATH / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        pytest.skip("GO VERIFIER NOT RUN: install golang-go and golang-golang-x-mod-dev")
    folder = tmp_path_factory.mktemp("go")
    env = {**os.environ, "GO111MODULE": "off", "GOPATH": str(GOPATH), "GOFLAGS": "", "GOCACHE": str(folder / "cache")}
    subprocess.run(["go", "build", "-o", str(folder / "ledger"), "."], cwd=SOURCE, env=env, check=True, timeout=300)
    return folder / "ledger"


def run(program: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(program), str(folder)], check=False, capture_output=True, text=True, timeout=60)


def test_accepts_honest_export(program: Path, honest_export: Path) -> None:
    done = run(program, honest_export)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "ok centre.example/rehearsal/2027 size=700 old=300 witnesses=1 proofs=5 openings=467\n"


def test_refuses_each_mutation_and_names_the_file(program: Path, mutated: tuple[Path, str]) -> None:
    folder, where = mutated
    done = run(program, folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("REFUSED: ")
    assert where in done.stderr
