"""A person's own page: keys, acts with their proofs, messages."""
from typing import Any

from litestar import Request, get, post
from litestar.concurrency import sync_to_thread
from litestar.response import Redirect, Response

from kernel import inbox as messages
from kernel.errors import Malformed, Refused, Text
from kernel.identity import passkeys
from kernel.identity import reads as identity
from kernel.identity.enrol_passkey import EnrolPasskey, enrol_passkey
from kernel.ledger import reads as ledger
from law.roles import name as role_name
from web.account.acts import REVOKE
from web.acts import check_csrf, posted
from web.forms import Shown
from web.public import asked, words
from web.refusals import view
from web.viewer import Viewer, page, see_other, viewer_of

KINDS = {"passkey": Text("通行密钥", "Passkey"), "keyfile": Text("单位签名密钥", "Signing key of the organisation"), "totp": Text("验证器口令", "Authenticator codes"),
         "password": Text("密码", "Password")}


def known(request: Request[Any, Any, Any]) -> Viewer | Redirect:
    """The viewer, or the way to the door for somebody who is not signed in."""
    viewer = viewer_of(request)
    return viewer if viewer.session else see_other(asked.link("/sign-in", next=viewer.path))


def own_page(viewer: Viewer, before: int | None = None, status: int = 200, refusal: Any = None) -> Response[str]:
    with viewer.centre.reading() as session:
        keys = identity.own_keys(session, viewer.actor)
        trail = ledger.deeds(session, viewer.actor, before)
    revoke = {key.id: Shown(REVOKE, {"passkey": key.id}, next="/me") for key in keys if key.kind == "passkey" and key.revoked is None}
    roles = [Text(*role_name(role)) for role in sorted(viewer.roles - {"public"})]
    return page(viewer, "account/me.html", status=status, keys=keys, kinds=KINDS, trail=trail, before=before, roles=roles, words=words, revoke=revoke, refusal=refusal)


@get("/me", sync_to_thread=True)
def me(request: Request[Any, Any, Any]) -> Response[str] | Redirect:
    viewer = known(request)
    return viewer if isinstance(viewer, Redirect) else own_page(viewer, asked.number(request.query_params, "before"))


@post("/me/passkey/challenge", status_code=200)
async def challenge(request: Request[Any, Any, Any]) -> dict[str, str]:
    viewer = viewer_of(request)
    check_csrf(viewer, await posted(request))
    if viewer.session is None:
        raise Malformed("session", Text("请先登录", "Sign in first"))
    found = await sync_to_thread(passkeys.registration_options, viewer.centre, viewer.session.person)
    return {"nonce": found.nonce, "options": found.options}


@post("/me/passkey", status_code=200)
async def add_key(request: Request[Any, Any, Any]) -> Response[Any] | Redirect:
    values = await posted(request)
    return await sync_to_thread(added, request, values)


def added(request: Request[Any, Any, Any], values: dict[str, Any]) -> Response[Any] | Redirect:
    viewer = known(request)
    if isinstance(viewer, Redirect):
        return viewer
    check_csrf(viewer, values)
    cmd = EnrolPasskey(nonce=str(values.get("nonce", ""))[:64], answer=str(values.get("answer", ""))[:20_000], label=str(values.get("label", ""))[:60])
    try:
        enrol_passkey(viewer.centre, viewer.actor, cmd)
    except (Refused, Malformed) as error:
        return own_page(viewer, status=error.status, refusal=view(error, viewer.lang))
    return see_other("/me?done=kernel.identity.enrol_passkey")


@get("/inbox", sync_to_thread=True)
def inbox(request: Request[Any, Any, Any]) -> Response[str] | Redirect:
    viewer = known(request)
    if isinstance(viewer, Redirect):
        return viewer
    before = asked.number(request.query_params, "before")
    with viewer.centre.reading() as session:
        rows = messages.inbox(session, viewer.actor, before)
        waiting = messages.unread(session, viewer.actor)
    return page(viewer, "account/inbox.html", rows=rows, waiting=waiting, before=before)


@post("/inbox", status_code=200)
async def read_them(request: Request[Any, Any, Any]) -> Redirect:
    values = await posted(request)
    return await sync_to_thread(marked, request, values)


def marked(request: Request[Any, Any, Any], values: dict[str, Any]) -> Redirect:
    viewer = known(request)
    if isinstance(viewer, Redirect):
        return viewer
    check_csrf(viewer, values)
    ids = values.get("id") or ()
    messages.mark_read(viewer.centre, viewer.actor, [ids] if isinstance(ids, str) else ids)
    return see_other("/inbox")


HANDLERS = [me, challenge, add_key, inbox, read_them]
