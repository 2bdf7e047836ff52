"""Files that were uploaded before the signature: a token brings them back with the signed form.

The signed command names a file by its key, so the second sending must mean the same stored file. The token is bound to
the log-in, the field and the file (HMAC-SHA-256 under a key of the server) and is good as long as the challenge is.
"""
import base64
import hashlib
import hmac
import json
from typing import Any

from kernel.canonical import canon
from kernel.errors import Malformed, Text
from kernel.identity.signing import NONCE_MS
from web.viewer import Viewer


def token(viewer: Viewer, field: str, stored: dict[str, Any]) -> str:
    """stored: blob, digest, size, as a file field gives them."""
    body = base64.urlsafe_b64encode(canon(stored | {"field": field, "until": viewer.now + NONCE_MS})).decode()
    return f"{body}.{_mac(viewer, body)}"


def opened(viewer: Viewer, field: str, given: str) -> dict[str, Any]:
    """What stands in the token. Malformed(field) when it is of another log-in, another field, altered or too old."""
    over = Malformed(field, Text("文件已过期，请重新选择", "The file has expired: choose it again"))
    body, _, mac = given.partition(".")
    if not hmac.compare_digest(_mac(viewer, body).encode(), mac.encode()):
        raise over
    stored: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body))
    if stored.pop("field") != field or stored.pop("until") < viewer.now:
        raise over
    return stored


def _mac(viewer: Viewer, body: str) -> str:
    owner = viewer.session.key if viewer.session else ""
    return hmac.new(viewer.centre.secret("kept"), f"{owner}.{body}".encode(), hashlib.sha256).hexdigest()
