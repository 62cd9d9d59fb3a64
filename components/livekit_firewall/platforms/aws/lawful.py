"""What a security group or a rule says that AWS refuses, though the provider's preview lets it pass."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ...effective.property_values import is_hidden, number_of
from ...effective.resources import Resource
from ...effective.update import Told
from ...model.addresses import Direction
from .limits import LIMITS
from .record import GROUPS

LAWFUL = re.compile(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]*")
"""Names of groups, descriptions of groups and rules (EC2 API, `CreateSecurityGroup`, `IpRange`)."""

MOST = LIMITS["characters of a description"]


def unlawful(one: Resource) -> Iterator[Told]:
    for text in _problems(one):
        yield Told(one.name, text)


def _problems(one: Resource) -> Iterator[str]:
    if one.type not in GROUPS:
        yield from _of_rule(one.inputs, one.name)
        return
    for field in ("name", "namePrefix", "description"):
        yield from _of_text(one.inputs.get(field), f"the {field} of {one.name}")
    for way in Direction:
        rules = one.inputs.get(way.value)
        for rule in rules if isinstance(rules, list) else ():
            if isinstance(rule, Mapping):
                yield from _of_rule(rule, f"a rule inside of {one.name}")


def _of_rule(rule: Mapping[str, object], name: str) -> Iterator[str]:
    yield from _of_text(rule.get("description"), f"the description of {name}")
    protocol = str(rule.get("ipProtocol", rule.get("protocol"))).lower()
    first, last = (number_of(rule.get(key)) for key in ("fromPort", "toPort"))
    if protocol in ("tcp", "udp", "6", "17") and first is not None and last is not None and first > last:
        yield f"{name} is for ports from {first:.0f} to {last:.0f}, the first one above the last"


def _of_text(value: object, what: str) -> Iterator[str]:
    if not isinstance(value, str) or is_hidden(value):
        return
    if len(value) > MOST:
        yield f"{what} has {len(value)} characters, and AWS takes {MOST}"
    if not LAWFUL.fullmatch(value):
        yield f"{what} has a character that AWS does not take"
