"""The configurations that livekit-server is started with: name to the text of livekit.yaml.

`keys` is added unless a case speaks of it. CERTIFICATE and SECRET stand for the paths of a real one.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from itertools import product

from .lab import PEER, SERVER, SERVER6

KEYS = 'keys: {devkey: "a secret of more than thirty-two characters"}'
BOTH_NODE_IPS = f'node_ip: "{SERVER},{SERVER6}"'
_OWN_KEYS = re.compile(r"^(- )?key(s|_file):", re.MULTILINE)
STUN = f'use_external_ip: true, stun_servers: ["{PEER}:3478"]'


def cases() -> dict[str, str]:
    """Every case, complete."""
    found = {**ALONE, **dict(_ice()), **dict(_turn())}
    assert len(found) == len(ALONE) + len(dict(_ice())) + len(dict(_turn()))
    return {name: text if _OWN_KEYS.search(text) else f"{KEYS}\n{text}" for name, text in found.items()}


def drawn(dice: random.Random) -> str:
    """A file whose settings are each lawful, drawn at random; whether they go together is for others to say."""
    chosen = {key: dice.choice(values) for key, values in DRAWN.items() if dice.random() < 0.5}
    sections: dict[str, dict[str, str]] = {}
    for key, value in chosen.items():
        section, _, name = key.rpartition(".")
        sections.setdefault(section, {})[name] = value
    lines = [f"{key}: {value}" for key, value in sections.pop("", {}).items()]
    lines += [f"{section}: {{{_section(**keys)}}}" for section, keys in sections.items()]
    has_none = "keys" in chosen and chosen.get("development") == "true"  # else the server says no more than that
    return "\n".join(line for line in [KEYS, *lines] if line != ("keys: {}" if not has_none else KEYS))


def _section(**keys: object) -> str:
    """The keys of a flow mapping, those that are None left out."""
    return ", ".join(f"{key}: {value}" for key, value in keys.items() if value is not None)


def _ice() -> Iterator[tuple[str, str]]:
    """Every way to set the mux, either end of the range, and development."""
    for mux, start, end, development in product(
        (None, "7890", "7890-7899", "0"), (None, "50100"), (None, "50200"), (None, "true")
    ):
        name = _section(udp_port=mux, port_range_start=start, port_range_end=end, development=development)
        rtc = _section(udp_port=mux, port_range_start=start, port_range_end=end)
        yield f"ice: {name or 'nothing set'}", f"rtc: {{{rtc}}}\n" + ("development: true" if development else "")


def _turn() -> Iterator[tuple[str, str]]:
    """Each combination of TURN's two ports on each kind of address, the node announcing both families."""
    binds = {
        "default": None,
        "one of IPv4": f"[{SERVER}]",
        "one of IPv6": f'["{SERVER6}"]',
        "one of each": f'[{SERVER}, "{SERVER6}"]',
        "the wildcard of IPv6": '["::"]',
        "loopback": "[127.0.0.1]",
        "loopback and one of IPv4": f"[127.0.0.1, {SERVER}]",
    }
    for (name, bind), (udp, tls) in product(binds.items(), (("3478", None), (None, "5349"), ("443", "443"))):
        turn = _section(
            enabled="true",
            domain="turn.example.com",
            udp_port=udp,
            tls_port=tls,
            external_tls=tls and "true",
            bind_addresses=bind,
        )
        yield f"turn: udp {udp}, tls {tls}, bound to {name}", f"rtc: {{{BOTH_NODE_IPS}}}\nturn: {{{turn}}}"


ADDRESSES = (
    f"[{SERVER}]",
    f'["{SERVER6}"]',
    f'[127.0.0.1, {SERVER}, "{SERVER6}"]',
    "[0.0.0.0]",
    '["::"]',
    "[127.0.0.1]",
)
DRAWN = {
    "port": ("7880", "8880", "7881"),
    "bind_addresses": ADDRESSES,
    "development": ("true", "false"),
    "keys": ("{}",),
    "prometheus_port": ("0", "6788", "8880"),
    "prometheus.port": ("0", "6789", "7880"),
    "debug_handler.port": ("0", "6060", "6789"),
    "rtc.tcp_port": ("0", "7881", "8881", "6060"),
    "rtc.udp_port": ("0", "7890", "7890-7899", '"3478"', "443"),
    "rtc.port_range_end": ("50200",),
    "rtc.force_tcp": ("true", "false"),
    "rtc.use_stun_port_as_ice": ("true", "false"),
    "rtc.node_ip": (SERVER, f'"{SERVER6}"', f'"{SERVER},{SERVER6}"'),
    "rtc.allow_tcp_fallback": ("true", "false"),
    "turn.enabled": ("true", "false"),
    "turn.domain": ("turn.example.com", "localhost"),
    "turn.udp_port": ("0", "443", "3478"),
    "turn.tls_port": ("443", "5349", "7881"),
    "turn.external_tls": ("true",),
    "turn.bind_addresses": ADDRESSES,
}

