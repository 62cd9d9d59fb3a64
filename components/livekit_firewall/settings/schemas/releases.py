"""The services whose releases are known, and the error for an unknown release."""

from __future__ import annotations

import re

NAMES = {
    "livekit": "livekit-server",
    "sip": "livekit-sip",
    "ingress": "livekit-ingress",
    "egress": "livekit-egress",
}
"""The services' names in options, to their names in messages."""

CONFIRMED = {"livekit": ("1.5.3", "1.7.2", "1.9.11", "1.13.5")}
"""Releases that were run to confirm their table (docs/versions.md). The other tables rest on the source code alone."""


class UnknownVersionError(LookupError):
    """A version that is not in the table.

    Attributes:
        title: the name of the service or chart: livekit-server.
        newest: the newest known release.
        nearest: the known releases directly before and after it.
    """

    def __init__(self, title: str, version: str, versions: tuple[str, ...]) -> None:
        super().__init__(f"no release {version} of {title} is known")
        self.title, self.version, self.newest = title, version, versions[-1]
        self.nearest = _nearest(version, versions)


def _nearest(version: str, versions: tuple[str, ...]) -> tuple[str, ...]:
    """The last release before a version and the first one after it; the newest if the text is no version."""
    number = _number(version)
    if number is None:
        return versions[-1:]
    before = [one for one in versions if (_number(one) or ()) < number][-1:]
    after = [one for one in versions if (_number(one) or ()) > number][:1]
    return (*before, *after)


def _number(version: str) -> tuple[int, ...] | None:
    parts = version.split(".")
    return (
        tuple(map(int, parts)) if all(part.isascii() and part.isdecimal() and len(part) < 9 for part in parts) else None
    )


def is_release(tag: str) -> bool:
    """Whether a tag, without its `v`, is a number of two or three parts, and not `latest` or a commit's."""
    return bool(re.fullmatch(r"\d+\.\d+(\.\d+)?", tag))


CHARTS = {"livekit-server": "livekit", "ingress": "ingress", "egress": "egress"}
"""Chart to the service that it runs."""


def file_of(text: str) -> str:
    """The file in FILE or CHART=FILE."""
    name, equals, path = text.partition("=")
    return path if equals and name in CHARTS else text
