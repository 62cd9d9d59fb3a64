"""LiveKit's Helm charts by version: their default values, and the values that their templates read.

    chart = chart_of("livekit-server")
    chart.defaults["livekit"]["rtc"]["tcp_port"]   # 7881

A chart merges the user's values into `defaults`. The section named `section` becomes the service's configuration.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from .releases import UnknownVersionError

FOLDER = Path(__file__).parent


class Chart(Struct, frozen=True, kw_only=True):
    """One version of a chart.

    Attributes:
        name: livekit-server, ingress or egress.
        versions: all known versions of the chart, oldest first.
        app_version: the release of the service, unless the values name another image.
        section: the key of the values that holds the service's own configuration.
        defaults: the chart's own values.
        reads: dotted keys of the values that its templates read; a section includes all keys below it. Any other key
            has no effect.
        notes_read: dotted keys that only its notes and tests read.
        variable: the environment variable that passes the configuration to the service.
        is_strict: whether the service then refuses to start with an unknown key.
    """

    name: str
    version: str
    versions: tuple[str, ...]
    app_version: str
    section: str
    defaults: Mapping[str, Any]
    reads: tuple[str, ...]
    notes_read: tuple[str, ...] = ()
    variable: str
    is_strict: bool


class _Versions(Struct, frozen=True):
    section: str
    versions: dict[str, dict[str, Any]]


def charts() -> tuple[str, ...]:
    """The names of the known charts."""
    return tuple(_charts())


@cache
def chart_of(name: str, version: str | None = None) -> Chart:
    """A chart in a version, by default the newest known.

    Raises:
        UnknownVersionError: the version is not known.
    """
    chart = _charts()[name]
    versions = tuple(reversed(chart.versions))
    wanted = versions[-1] if version is None else version.removeprefix("v")
    if wanted not in versions:
        raise UnknownVersionError(f"the chart {name}", wanted, versions)
    row = {"name": name, "version": wanted, "versions": versions, "section": chart.section}
    source: str | None = wanted
    while source:
        row = {**chart.versions[source], **row}
        source = chart.versions[source].get("as")
    return msgspec.convert(row, Chart)


@cache
def _charts() -> dict[str, _Versions]:
    return msgspec.json.decode((FOLDER / "charts.json").read_bytes(), type=dict[str, _Versions])
