"""The configuration that a service of a compose file runs with: a text in it, or a file of the project."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from ..inputs.compose.model import Entry, Mount, Project, Service
from ..inputs.document import Document, parse_document, parse_within
from ..model.errors import Report
from .environment import BODY, FILE, configuration_option
from .schemas import Schema


def configuration_of(
    schema: Schema,
    service: Service,
    project: Project,
    variables: Mapping[str, Entry],
    flags: Sequence[tuple[str, Entry]],
    report: Report,
) -> str | Document | None:
    """The path of the service's file, or the document if a text holds it; None without either."""
    body, file = (
        configuration_option(schema, BODY, variables, flags),
        configuration_option(schema, FILE, variables, flags),
    )
    if body:
        return _body(*body, schema, service, report)
    if not file:
        _note_unnamed(schema, service, report)
        return None
    target = posixpath.normpath(posixpath.join("/", service.working_dir, file[1].value or ""))
    mount = next((one for one in _deepest(service) if _holds(one.target, target)), None)
    if mount is None:
        hint = f"mount it from the folder of the compose file, or give it by --{schema.service}"
        expected = "must name a file that the compose file mounts: what an image holds is not read"
        report.problem(file[1].place, "", expected, hint)
        return None
    if mount.content is not None and mount.document:
        return parse_within(mount.document, mount.key, mount.content, f"config for {target}", report)
    rest = target.removeprefix(mount.target).lstrip("/")
    path = posixpath.normpath(posixpath.join(mount.source, rest)) if mount.source else ""
    hint = f"give it by --{schema.service}"
    if not path:
        report.problem(mount.place, "", "must be a file of the folder of the compose file to be read", hint)
        return None
    return project.folder.name(path) if project.folder.find(path, mount.place, report, hint) else None


def _note_unnamed(schema: Schema, service: Service, report: Report) -> None:
    """A finding for a mounted configuration that neither a flag nor a variable names."""
    for mount in (*service.mounts, *service.configs):
        if posixpath.basename(mount.target).endswith((".yaml", ".yml")):
            text = f"{schema.name} is not told to read {mount.target}, and runs with its defaults and variables"
            report.finding("compose-config-unnamed", "error", mount.place, text, f"add --config {mount.target}")


def _body(origin: str, entry: Entry, schema: Schema, service: Service, report: Report) -> Document | None:
    name = origin.removeprefix("variable ")
    if re.fullmatch(r"\S+\.ya?ml", entry.value or ""):
        by = next((one.variable for one in schema.base_flags if one.flag == FILE), None) or FILE
        place = replace(entry.place, path="", origin=origin)
        report.problem(place, "", "must hold the configuration itself, and not the name of a file", f"name it by {by}")
        return None
    source = service.sources.get(name) if origin != name else None
    if source and service.environment.get(name) == entry:
        return parse_within(*source, entry.value or "", origin, report)
    start = (entry.place.line or 1, entry.place.column or 1)
    return parse_document(entry.value or "", entry.place.file or "", report, origin=origin, start=start, is_exact=False)


def _deepest(service: Service) -> list[Mount]:
    """Configs, secrets and mounts, those for a file before those for its folder."""
    return sorted((*service.configs, *service.secrets, *service.mounts), key=lambda one: -len(one.target))


def _holds(folder: str, path: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")
