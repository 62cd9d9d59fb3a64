"""Google Cloud: VPC firewall rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

from .bridge import ordered
from .shapes import Field, Refusal, block, families, matches, misfits, one_of, ports, within
from .store import CloudError, Store
from .wire import UNKNOWN, is_known

FIREWALL = "gcp:compute/firewall:Firewall"
NETWORK = "gcp:compute/network:Network"

NAME = matches(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?", "1 to 63 of a-z, 0-9 and -, from a letter to a letter or digit")
PROJECT = matches(r"[a-z][-a-z0-9]{4,28}[a-z0-9]", "a project id")
NETWORK_NAME = matches(
    r"((https://www\.googleapis\.com/compute/v1/)?projects/[-a-z0-9]+/)?(global/networks/)?[a-z]([-a-z0-9]{0,61}[a-z0-9])?",
    "a network's name, self link or partial path",
)
ACCOUNT = matches(r"[-a-z0-9]+@[-a-z0-9.]+\.gserviceaccount\.com", "a service account's address")
PROTOCOL = matches(r"tcp|udp|icmp|esp|ah|sctp|ipip|all|\d{1,3}", "a protocol's name or number")


def _no_sources(value: list[str]) -> Iterator[Refusal]:
    if not value:
        yield "", "trap: an empty list counts as no source"


def _allow(value: dict[str, Any]) -> Iterator[Refusal]:
    if value.get("ports") and value["protocol"] not in ("tcp", "udp", "sctp", UNKNOWN):
        yield ".ports", f"only tcp, udp and sctp have ports (protocol {value['protocol']})"
    if value.get("ports") == []:
        yield ".ports", "trap: an empty list opens all ports"


def _allows(values: list[dict[str, Any]]) -> Iterator[Refusal]:
    for at, value in enumerate(values):
        yield from ((f"[{at}]{path}", why) for path, why in _allow(value))


TRAFFIC = {"protocol": Field("text", PROTOCOL, required=True), "ports": Field("text", ports, many=True)}
METADATA = one_of("EXCLUDE_ALL_METADATA", "INCLUDE_ALL_METADATA")
SHAPES = {
    FIREWALL: {
        "name": Field("text", NAME),
        "network": Field("text", NETWORK_NAME, required=True),
        "project": Field("text", PROJECT),
        "description": Field("text", matches(r"(?s).{0,2048}", "at most 2048 characters")),
        "direction": Field("text", one_of("INGRESS", "EGRESS")),
        "priority": Field("int", within(0, 65535)),
        "disabled": Field("bool"),
        "allows": Field("object", many=True, shape=TRAFFIC, whole=_allows),
        "denies": Field("object", many=True, shape=TRAFFIC, whole=_allows),
        "sourceRanges": Field("text", block, many=True, whole=_no_sources),
        "destinationRanges": Field("text", block, many=True),
        "sourceTags": Field("text", NAME, many=True, whole=_no_sources),
        "targetTags": Field("text", NAME, many=True, whole=_no_sources),
        "sourceServiceAccounts": Field("text", ACCOUNT, many=True, most=10, whole=_no_sources),
        "targetServiceAccounts": Field("text", ACCOUNT, many=True, most=10, whole=_no_sources),
        "logConfig": Field("object", shape={"metadata": Field("text", METADATA, required=True)}),
        "params": Field("any"),
        "deletionPolicy": Field("text"),
    },
    NETWORK: {
        "name": Field("text", NAME),
        "autoCreateSubnetworks": Field("bool"),
        "project": Field("text", PROJECT),
    },
}
REPLACES = {FIREWALL: {"name", "direction", "project", "params"}, NETWORK: {"name", "project"}}
RETRIES = 4
FORGOTTEN = "Error 404"
# This resource has no lower-case name of at most 63 characters of its own accord.
NAMED = {FIREWALL: ("name", "{name}-{hex7}"), NETWORK: ("name", "{name}-{hex7}")}


def defaults(token: str, settings: dict[str, str]) -> dict[str, Any]:
    """What the provider adds to inputs that leave it out."""
    return {}


def refusals(token: str, inputs: dict[str, Any]) -> list[Refusal]:
    """What is wrong with one resource, whatever else is in the project."""
    if token not in SHAPES:
        return [("", f"unknown type {token}")]
    found = list(misfits(SHAPES[token], inputs))
    return found if found or token != FIREWALL else list(_firewall(inputs))


def _firewall(inputs: dict[str, Any]) -> Iterator[Refusal]:
    if bool(inputs.get("allows")) == bool(inputs.get("denies")):
        yield "allows", "exactly one of allows and denies"
    given = [name for name in ("sourceRanges", "sourceTags", "sourceServiceAccounts") if name in inputs]
    if inputs.get("direction", "INGRESS") == "INGRESS":
        if not given:
            yield "sourceRanges", "one of sourceRanges, sourceTags and sourceServiceAccounts is required"
    elif given:
        yield given[0], "an EGRESS rule has no source"
    if {"targetTags", "sourceTags"} & inputs.keys() and {
        "targetServiceAccounts",
        "sourceServiceAccounts",
    } & inputs.keys():
        yield "targetTags", "tags and service accounts cannot be used together"
    blocks = [one for key in ("sourceRanges", "destinationRanges") for one in _list(inputs, key) if is_known(one)]
    versions = families(blocks)
    if len(versions) > 1:
        yield "sourceRanges", "a rule can contain either IPv4 or IPv6 ranges, but not both"
    protocols = {one["protocol"] for one in [*_list(inputs, "allows"), *_list(inputs, "denies")] if is_known(one)}
    if 6 in versions and "icmp" in protocols:
        yield "allows", "icmp is IPv4; ICMPv6 is protocol 58"
    if 4 in versions and "58" in protocols:
        yield "allows", "protocol 58 is ICMPv6, the ranges are IPv4"


def _list(inputs: dict[str, Any], key: str) -> list[Any]:
    value = inputs.get(key) or []
    return value if isinstance(value, list) else []


def replaces(token: str, old: dict[str, Any], new: dict[str, Any], changed: set[str]) -> set[str]:
    return changed & REPLACES[token]


def deletes_before_replace(token: str, name: str, old: dict[str, Any]) -> bool:
    """A rule with a fixed name cannot exist twice, so the bridge deletes it first. One that it has made
    itself stays under an alias.
    """
    return not re.fullmatch(r".*-[0-9a-f]{7}", old.get("name", ""))


COMPUTED = {FIREWALL: {"sourceRanges", "destinationRanges", "project", "direction"}, NETWORK: {"project"}}
USUAL = {FIREWALL: {"priority": 1000, "direction": "INGRESS", "deletionPolicy": "DELETE"}}
LISTS = (
    "allows", "denies", "sourceRanges", "destinationRanges", "sourceTags", "sourceServiceAccounts", "targetTags",
    "targetServiceAccounts",
)  # fmt: skip
LINK = "https://www.googleapis.com/compute/v1/"


def outputs(token: str, id_: str, kept: dict[str, Any]) -> dict[str, Any]:
    """What the provider reads: each list whole, sets in another order, the network as a link, what is usual."""
    own = {"id": id_, "selfLink": LINK + id_, "project": id_.split("/")[1]}
    if token != FIREWALL:
        return {**kept, **own}
    lists = {key: ordered(kept.get(key)) for key in LISTS}
    for key in ("allows", "denies"):
        lists[key] = ordered({**one, "ports": one.get("ports") or []} for one in lists[key])
    network = f"{LINK}projects/{own['project']}/global/networks/{_short(kept['network'])}"
    usual = {"disabled": False, "description": "", "logConfig": None, "enableLogging": None, "params": None}
    return {**usual, **USUAL[FIREWALL], **kept, **lists, "network": network, **own}


def _short(network: str) -> str:
    return network.rsplit("/", 1)[-1]


def plainly(token: str, field: str, value: Any) -> Any:
    """What the provider compares: sets, networks by their names, blocks whatever their form."""
    if field == "network":
        return _short(value)
    if not isinstance(value, list):
        return value
    if field in ("allows", "denies"):
        return [{"protocol": one["protocol"].lower(), "ports": ordered(one.get("ports"))} for one in value]
    return [str(ip_network(one)) if field.endswith("Ranges") and is_known(one) else one for one in value]


class Account:
    """One project. Names are unique in it, and a rule's network must exist."""

    def __init__(self, store: Store, settings: dict[str, str]) -> None:
        self.store = store
        self.settings = settings

    def create(self, token: str, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        project = inputs.get("project") or self.settings.get("project")
        if not project:
            raise CloudError("project: required field is not set")
        kind = "networks" if token == NETWORK else "firewalls"
        id_ = f"projects/{project}/global/{kind}/{inputs['name']}"
        if self.store.get(token, id_) is not None:
            raise CloudError(f"googleapi: Error 409: The resource '{id_}' already exists, alreadyExists")
        self._refuse_unknown_network(token, inputs)
        return id_, self._keep(token, id_, inputs)

    def update(self, token: str, id_: str, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
        self._refuse_unknown_network(token, new)
        there = self._there(token, id_).get("sourceRanges")
        wanted = new.get("sourceRanges")
        if there == ["0.0.0.0/0"] and wanted and len(wanted) == 1:
            # the provider sees no difference in it, and sends it again (`diffSuppressSourceRanges`)
            wanted = ordered({*there, *wanted})
        kept = there if wanted is None else wanted
        return self._keep(token, id_, {**new, "sourceRanges": kept} if kept else new)

    def delete(self, token: str, id_: str, inputs: dict[str, Any]) -> None:
        self._there(token, id_)
        self.store.drop(token, id_)

    def read(self, token: str, id_: str, inputs: dict[str, Any]) -> dict[str, Any] | None:
        kept = self.store.get(token, id_)
        return None if kept is None else {key: value for key, value in kept.items() if key in SHAPES[token]}

    def _there(self, token: str, id_: str) -> dict[str, Any]:
        kept = self.store.get(token, id_)
        if kept is None:
            raise CloudError(f"googleapi: Error 404: The resource '{id_}' was not found, notFound")
        return kept

    def _keep(self, token: str, id_: str, inputs: dict[str, Any]) -> dict[str, Any]:
        self.store.put(token, id_, inputs)
        return inputs

    def _refuse_unknown_network(self, token: str, inputs: dict[str, Any]) -> None:
        if token != FIREWALL:
            return
        wanted = inputs["network"].rsplit("/", 1)[-1]
        known = {"default", *(values["name"] for values in self.store.all(NETWORK).values())}
        if wanted not in known:
            raise CloudError(f"googleapi: Error 404: The resource 'networks/{wanted}' was not found, notFound")
