"""The project that Compose runs: the merged compose files without services of inactive profiles.

project = read_project(["docker-compose.yml", "docker-compose.prod.yml"], Path("."), report)
project.services["livekit"].ports
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from ...model.errors import Report
from .dotenv import lookup_of
from .folder import Folder
from .load import DOTENV, Loader, Model
from .merge import settled
from .model import Mount, Project, Service


def read_project(paths: Sequence[str], base: Path, report: Report, streams: Collection[str] = ()) -> Project | None:
    """The services of a project, or None with problems in `report`.

    Args:
        paths: compose files relative to `base`, in the order in which they are merged.
        streams: those of them that are standard input or a pipe.
    """
    shown = posixpath.dirname(paths[0].replace("\\", "/"))
    loader = Loader(Folder(base / shown, shown), report)
    before = len(report.problems)
    variables = loader.variables(DOTENV, {}) or {}
    documents = [loader.document(base / path, path, is_stream=path in streams) for path in paths]
    model = loader.model([one for one in documents if one], ".", variables, ())
    if len(report.problems) > before:
        return None
    known = {"default", *model.drivers}
    services = {name: _with_files(settled(part), model) for name, part in model.parts.items()}
    for place, expected in (one for service in services.values() for one in service.unread.values()):
        report.problem(place, "", expected)
    profiles = lookup_of(variables)("COMPOSE_PROFILES") or ""
    wanted = {one.strip() for one in profiles.split(",")}
    runs = {
        name: one.replicas != 0 and (not one.profiles or bool(wanted & {"*", *one.profiles}))
        for name, one in services.items()
    }
    for name, one in services.items():
        if runs[name]:
            _check_networks(one, known, report)
    return Project(
        name=paths[0],
        folder=loader.folder,
        variables=variables,
        services={name: one for name, one in services.items() if runs[name]},
        idle={name: one for name, one in services.items() if not runs[name]},
        drivers=model.drivers,
    )


def _check_networks(service: Service, known: Collection[str], report: Report) -> None:
    """Problems for networks with which Compose does not start."""
    if service.network_mode and service.networks:
        hint = "remove one of the two; Compose starts nothing with both"
        report.problem(service.place, "", "must not have network_mode and networks", hint)
    if not set(service.networks) <= set(known):
        hint = "add it to networks at the top; Compose starts nothing without"
        report.problem(service.place, "", "must be in networks that the file defines", hint)


def _with_files(service: Service, model: Model) -> Service:
    """The service with its configs and secrets resolved to the project's files or contents."""
    return replace(
        service,
        configs=tuple(_held(one, model.configs) for one in service.configs),
        secrets=tuple(_held(one, model.secrets) for one in service.secrets),
    )


def _held(one: Mount, files: Mapping[str, Mount]) -> Mount:
    held = files.get(one.source, Mount("", "", one.place))
    return replace(held, target=one.target, place=held.place if held.content is not None else one.place)
