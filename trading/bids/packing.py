"""Several named files as the content of one part: u32 length of a canonical index [[name, size], …], then the files in its order."""
from collections.abc import Mapping

from kernel.canonical import canon, parse
from kernel.errors import Malformed

INDEX_LIMIT = 1 << 20


def pack(files: Mapping[str, bytes]) -> bytes:
    index = canon([[name, len(data)] for name, data in sorted(files.items())])
    return len(index).to_bytes(4, "big") + index + b"".join(data for _, data in sorted(files.items()))


def index_of(data: bytes) -> list[tuple[str, int, int]]:
    """(name, offset, size) of every file, from the front of a part. Malformed("part") where it is no pack."""
    length = int.from_bytes(data[:4], "big")
    try:
        if length > INDEX_LIMIT or len(data) < 4 + length:
            raise ValueError("index")
        rows, at = [], 4 + length
        for name, size in parse(data[4:at]):
            if not isinstance(name, str) or not isinstance(size, int) or size < 0:
                raise ValueError("row")
            rows.append((name, at, size))
            at += size
    except (ValueError, TypeError):
        raise Malformed("part") from None
    return rows


def unpack(data: bytes) -> dict[str, bytes]:
    """All files of a part that is in memory. Malformed("part") where it is cut or followed by more."""
    rows = index_of(data)
    end = max((at + size for _, at, size in rows), default=4 + int.from_bytes(data[:4], "big"))
    if end != len(data) or len({name for name, _, _ in rows}) != len(rows):
        raise Malformed("part")
    return {name: data[at : at + size] for name, at, size in rows}
