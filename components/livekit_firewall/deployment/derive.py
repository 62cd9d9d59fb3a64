"""From arguments to everything that follows from them: settings, listeners, rules, findings.

    deployment = read_deployment({"livekit_config": "livekit.yaml", "https": True}, Path("."))
    deployment.rules           # RuleSet
    deployment.findings        # what is worth knowing and stops nothing

All problems, of the arguments and of the files that they name, are collected, then raised at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ..model.addresses import BOTH_FAMILIES, Identity
from ..model.errors import Finding, Place, Report
from ..model.ports import PortRange
from ..model.rules import RuleSet
from ..model.services import Audience, Service
from ..platforms.platform import Baseline
from ..platforms.registry import TARGETS, Target, baseline
from ..settings import Https, Plugnmeet, Settings
from ..settings.ingress import read_egress, read_ingress
from ..settings.plugnmeet import INGRESS, LIVEKIT, SIP
from ..settings.server_checks import read_server
from ..settings.sip import read_sip
from ..settings.sources import Running, _Files, _Source
from ..settings.tree import Tree
from .access import Access, authorise, settle
from .arguments import SERVER_KEYS, Arguments, Operators, parse_arguments, read_access
from .internal import refuse_public
from .listeners import Listener, listen
from .overlaps import check_overlaps


class Deployment(Struct, frozen=True):
    """One node: what runs on it, who may reach it, and the firewall that follows.

    Attributes:
        settings, access, listeners, rules: one step of the way each.
        targets: what the rules are attached to, by name; may be empty for the command line.
        findings: what is worth knowing and stops nothing, sorted by place.
    """

    settings: Settings
    access: Access
    listeners: tuple[Listener, ...]
    rules: RuleSet
    targets: dict[str, Target]
    findings: tuple[Finding, ...]

    def rules_for(self, target: Target) -> RuleSet:
        """The rule set in the words of one target: sources that only another target can name are left
        to the blocks given beside them. Raises ConfigurationError if there are none.
        """
        rules, problems = self.rules, Report()
        name = next(name for name, kind in TARGETS.items() if isinstance(target, kind))
        for identity, named, source, key in (
            (Identity.LOAD_BALANCER, target.names_load_balancer, self.access.load_balancer, "load_balancer.cidrs"),
            (Identity.SAME_GROUP, target.names_same_group, self.access.cluster, "cluster.cidrs"),
        ):
            if identity in rules.identities and not named:
                if not source.blocks:
                    expected = f"must name the {identity} by address for {name}, which cannot name it otherwise"
                    problems.problem(Place(key), "", expected, f"add {key}")
                rules = rules.where(lambda rule, gone=identity: rule.peer.identity is not gone)  # type: ignore[misc]
        problems.stop_if_any()
        return rules

    @property
    def baselines(self) -> dict[str, tuple[Baseline, ...]]:
        """What each target lets pass besides the rules, by target."""
        return {name: self.baseline_of(name, target) for name, target in self.targets.items()}

    def baseline_of(self, name: str, target: Target) -> tuple[Baseline, ...]:
        """What a target lets pass besides the rules.

        Raises:
            ConfigurationError: it opens a port of an internal service to the internet.
        """
        report = Report()
        access = self.access
        items = baseline(name, self.rules, target, ssh_port=access.ssh_port, ipv6=access.ipv6)
        refuse_public(self.listeners, self.rules, {name: items}, report)
        report.stop_if_any()
        return items


def read_deployment(
    given: object, base: Path, needs_target: bool = False, running: Running | None = None
) -> Deployment:
    """The deployment that the arguments describe.

    Args:
        given: the arguments (design: one table for component, stack config and command).
        base: the folder that relative paths in the arguments start from.
        needs_target: whether naming no target is a problem.
        running: flags, variables and Helm values of the running services.

    Raises:
        ConfigurationError: with every problem found.
    """
    running = running or Running()
    report = Report(list(running.problems))
    arguments = parse_arguments(given, report)
    # `given` is whatever a program hands over
    named = {key for key, value in given.items() if value is not None} if isinstance(given, Mapping) else set()
    if needs_target and not named & set(TARGETS):
        expected = "must name at least one target: aws, gcp, digitalocean, azure or host"
        report.problem(Place("(arguments)"), "", expected, 'host: {path: "firewall.nft"} needs no account')
    files = _Files(base, report, running)
    settings = read_settings(arguments, files)
    found_by_reading = len(report.findings)
    access = read_access(arguments, report)
    listeners = listen(settings)
    if not report.problems:  # a service whose keys are wrong is here with its defaults, which may overlap
        check_overlaps(listeners, report, _ssh_listener(access, arguments))
        _check_turn_tls(settings, access, report)
    elif all(problem.place.file for problem in report.problems):  # one file's mistake hides nothing of the others
        check_overlaps(listen(files.sound(settings)), report, _ssh_listener(access, arguments))
    rules = authorise(listeners, access, report)
    if not report.problems:  # among arguments, an overlap is a problem already
        baselines = {
            name: baseline(name, rules, target, ssh_port=access.ssh_port, ipv6=access.ipv6)
            for name, target in arguments.targets.items()
        }
        refuse_public(listeners, rules, baselines, report)
    if any(not problem.place.file for problem in report.problems):  # who may reach what is not known then
        del report.findings[found_by_reading:]
    if running.problems:  # nor what the files are read with
        report.findings.clear()
    report.stop_if_any()
    findings = tuple(
        sorted(dict.fromkeys(report.findings), key=lambda f: (f.place.file or "", f.place.line or 0, f.id))
    )
    return Deployment(settings, access, settle(listeners, access), rules, arguments.targets, findings)


def _ssh_listener(access: Access, arguments: Arguments) -> tuple[Listener, ...]:
    """SSH, where a rule or the host's baseline opens its port, or the arguments say where it listens."""
    if not access.operators and "host" not in arguments.targets and access.ssh_port == Operators().ssh_port:
        return ()
    key = "operators.ssh_port"
    ports = PortRange.tcp(access.ssh_port)
    return (Listener(Service.SSH, ports, BOTH_FAMILIES, key, True, Audience.OPERATOR, Place(key)),)


