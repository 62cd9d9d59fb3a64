"""Rulesets of hosts on which the product was wrong: what `compare` says of each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from livekit_firewall.cli.group import main

FOLDER = Path(__file__).parents[1] / "firewalls" / "nft"
API, ICE_TCP, ICE_UDP = "tcp/7880-7880 from 10.0.0.0/24", "tcp/7881-7881", "udp/50000-60000"
ANYWHERE = " from 0.0.0.0/0 ::/0"

EXPECTED = {
    "reject-last": {"missing": {API, ICE_TCP + ANYWHERE, ICE_UDP + ANYWHERE}},
    "banned-block": {"missing": {f"{ICE_TCP} from 198.51.100.0/24", f"{ICE_UDP} from 198.51.100.0/24"}},
    "accept-once-an-hour": {"unknown": {ICE_UDP + ANYWHERE}},
    "drop-floods": {"unknown": {ICE_UDP + ANYWHERE}},
    "meter": {"unknown": {ICE_UDP + ANYWHERE}},
    "quota": {"unknown": {ICE_UDP + ANYWHERE}},
    "ufw-like": {"unknown": {API, ICE_TCP + ANYWHERE, ICE_UDP + ANYWHERE}},
    "by-interface": {"unknown": {API, ICE_TCP + ANYWHERE, ICE_UDP + ANYWHERE}},
    "nft-commands": {"missing": {API, ICE_TCP + ANYWHERE, ICE_UDP + ANYWHERE}},
    "proto-dot-port": {},
    "firewalld-like": {},
    "loopback": {},
}

DOUBTS = {
    "accept-once-an-hour": (
        "accepts by `udp dport 50000-60000 update @seen { ip saddr limit rate 1/hour }`, "
        "which depends on a rate, a count or a quota; it may admit more than is shown"
    ),
    "meter": (
        "drops by `udp dport 50000-60000 meter flood { ip saddr limit rate over 200/second }`, "
        "which depends on a rate, a count or a quota; it may deny some of what is needed"
    ),
    "quota": (
        "drops by `udp dport 50000-60000 quota over 500 mbytes`, which depends on a quota; "
        "it may deny some of what is needed"
    ),
    "ufw-like": (
        'returns by `xt match "addrtype"`, which depends on what is not understood: `xt match "addrtype"`; '
        "it may admit or deny more than is shown"
    ),
    "by-interface": (
        'accepts by `iifname "eth0" udp dport 50000-60000`, which depends on the interface that a packet comes by; '
        "it may admit more than is shown"
    ),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_each_says_what_is_known_and_what_is_not(name, capsys):
    given = ["--livekit", str(FOLDER / "livekit.yaml"), "--load-balancer", "10.0.0.0/24", "--json"]
    with pytest.raises(SystemExit) as ended:
        main(["compare", str(FOLDER / f"{name}.json"), *given])
    assert ended.value.code == (1 if EXPECTED[name] else 0)
    said = json.loads(capsys.readouterr().out)
    found = {
        kind: {f"{one['protocol']}/{one['first']}-{one['last']} from {' '.join(one['sources'])}" for one in said[kind]}
        for kind in ("missing", "unknown", "superfluous", "too_wide")
        if said[kind]
    }
    assert found == EXPECTED[name]
    doubts = {one["why"] for one in said["not_understood"]}
    assert bool(doubts) == ("unknown" in EXPECTED[name])
    if name in DOUBTS:
        assert DOUBTS[name] in doubts
