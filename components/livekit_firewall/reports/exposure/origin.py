"""What a report was made from, and when, so that a page or a picture that is passed on still says so."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from msgspec import Struct

from ...model.text import few, printable, shortened

MOST_FILES = 6
MOST_SUBJECT = 80
"""Characters; a picture's caption holds 110."""


class Origin(Struct, frozen=True):
    """What a report was made from.

    Attributes:
        subject: what it is about: `stack prod`, `livekit.yaml, sip.yaml`; "" where nothing names it.
        files: that were read, as messages name them.
        date: when, with its time zone; None in what must be the same at each run, such as a stack's outputs.
    """

    subject: str = ""
    files: tuple[str, ...] = ()
    date: datetime | None = None

    @property
    def is_known(self) -> bool:
        return bool(self.subject or self.files or self.date)

    @property
    def time(self) -> str:
        """The date in UTC, to the minute; "" without one."""
        return f"{self.date.astimezone(timezone.utc):%Y-%m-%d %H:%M} UTC" if self.date else ""

    @property
    def line(self) -> str:
        """All of it on one line. Files that the subject does not name come last, where a line is cut; of many the first
        ones and how many more.
        """
        named = self.subject.split(", ")
        files = few((file for file in self.files if file not in named), MOST_FILES)
        read = f"read from {files}" if files else ""
        subject = shortened(self.subject, MOST_SUBJECT)
        return printable("; ".join(part for part in (subject, self.time, read) if part), 1000)

    def as_json(self) -> dict[str, Any]:
        date = f"{self.date.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%SZ}" if self.date else None
        return {"subject": self.subject, "files": list(self.files), "date": date}
