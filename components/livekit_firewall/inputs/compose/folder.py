"""The folder of a project: nothing outside of it is read, whatever a compose file or a link in it names."""

from __future__ import annotations

import posixpath
from pathlib import Path

from msgspec import Struct

from ...model.errors import Place, Report


class Folder(Struct, frozen=True):
    """Attributes:
    root: where it is.
    shown: the same as the user named it; "" for the current one.
    """

    root: Path
    shown: str

    def name(self, path: str) -> str:
        """A path within it, as messages name it."""
        return posixpath.join(self.shown, path)

    def find(self, path: str, place: Place, report: Report, hint: str = "") -> Path | None:
        """The file at a path from this folder; None with a problem at `place`, if it is not inside of it."""
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
