"""Each risk: how bad it is, what it means, what to do. `review`, `diff` and the policy pack share the texts."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from ...model.ports import PortRange
from .change import Risk


class RiskText(Struct, frozen=True):
    severity: str
    why: str
    fix: str


RISKS = {
    "everything-public": RiskText(
        "error",
        "every port of the machine is reachable from the internet, databases and plain-text signalling included",
        "open the ports that are needed",
    ),
    "internal-public": RiskText(
        "error",
        "it has no protection of its own: what passes there is in plain text, or needs no password",
        "name who needs it, or leave it closed: livekit-firewall never opens it to the internet",
    ),
    "ssh-public": RiskText(
        "warning", "passwords and keys are tried there within minutes", "name the operators: operators.cidrs"
    ),
    "sip-public": RiskText(
        "warning",
        "scanners look for it, and a dispatch rule that names no trunk may give each call of a stranger a room",
        'name the carriers in trunks, or say trunks: "anywhere" if that is meant',
    ),
    "needed-port-lost": RiskText(
        "error",
        "the configuration still needs it, or nothing else serves it",
        "leave it open, or take the service out of the configuration first",
    ),
    "needed-port-unknown": RiskText(
        "warning",
        "the configuration still needs it, and whether the firewall lets it in depends on what is not understood",
        "write the rule in a way that is read, or check with packets: livekit-firewall probe",
    ),
    "call-interrupted": RiskText(
        "warning",
        "AWS cuts untracked flows at once when the rule that enables them goes or is modified, and media that is open "
        "to anywhere is untracked; what other clouds do is not documented",
        "make the change when few calls run, or open the new ports first and close the old ones later",
    ),
    "machines-replaced": RiskText(
        "warning",
        "its calls go with it; clients connect again and find another node, if there is one",
        "make the change when few calls run, or one node after the other, each drained before",
    ),
    "unprotected": RiskText(
        "error",
        "a machine that no firewall is attached to is open to everybody there",
        "attach another firewall before",
    ),
    "open-on-the-way": RiskText(
        "error",
        "a machine that no firewall is attached to is open to everybody there, Redis and every other port included",
        "make it in two updates: attach the new firewall beside the old one, then take the old one off",
    ),
    "between-firewalls": RiskText(
        "warning",
        "a firewall is taken off before another one is attached",
        "make it in two updates where the platform lets both be attached: first attach, then take off",
    ),
    "refused-update-behind": RiskText(
        "error",
        "the state holds what was asked instead of what is there, so that the next update may send nothing, and say "
        "that it is done",
        "run pulumi up --refresh, and preview with --refresh until then",
    ),
    "kept-open": RiskText(
        "error",
        "the provider sees no difference in it, and sends it again with the update",
        "run pulumi up once more after this update; if it stays then, have the rule replaced "
        "(pulumi up --target-replace URN)",
    ),
    "refused": RiskText(
        "error",
        "the platform cannot express or hold these rules, so that the update will stop before it begins",
        "correct what the message names",
    ),
    "refused-half-way": RiskText(
        "error",
        "the update stops there: what came before it is done, what comes after it is not",
        "keep one of the two, with an alias where it is only renamed, or make the change in two updates: first take "
        "away, then add; correct what is unlawful",
    ),
    "lists-fight": RiskText(
        "warning",
        "the provider puts the list as a whole and takes away what is not in it, and whoever writes last decides which "
        "ports are open",
        "write or name every rule in the list; or leave the list out of the program, which takes nothing away (an "
        "empty one takes all), and import what it holds as resources of their own",
    ),
    "quota": RiskText(
        "error",
        "the platform refuses the rules beyond it, in the middle of the update",
        "name fewer blocks, or merge them",
    ),
}
"""Each risk: how bad, what it means, what to do."""


NARROWED = (
    "make the change when few calls run, and if ports go, restart the service with those that stay before, and wait "
    "for its calls to end: until then it gives clients ports that are closed"
)
"""What to do about calls that are cut where nothing new opens."""


def risk(id_: str, where: str, text: str, is_new: bool = True, ports: Iterable[PortRange] = ()) -> Risk:
    about = RISKS[id_]
    return Risk(id_, about.severity, where, text, about.why, about.fix, is_new, tuple(ports))
