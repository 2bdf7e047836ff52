"""What kind of file bytes are, by their own marks: beginning and end. Pure. A file's name says nothing here."""

import io
import zipfile

PDF, JPEG, PNG, OFD = "application/pdf", "image/jpeg", "image/png", "application/ofd"
TAIL = 2048  # a PDF's end mark may be followed by a line end or a few stray bytes


def media_of(data: bytes) -> str:
    """The media type of a whole pdf, jpg, png or ofd file; empty for anything else or a file cut short."""
    end = data[-TAIL:]
    if data.startswith(b"%PDF-"):
        return PDF if b"%%EOF" in end else ""
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG if b"\xff\xd9" in end else ""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG if b"IEND" in end else ""
    if data.startswith(b"PK\x03\x04"):
        return OFD if _is_ofd(data) else ""
    return ""


def _is_ofd(data: bytes) -> bool:
    """OFD (GB/T 33190-2016) is a zip with OFD.xml at its root."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "OFD.xml" in archive.namelist()
    except (zipfile.BadZipFile, ValueError):
        return False
