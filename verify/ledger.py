"""Checks an exported log offline: a folder of files, the log's public key, and nothing the centre says besides.

The folder: vkeys (line 1 the log, then witnesses), checkpoint, checkpoint.old, consistency, N.tlog-proof with N.entry,
tile/…, openings.jsonl. Every entry is replayed; every file under tile/ is compared with the replay.
"""
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kernel.canonical import parse
from kernel.errors import Text
from kernel.ledger import leaf, note, proof, tiles
from kernel.tree import EMPTY, check_consistency, leaf_hash, root

BACKWARDS_MS = 60_000  # how far the times of opened leaves may run back against the index

MISSING = Text("缺少文件", "The file is missing")
BAD_KEYS = Text("公钥文件无法读取：第一行为日志，其后为见证人", "The keys cannot be read: line 1 the log, then the witnesses")
OTHER_KEY = Text("日志公钥不是所要求的那一把", "The log's key is not the one asked for")
UNREADABLE = Text("检查点格式有误，无法读取", "The checkpoint is malformed")
BAD_SIGNATURE = Text("检查点未经日志签名，或有一个已知公钥的签名不符", "The log has not signed the checkpoint, or a known key's signature is wrong")
EXTENDED = Text("检查点带有扩展行", "The checkpoint carries extension lines")
FEW_WITNESSES = Text("见证人签名不足：有 {found}，需 {needed}", "Too few cosignatures: {found} found, {needed} needed")
NOT_OLDER = Text("旧检查点比新检查点大", "The older checkpoint is larger than the newer one")
FORKED = Text("旧检查点与新检查点不一致：历史被改写", "The older checkpoint is not a beginning of the newer one: the past was rewritten")
BAD_BUNDLE = Text("条目文件无法读取，或条目不全", "The bundle cannot be read or lacks entries")
BAD_ROOT = Text("逐条重算的树根与检查点不符", "The root over all entries is not the checkpoint's")
BAD_TILE = Text("内容与逐条重算的结果不符", "The content differs from what the entries give")
STRAY = Text("不是检查点范围内的树文件", "Not a file of the tree up to the checkpoint")
NOT_LEAF = Text("第 {index} 条不是规定格式的叶子", "Entry {index} is not a leaf of the one form")
BAD_PROOF = Text("证明无法读取、签名不符，或不能由条目推出树根", "The proof is unreadable, wrongly signed, or does not lead from the entry to the root")
OTHER_INDEX = Text("证明的序号是 {index}，与文件名不同", "The proof is for index {index}, not that of the file's name")
OTHER_ENTRY = Text("与日志中的第 {index} 条不同", "Not the entry that stands in the log at {index}")
OTHER_TREE = Text("证明所附检查点不属于这份日志", "The proof's checkpoint does not belong to this log")
BAD_OPENING = Text("第 {line} 行无法读取或重复", "Line {line} cannot be read, or repeats an index")
WRONG_OPENING = Text("第 {index} 条的公开内容与叶子不符", "The opening of entry {index} does not open its leaf")
BACKWARDS = Text("第 {index} 条的时间比更早的条目倒退超过 60 秒", "The time of entry {index} runs back by more than 60 seconds")


@dataclass(frozen=True)
class Problem:
    """where: the file inside the folder."""

    where: str
    what: Text


