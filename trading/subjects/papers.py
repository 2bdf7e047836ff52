"""How the web adds a paper: the bytes are kept first, the act decides, and what it refuses is deleted again."""

from typing import BinaryIO

from kernel.centre import Centre
from kernel.command import Actor
from kernel.errors import Malformed, Reason, Refusal, Refused
from trading.subjects.add_paper import AddPaper, add_paper
from trading.subjects.records import Paper


def receive(centre: Centre, actor: Actor, subject: str, kind: str, stream: BinaryIO) -> Paper:
    """Refused("file_readable") above the size limit or when the bytes are none of pdf, jpg, png, ofd."""
    try:
        blob = centre.blobs.put_stream(stream, centre.settings.paper_limit)
    except Malformed as error:
        raise Refused(Reason("file_readable", found=error.why)) from error
    try:
        return add_paper(centre, actor, AddPaper(subject=subject, kind=kind), blob)
    except Refusal:
        centre.blobs.delete(blob.key)
        raise
