"""Azure: network security groups with inline rules, and the resource groups that hold them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .shapes import Field, Refusal, block, families, matches, misfits, one_of, ports, within
from .store import CloudError, Store
from .wire import is_known

GROUP = "azure-native:network:NetworkSecurityGroup"
STANDALONE = "azure-native:network:SecurityRule"
RESOURCES = "azure-native:resources:ResourceGroup"

RULE_NAME = matches(r"\w([\w.\-]{0,78}\w)?", "1 to 80 word characters, . and -, from and to a word character")
TAG = matches(r"\*|[A-Z][A-Za-z]+(\.[A-Za-z0-9]+)?", "*, a service tag or a CIDR block")
LOCATION = matches(r"[A-Za-z][A-Za-z0-9 ]+", "a location")


def _prefix(value: str) -> str | None:
    """A singular prefix: `*`, a service tag, or a block."""
    return block(value) if "/" in value or ":" in value or value[:1].isdigit() else TAG(value)


def _ports(value: str) -> str | None:
    """A singular range: `*`, `N` or `FIRST-LAST`; 0 is a port here."""
    return None if value in ("*", "0-65535") else ports(value)


EITHER = (
    ("sourceAddressPrefix", "sourceAddressPrefixes", "sourceApplicationSecurityGroups"),
    ("destinationAddressPrefix", "destinationAddressPrefixes", "destinationApplicationSecurityGroups"),
    ("sourcePortRange", "sourcePortRanges"),
    ("destinationPortRange", "destinationPortRanges"),
)


def _rule(rule: dict[str, Any]) -> Iterator[Refusal]:
    for names in EITHER:
        given = [name for name in names if rule.get(name)]
        if len(given) != 1:
            yield f".{names[0]}", f"exactly one of {' and '.join(names)} (got {', '.join(given) or 'none'})"
    versions = families(_blocks(rule))
    if len(versions) > 1:
        yield ".sourceAddressPrefixes", "IPv4 and IPv6 prefixes cannot be combined in one rule"
    if rule["protocol"] == "Icmp" and 6 in versions:
        yield ".protocol", "ICMPv6 is not supported, Icmp is IPv4"
    if rule["protocol"] in ("Icmp", "Esp", "Ah") and rule.get("destinationPortRange") != "*":
        yield ".destinationPortRange", f"must be * for {rule['protocol']}"


def _blocks(rule: dict[str, Any]) -> Iterator[str]:
    for key in ("sourceAddressPrefix", "destinationAddressPrefix"):
        yield rule.get(key) or ""
        several = rule.get(f"{key}es") or []
        yield from several if isinstance(several, list) else ()


def _rules(rules: list[dict[str, Any]]) -> Iterator[Refusal]:
    names: set[str] = set()
    priorities: set[tuple[str, int]] = set()
    for at, rule in enumerate(rules):
        yield from ((f"[{at}]{path}", why) for path, why in _rule(rule))
        name, priority = rule["name"].lower(), (rule["direction"], rule["priority"])
        if is_known(name) and name in names:
            yield f"[{at}].name", f"duplicate name {rule['name']!r}"
        if priority in priorities:
            yield f"[{at}].priority", f"priority {priority[1]} is taken in direction {priority[0]}"
        names.add(name)
        priorities.add(priority)


MEMBERS = {
    "id": Field(
        "text",
        matches(
            r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Network/applicationSecurityGroups/[^/]+",
            "the id of an application security group",
        ),
        required=True,
    )
}
RULE = {
    "name": Field("text", RULE_NAME, required=True),
    "access": Field("text", one_of("Allow", "Deny"), required=True),
    "direction": Field("text", one_of("Inbound", "Outbound"), required=True),
    "priority": Field("int", within(100, 4096), required=True),
    "protocol": Field("text", one_of("Tcp", "Udp", "Icmp", "Esp", "Ah", "*"), required=True),
    "description": Field("text", matches(r"(?s).{0,140}", "at most 140 characters")),
    "sourceAddressPrefix": Field("text", _prefix),
    "sourceAddressPrefixes": Field("text", block, many=True, most=4000),
    "destinationAddressPrefix": Field("text", _prefix),
    "destinationAddressPrefixes": Field("text", block, many=True, most=4000),
    "sourcePortRange": Field("text", _ports),
    "sourcePortRanges": Field("text", ports, many=True, most=4000),
    "destinationPortRange": Field("text", _ports),
    "destinationPortRanges": Field("text", ports, many=True, most=4000),
    "sourceApplicationSecurityGroups": Field("object", many=True, most=10, shape=MEMBERS),
    "destinationApplicationSecurityGroups": Field("object", many=True, most=10, shape=MEMBERS),
}
RESOURCES_NAME = Field("text", matches(r"[-\w.()]{0,89}[-\w()]", "1 to 90 of word characters, -.()"), required=True)
SHAPES = {
    GROUP: {
        "networkSecurityGroupName": Field("text", RULE_NAME),
        "resourceGroupName": RESOURCES_NAME,
        "location": Field("text", LOCATION),
        "securityRules": Field("object", many=True, most=1000, shape=RULE, whole=_rules),
        "flushConnection": Field("bool"),
        "tags": Field("map"),
    },
    STANDALONE: {
        **RULE,
        "name": Field("text", RULE_NAME),
        "securityRuleName": Field("text", RULE_NAME),
        "networkSecurityGroupName": Field("text", RULE_NAME, required=True),
        "resourceGroupName": RESOURCES_NAME,
    },
    RESOURCES: {
        "resourceGroupName": Field("text"),
        "location": Field("text", LOCATION),
        "tags": Field("map"),
    },
}
# That a change of location replaces is inferred: a resource cannot move.
REPLACES = {
    GROUP: {"networkSecurityGroupName", "resourceGroupName", "location"},
    STANDALONE: {"securityRuleName", "networkSecurityGroupName", "resourceGroupName"},
    RESOURCES: {"resourceGroupName", "location"},
}
NAMED = {
    GROUP: ("networkSecurityGroupName", "{name}{hex8}"),
    STANDALONE: ("securityRuleName", "{name}{hex8}"),
    RESOURCES: ("resourceGroupName", "{name}{hex8}"),
}
MOST_RULES = 1000
RETRIES = 0  # of a PUT, which comes to the same
FORGOTTEN = "404"
VERSION = re.compile(r":network/v\d{8}(preview)?:")


def plain_token(token: str) -> str:
    """The token without the version of the API, which states of older programs name."""
    return VERSION.sub(":network:", token)


def defaults(token: str, settings: dict[str, str]) -> dict[str, Any]:
    """What the provider adds to inputs that leave it out."""
    placed = "location" in SHAPES.get(plain_token(token), {}) and "location" in settings
    return {"location": settings["location"]} if placed else {}


def refusals(token: str, inputs: dict[str, Any]) -> list[Refusal]:
    """What is wrong with one resource, whatever else is in the subscription."""
    token = plain_token(token)
    if token not in SHAPES:
        return [("", f"unknown type {token}")]
    found = list(misfits(SHAPES[token], inputs))
    if token == STANDALONE and not found:
        found = [(path.removeprefix("."), why) for path, why in _rule(inputs)]
    return found


def replaces(token: str, old: dict[str, Any], new: dict[str, Any], changed: set[str]) -> set[str]:
    return changed & REPLACES[plain_token(token)]


def refreshed(old: dict[str, Any], before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """The inputs after a refresh: what changed in the cloud is put into them, whole; a list of rules that the program
    does not have stays out (pulumi-azure-native, `Read`).
    """
    changed = {key for key in {*before, *now} if before.get(key) != now.get(key) and key in {*old, *now}}
    own = {key for key in changed if key != "securityRules" or key in old}
    return {
        **{key: value for key, value in old.items() if key not in own},
        **{key: now[key] for key in own if key in now},
    }


def deletes_before_replace(token: str, name: str, old: dict[str, Any]) -> bool:
    return False


def added(group: str, rule: str) -> dict[str, str]:
    """What Azure adds to a rule, in the words of the resource: arguments too, so that an import takes them for such."""
    kind = "Microsoft.Network/networkSecurityGroups/securityRules"
    state = {"etag": 'W/"5d6a1e0f-0000-4000-8000-000000000000"', "provisioningState": "Succeeded", "type": kind}
    return {"id": f"{group}/securityRules/{rule}", **state}


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in ([], {}, None)}


class Account:
    """One subscription. A group's resource group must exist, a name is unique in it, a group in use stays."""

    def __init__(self, store: Store, settings: dict[str, str]) -> None:
        self.store = store
        self.settings = settings

    def create(self, token: str, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        token = plain_token(token)
        resources = f"/subscriptions/fake/resourceGroups/{inputs['resourceGroupName']}"
        if token == RESOURCES:
            return resources, self._keep(token, resources, inputs, inputs["resourceGroupName"])
        if self.store.get(RESOURCES, resources) is None:
            raise CloudError(f"404 ResourceGroupNotFound: {inputs['resourceGroupName']!r} could not be found")
        own = inputs["networkSecurityGroupName"]
        id_ = f"{resources}/providers/Microsoft.Network/networkSecurityGroups/{own}"
        if token == STANDALONE:
            self._refuse_beside_inline(id_)
            self._refuse_taken(id_, inputs)
            own = inputs["securityRuleName"]
            id_ = f"{id_}/securityRules/{own}"
        if self.store.get(token, id_) is not None:
            raise CloudError(f"cannot create already existing resource {id_!r}")
        return id_, self._keep(token, id_, inputs, own)

    def update(self, token: str, id_: str, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
        own = id_.rsplit("/", 1)[-1]
        if plain_token(token) == STANDALONE:
            self._refuse_taken(id_.rpartition("/securityRules/")[0], new, but=own)
        return self._keep(plain_token(token), id_, new, own)

    def delete(self, token: str, id_: str, inputs: dict[str, Any]) -> None:
        token = plain_token(token)
        if (self.store.get(token, id_) or {}).get("inUseBy"):
            raise CloudError(f"400 InUseNetworkSecurityGroupCannotBeDeleted: {id_} is in use")
        self.store.drop(token, id_)

    def read(self, token: str, id_: str, inputs: dict[str, Any]) -> dict[str, Any] | None:
        kept = self.store.get(plain_token(token), id_)
        if inputs or kept is None or plain_token(token) != GROUP:
            return kept
        # an import: names from the id, no empty lists (`ResponseToSdkInputs`), and of each rule what Azure adds to it
        rules = [{**_without_empty(rule), **added(id_, rule["name"])} for rule in kept.get("securityRules", [])]
        _, _, _, _, resources, *_, name = id_.split("/")
        named = {"resourceGroupName": resources, "networkSecurityGroupName": name, "securityRules": rules}
        return _without_empty({**kept, **named})

    def _refuse_beside_inline(self, group: str) -> None:
        kept = self.store.get(GROUP, group)
        if kept is None:
            raise CloudError(f"404 ResourceNotFound: {group} was not found")
        if kept.get("securityRules"):
            raise CloudError("trap: inline rules beside rule resources overwrite each other")

    def _refuse_taken(self, group: str, rule: dict[str, Any], but: str = "") -> None:
        """A priority is unique in a direction, and a group holds so many rules, whoever made them."""
        others = [
            one
            for id_, one in self.store.all(STANDALONE).items()
            if id_.rpartition("/securityRules/")[0] == group and id_.rsplit("/", 1)[-1] != but
        ]
        for one in others:
            if (one["direction"], one["priority"]) == (rule["direction"], rule["priority"]):
                raise CloudError(f"SecurityRuleConflict: the priority {rule['priority']} is that of another rule")
        if len(others) >= MOST_RULES:
            raise CloudError(f"SecurityRuleLimitExceeded: {group} holds {MOST_RULES} rules")

    def _keep(self, token: str, id_: str, inputs: dict[str, Any], name: str) -> dict[str, Any]:
        self.store.put(token, id_, inputs)
        return {**inputs, "id": id_, "name": name, "provisioningState": "Succeeded"}
