"""Signing in and out, registering, the first key by an invitation, lost keys."""
import secrets
from typing import Any

from litestar import Request, get, post
from litestar.concurrency import sync_to_thread
from litestar.datastructures import Cookie
from litestar.response import Redirect, Response
from pydantic import ValidationError

from experts.reads import committee_members
from kernel.command import PUBLIC
from kernel.errors import Malformed, NotYours, Refused, Text
from kernel.identity import door, invitations, passkeys, totp
from kernel.identity import reads as identity
from kernel.identity.enrol_passkey import EnrolPasskey, enrol_passkey
from kernel.identity.enrol_secret import EnrolSecret
from kernel.identity.log_in import LogIn
from kernel.identity.log_out import LogOut, log_out
from kernel.identity.recover import Recover
from kernel.identity.sessions import Opened
from kernel.identity.sign_up import SignUp
from law.roles import ROLES
from web.acts import check_csrf, posted
from web.refusals import view
from web.viewer import COOKIE, Viewer, local_path, page, see_other, viewer_of

DEVICE, DEVICE_LIFE = "device", 365 * 86_400  # seconds
WATCHERS = {"regulator", "auditor"}
Values = dict[str, Any]


def problems_of(error: Malformed | ValidationError) -> list[tuple[str, Text]]:
    """(field, sentence) pairs for the summary of a form."""
    if isinstance(error, Malformed):
        return [(error.field, error.why or Text("填写有误", "Check this field"))]
    named = {"email": Text("邮箱格式不对", "This is no e-mail address"), "name": Text("请填写姓名", "Enter your name"), "code": Text("口令为 6 位数字", "A code has 6 digits"),
             "totp": Text("验证器密钥有误，请重新打开链接", "The authenticator's secret is wrong; open the link again")}
    return [(str(e["loc"][0]), named.get(str(e["loc"][0]), Text("填写有误", "Check this field"))) for e in error.errors()]


def address(request: Request[Any, Any, Any]) -> str:
    return request.client.host if request.client else ""


def groups(viewer: Viewer) -> list[tuple[Text, list[tuple[str, str, Any]]]]:
    """Everybody in a rehearsal under the part they play: (login, name, what they do)."""
    with viewer.centre.reading() as session:
        cast = identity.cast(session, viewer.now)
        seated = committee_members(session)
    parts: dict[str, list[tuple[str, str, Any]]] = {"staff": [], "watch": [], "org": [], "seat": [], "person": [], "library": []}
    for player in cast:
        said: Any = player.organisation or [Text(ROLES[r].zh, ROLES[r].en) for r in player.roles if r in ROLES]
        key = "seat" if player.person in seated else part_of(player)
        if key == "seat" and not player.organisation:
            said = [Text("评标委员会成员", "Member of a committee")]
        parts[key].append((player.login, player.name, said))
    names = {"staff": Text("中心人员", "Staff of the centre"), "watch": Text("监督与审计", "Supervision and audit"), "org": Text("单位人员", "People of organisations"),
             "seat": Text("评标委员会成员", "Members of a committee"), "person": Text("个人", "Individuals"), "library": Text("专家库其他专家", "Other experts of the library")}
    parts["org"].sort(key=lambda row: str(row[2]))
    return [(names[key], rows) for key, rows in parts.items() if rows]


def part_of(player: Any) -> str:
    if player.organisation:
        return "org"
    held = set(player.roles)
    return "watch" if held & WATCHERS else "library" if held == {"expert_idle"} else "staff" if held else "person"


def door_page(viewer: Viewer, onward: str, status: int = 200, refusal: Any = None, values: Values | None = None) -> Response[str]:
    return page(viewer, "account/sign_in.html", status=status, onward=onward, refusal=refusal, values=values or {}, groups=groups(viewer) if viewer.centre.rehearsal else [])


