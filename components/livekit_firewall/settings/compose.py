"""Which services of a compose file are LiveKit's, and the configuration of each.

Their own files are read only within the folder of the project; a file elsewhere must be given by an option.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from ..inputs.compose.environment import environment_of
from ..inputs.compose.model import Entry, Mount, Project, Published, Service
from ..inputs.compose.project import read_project
from ..inputs.document import Document, parse_document, parse_within
from ..model.errors import Place, Report
from .commands import flags_of, has_flags_alone, is_one_off, program_of
from .compose_networks import further_ports, network_of, other_services, proxies
from .environment import (
    BODY,
    FILE,
    configuration_option,
    known_schema,
    note_misspelt,
    note_unknown_release,
    overrides_of,
    variables_of,
)
from .networks import LocalService, Network
from .overrides import Override
from .schemas import NAMES, Schema, schema_of
from .schemas.releases import is_release


class ComposeServices(Struct, frozen=True):
    """LiveKit's services in compose files. The keys of each mapping: livekit, sip, ingress, egress.

    Attributes:
        paths: the configuration file, if it is a file of the project.
        documents: the configuration, if a compose file or a variable holds it; an empty one if there is none.
        overrides: the values that flags and variables set, by key.
        networks: of the services whose container does not use the host's network.
        unread: the services with problems, so that what they run with is not known.
        versions: the release by the image's tag, if it is a known one.
        other_services: services of other kinds on the host, none of them public.
        further_ports: what Docker forwards to the containers of other services, each with its service's name.
        proxies: names and places of services that appear to end TLS.
    """

    paths: Mapping[str, str] = {}
    documents: Mapping[str, Document] = {}
    overrides: Mapping[str, Mapping[str, Override]] = {}
    networks: Mapping[str, Network] = {}
    unread: frozenset[str] = frozenset()
    versions: Mapping[str, str] = {}
    other_services: tuple[LocalService, ...] = ()
    further_ports: tuple[tuple[str, Published], ...] = ()
    proxies: tuple[tuple[str, Place], ...] = ()

    @property
    def runs(self) -> frozenset[str]:
        return frozenset(self.overrides)


def read_compose(paths: Sequence[str], base: Path, given: Collection[str], versions: Mapping[str, str], report: Report,
                 *, must_run: bool = True, streams: Collection[str] = ()) -> ComposeServices:  # fmt: skip
    """The services in the files; problems go to `report`.

    Args:
        paths: relative to `base`, in the order in which Compose merges them.
        given: the services whose own file an option gives, so that it is not looked for here.
        versions: the running release by service; by default the image's tag decides.
        streams: the files that are standard input or a pipe (`read_project`).
        must_run: whether files without a LiveKit service are a problem.
    """
    project = read_project(paths, base, report, streams)
    if project is None:
        return ComposeServices()
    found = _services(project, report)
    if not found and must_run:
        _nobody(project, report)
    composed: dict[str, dict[str, object]] = {name: {} for name in ("paths", "documents", "overrides")}
    tags = {kind: tag for kind, one in found.items() if (tag := _version(kind, one))}
    unread = set()
    for kind, service in found.items():
        before = len(report.problems)
        schema = known_schema(kind, versions.get(kind) or tags.get(kind))
        if kind not in tags and not versions.get(kind):
            note_unknown_release(schema, _tag(service), service.place, report)
        variables = environment_of(service, project, report)
        has_file = bool(configuration_option(schema, BODY, variables) or configuration_option(schema, FILE, variables))
        note_misspelt(service.environment, variables_of(schema), report)
        flags = flags_of(service, schema, report, has_file=has_file, is_given=kind in given)
        _note_unset(service, report)
        composed["overrides"][kind] = overrides_of(schema, variables, flags, report)
        if kind in given:
            continue
        source = _configuration(schema, service, project, variables, flags, report)
        if isinstance(source, str):
            composed["paths"][kind] = source
        else:
            nothing = Document("", {}, places={"": replace(service.place, path="")})
            composed["documents"][kind] = source or nothing
        if len(report.problems) > before:
            unread.add(kind)
    return ComposeServices(
        **composed,  # type: ignore[arg-type]
        networks={kind: network for kind, one in found.items() if (network := network_of(one, project, report))},
        unread=frozenset(unread),
        versions=tags,
        other_services=tuple(other_services(project, found)),
        further_ports=tuple(further_ports(project, found)),
        proxies=tuple(proxies(project, found)),
    )


def kind_of(service: Service) -> str:
    """The LiveKit service that it runs: livekit, sip, ingress or egress; "" for another program."""
    return _by_program(service) or _by_sign(service)


def _by_program(service: Service) -> str:
    """The LiveKit service that the image or the command names; "" for none."""
    if is_one_off(service):
        return ""
    parts, name = service.image.partition("@")[0].split("/"), _image(service)
    by_name = {f"livekit-{kind}": kind for kind in NAMES} | {"livekit-server": "livekit"}
    if name in by_name:
        return by_name[name]
    if len(parts) > 1 and parts[-2] == "livekit" and name in NAMES:
        return name
    return program_of(service)


def _by_sign(service: Service) -> str:
    """The LiveKit service of a weaker sign, which counts where no other one is that service: a variable that holds or
    names its whole configuration, or an image called `livekit` whose command is flags alone; "" for none.
    """
    names = {one.variable: kind for kind in NAMES for one in schema_of(kind).base_flags if one.flag in (BODY, FILE)}
    if is_one_off(service):
        return ""
    if _image(service) == "livekit" and has_flags_alone(service):
        return "livekit"
    return next((names[name] for name in service.environment if name in names), "")


def _image(service: Service) -> str:
    return service.image.partition("@")[0].rpartition("/")[2].partition(":")[0]


def _services(project: Project, report: Report) -> dict[str, Service]:
    found: dict[str, Service] = {}
    kinds = {name: _by_program(service) for name, service in project.services.items()}
    for name, service in project.services.items():
        by_sign = "" if kinds[name] else _by_sign(service)
        # what only writes the configuration of the service has the variable too
        kind = kinds[name] or ("" if by_sign in kinds.values() else by_sign)
        if kind and kind in found:
            hint = f"{found[kind].name} does too, and one node is described at a time: give each a file of its own"
            report.problem(service.place, "", f"must be the only service that runs {NAMES[kind]}", hint)
        elif kind:
            found[kind] = service
            if re.search(r"[\s{}<>]", service.image):
                hint = "if the file is a template, render it first, and give what comes out"
                report.problem(service.place, "", "must have the name of an image", hint)
    return found


def _nobody(project: Project, report: Report) -> None:
    idle = [one for one in project.idle.values() if kind_of(one)]
    hint = "LiveKit's services are known by image, program or variable; give livekit.yaml by --livekit"
    if idle:
        hint = f"the profile of {idle[0].name} is off: set COMPOSE_PROFILES in the .env file beside the compose file"
        if idle[0].replicas == 0:
            hint = f"{idle[0].name} runs no replica: correct scale or deploy.replicas"
    report.problem(Place("services", project.name), "", "must hold a service of LiveKit", hint)


def _tag(service: Service) -> str:
    return service.image.partition("@")[0].rpartition("/")[2].partition(":")[2]


def _version(kind: str, service: Service) -> str:
    tag = _tag(service).removeprefix("v")
    if not is_release(tag):
        return ""
    # a tag of two numbers stands for the newest release that begins with them
    return next((one for one in reversed(schema_of(kind).versions) if one == tag or one.startswith(f"{tag}.")), "")


def _note_unset(service: Service, report: Report) -> None:
    for name in service.unset:
        text = f"{name} is not in the .env file beside the compose file, and counts as empty"
        fix = "set it there; the shell that starts Compose is not looked at"
        report.finding("compose-variable-unset", "warning", service.place, text, fix)


def _configuration(
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
