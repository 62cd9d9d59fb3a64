"""Hetzner Cloud: firewalls, what applies them, and the servers that have them.

From Hetzner's API reference and terraform-provider-hcloud (`firewall`, `firewallattachment`). The plan lets pass what
the API refuses: ports that are none, rules without the side of their direction, counts, names and descriptions.
"""

from __future__ import annotations

import ipaddress
import itertools
import re
from typing import Any

from .bridge import filled, ordered
from .described import shape
from .shapes import Field, Refusal, all_of, misfits, one_of, within
from .store import CloudError, Store
from .wire import UNKNOWN, is_known

FIREWALL = "hcloud:index/firewall:Firewall"
ATTACHMENT = "hcloud:index/firewallAttachment:FirewallAttachment"
SERVER = "hcloud:index/server:Server"

MOST_RULES, MOST_SOURCES, MOST_EFFECTIVE, MOST_FIREWALLS = 50, 100, 500, 5
ID = within(1, 2**53)


def _block(value: str) -> str | None:
    """What the plan refuses. A host of its own is taken, and any spelling."""
    try:
        ipaddress.ip_network(value)
    except ValueError as error:
        return f"must be a CIDR block: {error}"
    return None


def _label(value: dict[str, str]) -> str | None:
    form = r"([a-zA-Z0-9]([a-zA-Z0-9._-]{0,61}[a-zA-Z0-9])?)"
    odd = [one for one in value.values() if is_known(one) and not re.fullmatch(form + "?", one)]
    odd += [key for key in value if not re.fullmatch(rf"([a-z0-9.-]+/)?{form}", key)]
    return f"no label: {odd[0]!r}" if odd else None


RULE = {
    "direction": Field("text", one_of("in", "out"), required=True),
    "protocol": Field("text", one_of("tcp", "udp", "icmp", "esp", "gre"), required=True),
    "port": Field("text"),
    "sourceIps": Field("text", _block, many=True),
    "destinationIps": Field("text", _block, many=True),
    "description": Field("text"),
}
APPLY_TO = {"labelSelector": Field("text"), "server": Field("int", ID)}
LABELS = Field("map", all_of(_label))
SHAPES: dict[str, dict[str, Field]] = {
    FIREWALL: {
        "name": Field("text"),
        "labels": LABELS,
        "rules": Field("object", many=True, shape=RULE),
        "applyTos": Field("object", many=True, shape=APPLY_TO),
    },
    ATTACHMENT: {
        "firewallId": Field("int", ID, required=True),
        "serverIds": Field("int", ID, many=True),
        "labelSelectors": Field("text", many=True),
    },
    SERVER: {**shape("hcloud", SERVER), "labels": LABELS},
}
REPLACES: dict[str, set[str]] = {
    FIREWALL: set(),
    ATTACHMENT: {"firewallId"},
    SERVER: {"image", "location", "userData", "sshKeys"},
}
NAMED = {token: ("name", "{name}-{hex7}") for token, shape in SHAPES.items() if "name" in shape}
COMPUTED: dict[str, set[str]] = {FIREWALL: {"applyTos", "labels", "name"}, SERVER: {"firewallIds", "labels"}}
USUAL: dict[str, dict[str, Any]] = {}
RETRIES = 4
FORGOTTEN = r"\(not_found\)"  # a firewall or server that is gone is deleted; an attachment of one that is gone fails


def defaults(token: str, settings: dict[str, str]) -> dict[str, Any]:
    return {}


def refusals(token: str, inputs: dict[str, Any]) -> list[Refusal]:
    """What the plan refuses: little of it."""
    if token not in SHAPES:
        return [("", f"unknown type {token}")]
    return list(misfits(SHAPES[token], inputs))


def replaces(token: str, old: dict[str, Any], new: dict[str, Any], changed: set[str]) -> set[str]:
    return changed & REPLACES[token]


def deletes_before_replace(token: str, name: str, old: dict[str, Any]) -> bool:
    return False


def outputs(token: str, id_: str, kept: dict[str, Any]) -> dict[str, Any]:
    """What the provider reads: each set whole, in another order."""
    if token != FIREWALL:
        return {**kept, "id": id_, **(kept.get("made") or {})}
    rules = ordered(
        filled({**rule, **{key: ordered(value) for key, value in rule.items() if isinstance(value, list)}}, RULE)
        for rule in kept.get("rules") or []
    )
    applied = ordered({"labelSelector": "", "server": 0, **one} for one in kept.get("applyTos") or [])
    return {"id": id_, "name": kept["name"], "labels": kept.get("labels") or {}, "rules": rules, "applyTos": applied}


