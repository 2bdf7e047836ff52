"""What a bidder's own key file is good for at the opening. The file itself is never sent: a field takes what is needed of it."""
import json
from typing import Any

from kernel.errors import Malformed, Text
from trading.bids.reads import workspace
from trading.opening.post_lock import PostLock, post_lock
from trading.opening.rescue import Rescue, rescue
from web.forms import ActForm, Field, forms
from web.supplier.acts import PROJECT
from web.viewer import Viewer

BID = Field("bid", kind="hidden")
NOT_A_KEY_FILE = Text("这不是开封密钥文件的内容", "This is not the content of a key file")


def key_file(field: str, text: str) -> dict[str, Any]:
    """The content of a key file as the sealing page writes it. Malformed(field) for anything else."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or content.get("kind") != "mingbiao/filekeys/v1":
        raise Malformed(field, NOT_A_KEY_FILE)
    return content


def the_secret(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    """Typed as 64 digits, or out of a key file that was pasted whole: the lock of the envelope whose turn it is."""
    text = values["secret"].strip()
    if text.startswith("{"):
        content = key_file("secret", text)
        with viewer.centre.reading() as session:
            due = workspace(session, viewer.actor, values["project"], viewer.now).due
        text = str(content.get("price_lock" if due == ("price",) and "price_lock" in content else "lock", ""))
    return values | {"secret": text.lower()}


def file_keys(_: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    """part → file key, out of the content of a key file."""
    rows = key_file("keys", values["keys"]).get("parts")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Malformed("keys", NOT_A_KEY_FILE)
    return values | {"keys": tuple({"part": str(row.get("part", "")), "file_key": str(row.get("file_key", ""))} for row in rows)}


forms(
    ActForm("trading.opening.post_lock", post_lock, PostLock, "解锁投标", "Unlock the bid", (
        PROJECT, BID, Field("secret", "锁密文", "Secret of your lock", hint=Text(
            "封装时保存的开封密钥文件中 lock 一项（双信封的报价为 price_lock），64 位十六进制；也可选择或粘贴该文件",
            "The entry lock (of two envelopes, for the price: price_lock) of the key file you saved when sealing, 64 hexadecimal digits; or choose or paste that file"))),
        consequence=Text("时限内未解锁的投标视为撤销。解锁时限结束前，任何人都不能用它打开您的投标。",
                         "A bid not unlocked in time counts as revoked. Until the window is over nobody can open your bid with it."), shape=the_secret),
    ActForm("trading.opening.rescue", rescue, Rescue, "用开封密钥补救", "Open with the file keys", (
        PROJECT, BID, Field("keys", "开封密钥文件的内容", "Content of the key file", "area", Text(
            "选择或粘贴封装时保存的文件；密钥与密封文件的承诺相符才会被接受", "Choose or paste the file saved when sealing; only keys that fit the sealed files are taken"))),
        consequence=Text("保管人未能解密时使用。内容仍与其他投标同时公布。", "For when custodians fail. What is sealed is still read out together with all others."), shape=file_keys),
)
HANDLERS: list[Any] = []
