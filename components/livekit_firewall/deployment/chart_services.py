"""The argument `helm`: values of charts, and the services that the charts run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from ..inputs.document import Document
from ..model.errors import Place, Report
from ..settings.networks import Network
from ..settings.sources import Running
from .arguments import Arguments

if TYPE_CHECKING:
    from ..settings.charts import Release


class ChartServices(Struct, frozen=True):
    """The services of the given charts. Mappings are by service.

    Attributes:
        documents: the configuration that the chart renders from its values.
        networks: of the services that do not use the node's network.
        versions: the release that the chart runs, if no argument says it.
        has_turn_balancer: whether a chart creates a load balancer for TURN/TLS.
    """

    documents: Mapping[str, Document] = {}
    networks: Mapping[str, Network] = {}
    versions: Mapping[str, str] = {}
    has_turn_balancer: bool = False


def read_chart_services(arguments: Arguments, running: Running, base: Path, report: Report) -> ChartServices:
    """The services of the given charts. Modules for charts are imported only here: most deployments have none."""
    if arguments.helm is None:
        return ChartServices()
    from ..settings.chart_services import has_turn_balancer, network_of

    releases = _releases(arguments, running, base, report)
    return ChartServices(
        {service: one.configuration for service, one in releases.items()},
        {service: network for service, one in releases.items() if (network := network_of(one))},
        {service: one.version for service, one in releases.items()},
        any(map(has_turn_balancer, releases.values())),
    )


def _releases(arguments: Arguments, running: Running, base: Path, report: Report) -> dict[str, Release]:
    """The releases of the charts whose values are given, by service; problems and findings go to `report`."""
    from ..settings.chart_checks import check_release
    from ..settings.charts import read_charts

    given = arguments.helm if isinstance(arguments.helm, tuple) else (arguments.helm,) if arguments.helm else ()
    before = len(report.problems)
    releases = {
        service: replace(release, given_version=arguments.versions.of(service))
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
