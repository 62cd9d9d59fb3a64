"""Derives the deployment from its arguments: settings, listeners, rules, findings.

    deployment = read_deployment({"livekit_config": "livekit.yaml", "https": True}, Path("."))
    deployment.rules           # RuleSet
    deployment.findings        # tuple of Finding, which stop nothing

Problems of the arguments and of the files that they name are all collected, then raised at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from ..model.addresses import BOTH_FAMILIES
from ..model.errors import ConfigurationError, Finding, Place, Problem, Report
from ..model.ports import PortRange
from ..model.rules import RuleSet
from ..model.services import Audience, Service
from ..platforms.by_audience import ARGUMENTS, addresses_of
from ..platforms.facts import Baseline
from ..platforms.platform import Target
from ..platforms.registry import BY_ARGUMENT, TARGETS, baseline
from ..settings import Settings
from ..settings.sources import Running
from .access import Access
from .arguments import Arguments, Operators, parse_arguments, read_access
from .authorise import authorise, settle
from .extra import check_extra
from .forwarded import forwarded
from .internal import refuse_public
from .listener import Listener
from .listeners import listen
from .overlaps import check_overlaps
from .published import check_published
from .sources import read_settings
from .turn_tls import check_turn_tls


class Deployment(Struct, frozen=True):
    """One node: the services on it, who may reach them, and the resulting rules.

    Attributes:
        settings, access, listeners, rules: the steps of the derivation, in order.
        targets: the firewalls that get the rules, by argument; may be empty in a command.
        findings: what the user should know and stops nothing; sorted by file, line and id.
        files: that it was read from, as messages name them, each once; that of the arguments first.
    """

    settings: Settings
    access: Access
    listeners: tuple[Listener, ...]
    rules: RuleSet
    targets: dict[str, Target]
    findings: tuple[Finding, ...]
    files: tuple[str, ...] = ()

    def rules_for(self, target: Target) -> RuleSet:
        """The rule set for one target. A source's identity that this target cannot match is left out, and its blocks
        are used alone.

        Raises:
            ConfigurationError: the source has no blocks.
        """
        rules, problems = self.rules, Report()
        name = next(name for name, kind in TARGETS.items() if isinstance(target, kind))
        for identity in sorted(rules.identities - target.names):
            source = next(one for one in self.access.roles if identity in one.identities)
            if not (source.blocks or source.named or target.names.intersection(source.identities)):
                expected = f"must name the {identity} by address for {name}, which cannot name it otherwise"
                key = addresses_of(identity)
                problems.problem(Place(key), "", expected, f"add {key}")
            rules = rules.where(lambda rule, gone=identity: rule.peer.identity is not gone)  # type: ignore[misc]
        problems.stop_if_any()
        return rules

    @property
    def baselines(self) -> dict[str, tuple[Baseline, ...]]:
        """The baseline of each target: traffic that it allows besides the rules. That of the node's own firewall has
        what passes it by, also where no target is named.
        """
        found = {name: self.baseline_of(name, target) for name, target in self.targets.items()}
        if past := self.forwarded:
            on_node = [name for name, one in BY_ARGUMENT.items() if one.is_on_node and (name in found or not found)]
            found |= {name: (*found.get(name, ()), *past) for name in on_node}
        return found

    @property
    def forwarded(self) -> tuple[Baseline, ...]:
        """What Docker forwards past the node's own firewall beyond the rules."""
        return forwarded(self.settings, self.rules)

    @property
    def in_front(self) -> tuple[str, ...]:
        """The targets that filter in front of the node, by argument."""
        return tuple(name for name in self.targets if not BY_ARGUMENT[name].is_on_node)

    @property
    def no_ssh(self) -> str:
        """That no rule in front of the node opens SSH, as a sentence; "" where one does, and where nothing is in front:
        the node's own ruleset leaves it open then.
        """
        ports = PortRange.tcp(self.access.ssh_port)
        is_said = self.access.operators or any(rule.ports.overlaps(ports) for rule in self.rules.ingress)
        if is_said or not self.in_front:
            return ""
        on = ", ".join(self.in_front)
        return f"These rules do not open SSH ({ports}) on {on}: operators names nobody. Rules of others there may."

    def baseline_of(self, name: str, target: Target) -> tuple[Baseline, ...]:
        """The baseline of a target: traffic that it allows besides the rules.

        Raises:
            ConfigurationError: it opens a port of an internal service to the internet.
        """
        report = Report()
        access = self.access
        items = baseline(name, self.rules, target, ssh_port=access.ssh_port, ipv6=access.ipv6)
        refuse_public(self.listeners, self.rules, {name: items}, report)
        report.stop_if_any()
        return items