def read_settings(arguments: Arguments, files: _Files) -> Settings:
    """What runs on the node, from arguments, files and presets; problems and findings go to the files' report."""
    report = files.report
    plugnmeet = _plugnmeet(arguments, files)
    folder = Path(plugnmeet.path) if plugnmeet and plugnmeet.path else None
    server = sip = ingress = egress = None
    if arguments.livekit:
        server = files.service(
            read_server,
            _Source(
                "livekit_config",
                _path(arguments.livekit_config, folder, "livekit.yaml"),
                LIVEKIT if plugnmeet else None,
            ),
            _server_origin(arguments),
        )
    else:
        for key in (*SERVER_KEYS, "livekit_config"):
            if getattr(arguments, key) is not None:
                report.problem(Place(key), "", "must not be set while livekit is false", "remove it, or livekit: false")
    if arguments.sip is not None or arguments.sip_config or (plugnmeet and plugnmeet.sip):
        source = _Source("sip_config", _path(arguments.sip_config, folder, "sip.yaml"), SIP if plugnmeet else None)
        sip = files.service(read_sip, source, _own(arguments.sip, "sip."))
    if arguments.ingress is not None or arguments.ingress_config or plugnmeet:
        path = _path(arguments.ingress_config, folder, "ingress.yaml")
        source = _Source("ingress_config", path, INGRESS if plugnmeet else None)
        ingress = files.service(read_ingress, source, _own(arguments.ingress, "ingress."))
    if arguments.egress_config:
        egress = files.service(read_egress, _Source("egress_config", arguments.egress_config, None), _own(None, ""))
    files.refuse_untold()
    https = arguments.https if isinstance(arguments.https, Https) else None
    if https is None and (arguments.https or plugnmeet):
        https = Https()
    installation = files.installation(folder) if folder else None
    return Settings(server, sip, ingress, egress, https, plugnmeet, arguments.cluster.services, installation)


def _server_origin(arguments: Arguments) -> Tree:
    given = {key: getattr(arguments, key) for key in SERVER_KEYS if getattr(arguments, key) is not None}
    own: dict[str, Any] = {key: given.pop(key) for key in ("port", "turn", "prometheus") if key in given}
    return Tree({**own, "rtc": given} if given else own, renamed={"rtc": ""})


def _own(values: Any, prefix: str) -> Tree:
    return Tree({} if values is None else values, prefix=prefix)


def _path(given: str | None, folder: Path | None, name: str) -> str | None:
    """The file asked for, else the one of a plugNmeet installation."""
    return given or (str(folder / name) if folder else None)


def _plugnmeet(arguments: Arguments, files: _Files) -> Plugnmeet | None:
    """The plugNmeet preset, its switches settled: what is not said is as the installation's files say."""
    given = arguments.plugnmeet
    if given is False:
        return None
    asked = given if isinstance(given, Plugnmeet) else Plugnmeet(path=given if isinstance(given, str) else None)
    if arguments.https is False:
        hint = "its HAProxy listens on 443 and 80; remove one of the two"
        files.report.problem(Place("https"), "false", "must not be false together with plugnmeet", hint)
    if arguments.livekit:
        own = _server_origin(arguments)
        for key in own.leaves():
            hint = "livekit_config names a livekit.yaml, plugnmeet.path an installation's folder"
            files.report.problem(Place(own[key].name), "", "must not be set together with plugnmeet", hint)
    if asked.path is None:
        return asked
    if asked.sip is None:
        asked = replace(asked, sip=files.installation(Path(asked.path))["livekit_sip_info.enabled"].given is True)
    return asked


def _check_turn_tls(settings: Settings, access: Access, report: Report) -> None:
    """TURN/TLS that clients cannot reach: they are always told port 443, and always speak TLS."""
    configured = settings.server
    if configured is None or settings.passes_turn_on or access.load_balancer or access.passthrough:
        return
    turn, tree = configured.own.turn, configured.tree
    if not turn.enabled or turn.tls_port <= 0:
        return
    remedy = "name the load balancer (load_balancer) or the TLS proxy on the node (https)"
    if turn.tls_port != 443:
        wrong, key, got = (
            "must be 443 without a load balancer or a proxy on 443, since clients are told 443",
            "turn.tls_port",
            str(turn.tls_port),
        )
        remedy = f"set 443, or {remedy}"
    elif turn.external_tls:
        wrong, key, got = (
            "must not be true without a load balancer or a proxy that ends TLS",
            "turn.external_tls",
            "true",
        )
    else:
        return
    if tree["turn.tls_port"].is_fact and tree["turn.external_tls"].is_fact:
        report.finding("turn-tls-unreachable", "error", tree[key].place, f"{got} {wrong}", remedy)
    else:
        report.problem(tree[key].place, got, wrong, remedy)
