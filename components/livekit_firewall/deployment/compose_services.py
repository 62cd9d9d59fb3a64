"""Compose files, by the argument `compose` or in plugNmeet's folder, and the services in them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ..inputs.stack_config import CONFIG_FILES
from ..model.errors import Place, Report
from ..settings import Plugnmeet
from ..settings.overrides import Override
from ..settings.sources import Running
from .arguments import Arguments

if TYPE_CHECKING:
    from ..settings.compose import ComposeServices

COMPOSE_FILES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
"""Default names, in the order in which Compose looks for them."""


def _compose_files(arguments: Arguments, plugnmeet: Plugnmeet | None, base: Path) -> list[str]:
    if arguments.compose:
        return [arguments.compose] if isinstance(arguments.compose, str) else list(arguments.compose)
    with suppress(OSError, ValueError):
        folder = Path(plugnmeet.path) if plugnmeet and plugnmeet.path else None
        return [str(folder / name) for name in COMPOSE_FILES if folder and (base / folder / name).is_file()][:1]
    return []


def read_compose_services(
    arguments: Arguments, plugnmeet: Plugnmeet | None, base: Path, report: Report, streams: Collection[str] = ()
) -> ComposeServices | None:
    """The services in the compose files of the arguments or of plugNmeet's folder; None without a file.

    Args:
        streams: those of the files that are standard input or a pipe.
    """
    if arguments.compose == ():
        hint = "remove the key, if there is none"
        report.problem(Place("compose"), "[]", "must name at least one compose file", hint)
    if arguments.compose is not None and plugnmeet:
        hint = "the compose file in the folder of plugnmeet.path is read by itself"
        report.problem(Place("compose"), "", "must not be set together with plugnmeet", hint)
    files = _compose_files(arguments, plugnmeet, base)
    if not files:
        return None
    from ..settings.compose import read_compose  # slow to import, and most runs do not need it

    # plugNmeet's folder holds the services' own files beside the compose file
    given = [
        service for service, key in CONFIG_FILES.items() if getattr(arguments, key) or (plugnmeet and plugnmeet.path)
    ]
    versions = {service: arguments.versions.of(service) for service in CONFIG_FILES}
    return read_compose(files, base, given, versions, report, must_run=bool(arguments.compose), streams=streams)


def _over(below: Mapping[str, Override], above: Mapping[str, Override], report: Report) -> dict[str, Override]:
    found = dict(below)
    for key, override in above.items():
        if key not in below or override.rank >= below[key].rank:
            found[key] = override
        elif override.place.file is None:  # from --set, whose lack of effect is always reported
            hint = f"write --set {key}=VALUE, which wins over both"
            expected = f"must have an effect: {below[key].place} wins over it"
            report.problem(Place(f"--set {override.place.origin}".replace("variable ", "")), "", expected, hint)
    return found


def with_compose(running: Running, compose: ComposeServices | None, report: Report) -> Running:
    """The overrides of options merged over those of compose files.

    By rank: a variable in an option does not replace a flag in a compose file, since the service prefers its flags.
    """
    if compose is None:
        return running
    overrides = {
        service: _over(compose.overrides.get(service, {}), running.overrides.get(service, {}), report)
        for service in {*compose.overrides, *running.overrides}
    }
    return replace(
        running,
        overrides=overrides,
        documents={**compose.documents, **running.documents},
        paths=compose.paths,
        unread=compose.unread,
        networks={**compose.networks, **running.networks},
        versions=compose.versions,
        other_services=compose.other_services,
        further_ports=compose.further_ports,
    )
