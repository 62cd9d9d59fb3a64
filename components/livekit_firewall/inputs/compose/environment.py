"""The variables of a container: those of its `env_file`, over which those of its `environment` win."""

from __future__ import annotations

from ...model.errors import Place, Report
from ..document import read_text
from .dotenv import lookup_of, parse_variables
from .model import Entry, EnvFile, Project, Service


def environment_of(service: Service, project: Project, report: Report) -> dict[str, Entry]:
    """Every variable with its place; a file that cannot be read is a problem in `report`."""
    found: dict[str, Entry] = {}
    for file in service.env_files:
        found.update(_read(file, service, project, found, report))
    return {**found, **service.environment}


def _read(
    file: EnvFile, service: Service, project: Project, before: dict[str, Entry], report: Report
) -> dict[str, Entry]:
    path = project.folder.find(file.path, file.place, report, "give its variables by --env-file, or move it there")
    if path is None or (not file.is_required and not path.exists()):
        return {}
    name = project.folder.name(file.path)
    if not path.exists():
        report.problem(file.place, "", f"must be a file: {name} is not there", "required: false lets it be missing")
        return {}
    text = read_text(path, name, report)
    if text is None:
        return {}
    if file.format == "raw":
        return _raw(text, name)
    # precedence in Compose: .env, then the service's own variables, then the files read so far
    lookup = lookup_of(project.variables, service.environment)
    return parse_variables(text, name, lookup, report, before) or {}


def _raw(text: str, name: str) -> dict[str, Entry]:
    """`format: raw`: variables are not substituted, and quotes are part of the value."""
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        key, equals, value = line.lstrip().partition("=")
        if equals and not key.startswith("#"):
            found[key] = Entry(value, Place(key, name, number))
    return found
