"""Somebody in front of a page: a test client with a log-in of an actor, and the forms it finds there."""
import re
from html import unescape
from typing import Any

from litestar import Litestar
from litestar.testing import TestClient

from kernel.centre import Centre
from kernel.command import Actor
from kernel.identity import sessions
from web.app import create_app
from web.viewer import COOKIE


def signed_in(centre: Centre, actor: Actor) -> sessions.Opened:
    """A log-in as the door would make it, at a terminal of the area where the actor sits there."""
    with centre.database.writing() as session:
        opened = sessions.create(session, centre.settings, actor.id, centre.clock.now(session), actor.channel)
        session.commit()
    return opened


class Reader:
    """get and post of one person (or of nobody); language by `lang`."""

    def __init__(self, client: TestClient[Any], opened: sessions.Opened | None, lang: str = "zh") -> None:
        self.client, self.opened = client, opened
        self.cookies = {"lang": lang} | ({COOKIE: opened.token} if opened else {"csrf": "c" * 32})

    @property
    def csrf(self) -> str:
        return self.opened.csrf if self.opened else "c" * 32

    def get(self, path: str, lang: str = "") -> Any:
        self._wear({"lang": lang} if lang else {})
        return self.client.get(path, follow_redirects=False)

    def text(self, path: str, lang: str = "") -> str:
        answer = self.get(path, lang)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:400])
        return unescape(answer.text)

    def post(self, path: str, data: dict[str, Any], files: Any = None) -> Any:
        self._wear({})
        return self.client.post(path, data={"_csrf_token": self.csrf, "_next": "/"} | data, files=files, follow_redirects=False)

    def _wear(self, more: dict[str, str]) -> None:
        """One client serves several persons: each request carries its own person's cookies."""
        self.client.cookies.clear()
        for name, value in (self.cookies | more).items():
            self.client.cookies.set(name, value)

    def do(self, tag: str, **data: Any) -> Any:
        return self.post(f"/do/{tag}", data)


_built: dict[int, Litestar] = {}


def site(centre: Centre) -> Litestar:
    """The site over a centre. Its routes are built once for all tests of a process and serve the centre of the moment."""
    limit = centre.settings.paper_limit + centre.settings.form_limit
    if limit not in _built:
        _built[limit] = create_app(centre)
    _built[limit].state.centre = centre
    return _built[limit]


def readers(centre: Centre) -> TestClient[Any]:
    return TestClient(site(centre))


def reader(client: TestClient[Any], centre: Centre, actor: Actor | None = None, lang: str = "zh") -> Reader:
    return Reader(client, signed_in(centre, actor) if actor else None, lang)


def forms_on(html: str) -> set[str]:
    """Tags of the acts that a page offers."""
    return set(re.findall(r'action="/do/([a-z_.]+)"', html))