@get("/sign-in", sync_to_thread=True)
def sign_in(request: Request[Any, Any, Any]) -> Response[str]:
    return door_page(viewer_of(request), local_path(request.query_params.get("next", "/desk")))


@post("/sign-in", status_code=200)
async def come_in(request: Request[Any, Any, Any]) -> Response[Any] | Redirect:
    values = await posted(request)
    return await sync_to_thread(let_in, request, values)


def let_in(request: Request[Any, Any, Any], values: Values) -> Response[Any] | Redirect:
    viewer = viewer_of(request)
    check_csrf(viewer, values)
    onward = local_path(str(values.get("next") or "/desk"))
    device = request.cookies.get(DEVICE, "") or secrets.token_urlsafe(24)
    try:
        cmd = LogIn(device=device[:80], channel="area" if values.get("area") else "", **{k: str(values.get(k) or "") for k in ("kind", "login", "nonce", "answer", "code")})
        opened = door.come_in(viewer.centre, cmd, str(values.get("password") or ""), address(request))
    except ValidationError:
        wrong = Malformed("login", Text("请填写账号、密码和 6 位口令", "Enter name, password and the 6-digit code"))
        return door_page(viewer, onward, 422, view(wrong, viewer.lang), {"login": values.get("login", "")})
    except Refused as refusal:
        return door_page(viewer, onward, 409, view(refusal, viewer.lang), {"login": values.get("login", "")})
    return welcome(viewer, see_other(onward), opened, device)


def welcome(viewer: Viewer, answer: Redirect, opened: Opened, device: str) -> Redirect:
    secure = viewer.centre.settings.secure_cookies
    answer.set_cookie(Cookie(COOKIE, value=opened.token, httponly=True, secure=secure, samesite="lax"))
    answer.set_cookie(Cookie(DEVICE, value=device, httponly=True, secure=secure, samesite="lax", max_age=DEVICE_LIFE))
    return answer


@post("/sign-in/challenge", status_code=200)
async def challenge(request: Request[Any, Any, Any]) -> dict[str, str]:
    """What the browser's key must answer at log-in."""
    values = await posted(request)
    check_csrf(viewer_of(request), values)
    found = await sync_to_thread(passkeys.authentication_options, request.app.state.centre)
    return {"nonce": found.nonce, "options": found.options}


@post("/sign-out", status_code=200)
async def sign_out(request: Request[Any, Any, Any]) -> Redirect:
    values = await posted(request)
    return await sync_to_thread(let_out, request, values)


def let_out(request: Request[Any, Any, Any], values: Values) -> Redirect:
    viewer = viewer_of(request)
    answer = see_other("/")
    if viewer.session is not None:
        check_csrf(viewer, values)
        log_out(viewer.centre, viewer.actor, LogOut(session=viewer.session.key))
    answer.delete_cookie(COOKIE)
    return answer


@get("/sign-up", sync_to_thread=True)
def sign_up(request: Request[Any, Any, Any]) -> Response[str]:
    return page(viewer_of(request), "account/sign_up.html", problems=[], values={}, sent=False, refusal=None)


@post("/sign-up", status_code=200)
async def register(request: Request[Any, Any, Any]) -> Response[str]:
    values = await posted(request)
    return await sync_to_thread(registered, request, values)


def registered(request: Request[Any, Any, Any], values: Values) -> Response[str]:
    """The answer is the same whether or not the address is known."""
    viewer = viewer_of(request)
    check_csrf(viewer, values)
    kept = {key: str(values.get(key) or "").strip() for key in ("name", "email")}
    try:
        door.register(viewer.centre, SignUp(language=viewer.lang, **kept), address(request))
    except ValidationError as error:
        return page(viewer, "account/sign_up.html", status=422, problems=problems_of(error), values=kept, sent=False, refusal=None)
    except Refused as refusal:
        return page(viewer, "account/sign_up.html", status=409, problems=[], values=kept, sent=False, refusal=view(refusal, viewer.lang))
    return page(viewer, "account/sign_up.html", problems=[], values=kept, sent=True, refusal=None)


