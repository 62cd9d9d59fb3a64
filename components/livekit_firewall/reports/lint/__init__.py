"""`livekit-firewall lint`: errors, warnings and notes on the configuration that a deployment runs with.

    for finding in lint(read_deployment(arguments, folder), LintOptions(participants=500)):
        print(finding)

Pure: no network, no file but those that the deployment was read from. Every finding is in `CATALOGUE`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec.structs import replace

from ...deployment.derive import Deployment, RefusedDeployment
from ...model.errors import ConfigurationError, Finding
from ...model.findings import CATALOGUE
from ...model.findings.entry import Entry
from .access import check_access
from .announced import check_announced
from .context import Context, LintOptions
from .problems import as_finding, is_finding
from .room import check_room
from .server import check_server
from .services import check_services
from .start import check_start, faults_of
from .turn import check_turn

CHECKS: tuple[Callable[[Context], Iterator[Finding]], ...] = (
    check_server,
    check_announced,
    check_turn,
    check_services,
    check_access,
    check_room,
    check_start,
)
GRAVITY = {"error": 0, "warning": 1, "note": 2}


def lint(deployment: Deployment, options: LintOptions | None = None) -> tuple[Finding, ...]:
    """Every finding of a deployment, the core's and those of the checks here, sorted by place, each once."""
    context = Context(deployment, options or LintOptions())
    findings = [_softened(finding, context) for finding in deployment.findings]
    known = {(finding.id, finding.place) for finding in findings}
    added = (finding for check in CHECKS for finding in check(context))
    findings += [finding for finding in added if (finding.id, finding.place) not in known]
    return in_order(findings)


def lint_refused(error: ConfigurationError) -> tuple[Finding, ...]:
    """The findings of a configuration that every other command refuses: what is refused, what was found on the way, and
    the checks that need nothing of what is refused.

    Raises:
        ConfigurationError: the error itself, when any part of it is no finding: a file that cannot be read,
            an argument that is wrong.
    """
    if not all(is_finding(problem) for problem in error.problems):
        raise error
    findings = [*(as_finding(problem) for problem in error.problems), *error.findings]
    known = {_key(finding) for finding in findings}  # one mistake is told once
    added = faults_of(error.settings) if isinstance(error, RefusedDeployment) else ()
    return in_order([*findings, *(finding for finding in added if _key(finding) not in known)])


def _key(finding: Finding) -> tuple[str | None, str]:
    """The file and the key, of an entry of a list the list's."""
    return finding.place.file, finding.place.path.partition("[")[0]


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """By file and line, the gravest first where they share one, without duplicates."""
    return tuple(
        sorted(
            dict.fromkeys(findings),
            key=lambda one: (one.place.file or "", one.place.line or 0, GRAVITY[one.severity], one.id, one.text),
        )
    )


def _softened(finding: Finding, context: Context) -> Finding:
    """A finding of the core as a note, where the rest of what is known makes it harmless."""
    server = context.server
    if server is None:
        return finding
    rtc, place = server.own.rtc, server.at(lambda own: own.rtc.udp_port).place
    # LiveKit's own generator writes `udp_port: 0` beside the range
    is_spare = rtc.udp_port == 0 and rtc.port_range_start and rtc.port_range_end
    if finding.id == "udp-port-ignored" and finding.place == place and is_spare:
        text = "0 is no port to livekit-server, which takes the range that the file gives"
        return replace(finding, severity="note", text=text, fix="remove the key")
    # protobuf refuses an unknown field however the rest of the file is read
    is_passed = context.is_kubernetes and not finding.place.path.startswith("room.room_configurations.")
    if finding.id == "unknown-key" and is_passed and finding.place.file == place.file:
        text = "livekit-server does not know this key; the chart's --disable-strict-config lets it pass"
        return replace(finding, severity="note", text=text)
    if finding.id == "turn-no-certificate" and context.options.kubernetes:
        text = "no cert_file and key_file here; the chart gives the certificate in LIVEKIT_TURN_CERT"
        return replace(finding, severity="note", text=text)
    return finding


__all__ = ["CATALOGUE", "CHECKS", "Entry", "LintOptions", "in_order", "lint", "lint_refused"]
