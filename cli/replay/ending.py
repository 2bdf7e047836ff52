"""What every replay does at its two ends: an empty home, and the result as one line of JSON."""
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cli.progress import Progress
from kernel.centre import Centre


def in_empty_home(play: Callable[[Centre, Progress], dict[str, Any]], out: Path | None, good: Callable[[dict[str, Any]], bool] = lambda _: True) -> int:
    """Plays in an unfounded home; prints the result with its seconds, writes it to `out`. 2 where a centre stands already."""
    import cli.rooms  # noqa: F401  the tables of every room

    centre = Centre()
    if centre.row is not None:
        print("该目录已有中心，请用空目录 · a centre stands here; choose an empty MINGBIAO_HOME", file=sys.stderr)
        return 2
    progress = Progress()
    result = play(centre, progress)
    result["seconds"] = round(progress.end(), 1)
    text = json.dumps(result, ensure_ascii=False)
    if out:
        out.write_text(text + "\n")
    print(text)
    return 0 if good(result) else 1
