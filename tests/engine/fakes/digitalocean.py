"""DigitalOcean: cloud firewalls, and the Droplets, tags and load balancers that they name."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from typing import Any

from .bridge import filled, ordered
from .described import shape
from .shapes import Field, Refusal, block, matches, misfits, one_of, ports, within
from .store import CloudError, Store
from .wire import UNKNOWN, is_known

FIREWALL = "digitalocean:index/firewall:Firewall"
DROPLET = "digitalocean:index/droplet:Droplet"
TAG = "digitalocean:index/tag:Tag"
BALANCER = "digitalocean:index/loadBalancer:LoadBalancer"

MOST_RULES = 50
NAME = matches(r"[a-zA-Z0-9][a-zA-Z0-9.\-]{1,254}", "2 to 255 of a-z, A-Z, 0-9, . and -")
TAG_NAME = matches(r"[a-zA-Z0-9:\-_]{1,255}", "1 to 255 of a-z, A-Z, 0-9, :, - and _")
UUID = matches(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "a UUID")


def _rules(prefix: str, values: list[dict[str, Any]]) -> Iterator[Refusal]:
    seen: set[tuple[Any, ...]] = set()
    for at, rule in enumerate(values):
        peers = [(key, item) for key, items in rule.items() if key.startswith(prefix) for item in _items(items)]
        if not peers:
            yield f"[{at}]", f"names no {prefix}"
        if len(peers) > 1000:
            yield f"[{at}]", f"at most 1,000 entries (got {len(peers)})"
        needs_ports = rule["protocol"] != "icmp"
        if needs_ports and not rule.get("portRange"):
            yield f"[{at}].portRange", "required for tcp and udp"
        if not needs_ports and rule.get("portRange"):
            yield f"[{at}].portRange", "trap: icmp has no ports, differs for ever"
        for peer in peers:
            entry = (rule["protocol"], rule.get("portRange"), rule.get("action", "allow"), *peer)
            if UNKNOWN not in entry and entry in seen:
                yield f"[{at}]", f"duplicate rule {entry}"
            seen.add(entry)


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _rule_shape(prefix: str) -> dict[str, Field]:
    return {
        "protocol": Field("text", one_of("tcp", "udp", "icmp"), required=True),
        "portRange": Field("text", ports),
        "action": Field("text", one_of("allow", "deny")),
        f"{prefix}Addresses": Field("text", block, many=True),
        f"{prefix}DropletIds": Field("int", within(1, 2**53), many=True),
        f"{prefix}Tags": Field("text", TAG_NAME, many=True),
        f"{prefix}LoadBalancerUids": Field("text", UUID, many=True),
        f"{prefix}KubernetesIds": Field("text", UUID, many=True),
    }


INBOUND = _rule_shape("source")
OUTBOUND = _rule_shape("destination")
SHAPES = {
    FIREWALL: {
        "name": Field("text", NAME),
        "dropletIds": Field("int", within(1, 2**53), many=True, most=10),
        "tags": Field("text", TAG_NAME, many=True, most=5),
        "inboundRules": Field("object", many=True, shape=INBOUND, whole=lambda value: _rules("source", value)),
        "outboundRules": Field(
            "object",
            many=True,
            shape=OUTBOUND,
            whole=lambda value: _rules("destination", value),
        ),
    },
    DROPLET: {**shape("digitalocean", DROPLET), "tags": Field("text", TAG_NAME, many=True)},
    TAG: {"name": Field("text", TAG_NAME)},
}
REPLACES: dict[str, set[str]] = {
    FIREWALL: set(),
    DROPLET: {"image", "region", "sshKeys", "userData", "vpcUuid"},
    TAG: {"name"},
}
RETRIES = 4
FORGOTTEN = ""  # a 404 fails every call
NAMED = dict.fromkeys(SHAPES, ("name", "{name}-{hex7}"))


def defaults(token: str, settings: dict[str, str]) -> dict[str, Any]:
    """What the provider adds to inputs that leave it out."""
    return {}


def refusals(token: str, inputs: dict[str, Any]) -> list[Refusal]:
    """What is wrong with one resource, whatever else is in the account."""
    if token not in SHAPES:
        return [("", f"unknown type {token}")]
    found = list(misfits(SHAPES[token], inputs))
    if token == FIREWALL and not found:
        count = sum(len(_items(inputs[key])) for key in ("inboundRules", "outboundRules") if key in inputs)
        if not 1 <= count <= MOST_RULES:
            found.append(("inboundRules", f"from 1 to {MOST_RULES} rules, inbound and outbound together (got {count})"))
        tags = [tag.lower() for tag in _items(inputs.get("tags", [])) if is_known(tag)]
        if len(set(tags)) < len(tags):
            found.append(("tags", "tags are compared ignoring case"))
    return found


def replaces(token: str, old: dict[str, Any], new: dict[str, Any], changed: set[str]) -> set[str]:
    return changed & REPLACES[token]


COMPUTED: dict[str, set[str]] = {}
USUAL: dict[str, dict[str, Any]] = {}


def outputs(token: str, id_: str, kept: dict[str, Any]) -> dict[str, Any]:
    """What the provider reads: each list whole, sets in another order."""
    if token == DROPLET:
        return {**kept, "ipv4Address": f"198.51.100.{int(id_) - 1000}", "status": "active"}
    if token != FIREWALL:
        return kept
    rules = {
        key: ordered(_as_read(rule, shape) for rule in kept.get(key) or [])
        for key, shape in (("inboundRules", INBOUND), ("outboundRules", OUTBOUND))
    }
    members = {"dropletIds": sorted(kept.get("dropletIds") or []), "tags": sorted(kept.get("tags") or [])}
    more = {"createdAt": "once", "id": id_, "pendingChanges": [], "status": "succeeded"}
    return {"name": kept["name"], **rules, **members, **more}


def _as_read(rule: dict[str, Any], shape: dict[str, Field]) -> dict[str, Any]:
    ports = "" if rule["protocol"] == "icmp" else str(rule["portRange"])
    peers = {key: ordered(value) for key, value in rule.items() if isinstance(value, list)}
    without = {key: field for key, field in shape.items() if key != "action"}  # of newer releases
    return filled({**rule, **peers, "portRange": "all" if ports == "0" else ports}, without)


def plainly(token: str, field: str, value: Any) -> Any:
    """What the provider compares: sets, tags without their case."""
    if field == "tags" and isinstance(value, list):
        return [tag.lower() for tag in value]
    if not field.endswith("boundRules") or not isinstance(value, list):
        return value
    return [{key: _set(key, one) for key, one in rule.items() if one not in (None, "", [])} for rule in value]


def _set(key: str, value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return ordered(one.lower() if key.endswith("Tags") else one for one in value)


def deletes_before_replace(token: str, name: str, old: dict[str, Any]) -> bool:
    return False


class Account:
    """One account. What a firewall names must exist."""

    def __init__(self, store: Store, settings: dict[str, str]) -> None:
        self.store = store
        self.settings = settings

    def create(self, token: str, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        self._refuse_unknown_names(token, inputs)
        if token == FIREWALL and inputs["name"] in [one["name"] for one in self.store.all(FIREWALL).values()]:
            raise CloudError("409 (request) duplicate name")
        ids = {DROPLET: self._next_droplet, TAG: lambda: inputs["name"]}
        id_ = ids.get(token, lambda: str(uuid.uuid4()))()
        return id_, self._keep(token, id_, inputs)

    def update(self, token: str, id_: str, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
        self._refuse_gone(token, id_)
        self._refuse_unknown_names(token, new)
        return self._keep(token, id_, new)

    def delete(self, token: str, id_: str, inputs: dict[str, Any]) -> None:
        self._refuse_gone(token, id_)
        self.store.drop(token, id_)

    def read(self, token: str, id_: str, inputs: dict[str, Any]) -> dict[str, Any] | None:
        return self.store.get(token, id_)

    def _keep(self, token: str, id_: str, inputs: dict[str, Any]) -> dict[str, Any]:
        self.store.put(token, id_, inputs)
        return inputs

    def _refuse_gone(self, token: str, id_: str) -> None:
        if self.store.get(token, id_) is None:
            raise CloudError(f"404 (request) {token.rsplit(':', 1)[-1]} not found")

    def _next_droplet(self) -> str:
        return next(id_ for id_ in map(str, itertools.count(1001)) if not self.store.get(DROPLET, id_))

    def _refuse_unknown_names(self, token: str, inputs: dict[str, Any]) -> None:
        rules = [*inputs.get("inboundRules", []), *inputs.get("outboundRules", [])] if token == FIREWALL else []
        named = {
            TAG: [*inputs.get("tags", []), *_all(rules, "Tags")],
            DROPLET: [*inputs.get("dropletIds", []), *_all(rules, "DropletIds")],
            BALANCER: _all(rules, "LoadBalancerUids"),
        }
        for kind, names in named.items():
            if token == DROPLET and kind == TAG:
                continue  # a tag named by a new Droplet is made with it
            known = {id_.lower() for id_ in self.store.all(kind)}
            for name in names:
                if str(name).lower() not in known:
                    raise CloudError(f"422 (request) {kind.rsplit(':', 1)[-1]} {name} does not exist")


def _all(rules: list[dict[str, Any]], ending: str) -> list[Any]:
    return [item for rule in rules for key, items in rule.items() if key.endswith(ending) for item in items]
