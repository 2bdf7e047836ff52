"""Who looks: the session of a request, the person's roles, the language and the look they chose."""
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from litestar import Request
from litestar.datastructures import Cookie
from litestar.response import Redirect, Response

from kernel.asks import organisation_name
from kernel.centre import Centre
from kernel.command import PUBLIC, Actor
from kernel.errors import NotYours, Text
from kernel.identity import reads as identity
from kernel.identity import sessions
from law.roles import name as role_name
from web.look.environment import environment
from web.navigation import navigation

COOKIE = "mingbiao"
PREFS = {"lang": ("zh", "en"), "theme": ("", "light", "dark"), "size": ("", "large")}
_environment = environment()
LABELS: dict[str, Text] = {}  # tag of an act → what its form is called; filled by web.forms


@dataclass(frozen=True)
class Viewer:
    """Everything a page may know of its reader. organisation: its name, when the person acts for one · done: tag of the
    act that led here."""

    centre: Centre
    actor: Actor
    session: sessions.SessionView | None
    roles: frozenset[str]
    lang: str
    theme: str
    size: str
    now: int
    path: str
    csrf: str
    organisation: str = ""
    kinds: frozenset[str] = field(default_factory=frozenset)
    done: str = ""

    def frame(self) -> dict[str, Any]:
        """The keys that every template needs (docs/look.md)."""
        who = None
        if self.session:
            labels = [Text(*role_name(r)) for r in sorted(self.roles - {"public"})][:2]
            who = {"name": self.session.name, "roles": [self.organisation] if self.organisation else labels}
        row = self.centre.row
        return {
            "lang": self.lang, "theme": self.theme, "size": self.size, "now_ms": self.now, "path": self.path, "who": who,
            "centre_name": Text(row.name, row.name_en) if row else Text("明标", "Mingbiao"), "rehearsal": self.centre.rehearsal,
            "nav": navigation(self.roles, self.kinds, self.session is not None), "csrf_token": self.csrf, "clock_url": "/api/time", "viewer": self,
            "done": LABELS.get(self.done),
        }


def viewer_of(request: Request[Any, Any, Any]) -> Viewer:
    """Reads cookies and session once per request."""
    centre: Centre = request.app.state.centre
    with centre.reading() as session:
        now = centre.clock.now(session)
        token = request.cookies.get(COOKIE, "")
        view = sessions.find(session, token, now) if token else None
        actor = view.actor if view else PUBLIC
        roles = identity.roles(session, actor, now)
        organisation = organisation_name(session, actor.org) if actor.org else ""
        kinds = _kinds(session, actor.org)
    _stay(request, centre, view, now)
    chosen = {key: _pref(request, key, values) for key, values in PREFS.items()}
    asked, done = past_done(request.url.query)
    path = request.url.path + (f"?{asked}" if asked else "")
    csrf = view.csrf if view else request.cookies.get("csrf") or ""
    return Viewer(centre, actor, view, frozenset(roles), chosen["lang"], chosen["theme"], chosen["size"], now, path, csrf, organisation, kinds, done)


def signed_in(request: Request[Any, Any, Any]) -> Viewer:
    """The reader of a page that is nobody's who is not signed in. NotYours."""
    viewer = viewer_of(request)
    if viewer.session is None:
        raise NotYours
    return viewer


def log_in_of(request: Request[Any, Any, Any]) -> sessions.SessionView | None:
    """The log-in alone, for requests that a page makes by itself: a fraction of what a page asks for."""
    centre: Centre = request.app.state.centre
    with centre.reading() as session:
        now = centre.clock.now(session)
        view = sessions.find(session, request.cookies.get(COOKIE, ""), now)
    _stay(request, centre, view, now)
    return view


def _stay(request: Request[Any, Any, Any], centre: Centre, view: sessions.SessionView | None, now: int) -> None:
    """Whoever asks is there: the log-in lasts on, save where the page asked without its reader."""
    if view and "x-quiet" not in request.headers and now > view.seen + sessions.TOUCH_EVERY:
        with centre.database.writing() as writing:
            if sessions.touch(writing, view, now):
                writing.commit()


def past_done(query: str) -> tuple[str, str]:
    """The query without `done`, and the tag of the act that was just done."""
    pairs = parse_qsl(query, keep_blank_values=True)
    tags = [value for key, value in pairs if key == "done"]
    return (urlencode([pair for pair in pairs if pair[0] != "done"]) if tags else query), (tags[-1] if tags else "")


def _kinds(session: Any, org: str | None) -> frozenset[str]:
    from trading.subjects.records import Subject

    subject = session.get(Subject, org) if org else None
    if subject is None:
        return frozenset()
    found = {name for name in ("buyer", "agent", "supplier") if getattr(subject, f"is_{name}")}
    return frozenset(found | {f"stage:{subject.stage}"})


def _pref(request: Request[Any, Any, Any], key: str, values: tuple[str, ...]) -> str:
    chosen = request.cookies.get(key, "")
    if key == "lang" and not chosen:
        accept = request.headers.get("accept-language", "zh")
        return "en" if accept.lower().startswith("en") else "zh"
    return chosen if chosen in values else values[0]


def render(viewer: Viewer, template: str, **data: Any) -> str:
    return _environment.get_template(template).render(**viewer.frame(), **data)


def page(viewer: Viewer, template: str, status: int = 200, **data: Any) -> Response[str]:
    """An HTML answer. Nothing of a person's page is ever kept by a cache."""
    cookies = []
    if not viewer.csrf:
        fresh = secrets.token_urlsafe(24)
        object.__setattr__(viewer, "csrf", fresh)
        cookies.append(Cookie("csrf", value=fresh, httponly=True, samesite="lax", secure=viewer.centre.settings.secure_cookies))
    body = render(viewer, template, **data)
    caching = "no-store" if viewer.session or cookies else "no-cache"
    return Response(body, status_code=status, media_type="text/html; charset=utf-8", headers={"Cache-Control": caching}, cookies=cookies)


def see_other(path: str) -> Redirect:
    """303 to a page of this house; never elsewhere."""
    return Redirect(local_path(path), status_code=303)


def local_path(path: str) -> str:
    """The path if it stays on this server, otherwise the front page."""
    parts = urlsplit(path)
    good = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme and "\n" not in path and "\r" not in path
    return path if good else "/"
