"""Settings besides ports with which livekit-server does not start or crashes: addresses, domains, sections.

Facts: livekit/livekit cmd/server/main.go and pkg/service/{server,turn,utils}.go at v1.13.5,
livekit/mediatransportutil pkg/rtcconfig/{config,webrtc_config}.go; tests/e2e/livekit_server compares them with
the server itself.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ..inputs.shown import show
from ..model.errors import Report
from .schemas import schema_of
from .tree import Tree

if TYPE_CHECKING:
    from .server import Server, Turn

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

UNBOUND = "bind-addresses-invalid"
_LABEL = r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_DOMAIN = r"(?ai)[a-z0-9-]+(\.[a-z0-9-]+)+\.?"


def parse_address(text: str) -> Address | None:
    """An address as Go's net.ParseIP reads it, without brackets and zone; None for any other text.

    An IPv4-mapped IPv6 address is IPv4.
    """
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv4Address):
        return address
    return None if address.scope_id else address.ipv4_mapped or address


def is_wildcard(text: str) -> bool:
    address = parse_address(text)
    return text == "" or bool(address and address.is_unspecified)


def check_bound(addresses: tuple[str, ...], key: str, tree: Tree, report: Report) -> None:
    """Checks a list of addresses that are all bound on one port.

    A wildcard conflicts with every other address of either family, since Go binds `0.0.0.0` as `[::]`. A repeated
    address conflicts with itself.
    """
    place = tree[key].place
    if "0.0.0.0" in addresses and "::" in addresses:
        hint = "keep one: either of them listens in both families"
        report.problem(place, "both 0.0.0.0 and ::", "must hold one wildcard at most", hint, id="two-wildcards")
    elif len(addresses) > 1 and any(is_wildcard(text) for text in addresses):
        wildcard = next(text for text in addresses if is_wildcard(text))
        hint = "a wildcard takes the port of every other address; keep it or the others"
        expected = "must not hold a wildcard beside other addresses"
        report.problem(place, show(key, wildcard), expected, hint, id="two-wildcards")
    known = ["127.0.0.1" if text == "localhost" else str(parse_address(text) or text) for text in addresses]
    twice = next((text for text, same in zip(addresses, known, strict=True) if known.count(same) > 1), None)
    if twice is not None and not is_wildcard(twice):
        report.problem(
            place, show(key, twice), "must not hold an address twice", "the second cannot be bound", id=UNBOUND
        )
    wrapped = next((text for text in addresses if text.startswith("[")), None)
    other = next((text for text in addresses if not text.startswith("[") and not _is_host(text)), None)
    if other is not None:
        hint = "write each address as an entry of its own, without a port, a length, a scheme or typographic quotes"
        report.problem(place, show(key, other), "must hold addresses or names of hosts", hint, id=UNBOUND)
    if wrapped is not None:
        report.problem(
            place, show(key, wrapped), "must hold addresses without brackets", "remove the brackets", id=UNBOUND
        )


def _is_host(text: str) -> bool:
    """Whether Go binds the text or resolves it (net/dnsclient.go isDomainName). A name has at least one character
    that is neither a digit nor a dot.
    """
    if text == "" or parse_address(text.partition("%")[0] if ":" in text else text):
        return True
    labels = text.removesuffix(".").split(".")
    is_name = len(text) <= 254 and all(re.fullmatch(_LABEL, label) for label in labels)
    return is_name and not text.replace(".", "").isdecimal()


def check_development(server: Server, tree: Tree, report: Report) -> None:
    """In development without keys, the server reads each bound address as a CIDR block, so a name is a problem."""
    if own_ice_blocks(server, tree):
        name = next((text for text in server.bind_addresses if parse_address(text) is None), None)
        if name is not None:
            hint = "without keys livekit-server takes it for an address; set keys, or write an address"
            place = tree["bind_addresses"].place
            expected = "must hold addresses only in development"
            report.problem(place, show("bind_addresses", name), expected, hint, id=UNBOUND)


def own_ice_blocks(server: Server, tree: Tree) -> tuple[str, ...]:
    """The addresses to which ICE/UDP is limited in development without keys (cmd/server/main.go getConfig).

    Empty if there is no limit, as when all of them are loopback addresses or wildcards.
    """
    if not server.development or tree["keys"].given:
        return ()
    addresses = [parse_address(text) for text in server.bind_addresses]
    if not any(one and not one.is_loopback and not one.is_unspecified for one in addresses):
        return ()
    return server.bind_addresses


def check_node_ip(tree: Tree, report: Report) -> None:
    given = _node_ip(tree)
    parts = [part.strip(" ") for part in given.split(",")]
    addresses = [parse_address(part) for part in parts]
    place = tree["rtc.node_ip"].place
    known = schema_of("livekit", tree.version).at("rtc.node_ip")
    if known and known.type == "string":
        _check_node_ip_text(given, tree, report)
    elif given and (len(parts) > 2 or None in addresses):
        expected = 'must be an address, or one of each family such as "203.0.113.1,2001:db8::1"'
        got, hint = show("rtc.node_ip", given), "livekit-server does not start with it"
        report.problem(place, got, expected, hint, id="node-ip-invalid")
    elif len(parts) == 2 and len({one.version for one in addresses if one}) == 1:
        expected = "must hold one address of each family at most"
        got = show("rtc.node_ip", given)
        report.problem(place, got, expected, "keep the one to be announced", id="node-ip-invalid")


def _check_node_ip_text(given: str, tree: Tree, report: Report) -> None:
    """Releases before 1.10.0 announce any text unchanged; only TURN has to parse it."""
    if not given or parse_address(given) or tree["rtc.use_external_ip"].given is True:
        return
    place, got = tree["rtc.node_ip"].place, show("rtc.node_ip", given)
    if tree["turn.enabled"].given is True:
        hint = "with TURN livekit-server does not start with it before 1.10.0"
        report.problem(place, got, "must be one address", hint, id="node-ip-invalid")
    else:
        text = f"livekit-server before 1.10.0 announces {got} to clients as it is"
        report.finding("node-ip-announced", "error", place, text)


def _node_ip(tree: Tree) -> str:
    """The text of `rtc.node_ip`; "" for a list or a mapping, which the server ignores (NodeIP.UnmarshalYAML)."""
    value = tree["rtc.node_ip"].given
    return "" if value is None or isinstance(value, list | tuple | Mapping) else str(value)


def check_blocks(tree: Tree, report: Report) -> None:
    """Checks `rtc.ips`: CIDR blocks, each with its prefix length."""
    for key in ("rtc.ips.includes", "rtc.ips.excludes"):
        blocks = tree[key].given
        texts = blocks if isinstance(blocks, list | tuple) else []
        wrong = [block for block in texts if not isinstance(block, list | Mapping) and not is_block(block)]
        if wrong:
            hint = "write the length too: 203.0.113.1/32"
            report.problem(tree[key].place, show(key, wrong[0]), "must hold blocks such as 203.0.113.0/24", hint)


def is_block(block: object) -> bool:
    """Whether Go's net.ParseCIDR accepts it: an address and a prefix length, with or without host bits."""
    address, slash, length = str(block).partition("/")
    if not slash or not length.isdecimal() or not length.isascii():
        return False
    try:
        return bool(ipaddress.ip_interface(f"{address}/{length}"))
    except ValueError:
        return False


