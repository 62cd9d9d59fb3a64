"""The services whose releases are known, and what to say of one that is not."""

from __future__ import annotations

NAMES = {
    "livekit": "livekit-server",
    "sip": "livekit-sip",
    "ingress": "livekit-ingress",
    "egress": "livekit-egress",
}
"""The services by the name that options have, and what messages call them."""

CONFIRMED = {"livekit": ("1.5.3", "1.7.2", "1.9.11", "1.13.5")}
"""Releases whose servers were run against the table (docs/versions.md); of all others it rests on their source."""


class UnknownVersionError(LookupError):
    """A version that is not in the table.

    Attributes:
        title: of what: livekit-server.
        nearest: the releases around it.
    """

    def __init__(self, title: str, version: str, versions: tuple[str, ...]) -> None:
        super().__init__(f"no release {version} of {title} is known")
        self.title, self.version, self.newest = title, version, versions[-1]
        self.nearest = _nearest(version, versions)


def _nearest(version: str, versions: tuple[str, ...]) -> tuple[str, ...]:
    """The last release before a version and the first one after it; the newest, if it is no version."""
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


CHARTS = {"livekit-server": "livekit", "ingress": "ingress", "egress": "egress"}
"""A chart to the service that it runs."""


def file_of(text: str) -> str:
    """The file in FILE or CHART=FILE."""
    name, equals, path = text.partition("=")
    return path if equals and name in CHARTS else text
