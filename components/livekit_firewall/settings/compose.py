"""Which services of a compose file are LiveKit's, and the configuration of each.

Their own files are read only within the folder of the project; a file elsewhere must be given by an option.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from ..inputs.compose.environment import environment_of
from ..inputs.compose.model import Project, Published, Service
from ..inputs.compose.project import read_project
from ..inputs.document import Document
from ..model.errors import Place, Report
from .commands import flags_of
from .compose_files import configuration_of
from .compose_kinds import by_file, by_program, by_sign, kind_of, may_be_server
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
from .schemas import NAMES, schema_of
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
    found = _services(project, base, report)
    perhaps = _note_perhaps(project, base, found, report)
    if not found and must_run:
        _nobody(project, perhaps, report)
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
        source = configuration_of(schema, service, project, variables, flags, report)
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


def _services(project: Project, base: Path, report: Report) -> dict[str, Service]:
    found: dict[str, Service] = {}
    kinds = {name: by_program(service) for name, service in project.services.items()}
    for name, service in project.services.items():
        weaker = "" if kinds[name] else by_sign(service) or by_file(service, project, base)
        # what only writes the configuration of the service has the variable too
        kind = kinds[name] or ("" if weaker in kinds.values() else weaker)
        if kind and kind in found:
            hint = f"{found[kind].name} does too, and one node is described at a time: give each a file of its own"
            report.problem(service.place, "", f"must be the only service that runs {NAMES[kind]}", hint)
        elif kind:
            found[kind] = service
            if re.search(r"[\s{}<>]", service.image):
                hint = "if the file is a template, render it first, and give what comes out"
                report.problem(service.place, "", "must have the name of an image", hint)
    return found


NAME_IT = "if it is, call its image so (image: livekit-server), and give a file that is not mounted by --livekit"


def _note_perhaps(project: Project, base: Path, found: Mapping[str, Service], report: Report) -> list[str]:
    """The names of services that may be livekit-server, where none is known to be."""
    names = []
    for name, service in project.services.items() if "livekit" not in found else ():
        if service not in found.values() and (what := may_be_server(service, project, base)):
            names.append(name)
            text = f"{name} {what}: it may be livekit-server, and is not read as that"
            report.finding("compose-perhaps-livekit", "warning", service.place, text, NAME_IT)
    return names


def _nobody(project: Project, perhaps: Sequence[str], report: Report) -> None:
    idle = [one for one in project.idle.values() if kind_of(one)]
    hint = "LiveKit's services are known by image, program or variable; give livekit.yaml by --livekit"
    if perhaps:
        hint = f"{perhaps[0]} may be livekit-server: {NAME_IT}"
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
