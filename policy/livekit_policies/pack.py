"""The table of policies, and how they speak with Pulumi's SDK."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyConfigSchema,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

from livekit_firewall.effective.resource_names import ResourceNames
from livekit_firewall.effective.urns import name_of
from livekit_firewall.model.errors import ProblemsError
from livekit_firewall.model.text import printable
from livekit_firewall.reports.review.risk_texts import RISKS
from livekit_firewall.reports.review.stack import snapshots

from .judgement import Firewalls, LastFirewalls, PolicyFinding, closed, from_elsewhere, opened
from .resources import RegisteredInputs
from .settings import blocks, ports

NAME = "livekit-firewall"

Config = Mapping[str, Any]


class NotApplicable(Exception):
    """The policy does not apply to this stack; the text says why."""


class PolicyDefinition(NamedTuple):
    """One policy.

    Attributes:
        level: unless the organisation sets another one.
        description: what it asks for, as a sentence without a full stop.
        judge: finds what is wrong with a stack, by the policy's configuration.
        key: the one key of its configuration, a list of texts; "" for none.
        meaning: what the key is.
    """

    level: EnforcementLevel
    description: str
    judge: Callable[[Firewalls, Config], Iterable[PolicyFinding]]
    key: str = ""
    meaning: str = ""


def _internal(firewalls: Firewalls, config: Config) -> Iterable[PolicyFinding]:
    # every port is these ports too, also where the policy that says so is off
    return opened(firewalls, ["internal-public", "everything-public"], ports(config, "internal_ports"))


def _media(firewalls: Firewalls, config: Config) -> Iterable[PolicyFinding]:
    asked = ports(config, "media_ports")
    if not firewalls.stack.stated:
        raise NotApplicable("the stack has no LiveKitFirewall")
    return closed(firewalls, asked)


def _trunks(firewalls: Firewalls, config: Config) -> Iterable[PolicyFinding]:
    asked = blocks(config, "trunks")
    if not asked:
        raise NotApplicable("no trunks are set for this policy")
    return from_elsewhere(firewalls, asked)


def _of(*ids: str) -> Callable[[Firewalls, Config], Iterable[PolicyFinding]]:
    return lambda firewalls, _: opened(firewalls, ids)


POLICIES = {
    "livekit-internal-ports-never-public": PolicyDefinition(
        EnforcementLevel.MANDATORY,
        "Ports without protection of their own (7880, Redis, metrics, NATS, MariaDB) stay closed to the internet",
        _internal,
        "internal_ports",
        "Ports that must stay closed too, such as tcp/9090 or udp/4000-4100",
    ),
    "livekit-everything-public": PolicyDefinition(
        EnforcementLevel.MANDATORY,
        "No rule opens every port, or every protocol, to the internet",
        _of("everything-public"),
    ),
    "livekit-media-open": PolicyDefinition(
        EnforcementLevel.MANDATORY,
        "The firewalls of a LiveKitFirewall let in what carries its calls",
        _media,
        "media_ports",
        "Ports that must be open to the internet, in place of those that the component says it opens",
    ),
    "livekit-sip-from-trunks": PolicyDefinition(
        EnforcementLevel.MANDATORY,
        "SIP is open to the trunks and to nobody else",
        _trunks,
        "trunks",
        "Blocks of the trunks, such as 198.51.100.0/24; without them the policy does not apply",
    ),
    "livekit-sip-not-public": PolicyDefinition(
        EnforcementLevel.ADVISORY, "SIP stays closed to the internet", _of("sip-public")
    ),
    "livekit-ssh-not-public": PolicyDefinition(
        EnforcementLevel.ADVISORY, "SSH stays closed to the internet", _of("ssh-public")
    ),
}  # fmt: skip
"""Each policy of the stack, by its name."""

READABLE = "livekit-rules-readable"


def policies() -> list[Policy]:
    """The policies of the pack, which share the inputs that were registered and what the firewalls admit."""
    inputs, firewalls = RegisteredInputs(), LastFirewalls()
    return [_readable(inputs), *(_policy(name, about, inputs, firewalls) for name, about in POLICIES.items())]


def _policy(
    name: str, about: PolicyDefinition, inputs: RegisteredInputs, firewalls: LastFirewalls
) -> StackValidationPolicy:
    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        try:
            found = list(dict.fromkeys(about.judge(firewalls.of(inputs.stack(args.resources)), args.get_config())))
        except NotApplicable as error:
            args.not_applicable(str(error))
        except ProblemsError as error:
            report(str(error), None)  # what cannot be judged is not passed
        else:
            for one in found:
                report(_message(one), one.urn or None)

    of_texts = {"type": "array", "items": {"type": "string"}, "description": about.meaning}
    return StackValidationPolicy(
        name,
        about.description,
        validate,
        about.level,
        PolicyConfigSchema({about.key: of_texts} if about.key else {}),
    )


def _message(finding: PolicyFinding) -> str:
    about = RISKS[finding.id]
    by = f" (by {finding.by})" if finding.by else ""
    where = f"{printable(name_of(finding.urn), 60)}: " if finding.urn else ""
    return f"{where}{finding.text}{by}: {about.why}. To do: {finding.fix or about.fix}"


def _readable(inputs: RegisteredInputs) -> ResourceValidationPolicy:
    """Sees every resource's inputs, which those that judge stacks need."""

    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        one = inputs.keep(args.urn, args.resource_type, args.props)
        try:
            is_clear = one is None or not any(
                way.unread for found in snapshots([one], ResourceNames((), [one])) for way in found.effective.values()
            )
        except ProblemsError:
            is_clear = False
        if not is_clear:
            report(UNCLEAR, None)

    return ResourceValidationPolicy(
        READABLE, "What a firewall admits can be determined", validate, EnforcementLevel.ADVISORY
    )


UNCLEAR = (
    "some of what it admits cannot be determined, so that no policy judges it: it is known after the update only, or "
    "is not as its platform writes it. To do: give ports, protocols and actions as plain values"
)
"""Without the values: they may be secrets, which the SDK does not tell apart."""