class RefusedDeployment(ConfigurationError):
    """What runs on the node was read, and is refused.

    Args:
        settings: what was read. A setting that has a problem has its default.
        problems, findings: as in `ConfigurationError`.
    """

    def __init__(self, settings: Settings, problems: Iterable[Problem], findings: Iterable[Finding]) -> None:
        super().__init__(problems, findings)
        self.settings = settings


def read_deployment(
    given: object,
    base: Path,
    needs_target: bool = False,
    running: Running | None = None,
    known: Mapping[str, object] | None = None,
) -> Deployment:
    """The deployment that the arguments describe.

    Args:
        given: the arguments, as a mapping (`Arguments`).
        base: the folder to which paths in the arguments are relative.
        needs_target: whether it is a problem if no target is named.
        running: flags, variables and Helm values of the running services.
        known: the values of blocks that are outputs, as far as they are known by now, by argument (`Access.named`).

    Raises:
        ConfigurationError: with all problems.
    """
    running = running or Running()
    read = Report(list(running.problems), list(running.findings), list(running.files))
    arguments = parse_arguments(given, read)
    if needs_target:
        _refuse_no_target(given, read)
    settings = read_settings(arguments, running, base, read)
    access = read_access(arguments, read, known)
    listeners = listen(settings)
    rules, judged = _judged(arguments, settings, access, listeners, read)
    problems = [*read.problems, *judged.problems]
    findings = [*read.findings, *(judged.findings if _are_in_files(problems) else ())]  # else the access is unknown
    if running.problems:  # the overrides are unknown, and with them what is found
        raise ConfigurationError(problems)
    if problems:
        raise RefusedDeployment(settings, problems, findings)
    ordered = sorted(dict.fromkeys(findings), key=lambda one: (one.place.file or "", one.place.line or 0, one.id))
    files = tuple(dict.fromkeys(read.files))
    return Deployment(settings, access, settle(listeners, access), rules, arguments.targets, tuple(ordered), files)


def _judged(
    arguments: Arguments, settings: Settings, access: Access, listeners: Sequence[Listener], read: Report
) -> tuple[RuleSet, Report]:
    """The rules, and what is wrong with them and with the listeners. What was not read right is judged as far as it
    says anything.
    """
    judged, ssh = Report(), _ssh_listener(access, arguments)
    if settings.networks or settings.other_services:
        # without services that have problems: they do not run with the defaults that they have here
        check_published(listen(settings.sound, is_inside=True), settings, access, judged)
    if not read.problems:  # a service with problems is here with its defaults, whose overlaps mean nothing
        check_overlaps(listeners, judged, ssh)
        check_extra(access, (*listeners, _ssh(access)), judged)
        check_turn_tls(settings, access, judged)
    elif _are_in_files(read.problems):  # the services without problems can still be checked
        check_overlaps(listen(settings.sound), judged, ssh)
    rules = authorise(listeners, access, judged)
    if not read.problems and not judged.problems:  # an overlap among arguments is a problem already
        baselines = {
            name: baseline(name, rules, target, ssh_port=access.ssh_port, ipv6=access.ipv6)
            for name, target in arguments.targets.items()
        }
        refuse_public(listeners, rules, baselines, judged)
        on_node = any(BY_ARGUMENT[name].is_on_node for name in arguments.targets)
        named = {identity: access.audience(identity).blocks for identity in ARGUMENTS}
        for name, target in arguments.targets.items():
            judged.findings += BY_ARGUMENT[name].findings(rules, target, named, on_node=on_node)
    return rules, judged


def _are_in_files(problems: Iterable[Problem]) -> bool:
    """Whether all problems are in files, so that the arguments are valid."""
    return all(problem.place.is_fact for problem in problems)


def _refuse_no_target(given: object, report: Report) -> None:
    # `given` may be any value that a program passes
    named = {key for key, value in given.items() if value is not None} if isinstance(given, Mapping) else set()
    if not named & set(TARGETS) and report.is_sound(Place("(arguments)")):
        *some, last = TARGETS
        expected = f"must name at least one target: {', '.join(some)} or {last}"
        report.problem(Place("(arguments)"), "", expected, 'host: {path: "firewall.nft"} needs no account')


def _ssh_listener(access: Access, arguments: Arguments) -> tuple[Listener, ...]:
    """SSH, if a rule or the host's baseline opens its port, or `operators.ssh_port` is not the default; else empty."""
    on_node = any(BY_ARGUMENT[name].is_on_node for name in arguments.targets)
    if not access.operators and not on_node and access.ssh_port == Operators().ssh_port:
        return ()
    return (_ssh(access),)


def _ssh(access: Access) -> Listener:
    key = "operators.ssh_port"
    ports = PortRange.tcp(access.ssh_port)
    return Listener(Service.SSH, ports, BOTH_FAMILIES, key, True, Audience.OPERATOR, Place(key))
