"""`mingbiao seal` and `mingbiao unseal`: the offline tools around a sealed file.

Both need nothing of a centre but what stands on the command line, so that a bidder seals on a machine without a
network and a citizen repeats an opening from a published file key. Exit code 0, or 2 and one line that says what.
"""
import argparse
import os
import re
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from kernel.canonical import canon
from kernel.errors import Malformed, Text
from trading.sealing.rules.envelope import Params, open_with_key, seal
from trading.sealing.rules.faults import Fault
from trading.sealing.rules.header import AES, CHACHA, PARTS

THREADS = min(4, os.cpu_count() or 1)
HEX = re.compile(r"(?:[0-9a-fA-F]{2})+")


def add_parsers(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    sealing = sub.add_parser("seal", help="封装文件 seal a file to a tender's public key")
    sealing.add_argument("input", metavar="IN")
    sealing.add_argument("output", metavar="OUT")
    sealing.add_argument("--key", required=True, metavar="HEX", help="公告所载公钥 public key from the notice")
    sealing.add_argument("--tender", required=True)
    sealing.add_argument("--lot", required=True)
    sealing.add_argument("--part", required=True, choices=PARTS)
    sealing.add_argument("--supplier", required=True, metavar="HEX", help="加盐承诺 salted commitment")
    sealing.add_argument("--version", required=True, type=int)
    sealing.add_argument("--prev", metavar="HEX", help="被替换文件的摘要 digest of the replaced envelope")
    sealing.add_argument("--lock", metavar="HEX", help="投标人锁密文 secret of the bidder's lock, random")
    sealing.add_argument("--aead", choices=(AES, CHACHA), default=AES)
    sealing.set_defaults(run=run_seal)
    opening = sub.add_parser("unseal", help="用文件密钥解封 open a sealed file with its file key")
    opening.add_argument("input", metavar="IN")
    opening.add_argument("output", metavar="OUT")
    opening.add_argument("--file-key", required=True, metavar="HEX", help="公布的文件密钥 published file key")
    opening.add_argument("--lock", metavar="HEX")
    opening.set_defaults(run=run_unseal)


def run_seal(args: argparse.Namespace) -> int:
    """Prints {digest, file_key}. The file key opens the file: it belongs into the receipt file and nowhere else."""
    return _told("seal", args, _seal)


def run_unseal(args: argparse.Namespace) -> int:
    """Prints {digest, header}. After a refusal no file stands at OUT, not even an older one that could be taken for the content."""
    return _told("unseal", args, _unseal)


def _seal(args: argparse.Namespace) -> dict[str, Any]:
    params = Params(
        args.tender, args.lot, args.part, _hex("--supplier", args.supplier, 32).hex(), args.version, _hex("--key", args.key, 32),
        None if args.prev is None else _hex("--prev", args.prev, 32).hex(), _lock(args), args.aead,
    )
    with open(args.input, "rb", buffering=0) as source, _replacing(args.output) as sink:
        status = os.fstat(source.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise Malformed("IN", Text("须为普通文件", "must be a regular file"))
        done = seal(source, sink, params, status.st_size, os.urandom, THREADS)
    return {"digest": done.digest.hex(), "file_key": done.file_key.hex()}


def _unseal(args: argparse.Namespace) -> dict[str, Any]:
    file_key = _hex("--file-key", args.file_key, 32)
    with open(args.input, "rb", buffering=0) as source, _replacing(args.output) as sink:
        done = open_with_key(source, sink, file_key, _lock(args), threads=THREADS)
    return {"digest": done.digest.hex(), "header": done.header.fields()}


def _told(name: str, args: argparse.Namespace, work: Callable[[argparse.Namespace], dict[str, Any]]) -> int:
    try:
        _clear(args.input, args.output)
        answer = work(args)
    except Fault as fault:
        return _refuse(name, str(fault))
    except Malformed as problem:
        return _refuse(name, f"{problem.field}: {problem.why.en} / {problem.why.zh}" if problem.why else problem.field)
    except OSError as problem:
        return _refuse(name, f"{problem.filename or ''}: {problem.strerror}")
    sys.stdout.write(canon(answer).decode() + "\n")
    return 0


def _refuse(name: str, line: str) -> int:
    sys.stderr.write(f"mingbiao {name}: {' '.join(line.split())}\n")
    return 2


def _clear(source: str, target: str) -> None:
    """OUT is given to be replaced; an old one goes first. Never IN itself, never a device or folder."""
    path = Path(target)
    if path.exists():
        if os.path.exists(source) and os.path.samefile(source, target):
            raise Malformed("OUT", Text("不得与输入为同一文件", "is the input itself"))
        if not path.is_file():
            raise Malformed("OUT", Text("须为普通文件", "must be a regular file"))
    path.unlink(missing_ok=True)


@contextmanager
def _replacing(target: str) -> Iterator[BinaryIO]:
    """A file beside the target, readable by its owner only, that takes the target's name once all is written and synced."""
    number, name = tempfile.mkstemp(prefix=".mingbiao-", dir=os.path.dirname(os.path.abspath(target)))
    try:
        with os.fdopen(number, "wb", buffering=0) as sink:
            yield sink
            os.fsync(sink.fileno())
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise


def _hex(field: str, text: str, size: int | None = None) -> bytes:
    if not HEX.fullmatch(text) or (size is not None and len(text) != 2 * size):
        digits = "" if size is None else f" {2 * size}"
        raise Malformed(field, Text(f"须为{digits} 位十六进制数", f"must be{digits} hex digits"))
    return bytes.fromhex(text)


def _lock(args: argparse.Namespace) -> bytes:
    return b"" if args.lock is None else _hex("--lock", args.lock)
