"""What several forms of a tender need to become a command: typed confirmation, files, lists written one a line."""
from typing import Any

from kernel.errors import Malformed, Text
from trading.projects import reads
from trading.subjects.media import media_of
from web.forms import Field, fen
from web.viewer import Viewer

PROJECT = Field("project", kind="hidden")
TYPED = Field("typed", "输入项目编号后四位以确认", "Type the last four characters of the tender's code to confirm")
PAPERS = ".pdf,.jpg,.jpeg,.png,.ofd"


def typed(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    """Takes the confirmation out of the values. Malformed("typed") where it is not the end of the tender's code."""
    with viewer.centre.reading() as session:
        code = reads.view(session, viewer.actor, values["project"], viewer.now).code
    if str(values.get("typed", "")).strip().upper() != code[-4:]:
        raise Malformed("typed", Text("与项目编号后四位不一致", "These are not the last four characters of the code"))
    return {name: value for name, value in values.items() if name != "typed"}


def paper(viewer: Viewer, name: str, kind: str, title: str, stored: dict[str, Any]) -> dict[str, Any]:
    """A stored file as the acts take it. Malformed(name) for bytes that are no pdf, jpg, png or ofd."""
    media = media_of(viewer.centre.blobs.get(stored["blob"]))
    if not media:
        raise Malformed(name, Text("仅接受完整的 PDF、JPG、PNG、OFD 文件", "Only whole PDF, JPG, PNG and OFD files are taken"))
    return {"kind": kind, "title": title, "media": media, **stored}


def digest_of(values: dict[str, Any], name: str) -> str:
    """The digest of an optional file field, empty where none was given."""
    stored = values.get(name)
    return str(stored["digest"]) if stored else ""


def lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def priced(text: str, name: str) -> tuple[dict[str, Any], ...]:
    """Lines of `title | yuan` as titles and budgets."""
    found = []
    for number, line in enumerate(lines(text), 1):
        title, _, money = line.replace("｜", "|").rpartition("|")
        if not title.strip():
            raise Malformed(name, Text(f"第 {number} 行应写成：名称 | 金额", f"Line {number} should read: title | amount"))
        try:
            found.append({"title": title.strip(), "budget": fen(money.strip())})
        except Malformed as error:
            raise Malformed(name, error.why) from error
    return tuple(found)


def only(values: dict[str, Any], *names: str) -> dict[str, str]:
    """The texts of these fields that say something."""
    return {name: str(values[name]) for name in names if values.get(name)}