def plainly(token: str, field: str, value: Any) -> Any:
    """What the provider compares: sets without what is empty, blocks as they are kept."""
    if not isinstance(value, list):
        return value
    if field == "applyTos":
        return [{key: one for key, one in entry.items() if one} for entry in value if is_known(entry)]
    if field != "rules":
        return ordered(value)
    found = ordered(_comparable(rule) for rule in value)
    return [one for at, one in enumerate(found) if one not in found[:at]]


def _comparable(rule: Any) -> Any:
    if not isinstance(rule, dict):
        return rule
    return {key: ordered(map(_kept, one)) if isinstance(one, list) else one for key, one in rule.items() if one}


def _kept(block: Any) -> Any:
    return str(ipaddress.ip_network(block)) if isinstance(block, str) and block != UNKNOWN else block


class Account:
    """One project. What a firewall is applied to must exist, but for what a label selects."""

    def __init__(self, store: Store, settings: dict[str, str]) -> None:
        self.store = store
        self.settings = settings

    def create(self, token: str, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        if token == ATTACHMENT:
            return self._attach(inputs)
        if token == FIREWALL:
            self._refuse_rules(inputs.get("rules") or [])
            if inputs["name"] in [one["name"] for one in self.store.all(FIREWALL).values()]:
                raise CloudError("name is already used (uniqueness_error)")
            self._refuse_servers(inputs.get("applyTos") or [])
        id_ = self._next_id()
        if token == SERVER:
            inputs = {**inputs, "made": {"ipv4Address": "203.0.113.5", "ipv6Address": "2001:db8:5::1"}}
            for firewall in inputs.get("firewallIds") or []:
                self._apply(str(firewall), [{"server": int(id_)}])
        return id_, self._keep(token, id_, inputs)

    def update(self, token: str, id_: str, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
        kept = self._there(token, id_)
        if token == ATTACHMENT:
            return self._keep(token, id_, self._attach_again(id_, new))
        if token != FIREWALL:
            return self._keep(token, id_, {**kept, **new})
        others = {key: one["name"] for key, one in self.store.all(FIREWALL).items() if key != id_}
        if new["name"] in others.values():
            raise CloudError("name is already used (uniqueness_error)")
        rules = self._sent(kept, old, new)
        self._refuse_rules(rules)
        self._refuse_servers(new.get("applyTos") or [])
        computed = {key: new.get(key, kept.get(key)) for key in ("labels", "applyTos")}
        return self._keep(token, id_, {**new, **computed, "rules": rules})

    def _sent(self, kept: dict[str, Any], old: dict[str, Any], new: dict[str, Any]) -> list[dict[str, Any]]:
        """The rules after an update: none are sent where the last would go (terraform-provider-hcloud#1482), and those
        with blocks that are not canonical are lost where something else changes (#931).
        """
        rules = new.get("rules") or []
        if not rules:
            return list(kept.get("rules") or [])
        if plainly(FIREWALL, "rules", kept.get("rules")) == plainly(FIREWALL, "rules", rules):
            return [rule for rule in rules if not _is_loose(rule)]
        return list(rules)

    def delete(self, token: str, id_: str, inputs: dict[str, Any]) -> None:
        kept = self._there(token, id_)
        if token == ATTACHMENT:
            gone = [{"server": one} for one in kept.get("serverIds") or []]
            gone += [{"labelSelector": one} for one in kept.get("labelSelectors") or []]
            for one in gone:
                if "server" in one and self.store.get(SERVER, str(one["server"])) is None:
                    raise CloudError(f"firewall_resource_not_found: server {one['server']}")
            self._take_off(id_, gone)
        self.store.drop(token, id_)

    def read(self, token: str, id_: str, inputs: dict[str, Any]) -> dict[str, Any] | None:
        return self.store.get(token, id_)

    def _there(self, token: str, id_: str) -> dict[str, Any]:
        kept = self.store.get(token, id_)
        if kept is None:
            raise CloudError(f"{token.rsplit(':', 1)[-1].lower()} with ID '{id_}' not found (not_found)")
        return kept

    def _keep(self, token: str, id_: str, inputs: dict[str, Any]) -> dict[str, Any]:
        self.store.put(token, id_, inputs)
        return inputs

    def _next_id(self) -> str:
        taken = {id_ for token in SHAPES for id_ in self.store.all(token)}
        return next(id_ for id_ in map(str, itertools.count(2201417)) if id_ not in taken)

    # --- attachments: one list per firewall, which each attachment takes for its own

    def _attach(self, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        id_ = str(inputs["firewallId"])
        self._apply(id_, _named(inputs))
        return id_, self._keep(ATTACHMENT, id_, inputs)

    def _attach_again(self, id_: str, inputs: dict[str, Any]) -> dict[str, Any]:
        firewall = self._there(FIREWALL, id_)
        self._keep(FIREWALL, id_, {**firewall, "applyTos": _named(inputs)})
        return inputs

    def _apply(self, id_: str, more: list[dict[str, Any]]) -> None:
        firewall = self._there(FIREWALL, id_)
        there = firewall.get("applyTos") or []
        self._refuse_servers([one for one in more if one.get("server") and self.store.get(SERVER, str(one["server"]))])
        self._keep(FIREWALL, id_, {**firewall, "applyTos": [*there, *(one for one in more if one not in there)]})

    def _take_off(self, id_: str, gone: list[dict[str, Any]]) -> None:
        firewall = self.store.get(FIREWALL, id_)
        if firewall is not None:
            left = [one for one in firewall.get("applyTos") or [] if one not in gone]
            self._keep(FIREWALL, id_, {**firewall, "applyTos": left})

    def _refuse_servers(self, applied: list[dict[str, Any]]) -> None:
        for one in applied:
            if one.get("server") and self.store.get(SERVER, str(one["server"])) is None:
                raise CloudError(f"server with ID '{one['server']}' not found (firewall_resource_not_found)")
            others = [wall for wall in self.store.all(FIREWALL).values() if one in (wall.get("applyTos") or [])]
            if one.get("server") and len(others) > MOST_FIREWALLS:
                raise CloudError(f"at most {MOST_FIREWALLS} firewalls of a server (resource_limit_exceeded)")

    def _refuse_rules(self, rules: list[dict[str, Any]]) -> None:
        """What the API says no to, of what the plan let pass."""
        wrong = [why for at, rule in enumerate(rules) for why in _wrong(at, rule)]
        if len(rules) > MOST_RULES:
            wrong.append(f"rules: at most {MOST_RULES} (got {len(rules)})")
        count = sum(len([*(rule.get("sourceIps") or []), *(rule.get("destinationIps") or [])]) for rule in rules)
        if count > MOST_EFFECTIVE:
            wrong.append(f"rules: at most {MOST_EFFECTIVE} effective rules (got {count})")
        if wrong:
            raise CloudError(f"invalid input in field 'rules' (invalid_input): {'; '.join(wrong)}")


def _named(inputs: dict[str, Any]) -> list[dict[str, Any]]:
    servers = [{"server": one} for one in inputs.get("serverIds") or []]
    return [*servers, *({"labelSelector": one} for one in inputs.get("labelSelectors") or [])]


def _is_loose(rule: dict[str, Any]) -> bool:
    blocks = [*(rule.get("sourceIps") or []), *(rule.get("destinationIps") or [])]
    return any(_kept(block) != block for block in blocks)


def _wrong(at: int, rule: dict[str, Any]) -> list[str]:
    found = []
    has_ports = rule["protocol"] in ("tcp", "udp")
    if has_ports != bool(rule.get("port")):
        found.append(f"[{at}].port: {'required' if has_ports else 'not allowed'} for {rule['protocol']}")
    elif has_ports and rule["port"] != "any":
        ends = re.fullmatch(r"([0-9]{1,5})(?:-([0-9]{1,5}))?", rule["port"])
        if not ends or not 1 <= int(ends[1]) <= int(ends[2] or ends[1]) <= 65535:
            found.append(f"[{at}].port: no ports: {rule['port']}")
    mine, other = ("sourceIps", "destinationIps") if rule["direction"] == "in" else ("destinationIps", "sourceIps")
    if not rule.get(mine) or rule.get(other):
        found.append(f"[{at}]: a rule that is {rule['direction']} has {mine} and no {other}")
    if len(rule.get(mine) or []) > MOST_SOURCES:
        found.append(f"[{at}].{mine}: at most {MOST_SOURCES}")
    if len(rule.get("description") or "") > 255:
        found.append(f"[{at}].description: at most 255 characters")
    return found
