"""What each run has done, so that the next one can go on from there: lines of JSON beside the table, NAME.jsonl."""

import json
from pathlib import Path
from threading import Lock
from typing import Any

DONE = ("changed", "would change", "unchanged", "done before")
"""The results of a stack that needs nothing more."""


class Journal:
    """The lines of a run. `up` begins the file anew unless it goes on; `destroy` adds what it took away; a review,
    which changes nothing, leaves no line.
    """

    def __init__(self, path: Path, action: str, goes_on: bool) -> None:
        self.path, self.action, self.lock = path, action, Lock()
        if action == "up" and not goes_on:
            path.write_text("", encoding="utf-8")

    def line(self, event: str, **values: object) -> str:
        """A line, which is kept by the time that it is told."""
        line = json.dumps({"event": event, "action": self.action, **values}) + "\n"
        if self.action != "review":
            with self.lock, self.path.open("a", encoding="utf-8") as file:
                file.write(line)
        return line


def done_in(log: Path) -> dict[str, str]:
    """What is done by the lines of a run: the digests by stack. A last line may be cut off.

    Raises:
        OSError: it cannot be read.
        ValueError: it is a file of another kind.
    """
    done: dict[str, str] = {}
    lines = log.read_bytes().splitlines(keepends=True)
    for number, text in enumerate(lines, 1):
        try:
            line: Any = json.loads(text)
            event = line["event"]
        except (ValueError, TypeError, KeyError):
            if number == len(lines) > 1 and not text.endswith(b"\n"):
                break
            expected = "expected the lines of JSON that `up` writes, as in fleet.jsonl"
            raise ValueError(f"--resume: {log}, line {number}: {expected}") from None
        if event == "ended":
            done.pop(line.get("stack"), None)  # the last word on a stack counts
            if line.get("action") == "up" and line.get("result") in DONE and line.get("digest"):
                done[line["stack"]] = line["digest"]
    return done