def check_turn_start(turn: Turn, tree: Tree, report: Report) -> None:
    """Settings with which TURN does not start although its ports are valid."""
    if tree["turn.bind_addresses"].is_set and not turn.bind_addresses:
        place = tree["turn.bind_addresses"].place
        hint = "remove it for 0.0.0.0, which listens in both families"
        report.problem(place, "[]", "must hold an address", hint, id=UNBOUND)
    if turn.tls_port > 0 and turn.domain and not re.fullmatch(_DOMAIN, turn.domain) and not tree.is_preset:
        expected = "must be a domain name such as turn.example.com"
        report.problem(tree["turn.domain"].place, show("turn.domain", turn.domain), expected, id="turn-domain-invalid")
    if not tree.is_file:
        return
    # the chart passes the certificate in variables from a Secret, and does not render without that Secret
    missing = [key for key in ("cert_file", "key_file") if not tree[f"turn.{key}"].given]
    is_by_chart = tree.is_chart or bool(tree["turn.secretName"].given)
    if turn.tls_port > 0 and not turn.external_tls and missing and not is_by_chart:
        text = f"without {' and '.join(missing)} livekit-server does not start"
        report.finding("turn-no-certificate", "error", tree["turn.tls_port"].place, text)
    _check_relay_address(turn.bind_addresses, tree, report)


def _check_relay_address(bound: Iterable[str], tree: Tree, report: Report) -> None:
    """TURN needs a `node_ip` of the same family as each bound address, to relay from. An address that the server
    detects itself is IPv4, unless the host has none.
    """
    parts = [parse_address(part.strip(" ")) for part in _node_ip(tree).split(",")]
    have = {one.version for one in parts if one}
    is_found = not have or bool(tree["rtc.use_external_ip"].given)
    is_bound = schema_of("livekit", tree.version).at("turn.bind_addresses") is not None
    for text in bound if is_bound else ():
        address = parse_address(text)
        need = address.version if address else 6  # a text that is no address counts as IPv6 (pkg/service/turn.go)
        if need in have or (need == 4 and is_found):
            continue
        needed = f"{show('turn.bind_addresses', text)} needs an IPv{need} address in rtc.node_ip to relay from"
        text = f"{needed}; without it livekit-server does not start"
        report.finding("turn-no-node-ip", "error", tree["turn.bind_addresses"].place, text)
        return
