"""The folder of a project. Nothing outside of it is read, whatever path a compose file or a link names."""

from __future__ import annotations

import posixpath
from pathlib import Path

from msgspec import Struct

from ...model.errors import Place, Report


class Folder(Struct, frozen=True):
    """The folder of the first compose file.

    Attributes:
        root: its path.
        shown: its path as the user wrote it, for messages; "" for the current folder.
    """

    root: Path
    shown: str

    def name(self, path: str) -> str:
        """A path within the folder, for messages."""
        return posixpath.join(self.shown, path)

    def find(self, path: str, place: Place, report: Report, hint: str = "") -> Path | None:
        """The file at a path relative to this folder; None with a problem at `place` if it is outside."""
        if not path.startswith(("/", "~", "\\")) and ":" not in path[:2]:
            try:
                found = (self.root / path).resolve()
                is_inside = found.is_relative_to(self.root.resolve())
            except (OSError, ValueError, RuntimeError):  # a loop of links, a NUL
                is_inside = False
            if is_inside:
                return found
        expected = "must name a file inside the folder of the compose file"
        report.problem(place, "", expected, hint or "nothing outside of that folder is read")
        return None
