"""The root of a dossier: what the ledger holds of it and a citizen computes again."""
from collections.abc import Mapping

from kernel.canonical import canon
from kernel.tree import leaf_hash, root


def dossier_root(files: Mapping[str, str]) -> str:
    """files: name → SHA-256 in hex. Hex root over canon([name, digest]) in ascending order of the names."""
    return root([leaf_hash(canon([name, files[name]])) for name in sorted(files)]).hex()