class _Folder:
    """The folder as a store to read from; `kernel.ledger.tiles` asks it for paths of its own making only."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def get(self, path: str) -> bytes | None:
        file = self.path / path
        return file.read_bytes() if file.is_file() else None

    def put(self, path: str, data: bytes) -> None:
        raise AssertionError("a verifier writes nothing")


def check(path: Path, log_key: str | None = None, quorum: int | None = None) -> list[Problem]:
    """All problems of an export; none means that it holds.

    log_key: the vkey the reader already trusts; without it the export's own is believed.
    quorum: cosignatures needed on `checkpoint`; by default one wherever witnesses are named.
    """
    folder = _Folder(path)
    try:
        keys = [note.Verifier.parse(text) for text in (folder.get("vkeys") or b"").decode().splitlines()]
        if not keys or keys[0].kind != note.LOG or any(key.kind != note.WITNESS for key in keys[1:]):
            return [Problem("vkeys", BAD_KEYS)]
    except ValueError:
        return [Problem("vkeys", BAD_KEYS)]
    if log_key is not None and keys[0].vkey() != log_key:
        return [Problem("vkeys", OTHER_KEY)]
    heads: dict[str, note.Checkpoint] = {}
    problems: list[Problem] = []
    for name, needed in (("checkpoint", min(len(keys) - 1, 1) if quorum is None else quorum), ("checkpoint.old", 0)):
        problems += _head(folder, name, keys, needed, heads)
    if len(heads) == 2:
        problems += _consistency(folder, heads["checkpoint.old"], heads["checkpoint"])
    if "checkpoint" not in heads:
        return problems
    head = heads["checkpoint"]
    entries, found = _entries(folder, head.size)
    problems += found
    if found:
        return [*problems, *_proofs(folder, keys, head, None)]
    hashes = [leaf_hash(entry) for entry in entries]
    if root(hashes) != head.root:
        problems.append(Problem("checkpoint", BAD_ROOT))
    if "checkpoint.old" in heads and root(hashes[: heads["checkpoint.old"].size]) != heads["checkpoint.old"].root:
        problems.append(Problem("checkpoint.old", FORKED))
    return [*problems, *_tree(folder, entries, hashes), *_proofs(folder, keys, head, entries), *_openings(folder, entries)]


def _head(
    folder: _Folder, name: str, keys: Sequence[note.Verifier], needed: int, heads: dict[str, note.Checkpoint]
) -> Iterator[Problem]:
    data = folder.get(name)
    if data is None:
        yield Problem(name, MISSING)
        return
    try:
        signed = note.open_checkpoint(data, keys[0], keys[1:])
    except note.WrongSignature:
        yield Problem(name, BAD_SIGNATURE)
        return
    except note.BadNote:
        yield Problem(name, UNREADABLE)
        return
    heads[name] = signed.checkpoint
    if signed.checkpoint.extensions:
        yield Problem(name, EXTENDED)
    if len(signed.cosigned) < needed:
        yield Problem(name, FEW_WITNESSES.fill(found=len(signed.cosigned), needed=needed))


def _consistency(folder: _Folder, old: note.Checkpoint, new: note.Checkpoint) -> Iterator[Problem]:
    data = folder.get("consistency")
    if data is None:
        yield Problem("consistency", MISSING)
        return
    if old.size > new.size:
        yield Problem("checkpoint.old", NOT_OLDER)
        return
    try:
        path = [note.unline(text, 32) for text in data.decode().splitlines()]
    except ValueError:
        yield Problem("consistency", FORKED)
        return
    if old.size == 0:
        holds = not path and old.root == EMPTY
    else:
        holds = check_consistency(old.size, new.size, old.root, new.root, path)
    if not holds:
        yield Problem("consistency", FORKED)


def _entries(folder: _Folder, size: int) -> tuple[list[bytes], list[Problem]]:
    entries: list[bytes] = []
    problems = []
    for n in range(-(-size // tiles.WIDTH)):
        try:
            entries += tiles.entries_of(folder, size, n)
        except (ValueError, tiles.Missing):
            problems.append(Problem(tiles.path(None, n, min(tiles.WIDTH, size - n * tiles.WIDTH)), BAD_BUNDLE))
    return entries, problems


def _tree(folder: _Folder, entries: list[bytes], hashes: list[bytes]) -> Iterator[Problem]:
    for index, entry in enumerate(entries):
        try:
            leaf.commitment(entry)
        except ValueError:
            yield Problem("tile", NOT_LEAF.fill(index=index))
    levels = [hashes]
    while len(levels[-1]) >= tiles.WIDTH:
        below = levels[-1]
        levels.append([root(below[i : i + tiles.WIDTH]) for i in range(0, len(below) // tiles.WIDTH * tiles.WIDTH, tiles.WIDTH)])
    wanted = {tiles.path(*place) for place in tiles.layout(len(entries))}
    for file in sorted((folder.path / "tile").rglob("*")):
        if file.is_dir():
            continue
        name = file.relative_to(folder.path).as_posix()
        wanted.discard(name)
        try:
            level, n, width = tiles.parse_path(name)
        except ValueError:
            yield Problem(name, STRAY)
            continue
        row = entries if level is None else levels[level] if level < len(levels) else []
        part = row[n * tiles.WIDTH : n * tiles.WIDTH + width]
        if len(part) < width:
            yield Problem(name, STRAY)
        elif file.read_bytes() != (tiles.bundle(part) if level is None else b"".join(part)):
            yield Problem(name, BAD_TILE)
    for name in sorted(wanted):
        yield Problem(name, MISSING)


def _proofs(folder: _Folder, keys: Sequence[note.Verifier], head: note.Checkpoint, entries: list[bytes] | None) -> Iterator[Problem]:
    for file in sorted(folder.path.glob("*.entry")):
        if not file.with_suffix(".tlog-proof").is_file():
            yield Problem(f"{file.stem}.tlog-proof", MISSING)
    roots = {head.size: head.root}
    for file in sorted(folder.path.glob("*.tlog-proof")):
        entry = folder.get(f"{file.stem}.entry")
        if entry is None:
            yield Problem(f"{file.stem}.entry", MISSING)
            continue
        try:
            given = proof.Proof.parse(file.read_bytes())
            then = proof.check(given, entry, keys[0], keys[1:]).checkpoint
        except proof.BadProof:
            yield Problem(file.name, BAD_PROOF)
            continue
        if str(given.index) != file.stem:
            yield Problem(file.name, OTHER_INDEX.fill(index=given.index))
            continue
        if entries is not None and then.size <= head.size and then.size not in roots:
            roots[then.size] = root([leaf_hash(earlier) for earlier in entries[: then.size]])
        if then.size > head.size or roots.get(then.size, then.root) != then.root:
            yield Problem(file.name, OTHER_TREE)
        elif entries is not None and entries[given.index] != entry:
            yield Problem(f"{file.stem}.entry", OTHER_ENTRY.fill(index=given.index))


def _openings(folder: _Folder, entries: list[bytes]) -> Iterator[Problem]:
    data = folder.get("openings.jsonl")
    if data is None:
        yield Problem("openings.jsonl", MISSING)
        return
    seen: dict[int, Any] = {}
    for count, text in enumerate(data.splitlines(), 1):
        try:
            opening = parse(text)
            index, salt, payload = opening["index"], bytes.fromhex(opening["salt"]), opening["payload"]
            if index in seen or not 0 <= index < len(entries):
                raise ValueError("index")
        except (ValueError, KeyError, TypeError, RecursionError):
            yield Problem("openings.jsonl", BAD_OPENING.fill(line=count))
            continue
        seen[index] = payload
        if not leaf.opens(entries[index], salt, payload):
            yield Problem("openings.jsonl", WRONG_OPENING.fill(index=index))
    latest = 0
    for index in sorted(seen):
        moment = seen[index].get("t") if isinstance(seen[index], dict) else None
        if not isinstance(moment, int):
            continue
        if moment < latest - BACKWARDS_MS:
            yield Problem("openings.jsonl", BACKWARDS.fill(index=index))
        latest = max(latest, moment)
