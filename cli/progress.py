"""Progress of long work on a terminal: one line that rewrites itself, or plain lines where nobody watches."""
import sys

from kernel.clock import monotonic


class Progress:
    def __init__(self, quiet: bool = False) -> None:
        self.began, self.last, self.quiet, self.live = monotonic(), 0.0, quiet, sys.stderr.isatty()

    def say(self, text: str, done: int = 0, total: int = 0, always: bool = False) -> None:
        now = monotonic()
        if self.quiet or (not always and now - self.last < (0.2 if self.live else 5)):
            return
        self.last = now
        count = f" {done:,}/{total:,}" if total else ""
        line = f"{now - self.began:6.1f} s  {text}{count}"
        print(f"\r\033[K{line}" if self.live else line, end="" if self.live else "\n", file=sys.stderr, flush=True)

    def end(self) -> float:
        """Seconds since the beginning."""
        if self.live:
            print(file=sys.stderr)
        return monotonic() - self.began
