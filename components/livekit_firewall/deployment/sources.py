"""Arguments to settings: finds the sources of each service's settings (files, arguments, presets), and reads them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from ..model.errors import Place, Report
from ..settings import Https, Plugnmeet, Settings
from ..settings.ingress import read_egress, read_ingress
from ..settings.plugnmeet import INGRESS, LIVEKIT, SIP, has_sip
from ..settings.server_checks import read_server
from ..settings.sip import read_sip
from ..settings.sources import Running, Source, read_installation, read_service, refuse_unused_overrides
from ..settings.tree import Tree
from .arguments import SERVER_KEYS, Arguments
from .chart_services import ChartServices, read_chart_services
from .compose_services import read_compose_services, with_compose


def read_settings(arguments: Arguments, running: Running, base: Path, report: Report) -> Settings:
    """The settings of all services on the node; problems and findings go to `report`."""
    plugnmeet = _plugnmeet(arguments)
    if plugnmeet:
        _refuse_with_plugnmeet(arguments, report)
    compose = read_compose_services(arguments, plugnmeet, base, report, running.streams)
    running = with_compose(running, compose, report)
    installation = read_installation(Path(plugnmeet.path), base, report) if plugnmeet and plugnmeet.path else None
    if plugnmeet and plugnmeet.sip is None and installation:
        plugnmeet = replace(plugnmeet, sip=has_sip(installation))
    if plugnmeet and (arguments.sip is not None or arguments.sip_config):
        plugnmeet = replace(plugnmeet, sip=True)
    charts = read_chart_services(arguments, running, base, report)
    if running.is_server_by_chart and "livekit" not in charts.documents:
        arguments = replace(arguments, livekit=False)
    if not arguments.livekit:
        _refuse_without_server(arguments, report)
    running = replace(
        running,
        documents={**running.documents, **charts.documents},
        networks={**running.networks, **charts.networks},
    )
    sources = {source.service: source for source in sources_of(arguments, plugnmeet, running, charts)}
    server = read_service(read_server, sources.get("livekit"), base, report)
    sip = read_service(read_sip, sources.get("sip"), base, report)
    ingress = read_service(read_ingress, sources.get("ingress"), base, report)
    egress = read_service(read_egress, sources.get("egress"), base, report)
    refuse_unused_overrides(running.overrides, sources.values(), report)
    https = arguments.https if isinstance(arguments.https, Https) else None
    if https is None and (arguments.https or plugnmeet):
        https = Https()
    if https is None and arguments.load_balancer is None:
        for name, place in compose.proxies if compose else ():
            text = f"{name} looks like a TLS proxy on the node, and nothing is said of it, so that 443 stays closed"
            report.finding("compose-proxy", "warning", place, text)
    return Settings(
        server,
        sip,
        ingress,
        egress,
        https,
        plugnmeet,
        arguments.cluster.services,
        installation,
        running.networks,
        running.other_services,
        running.further_ports,
        charts.has_turn_balancer,
    )


def sources_of(
    arguments: Arguments, plugnmeet: Plugnmeet | None, running: Running, charts: ChartServices
) -> list[Source]:
    """The sources of each LiveKit service that runs on the node."""
    own = {
        "livekit": _server_arguments(arguments),
        "sip": _service_arguments(arguments.sip, "sip."),
        "ingress": _service_arguments(arguments.ingress, "ingress."),
    }
    presets = {"livekit": LIVEKIT, "sip": SIP, "ingress": INGRESS} if plugnmeet else {}
    return [
        Source(
            service=service,
            arguments=own.get(service, Tree()),
            path=_path_of(service, arguments, plugnmeet, running),
            document=running.documents.get(service),
            preset=presets.get(service, {}),
            overrides=running.overrides.get(service),
            is_unread=service in running.unread,
            streams=running.streams,
            version=arguments.versions.of(service)
            or running.versions.get(service, "")
            or charts.versions.get(service, ""),
        )
        for service in _services(arguments, plugnmeet, running)
    ]


def _services(arguments: Arguments, plugnmeet: Plugnmeet | None, running: Running) -> Iterator[str]:
    is_named = not arguments.compose or bool(arguments.livekit_config or _server_arguments(arguments).values)
    if arguments.livekit and (is_named or running.has("livekit")):
        yield "livekit"
    if arguments.sip is not None or arguments.sip_config or (plugnmeet and plugnmeet.sip) or running.has("sip"):
        yield "sip"
    if arguments.ingress is not None or arguments.ingress_config or plugnmeet or running.has("ingress"):
        yield "ingress"
    if arguments.egress_config or running.has("egress"):
        yield "egress"


def _path_of(service: str, arguments: Arguments, plugnmeet: Plugnmeet | None, running: Running) -> str | None:
    """The file of a service: the argument's, else that of plugNmeet's folder (without egress) or of a compose file."""
    given: str | None = getattr(arguments, f"{service}_config")
    if given or not (plugnmeet and plugnmeet.path):
        return given or running.paths.get(service)
    return None if service == "egress" else str(Path(plugnmeet.path) / f"{service}.yaml")


def _server_arguments(arguments: Arguments) -> Tree:
    given = {key: getattr(arguments, key) for key in SERVER_KEYS if getattr(arguments, key) is not None}
    own: dict[str, Any] = {key: given.pop(key) for key in ("port", "turn", "prometheus") if key in given}
    return Tree({**own, "rtc": given} if given else own, renamed={"rtc": ""})


def _service_arguments(values: Any, prefix: str) -> Tree:
    return Tree({} if values is None else values, prefix=prefix)


def _plugnmeet(arguments: Arguments) -> Plugnmeet | None:
    given = arguments.plugnmeet
    if given is False:
        return None
    return given if isinstance(given, Plugnmeet) else Plugnmeet(path=given if isinstance(given, str) else None)


def _refuse_with_plugnmeet(arguments: Arguments, report: Report) -> None:
    if arguments.https is False:
        hint = "its HAProxy listens on 443 and 80; remove one of the two"
        report.problem(Place("https"), "false", "must not be false together with plugnmeet", hint)
    if arguments.livekit:
        own = _server_arguments(arguments)
        for key in own.leaves():
            hint = "livekit_config names a livekit.yaml, plugnmeet.path an installation's folder"
            report.problem(own[key].place, "", "must not be set together with plugnmeet", hint)


def _refuse_without_server(arguments: Arguments, report: Report) -> None:
    for key in (*SERVER_KEYS, "livekit_config"):
        if getattr(arguments, key) is not None:
            report.problem(Place(key), "", "must not be set while livekit is false", "remove it, or livekit: false")
