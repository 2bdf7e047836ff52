"""Everybody of the rehearsal as he sits at his own computer: signs in, opens a page, fills the form that stands there, sends it.

Nothing here knows the database. What a page does not offer cannot be done; a refusal that nobody planned stops the rehearsal.
"""
import time
from collections.abc import Callable
from typing import Any

import httpx

from cli.rehearse.reading import Form, Page
from kernel.clock import monotonic

PATIENCE = 30.0  # seconds for what the system does by itself
Files = dict[str, tuple[str, bytes]]


class Stopped(Exception):
    """What was being done, and what came instead."""


class Scene:
    """The running centre as everybody sees it: its address, its clock, the line of progress."""

    def __init__(self, address: str, tell: Callable[[str], None]) -> None:
        self.address, self.tell, self.acts, self.watches = address, tell, 0, 0
        self.answered: set[str] = set()  # links of calls to experts that are dealt with
        self.anybody = Party(self, "")

    def say(self, zh: str, en: str) -> None:
        self.tell(f"{zh} · {en}")

    def now(self) -> int:
        """The centre's clock in ms."""
        return int(self.anybody.client.get("/api/time").json()["now_ms"])

    def forward(self, step: str) -> None:
        """One of the steps that the rehearsal's page offers. Everybody has to sign in again afterwards."""
        self.anybody.send("/rehearsal", "/rehearsal/step", step=step)
        self.watches += 1

    def until(self, moment: int) -> None:
        """The clock stands at or after the moment, by the smallest number of steps."""
        for name, ms in (("week", 7 * 86_400_000), ("day", 86_400_000), ("hour", 3_600_000), ("ten", 600_000), ("minute", 60_000)):
            while moment - self.now() >= ms:
                self.forward(name)
        if moment > self.now():
            self.forward("minute")

    def wait(self, what: str, known: Callable[[], Any]) -> Any:
        """Asks again until there is an answer; what the system does by itself takes a moment."""
        began = monotonic()
        while monotonic() - began < PATIENCE:
            found = known()
            if found:
                return found
            time.sleep(0.15)
        raise Stopped(f"{what}: 等待超时 · nothing came")


class Party:
    """name: as it stands on the sign-in page, empty for somebody who does not sign in · area: at a terminal of the evaluation area."""

    def __init__(self, scene: Scene, name: str, area: bool = False) -> None:
        self.scene, self.name, self.area = scene, name, area
        self.client = httpx.Client(base_url=scene.address, timeout=60, headers={"accept-language": "zh-CN"})
        self._watch = -1

    def __str__(self) -> str:
        return self.name or "公众 · anybody"

    def get(self, path: str) -> Page:
        """The page, with redirects followed. Stopped where it is not for this person."""
        page = self.look(path)
        if page.status != 200:
            raise Stopped(f"{self}: GET {path}: {page.status} {page.said()[:300]}")
        return page

    def look(self, path: str) -> Page:
        """The page whatever its status."""
        self.sign_in()
        answer = self.client.get(path, follow_redirects=True)
        return Page(str(answer.url.path), answer.status_code, answer.text)

    def fetch(self, path: str) -> bytes:
        self.sign_in()
        answer = self.client.get(path)
        if answer.status_code != 200:
            raise Stopped(f"{self}: GET {path}: {answer.status_code}")
        return answer.content

    def stay(self) -> None:
        """The clock went on by less than a session lasts: the person is still signed in."""
        self._watch = self.scene.watches

    def sign_in(self) -> None:
        if not self.name or self._watch == self.scene.watches:
            return
        self._watch = self.scene.watches
        self.client.cookies.delete("mingbiao")
        answer = self.client.get("/sign-in")
        page = Page("/sign-in", answer.status_code, answer.text)
        login = page.find(rf'name="login" value="([^"]+)"><span class="grow">{self.name}<br>')
        form = page.form("/sign-in")
        if form is None or not login:
            raise Stopped(f"{self}: 登录页上没有此人 · not on the sign-in page")
        typed: dict[str, object] = {"login": login, **({"area": "yes"} if self.area else {})}
        back = self.client.post("/sign-in", data=_paired(form.filled(typed)))
        if back.status_code != 303:
            raise Stopped(f"{self}: 登录未成功 · sign-in failed: {Page('/sign-in', back.status_code, back.text).said()[:300]}")

    def open(self, path: str, action: str, known: dict[str, str] | None = None, patient: bool = False) -> Page:
        """The page that offers the form of an act; patient: the system may take a moment to get there."""

        def seen() -> Page | None:
            page = self.get(path)
            return page if not patient or page.form(action, known) else None

        found: Page = self.scene.wait(f"{self}: {path}: {action}", seen)
        return found

    def offered(self, path: str | Page, action: str, known: dict[str, str] | None = None, patient: bool = False) -> Form:
        """The form itself, on a page that may lie open already."""
        page = path if isinstance(path, Page) else self.open(path, action, known, patient)
        form = page.form(action, known)
        if form is None:
            raise Stopped(f"{self}: {_place(path)}: 页面没有这项办理 · the page does not offer {action}: {page.said()[:1500]}")
        return form

    def send(self, path: str | Page, action: str, *, known: dict[str, str] | None = None, patient: bool = False, files: Files | None = None, **typed: object) -> Page:
        """Fills and posts a form, follows to the next page. Stopped when it is refused."""
        answer = self._post(path, action, known, patient, files, typed)
        if answer.status_code != 303:
            if answer.status_code == 200:
                return Page(_place(path), 200, answer.text)
            raise Stopped(f"{self}: {action}: {answer.status_code} {Page(_place(path), answer.status_code, answer.text).said()[:1500]}")
        return self.get(answer.headers["location"])

    def _post(self, path: str | Page, action: str, known: dict[str, str] | None, patient: bool, files: Files | None, typed: dict[str, object]) -> httpx.Response:
        form = self.offered(path, action, known, patient)
        try:
            sent = form.filled(typed)
        except LookupError as error:
            raise Stopped(f"{self}: {_place(path)}: {action}: {error}") from error
        self.scene.acts += 1
        if form.multipart or files:
            whole = [(name, (None, value)) for name, value in sent] + [(name, (file, data, "application/pdf")) for name, (file, data) in (files or {}).items()]
            return self.client.post(form.action, files=whole)
        return self.client.post(form.action, data=_paired(sent))

    def ask(self, method: str, path: str, csrf: str, body: Any = None, raw: bytes | None = None) -> httpx.Response:
        """A request as the sealing page's own script makes it."""
        self.sign_in()
        headers = {"x-csrf-token": csrf}
        return self.client.request(method, path, headers=headers, content=raw) if raw is not None else self.client.request(method, path, headers=headers, json=body)


def _place(path: str | Page) -> str:
    return path.path if isinstance(path, Page) else path


def _paired(sent: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in sent:
        found.setdefault(name, []).append(value)
    return found
