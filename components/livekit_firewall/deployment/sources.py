"""Arguments to settings: which files, arguments and presets each service's settings come from, and what they say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from ..inputs.document import Document
from ..model.errors import Place, Report
from ..settings import Https, Plugnmeet, Settings
from ..settings.chart_checks import check_release, has_turn_balancer
from ..settings.chart_services import network_of
from ..settings.charts import Release, read_charts
from ..settings.ingress import read_egress, read_ingress
from ..settings.plugnmeet import INGRESS, LIVEKIT, SIP, has_sip
from ..settings.server_checks import read_server
from ..settings.sip import read_sip
from ..settings.sources import Running, Source, read_installation, read_service, refuse_untold
from ..settings.tree import Tree
from .arguments import SERVER_KEYS, Arguments
from .composed import read_composed, with_composed


def read_settings(arguments: Arguments, running: Running, base: Path, report: Report) -> Settings:
    """What runs on the node; problems and findings go to `report`."""
    plugnmeet = _plugnmeet(arguments)
    if plugnmeet:
        _refuse_beside_plugnmeet(arguments, report)
    composed = read_composed(arguments, plugnmeet, base, report, running.streams)
    running = with_composed(running, composed)
    installation = read_installation(Path(plugnmeet.path), base, report) if plugnmeet and plugnmeet.path else None
    if plugnmeet and plugnmeet.sip is None and installation:
        plugnmeet = replace(plugnmeet, sip=has_sip(installation))
    releases = _releases(arguments, running, base, report)
    if running.is_server_by_chart and "livekit" not in releases:
        arguments = replace(arguments, livekit=False)
    if not arguments.livekit:
        _refuse_without_server(arguments, report)
    networks = {service: network for service, one in releases.items() if (network := network_of(one))}
    running = replace(
        running,
        documents={**running.documents, **_configurations(releases)},
        networks={**running.networks, **networks},
    )
    sources = {source.service: source for source in sources_of(arguments, plugnmeet, running, releases)}
    server = read_service(read_server, sources.get("livekit"), base, report)
    sip = read_service(read_sip, sources.get("sip"), base, report)
    ingress = read_service(read_ingress, sources.get("ingress"), base, report)
    egress = read_service(read_egress, sources.get("egress"), base, report)
    refuse_untold(running.overrides, sources.values(), report)
    https = arguments.https if isinstance(arguments.https, Https) else None
    if https is None and (arguments.https or plugnmeet):
        https = Https()
    has_balancer = any(has_turn_balancer(release) for release in releases.values())
    if https is None and arguments.load_balancer is None:
        for name, place in composed.proxies if composed else ():
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
        running.beside,
        has_balancer,
    )


def _releases(arguments: Arguments, running: Running, base: Path, report: Report) -> dict[str, Release]:
    """The charts whose values are given, by the service that each of them runs."""
    given = arguments.helm if isinstance(arguments.helm, tuple) else (arguments.helm,) if arguments.helm else ()
    before = len(report.problems)
    releases = {
        service: replace(release, told=arguments.versions.of(service))
        for service, release in read_charts(
            given, arguments.versions.chart or "", base, report, running.streams
        ).items()
    }
    is_unknown = len(report.problems) > before
    for key, service in (("livekit_config", "livekit"), ("ingress_config", "ingress"), ("egress_config", "egress")):
        if getattr(arguments, key) and (service in releases or (is_unknown and service == "livekit")):
            hint = f"--helm and --{service} exclude each other: the chart makes {service}.yaml of its values"
            report.problem(Place(key), "", "must not be set together with values of its chart", hint)
    for service in sorted(set(releases) & {*running.documents, *running.paths}):
        hint = "say by one of the two how it runs"
        report.problem(
            Place("helm"), "", f"must not describe {service}, which something else given here describes", hint
        )
    if arguments.plugnmeet and releases:
        report.problem(Place("helm"), "", "must not be set together with plugnmeet", "remove one of the two")
    for release in releases.values():
        check_release(release, report)
    return releases


def _configurations(releases: Mapping[str, Release]) -> dict[str, Document]:
    return {service: release.configuration for service, release in releases.items()}


def sources_of(
    arguments: Arguments, plugnmeet: Plugnmeet | None, running: Running, releases: Mapping[str, Release]
) -> list[Source]:
    """Of each service on the node, where its settings come from."""
    folder = Path(plugnmeet.path) if plugnmeet and plugnmeet.path else None

    def path(given: str | None, name: str) -> str | None:
        return given or (str(folder / name) if folder else running.paths.get(name.removesuffix(".yaml")))

    sources = []
    is_named = not arguments.compose or bool(arguments.livekit_config or _server_arguments(arguments).values)
    if arguments.livekit and (is_named or running.has("livekit")):
        sources.append(
            Source(
                service="livekit",
                arguments=_server_arguments(arguments),
                path=path(arguments.livekit_config, "livekit.yaml"),
                document=running.documents.get("livekit"),
                preset=LIVEKIT if plugnmeet else {},
            )
        )
    if arguments.sip is not None or arguments.sip_config or (plugnmeet and plugnmeet.sip) or running.has("sip"):
        sources.append(
            Source(
                service="sip",
                arguments=_service_arguments(arguments.sip, "sip."),
                path=path(arguments.sip_config, "sip.yaml"),
                document=running.documents.get("sip"),
                preset=SIP if plugnmeet else {},
            )
        )
    if arguments.ingress is not None or arguments.ingress_config or plugnmeet or running.has("ingress"):
        sources.append(
            Source(
                service="ingress",
                arguments=_service_arguments(arguments.ingress, "ingress."),
                path=path(arguments.ingress_config, "ingress.yaml"),
                document=running.documents.get("ingress"),
                preset=INGRESS if plugnmeet else {},
            )
        )
    if arguments.egress_config or running.has("egress"):
        egress = running.documents.get("egress")
        sources.append(
            Source(
                service="egress",
                path=path(arguments.egress_config, "egress.yaml") if not folder else arguments.egress_config,
                document=egress,
            )
        )
    return [
        replace(
            source,
            overrides=running.overrides.get(source.service),
            streams=running.streams,
            version=arguments.versions.of(source.service)
            or running.versions.get(source.service, "")
            or _version_of(releases.get(source.service)),
        )
        for source in sources
    ]


def _version_of(release: Release | None) -> str:
    return release.version if release else ""


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


def _refuse_beside_plugnmeet(arguments: Arguments, report: Report) -> None:
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
