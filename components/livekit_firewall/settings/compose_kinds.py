"""Which LiveKit service a service of a compose file is: by image, program, variable, or the file that it reads."""

from __future__ import annotations

from pathlib import Path

from ..inputs.compose.model import Entry, Project, Service
from ..inputs.document import Document, read_document
from ..model.errors import Report
from ..model.services import DATA_SERVICES
from ..model.services import Service as Kind
from .commands import flags_of, has_flags_alone, is_one_off, program_of
from .compose_files import configuration_of
from .compose_networks import PROXIES, image_of
from .environment import BODY, FILE, configuration_option
from .schemas import NAMES, Schema, schema_of, top_names


def kind_of(service: Service) -> str:
    """The LiveKit service that it runs: livekit, sip, ingress or egress; "" for another program."""
    return by_program(service) or by_sign(service)


def by_program(service: Service) -> str:
    """The LiveKit service that the image or the command names; "" for none."""
    if is_one_off(service):
        return ""
    parts, name = service.image.partition("@")[0].split("/"), image_of(service)
    by_name = {f"livekit-{kind}": kind for kind in NAMES} | {"livekit-server": "livekit"}
    if name in by_name:
        return by_name[name]
    if len(parts) > 1 and parts[-2] == "livekit" and name in NAMES:
        return name
    return program_of(service)


def by_sign(service: Service) -> str:
    """The LiveKit service of a weaker sign, which counts where no other one is that service: a variable that holds or
    names its whole configuration, or an image called `livekit` whose command is flags alone; "" for none.
    """
    names = {one.variable: kind for kind in NAMES for one in schema_of(kind).base_flags if one.flag in (BODY, FILE)}
    if is_one_off(service):
        return ""
    if image_of(service) == "livekit" and has_flags_alone(service):
        return "livekit"
    return next((names[name] for name in service.environment if name in names), "")


def by_file(service: Service, project: Project, base: Path) -> str:
    """The LiveKit service that its file tells, where it is built and no image is named: its command is flags alone, all
    of which the service has, and `--config` names a file of the project with keys that are all of this service and some
    of no other.

    Args:
        base: the folder to which paths of the project are relative.
    """
    found = [kind for kind in NAMES if not service.image and _told_by_file(kind, service, project, base)]
    return found[0] if len(found) == 1 else ""


def _told_by_file(kind: str, service: Service, project: Project, base: Path) -> bool:
    schema = schema_of(kind)
    document = _named_file(schema, service, project, base)
    keys = {str(key) for key in document.value} if document else set()
    others = {name for other in NAMES if other != kind for name in top_names(other)}
    return bool(keys - others) and keys <= top_names(kind)


def _named_file(schema: Schema, service: Service, project: Project, base: Path) -> Document | None:
    """None where it is not of the project, or where the service would not start with the flags beside it."""
    flags = _flags(schema, service) if has_flags_alone(service) and not is_one_off(service) else None
    if flags is None:
        return None
    aside = Report()  # what is wrong is told once it is known what the service is
    found = configuration_of(schema, service, project, {}, flags, aside)
    if isinstance(found, str):
        found = read_document(base / found, found, aside)
    return None if aside.problems else found


def _flags(schema: Schema, service: Service) -> list[tuple[str, Entry]] | None:
    """Its flags, where the LiveKit service has them all and one names its file; None otherwise."""
    aside = Report()
    flags = flags_of(service, schema, aside, has_file=False, is_given=False)
    return flags if not aside.problems and configuration_option(schema, FILE, {}, flags) else None


def may_be_server(service: Service, project: Project, base: Path) -> str:
    """What tells that a service of another name may be livekit-server, as a phrase; "" for nothing."""
    known = PROXIES.union(*(one.record.images for one in DATA_SERVICES))
    if is_one_off(service) or image_of(service) in known:
        return ""
    usual = (*Kind.API.record.usual_ports, *Kind.ICE_TCP.record.usual_ports)
    if inside := [port for port in usual if any(entry.target.overlaps(port) for entry in service.ports)]:
        return f"publishes {inside[0]}, which livekit-server has by default"
    if not has_flags_alone(service) or _flags(schema_of("livekit"), service) is None:
        return ""
    if service.has_build:
        return "is built here, and told to read a file by flags that livekit-server has"
    return "is told to read a file of livekit-server" if _told_by_file("livekit", service, project, base) else ""
