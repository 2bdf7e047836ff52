"""A process that forks once for each job and kills the fork at a chosen step. Run by tests as a program of its own.

A step is every point at which what is on disk, or half on its way there, differs: the inserts of the rows that matter, both
sides of every commit, every file. The hooks stand here and nowhere in the product. What a fork has
got done it says in a file at once, so that the test knows what a client would have been told before the lights went out.
"""
import json
import os
import re
import signal
import sys
import time
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

import cli.rooms  # noqa: F401
import kernel.blobs
from cli.cast.house import House, Keeper, program
from kernel.blobs import Blobs, FolderStore, Intake
from kernel.centre import Centre
from kernel.command import Actor
from kernel.settings import Settings
from kernel.ticker import settle
from trading.bids.submit import PartRef, Submit, submit
from trading.bids.uploads import Coming, begin, expect, finish
from trading.opening.read_out import ReadOut, read_out
from trading.opening.sign_in import SignIn, sign_in
from trading.opening.start import Start, start
from trading.sealing.rules.header import parse_prefix

INSERTS = re.compile(r"INSERT INTO (bid|envelope|ledger_entry|opening|opened_part|partial_batch|closing)\b")


class Steps:
    """Counts steps and ends the process at the chosen one, as `kill -9` does."""

    def __init__(self, kill: int) -> None:
        self.kill, self.count, self.wrote = kill, 0, False
        self.names: list[str] = []

    def tick(self, name: str) -> None:
        self.count += 1
        self.names.append(name)
        if self.count == self.kill:
            os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(60)

    def watch(self, centre: Centre) -> None:
        engine = centre.database.engine
        event.listen(engine, "after_cursor_execute", lambda _c, _cur, statement, *_: self._written(statement))
        event.listen(engine, "commit", self._committing)
        event.listen(Session, "after_commit", self._committed)
        for kind in (Blobs, FolderStore):
            self._around(kind, "put")
        self._around(Intake, "done")
        replace = os.replace

        def replacing(old: Any, new: Any) -> None:
            self.tick(f"rename {Path(new).name}")
            replace(old, new)

        kernel.blobs.os.replace = replacing  # type: ignore[assignment]

    def _written(self, statement: str) -> None:
        self.wrote |= not statement.startswith(("SELECT", "BEGIN", "select"))
        if INSERTS.match(statement):
            self.tick(INSERTS.match(statement)[0])  # type: ignore[index]

    def _committing(self, _: Any) -> None:
        if self.wrote:
            self.tick("commit")

    def _committed(self, _: Any) -> None:
        if self.wrote:
            self.wrote = False
            self.tick("committed")

    def _around(self, kind: Any, name: str) -> None:
        whole = getattr(kind, name)

        def put(store: Any, *args: Any, **kwargs: Any) -> Any:
            result = whole(store, *args, **kwargs)
            self.tick(f"after {kind.__name__}.{name}")
            return result

        setattr(kind, name, put)


def hand_in(centre: Centre, job: dict[str, Any], say: Any) -> None:
    """Uploads the sealed parts piece by piece and submits them."""
    actor, folder = Actor(**job["actor"]), Path(job["folder"])
    refs = []
    for file in sorted(folder.glob("*.tbid")):
        data = file.read_bytes()
        upload = begin(centre, actor, job["project"], job["lot"], file.stem, len(data), len(parse_prefix(data).raw))
        coming = Coming(centre, expect(centre, actor, upload.id), 0)
        coming.take(data)
        coming.stand()
        refs.append(PartRef(part=file.stem, upload=upload.id, digest=finish(centre, actor, upload.id).digest))
    bid = submit(centre, actor, Submit(project=job["project"], lot=job["lot"], parts=tuple(refs), salt=job["salt"]))
    say(f"accepted {bid.id}")
    settle(centre)


def opening(centre: Centre, job: dict[str, Any], say: Any) -> None:
    """From the deadline to the reading out; whatever was done before is passed over, as people would."""
    from kernel.errors import Refusal

    def once(act: Any, actor: Actor, cmd: Any) -> None:
        try:
            act(centre, actor, cmd)
        except Refusal as refusal:
            say(f"refused {act.__name__} {refusal}")

    settle(centre)
    for bidder in job["bidders"]:
        once(sign_in, Actor(**bidder), SignIn(project=job["project"]))
    host = Actor(**job["host"])
    once(start, host, Start(project=job["project"]))
    settle(centre)
    house = House(centre, keepers=[Keeper(id, program(centre, Path(home), id)) for home, id in job["keepers"]])
    for keeper in house.keepers:
        for done in keeper.program.run_once():
            say(f"custodian {done}")
        settle(centre)
    once(read_out, host, ReadOut(project=job["project"]))
    say("read out")
    settle(centre)


def seal_off(centre: Centre, job: dict[str, Any], say: Any) -> None:
    """Only the sequencer: positions, tiles, checkpoint."""
    from kernel.ledger.sequencer import sequence

    say(f"size {sequence(centre)}")


JOBS = {"hand_in": hand_in, "opening": opening, "sequence": seal_off}


def run(job: dict[str, Any]) -> None:
    said = os.open(job["said"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    centre = Centre(Settings(home=Path(job["home"]), database_url=job["url"]))
    steps = Steps(job["kill"])
    steps.watch(centre)
    JOBS[job["what"]](centre, job, lambda line: os.write(said, line.encode() + b"\n"))
    os.write(said, json.dumps({"steps": steps.names}).encode() + b"\n")


def main() -> None:
    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                run(json.loads(line))
                code = 0
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        print(-os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status), flush=True)


if __name__ == "__main__":
    main()