ALONE = {
    # --- the API, and who is bound
    "nothing at all": "",
    "port: another": "port: 8880",
    "port: 0": "port: 0",
    "port: -1": "port: -1",
    "port: too large": "port: 70000",
    "port: a text": 'port: "7880"',
    "port: a word": "port: http",
    "port: a list": "port: [7880]",
    "port: a whole float": "port: 8880.0",
    "port: a float": "port: 8880.5",
    "port: hexadecimal": "port: 0x22B0",
    "port: octal": "port: 021260",
    "port: octal of YAML 1.2": "port: 0o21260",
    "port: a leading zero that is no octal": "port: 08880",
    "port: with an underscore": "port: 8_880",
    "port: binary": "port: 0b10001010110000",
    "port: sexagesimal": "port: 2:28:00",
    "port: in exponent form": "port: 888e1",
    "port: with a plus": "port: +8880",
    "port: null": "port: null",
    "port: of the tag int": 'port: !!int "8880"',
    "bind_addresses: the wildcard": "bind_addresses: [0.0.0.0]",
    "bind_addresses: the wildcard of IPv6": 'bind_addresses: ["::"]',
    "bind_addresses: both wildcards": 'bind_addresses: [0.0.0.0, "::"]',
    "bind_addresses: an empty text": 'bind_addresses: [""]',
    "bind_addresses: an empty text and a wildcard": 'bind_addresses: ["", 0.0.0.0]',
    "bind_addresses: two in one text": f'bind_addresses: ["{SERVER},{SERVER6}"]',
    "bind_addresses: with a port": f'bind_addresses: ["{SERVER}:7880"]',
    "bind_addresses: with a length": f'bind_addresses: ["{SERVER}/24"]',
    "bind_addresses: digits alone": 'bind_addresses: ["017"]',
    "bind_addresses: a leading zero": 'bind_addresses: ["127.0.0.01"]',
    "bind_addresses: one of IPv4": f"bind_addresses: [{SERVER}]",
    "bind_addresses: one of IPv6": f'bind_addresses: ["{SERVER6}"]',
    "bind_addresses: loopback": "bind_addresses: [127.0.0.1]",
    "bind_addresses: loopback of both": 'bind_addresses: [127.0.0.1, "::1"]',
    "bind_addresses: loopback and one of IPv6": f'bind_addresses: [127.0.0.1, "{SERVER6}"]',
    "bind_addresses: localhost": "bind_addresses: [localhost]",
    "bind_addresses: the same twice": f"bind_addresses: [{SERVER}, {SERVER}]",
    "bind_addresses: in brackets": 'bind_addresses: ["[::1]"]',
    "bind_addresses: not of this host": "bind_addresses: [198.51.100.77]",
    "bind_addresses: the wildcard and one of IPv4": f"bind_addresses: [0.0.0.0, {SERVER}]",
    "bind_addresses: one of IPv4 and the wildcard": f"bind_addresses: [{SERVER}, 0.0.0.0]",
    "bind_addresses: the wildcard and one of IPv6": f'bind_addresses: [0.0.0.0, "{SERVER6}"]',
    "bind_addresses: the wildcard of IPv6 and loopback": 'bind_addresses: ["::", 127.0.0.1]',
    "bind_addresses: localhost and its address": "bind_addresses: [localhost, 127.0.0.1]",
    "bind_addresses: one of IPv6, twice": f'bind_addresses: ["{SERVER6}", "{SERVER6.replace("::", ":0:0:0:0:")}"]',
    "bind_addresses: two of IPv4": f"bind_addresses: [127.0.0.1, {SERVER}]",
    "bind_addresses: a number": "bind_addresses: [1]",
    "bind_addresses: a text": "bind_addresses: 0.0.0.0",
    "bind_addresses: an empty list": "bind_addresses: []",
    "bind_addresses: null": "bind_addresses:",
    # --- keys, unknown keys
    "keys: none": "keys: {}",
    "keys: an empty set in development": "keys: {}\ndevelopment: true",
    "keys: null in development": "keys:\ndevelopment: true",
    "key_file in development": "key_file: keys.yaml\ndevelopment: true",
    "keys in development, one address": f"keys: {{}}\ndevelopment: true\nbind_addresses: [{SERVER}]",
    "keys in development, one address of IPv6": f'keys: {{}}\ndevelopment: true\nbind_addresses: ["{SERVER6}"]',
    "keys in development, the wildcard": "keys: {}\ndevelopment: true\nbind_addresses: [0.0.0.0]",
    "keys in development, a name and an address": (
        f"keys: {{}}\ndevelopment: true\nbind_addresses: [localhost, {SERVER}]"
    ),
    "development: on": "development: on",
    "development: y": "development: y",
    'development: "yes"': 'development: "yes"',
    "development: 1": "development: 1",
    "an unknown key": "prot: 7880",
    "an unknown key of rtc": "rtc: {tcp_prot: 7881}",
    "an unknown key of turn": "turn: {enabled: false, tls_prot: 443}",
    "an unknown key of prometheus": "prometheus: {prot: 6789}",
    "an unknown key of debug_handler": "debug_handler: {prot: 6060}",
    "a newer key": "webtransport: {port: 7443}",
    "a newer key of turn": (
        "turn: {enabled: true, udp_port: 3478, domain: turn.example.com, proxy_protocol: true}"
    ),
    "a newer limit of turn": "turn: {enabled: true, udp_port: 3478, per_user_relay_allocation_limit: 12}",
    "rtc: a list": "rtc: [7881]",
    "rtc: null": "rtc:",
    "turn: a text": "turn: yes please",
    "sections that open no port": (
        "room: {auto_create: false}\nlogging: {level: info}\nregion: here\nlimit: {num_tracks: 5}"
    ),
    "room: a list": "room: [auto_create]",
    "logging: a text": "logging: info",
    "redis: a text": "redis: localhost:6379",
    "redis: nobody answers": f"redis: {{address: {PEER}:6379}}",
    "limit: null": "limit:",
    "keys twice": f"{KEYS}\n{KEYS}",
    "a list at the top": "- keys: {}",
    "two documents": f"{KEYS}\nport: 8880\n---\nport: 9990",
    "a merged section": "prometheus: {<<: {port: 6789}}",
    "an alias": "prometheus: {port: &port 6789}\nrtc: {udp_port: *port}",
    # --- ICE over TCP
    "rtc.tcp_port: another": "rtc: {tcp_port: 8881}",
    "rtc.tcp_port: 0": "rtc: {tcp_port: 0}",
    "rtc.tcp_port: too large": "rtc: {tcp_port: 70000}",
    "rtc.tcp_port: -1": "rtc: {tcp_port: -1}",
    "rtc.tcp_port: that of the API": "rtc: {tcp_port: 7880}",
    "rtc.tcp_port: whatever is bound": f"rtc: {{tcp_port: 7881}}\nbind_addresses: [{SERVER}]",
    "rtc.allow_tcp_fallback: false": "rtc: {allow_tcp_fallback: false}",
    "rtc.force_tcp": "rtc: {force_tcp: true}",
    "rtc.force_tcp with a mux": "rtc: {force_tcp: true, udp_port: 7890, use_stun_port_as_ice: true}",
    "rtc.force_tcp without a port": "rtc: {force_tcp: true, tcp_port: 0}",
    # --- ICE over UDP
    "rtc.udp_port: with spaces": 'rtc: {udp_port: " 7890 - 7893 "}',
    "rtc.udp_port: one with a space": 'rtc: {udp_port: "7890 "}',
    "rtc.udp_port: of two ports": "rtc: {udp_port: 7890-7891}",
    "rtc.udp_port: backwards": "rtc: {udp_port: 7899-7890}",
    "rtc.udp_port: of equal ends": "rtc: {udp_port: 7890-7890}",
    "rtc.udp_port: three ends": "rtc: {udp_port: 7890-7891-7892}",
    "rtc.udp_port: half": "rtc: {udp_port: 7890-}",
    "rtc.udp_port: a word": "rtc: {udp_port: any}",
    "rtc.udp_port: too large": "rtc: {udp_port: 70000}",
    "rtc.udp_port: ends too large": "rtc: {udp_port: 65530-70000}",
    "rtc.udp_port: negative": "rtc: {udp_port: -7890}",
    "rtc.udp_port: from 0": "rtc: {udp_port: 0-7890}",
    "rtc.udp_port: a list": "rtc: {udp_port: [7890, 7891]}",
    "rtc.udp_port: a mapping": "rtc: {udp_port: {start: 7890, end: 7891}}",
    "rtc.udp_port: empty": 'rtc: {udp_port: ""}',
    "rtc.udp_port: null": "rtc: {udp_port: }",
    "rtc.udp_port: true": "rtc: {udp_port: true}",
    "rtc.udp_port: a whole float": "rtc: {udp_port: 7890.0}",
    "rtc.udp_port: hexadecimal": "rtc: {udp_port: 0x1ED2}",
    "rtc.udp_port: in exponent form": "rtc: {udp_port: 789e1}",
    "rtc.udp_port: octal of YAML 1.2": "rtc: {udp_port: 0o17322}",
    "rtc.udp_port: sexagesimal": "rtc: {udp_port: 2:11:30}",
    "rtc.udp_port: of the tag int": 'rtc: {udp_port: !!int "7890"}',
    "rtc.udp_port: leading zeros": "rtc: {udp_port: 07777}",
    "rtc.udp_port: with an underscore": "rtc: {udp_port: 7_890}",
    "rtc.udp_port: with a plus": "rtc: {udp_port: +7890}",
    "rtc.udp_port: a list beside a range": (
        "rtc: {udp_port: [7890], port_range_start: 50100, port_range_end: 50200}"
    ),
    "rtc.udp_port: a word beside a range": "rtc: {udp_port: any, port_range_start: 50100, port_range_end: 50200}",
    "rtc.use_stun_port_as_ice with a mux": "rtc: {udp_port: 7890, use_stun_port_as_ice: true}",
    "rtc.use_stun_port_as_ice with a range": "rtc: {use_stun_port_as_ice: true}",
    "rtc.use_stun_port_as_ice in development": "rtc: {use_stun_port_as_ice: true}\ndevelopment: true",
    "rtc.use_stun_port_as_ice beside TURN on it": (
        "rtc: {udp_port: 7890, use_stun_port_as_ice: true}\nturn: {enabled: true, udp_port: 3478}"
    ),
    "rtc.udp_port: that of TURN": "rtc: {udp_port: 3478}\nturn: {enabled: true, udp_port: 3478}",
    "port_range: backwards": "rtc: {port_range_start: 50200, port_range_end: 50100}",
    "port_range: of one port": "rtc: {port_range_start: 50100, port_range_end: 50100}",
    "port_range: a text": 'rtc: {port_range_start: "50100", port_range_end: "50200"}',
    "port_range: zeros": "rtc: {port_range_start: 0, port_range_end: 0}",
    "port_range: too large": "rtc: {port_range_start: 60000, port_range_end: 70000}",
    "port_range: negative": "rtc: {port_range_start: -1, port_range_end: 50200}",
    "rtc.ips: of IPv4": f"rtc: {{udp_port: 7890, ips: {{includes: [{SERVER}/24]}}}}",
    "rtc.ips: of IPv6": f'rtc: {{udp_port: 7890, ips: {{includes: ["{SERVER6}/64"]}}}}',
    "rtc.ips: without IPv6": 'rtc: {udp_port: 7890, ips: {excludes: ["::/0"]}}',
    "rtc.ips: without IPv4": "rtc: {udp_port: 7890, ips: {excludes: [0.0.0.0/0]}}",
    "rtc.ips: includes beat excludes": (
        f"rtc: {{udp_port: 7890, ips: {{includes: [{SERVER}/24], excludes: [0.0.0.0/0]}}}}"
    ),
    "rtc.ips: no block": f"rtc: {{udp_port: 7890, ips: {{includes: [{SERVER}]}}}}",
    "rtc.ips: no block among the excludes": "rtc: {ips: {excludes: [private]}}",
    "rtc.ips: a block with bits of the host": f"rtc: {{udp_port: 7890, ips: {{includes: [{SERVER}/32]}}}}",
    "rtc.interfaces": "rtc: {udp_port: 7890, interfaces: {includes: [wire0]}}",
    "rtc.enable_loopback_candidate": "rtc: {udp_port: 7890, enable_loopback_candidate: true}",
    # --- what the node calls itself
    "rtc.node_ip: one": f"rtc: {{node_ip: {SERVER}}}",
    "rtc.node_ip: of both families": f"rtc: {{udp_port: 7890, {BOTH_NODE_IPS}}}",
    "rtc.node_ip: a name": "rtc: {node_ip: sfu.example.com}",
    "rtc.node_ip: two of IPv4": f'rtc: {{node_ip: "{SERVER},{PEER}"}}',
    "rtc.node_ip: three": f'rtc: {{node_ip: "{SERVER},{SERVER6},{PEER}"}}',
    "rtc.node_ip: with spaces": f'rtc: {{node_ip: "{SERVER} , {SERVER6}"}}',
    "rtc.node_ip: a block": f"rtc: {{node_ip: {SERVER}/24}}",
    "rtc.node_ip: a list": f"rtc: {{node_ip: [{SERVER}]}}",
    "rtc.node_ip: IPv4 within IPv6": f'rtc: {{node_ip: "::ffff:{SERVER}"}}',
    "rtc.node_ip: with a zone": 'rtc: {node_ip: "fe80::1%wire0"}',
    "rtc.node_ip: a number": "rtc: {node_ip: 1}",
    "rtc.node_ip: a trailing comma": f'rtc: {{node_ip: "{SERVER},"}}',
    "rtc.node_ip: empty": 'rtc: {node_ip: ""}',
    "rtc.use_external_ip: a mux": f"rtc: {{udp_port: 7890, {STUN}}}",
    "rtc.use_external_ip: a range": f"rtc: {{port_range_start: 50100, port_range_end: 50200, {STUN}}}",
    "rtc.use_external_ip: a range of one port": f"rtc: {{port_range_start: 50100, port_range_end: 50100, {STUN}}}",
    "rtc.use_external_ip: a range of one port, not tried": (
        f"rtc: {{port_range_start: 50100, port_range_end: 50100, skip_external_ip_validation: true, {STUN}}}"
    ),
    "rtc.use_external_ip: beside node_ip": f"rtc: {{udp_port: 7890, {BOTH_NODE_IPS}, {STUN}}}",
    "rtc.turn_servers": (
        "rtc: {turn_servers: [{host: turn.example.com, port: 443, protocol: tls, username: u, credential: c}]}"
    ),
    "rtc.turn_servers: no credentials": "rtc: {turn_servers: [{host: turn.example.com, port: 443, protocol: tls}]}",
    # --- TURN
    "turn: no port": "turn: {enabled: true}",
    "turn: ports of 0": "turn: {enabled: true, udp_port: 0, tls_port: 0}",
    "turn: a negative port": "turn: {enabled: true, udp_port: -1}",
    "turn: one port negative": "turn: {enabled: true, udp_port: 3478, tls_port: -1}",
    "turn: off, but with a port": "turn: {enabled: false, udp_port: 3478, tls_port: 5349}",
    "turn: not enabled": "turn: {udp_port: 3478}",
    "turn: a port too large": "turn: {enabled: true, udp_port: 70000}",
    "turn: off, but with a port too large": "turn: {udp_port: 70000}",
    "turn: tls without a domain": "turn: {enabled: true, tls_port: 443, external_tls: true}",
    "turn: tls, a wrong domain": "turn: {enabled: true, tls_port: 443, external_tls: true, domain: localhost}",
    "turn: tls, an address for a domain": (
        f"turn: {{enabled: true, tls_port: 443, external_tls: true, domain: {SERVER}}}"
    ),
    "turn: tls, a URL for a domain": (
        'turn: {enabled: true, tls_port: 443, external_tls: true, domain: "turns:turn.example.com"}'
    ),
    "turn: udp, a wrong domain": "turn: {enabled: true, udp_port: 3478, domain: localhost}",
    "turn: tls without a certificate": "turn: {enabled: true, tls_port: 443, domain: turn.example.com}",
    "turn: tls with a certificate": (
        "turn: {enabled: true, tls_port: 443, domain: turn.example.com, cert_file: CERTIFICATE, key_file: SECRET}"
    ),
    "turn: tls with half a certificate": (
        "turn: {enabled: true, tls_port: 443, domain: turn.example.com, cert_file: CERTIFICATE}"
    ),
    "turn: tls with a certificate that is not there": (
        "turn: {enabled: true, tls_port: 443, domain: turn.example.com, cert_file: /none.pem, key_file: /none.pem}"
    ),
    "turn: on the port of ICE/TCP": (
        "turn: {enabled: true, tls_port: 7881, external_tls: true, domain: turn.example.com}"
    ),
    "turn: on the port of the API": (
        "turn: {enabled: true, tls_port: 7880, external_tls: true, domain: turn.example.com}"
    ),
    "turn: on the port of the API, at another address": (
        "bind_addresses: [127.0.0.1]\n"
        "turn: {enabled: true, domain: turn.example.com, tls_port: 7880, external_tls: true, "
        f"bind_addresses: [{SERVER}]}}"
    ),
    "turn: on the wildcard of IPv6, no address of that family": (
        'turn: {enabled: true, udp_port: 3478, bind_addresses: ["::"]}'
    ),
    "turn: on one of IPv6, no address of that family": (
        f'rtc: {{node_ip: {SERVER}}}\nturn: {{enabled: true, udp_port: 3478, bind_addresses: ["{SERVER6}"]}}'
    ),
    "turn: on one of IPv4, no address of that family": (
        f'rtc: {{node_ip: "{SERVER6}"}}\nturn: {{enabled: true, udp_port: 3478}}'
    ),
    "turn: on one of IPv6, the node's too": (
        f'rtc: {{node_ip: "{SERVER6}"}}\nturn: {{enabled: true, udp_port: 3478, bind_addresses: ["{SERVER6}"]}}'
    ),
    "turn: on an empty text": 'turn: {enabled: true, udp_port: 3478, bind_addresses: [""]}',
    "turn: on a name": "turn: {enabled: true, udp_port: 3478, bind_addresses: [localhost]}",
    "turn: on nothing": "turn: {enabled: true, udp_port: 3478, bind_addresses: []}",
    "turn: on both wildcards": (
        f'rtc: {{{BOTH_NODE_IPS}}}\nturn: {{enabled: true, udp_port: 3478, bind_addresses: [0.0.0.0, "::"]}}'
    ),
    "turn: relays": "turn: {enabled: true, udp_port: 3478, relay_range_start: 31000, relay_range_end: 31999}",
    "turn: relays backwards": "turn: {enabled: true, udp_port: 3478, relay_range_start: 31999, relay_range_end: 31000}",
    "turn: half of the relays": "turn: {enabled: true, udp_port: 3478, relay_range_start: 31000}",
    "turn: relays too large": "turn: {enabled: true, udp_port: 3478, relay_range_start: 31000, relay_range_end: 70000}",
    "turn: in development": "turn: {enabled: true, udp_port: 3478}\ndevelopment: true",
    "turn: a wrong block of peers": (
        "turn: {enabled: true, udp_port: 3478, allow_restricted_peer_cidrs: [10.0.0.0]}"
    ),
    "turn: on one of IPv4, its node_ip overwritten": (
        f'rtc: {{node_ip: "{SERVER6}", {STUN}}}\nturn: {{enabled: true, udp_port: 3478}}'
    ),
    # --- metrics and debugging
    "prometheus": "prometheus: {port: 6789}",
    "prometheus: bound": f"prometheus: {{port: 6789}}\nbind_addresses: [{SERVER}]",
    "prometheus: half of the credentials": "prometheus: {port: 6789, username: u}",
    "prometheus: too large": "prometheus: {port: 70000}",
    "prometheus: the port of the API": "prometheus: {port: 7880}",
    "prometheus_port": "prometheus_port: 6788",
    "prometheus_port beside prometheus": "prometheus_port: 6788\nprometheus: {port: 6789}",
    "prometheus_port: 0 beside prometheus": "prometheus_port: 0\nprometheus: {port: 6789}",
    "debug_handler": "debug_handler: {port: 6060}",
    "debug_handler: on loopback": "debug_handler: {port: 6060}\nbind_addresses: [127.0.0.1]",
    "debug_handler: in development": "debug_handler: {port: 6060}\ndevelopment: true\nkeys: {}",
    "everything at once": (
        f"port: 8880\nbind_addresses: [{SERVER}]\nprometheus: {{port: 6789}}\ndebug_handler: {{port: 6060}}\n"
        f"rtc: {{tcp_port: 8881, udp_port: 7890-7899, use_stun_port_as_ice: true, {BOTH_NODE_IPS}}}\n"
        f"turn: {{enabled: true, domain: turn.example.com, udp_port: 443, tls_port: 5349, external_tls: true}}"
    ),
}  # fmt: skip