@get("/recover", sync_to_thread=True)
def lost(request: Request[Any, Any, Any]) -> Response[str]:
    return page(viewer_of(request), "account/recover.html", problems=[], values={}, sent=False, refusal=None)


@post("/recover", status_code=200)
async def ask_back(request: Request[Any, Any, Any]) -> Response[str]:
    values = await posted(request)
    return await sync_to_thread(asked_back, request, values)


def asked_back(request: Request[Any, Any, Any], values: Values) -> Response[str]:
    viewer = viewer_of(request)
    check_csrf(viewer, values)
    kept = {key: str(values.get(key) or "").strip()[:80] for key in ("login", "code")}
    try:
        door.ask_recovery(viewer.centre, Recover(login=kept["login"], code=kept["code"][:6]), address(request))
    except Refused as refusal:
        return page(viewer, "account/recover.html", status=409, problems=[], values=kept, sent=False, refusal=view(refusal, viewer.lang))
    return page(viewer, "account/recover.html", problems=[], values=kept, sent=True, refusal=None)


def guest(viewer: Viewer, token: str) -> Any:
    """Whom the link invites. NotYours once it is used, over or wrong."""
    with viewer.centre.reading() as session:
        someone = invitations.invited(session, token, viewer.now)
    if someone is None:
        raise NotYours
    return someone


def join_page(viewer: Viewer, someone: Any, token: str, secret: str = "", status: int = 200, problems: Any = (), refusal: Any = None) -> Response[str]:
    secret = secret or totp.fresh()
    return page(viewer, "account/join.html", status=status, someone=someone, token=token, secret=secret, otpauth=totp.address(viewer.centre, someone.login, secret),
                problems=list(problems), refusal=refusal)


@get("/join/{token:str}", sync_to_thread=True)
def join(request: Request[Any, Any, Any], token: str) -> Response[str]:
    viewer = viewer_of(request)
    return join_page(viewer, guest(viewer, token[:80]), token[:80])


@post("/join/{token:str}", status_code=200)
async def enrol(request: Request[Any, Any, Any], token: str) -> Response[Any] | Redirect:
    values = await posted(request)
    return await sync_to_thread(enrolled, request, token[:80], values)


def enrolled(request: Request[Any, Any, Any], token: str, values: Values) -> Response[Any] | Redirect:
    viewer = viewer_of(request)
    check_csrf(viewer, values)
    someone = guest(viewer, token)
    try:
        if values.get("kind") == "passkey":
            enrol_passkey(viewer.centre, PUBLIC, EnrolPasskey(token=token, nonce=str(values.get("nonce", "")), answer=str(values.get("answer", "")), label=str(values.get("label", ""))[:60]))
        else:
            cmd = EnrolSecret(token=token, totp=str(values.get("totp", "")), code=str(values.get("code", "")).strip())
            door.set_secret(viewer.centre, PUBLIC, cmd, str(values.get("password", "")))
    except (Malformed, ValidationError) as error:
        return join_page(viewer, someone, token, str(values.get("totp") or ""), 422, problems_of(error))
    except Refused as refusal:
        return join_page(viewer, someone, token, str(values.get("totp") or ""), 409, refusal=view(refusal, viewer.lang))
    return see_other("/sign-in?done=kernel.identity.enrol_passkey")


@post("/join/{token:str}/challenge", status_code=200)
async def join_challenge(request: Request[Any, Any, Any], token: str) -> dict[str, str]:
    viewer = viewer_of(request)
    check_csrf(viewer, await posted(request))
    someone = guest(viewer, token[:80])
    found = await sync_to_thread(passkeys.registration_options, viewer.centre, someone.id)
    return {"nonce": found.nonce, "options": found.options}


HANDLERS = [sign_in, come_in, challenge, sign_out, sign_up, register, lost, ask_back, join, enrol, join_challenge]
