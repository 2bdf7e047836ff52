"""A private PostgreSQL server for one test process, from the system's binaries."""
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import psycopg


def databases() -> list[str]:
    """What the tests run on."""
    return ["postgresql"] if os.environ.get("DB") == "postgresql" else ["sqlite"]


def binaries() -> Path | None:
    """The folder of initdb and postgres, newest version first."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).parent if found else None


def clone(address: str, name: str, template: str = "template1") -> None:
    """A new database with everything of another, as a copy of its files where the server can (a quarter of the time)."""
    with psycopg.connect(address, autocommit=True) as connection:
        way = " strategy file_copy" if connection.info.server_version >= 150_000 else ""
        connection.execute(f'create database "{name}" template "{template}"{way}')  # type: ignore[arg-type]


class PrivateServer:
    def __init__(self, folder: Path, port: int, process: "subprocess.Popen[bytes]") -> None:
        self.folder, self.port, self.process = folder, port, process
        self.template = ""

    @classmethod
    def start(cls, folder: Path) -> "PrivateServer | None":
        bin_folder = binaries()
        if bin_folder is None:
            return None
        data = folder / "data"
        user: dict[str, object] = {}
        if os.geteuid() == 0:
            account = pwd.getpwnam("nobody")
            for place in (folder, *folder.parents[:4]):
                os.chmod(place, place.stat().st_mode | 0o011)
            os.chown(folder, account.pw_uid, account.pw_gid)
            user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        subprocess.run([bin_folder / "initdb", "-D", data, "-U", "test", "-A", "trust", "-E", "UTF8", "--no-sync", "--no-locale"],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **user)  # type: ignore[call-overload]
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        process = subprocess.Popen([bin_folder / "postgres", "-D", data, "-p", str(port), "-k", folder, "-c", "listen_addresses=127.0.0.1",
                                    "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "wal_level=minimal", "-c", "max_wal_senders=0",
                                    "-c", "autovacuum=off", "-c", "max_connections=300", "-c", "shared_buffers=64MB"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **user)  # type: ignore[call-overload]
        server = cls(folder, port, process)
        for _ in range(200):
            try:
                psycopg.connect(server.url("postgres")).close()
                return server
            except psycopg.OperationalError:
                time.sleep(0.05)
        raise RuntimeError("the private PostgreSQL server did not start")

    def url(self, name: str) -> str:
        return f"postgresql://test@127.0.0.1:{self.port}/{name}"

    def database(self, name: str) -> str:
        """A fresh database with every table, cloned from a template; returns its URL."""
        if not self.template:
            self._make("tables")
            import cli.rooms  # noqa: F401  every table
            from kernel.database import Database

            made = Database(self.url("tables"))
            made.create()
            made.dispose()
            self.template = "tables"
        self._make(name, self.template)
        return self.url(name)

    def drop(self, name: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'drop database if exists "{name}" with (force)')  # type: ignore[arg-type]

    def _make(self, name: str, template: str = "template1") -> None:
        clone(self.url("postgres"), name, template)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)  # fast shutdown: open connections are cut
        self.process.wait(10)
