"""Google's VPC firewall rules as gcloud prints them -> what they admit for one kind of instance.

Reads `gcloud compute firewall-rules list --format json` and the answer of the API's `firewalls.list`. Shape: Compute
Engine API, the resource `firewalls`; a field that it does not name makes its rule one that is not understood.
Hierarchical and network firewall policies are not in that list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from shlex import quote

from msgspec import Struct
from msgspec.structs import replace

from ...effective.evaluate import EffectiveRules, ImportEntry, ParsedRule, Selection, evaluate
from ...effective.native_rule import UNKNOWN_FLOW, Flow, NativeRule, RuleSource, block_source
from ...effective.syntax import objects_in, refuse, shaped, shaped_whole, unwrapped
from ...model.text import printable
from .adopt import FIREWALL, IN_NETWORK, content, short_name
from .native import BY_DEFAULT, families_of, flows_of_protocol, for_some
from .record import GCP


class _ProtocolPorts(Struct):
    IPProtocol: str
    ports: list[str] | None = None


class _ListedRule(Struct, rename="camel"):
    name: str
    network: str
    self_link: str = ""
    direction: str = ""
    priority: int = 1000
    disabled: bool = False
    allowed: list[dict[str, object]] | None = None
    denied: list[dict[str, object]] | None = None
    source_ranges: list[str] | None = None
    source_tags: list[str] | None = None
    source_service_accounts: list[str] | None = None
    destination_ranges: list[str] | None = None
    target_tags: list[str] | None = None
    target_service_accounts: list[str] | None = None

    @property
    def targets(self) -> frozenset[str]:
        return frozenset((*(self.target_tags or ()), *(self.target_service_accounts or ())))

    @property
    def has_sources(self) -> bool:
        return bool(self.source_ranges or self.source_tags or self.source_service_accounts)

    @property
    def network_names(self) -> tuple[str, str]:
        return names_of_network(self.network)


def names_of_network(link: str) -> tuple[str, str]:
    """`NETWORK`, and `PROJECT/NETWORK` where its link tells the project: two may have networks of one name."""
    short = link.rpartition("/")[2]
    project = re.search(r"(?:^|/)projects/([^/]+)/", link)
    return short, f"{project[1]}/{short}" if project else short


WAYS = ("", "INGRESS", "EGRESS")
HARMLESS = ("creationTimestamp", "description", "id", "kind", "logConfig", "enableLogging", "params", "selfLinkWithId")
EXPECTED = "must be the firewall rules of a network, as gcloud compute firewall-rules list --format json prints them"
EFFECTIVE = ("firewalls", "firewallPolicys")
"""Of `get-effective-firewalls`, which prints the policies of folders and organizations too."""


def recognises(value: object) -> bool:
    if isinstance(value, Mapping):
        if value.get("kind") == "compute#firewallList" or set(EFFECTIVE) <= set(value):
            return True
        value = value.get("items", [value])
    return isinstance(value, list) and any(
        isinstance(one, Mapping) and ({"allowed", "denied"} & set(one)) and "network" in one for one in value
    )


def read(value: object, selection: Selection) -> EffectiveRules:
    """What an instance with the tags (or service accounts) asked for admits.

    Raises:
        NotAFirewall: another shape; several networks or tags, and none chosen.
    """
    listed = _listed(value)
    if not listed:
        return GCP.without_firewall()
    read_in = [(shaped(one, _ListedRule, "firewall rules"), _doubt(one)) for one in listed]
    of_network = _of_network([rule for rule, _ in read_in], selection)
    here = [(rule, why) for rule, why in read_in if of_network in rule.network_names and rule.direction != "EGRESS"]
    given = [(rule, why) for rule, why in here if not rule.disabled]
    known = frozenset(tag for rule, _ in given for tag in rule.targets)
    wanted = frozenset() if selection.all_instances else frozenset(selection.target_tags)
    if known and not wanted and not selection.all_instances:
        hint = "say which yours has: --target-tag TAG; or that it has none: --no-target-tag"
        raise refuse("", ", ".join(sorted(known)), "are tags or accounts of instances", hint)
    # what is not understood of a rule may well be its target
    here = [(rule, why) for rule, why in here if why or not rule.targets or rule.targets & wanted]
    mine = [(rule, why) for rule, why in here if not rule.disabled]
    parsed = [(rule.priority, one) for rule, why in mine for one in _parsed(rule, why)]
    parsed.sort(key=lambda one: (one[0], one[1].allows, one[1].name))  # at one priority a deny wins
    found = evaluate(
        of_network,
        (one for _, one in parsed),
        members=tuple(map(_member, sorted(wanted))),
        adopted=tuple(_adopted(rule, why) for rule, why in here if not rule.targets or rule.targets & wanted),
    )
    return replace(found, notes=tuple(_notes(wanted - known, known)))


def listed(value: object) -> tuple[ImportEntry, ...]:
    """Every rule for ingress of the listing, whatever its network."""
    read_in = [(shaped(one, _ListedRule, "firewall rules"), _doubt(one)) for one in _listed(value)]
    return tuple(_adopted(rule, why) for rule, why in read_in if rule.direction != "EGRESS")


def _listed(value: object) -> list[Mapping[str, object]]:
    """The rules of the answer. One rule alone is not what a network admits."""
    if isinstance(value, Mapping):
        if set(EFFECTIVE) & set(value):
            hint = f"firewall policies are not read: give what {GCP.listing} prints"
            raise refuse("", ", ".join(value), EXPECTED, hint)
        if "items" not in value and value.get("kind") == "compute#firewallList":
            value = {**value, "items": []}
        if "items" not in value:
            raise refuse("", ", ".join(list(value)[:8]), EXPECTED, f"give what {GCP.listing} prints")
    harmless = ("kind", "id", "selfLink", "etag")
    return objects_in(unwrapped(value, GCP.listing, ("items",), ("nextPageToken", "warning"), harmless), EXPECTED, "")


def _doubt(value: Mapping[str, object]) -> str:
    """Why a rule is not understood; "" if it is."""
    rule, strange = shaped_whole(value, _ListedRule, "firewall rules", HARMLESS)
    parts = [shaped_whole(one, _ProtocolPorts, "allowed")[1] for one in (*(rule.allowed or ()), *(rule.denied or ()))]
    # the API takes a rule that says nothing for one of ingress; one with destinations alone is rather of egress
    is_unsure = not rule.direction and bool(rule.destination_ranges) and not rule.has_sources
    way = (
        ""
        if rule.direction in WAYS and not is_unsure
        else f"is of the direction {rule.direction or 'that it leaves out'}"
    )
    both = "" if bool(rule.allowed) is not bool(rule.denied) else "does not say whether it allows or denies"
    return next(filter(None, (strange, *parts, way, both)), "")


def _notes(unknown: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    for text in sorted(unknown):
        there = f"; there are rules for {printable(', '.join(sorted(known)))}" if known else ""
        yield f"no rule for ingress is for the {_member(printable(text))}{there}"


def _of_network(rules: list[_ListedRule], selection: Selection) -> str:
    """The one network that is meant: its short name where only it has that."""
    shorts: dict[str, set[str]] = {}
    for short, full in (rule.network_names for rule in rules):
        shorts.setdefault(short, set()).add(full)
    networks = sorted(name for short, full in shorts.items() for name in ([short] if len(full) == 1 else full))
    wanted = selection.groups or tuple(filter(None, [selection.network]))
    if not wanted and len(networks) > 1:
        raise refuse("", ", ".join(networks), "must be one network", "say which is meant: --group NETWORK")
    if len(wanted) > 1:
        raise refuse("--group", ", ".join(wanted), "must be one network: an interface of an instance is in one")
    meant = [name for name in networks if not wanted or name == wanted[0] or name in names_of_network(wanted[0])]
    if not meant:
        place = "--group" if selection.groups else "gcp.network"
        hint = f"it has {', '.join(networks)}; say which is meant: --group NETWORK"
        raise refuse(place, wanted[0], "must be a network of the file", hint)
    return meant[0]


def _member(text: str) -> str:
    return f"account {text}" if "@" in text else f"tag {text}"


def _parsed(rule: _ListedRule, why: str) -> Iterator[ParsedRule]:
    """A rule that is not understood may be for any source and destination. One of which it is not known whether it
    allows may do either.
    """
    flows = tuple(_flows(rule)) or (UNKNOWN_FLOW,)
    if why:
        made = NativeRule(rule.name, flows, (), allows=not rule.denied, unread=why)
        yield from made.either_way if bool(rule.allowed) is bool(rule.denied) else (made.parsed,)
        return
    destinations = rule.destination_ranges or ()
    families = families_of(destinations)
    made = NativeRule(
        rule.name,
        flows,
        tuple(_sources(rule)) or BY_DEFAULT,
        allows=not rule.denied,
        families=families,
        unread="" if families else for_some(destinations),
    )
    yield from made.parts


def _flows(rule: _ListedRule) -> Iterator[Flow]:
    for given in (*(rule.allowed or ()), *(rule.denied or ())):
        one = shaped(given, _ProtocolPorts, "allowed")
        yield from flows_of_protocol(one.IPProtocol, one.ports or (), rule.name)


def _sources(rule: _ListedRule) -> Iterator[RuleSource]:
    """Ranges, tags and accounts add up. Those of instances are any addresses that a subnet may have, privately used
    public ones among them, and never the external IPv4 addresses ("VPC firewall rules", sources).
    """
    yield from (block_source(text, rule.name) for text in rule.source_ranges or ())
    names = [
        *(f"tag {tag}" for tag in rule.source_tags or ()),
        *(f"account {account}" for account in rule.source_service_accounts or ()),
    ]
    yield from (RuleSource(name, name=name) for name in names)


def _adopted(rule: _ListedRule, why: str) -> ImportEntry:
    """The name alone as the id where the file does not tell the project. A rule that is not understood says the same as
    no other.
    """
    project = re.search(r"/projects/([^/]+)/", rule.self_link)
    where = f" --project {quote(project[1])}" if project else ""
    is_plain = not (why or rule.disabled or rule.denied or rule.destination_ranges)
    flows = " ".join(flow.shown for flow in _flows(rule))
    return ImportEntry(
        type=FIREWALL,
        name=rule.name,
        id=f"projects/{project[1]}/global/firewalls/{rule.name}" if project else rule.name,
        content=_content(rule) if is_plain else (rule.name,),
        home={IN_NETWORK: short_name(rule.network)},
        members=() if rule.disabled or rule.denied else tuple(sorted(rule.targets)),
        shown=f"{'deny ' if rule.denied else ''}{flows} from {' '.join(one.shown for one in _sources(rule))}"
        f"{', disabled' if rule.disabled else ''}",
        removal=f"gcloud compute firewall-rules delete {quote(rule.name)}{where}",
    )


def _content(rule: _ListedRule) -> tuple[object, ...]:
    allowed = [shaped(one, _ProtocolPorts, "allowed") for one in rule.allowed or ()]
    flows = [(one.IPProtocol, one.ports or ()) for one in allowed]
    members = (rule.source_tags, rule.source_service_accounts, rule.target_tags, rule.target_service_accounts)
    return content(rule.network, rule.priority, flows, rule.source_ranges or (), (one or () for one in members))
