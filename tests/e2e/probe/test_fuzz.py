"""Garbage on the wire: a real listener answers none of it, and a real check right afterwards.

The packets begin with the run's selector, so that nft diverts them to the listener as it does its own; what a
million of them come to within the process is tests/unit/probe/test_fuzz.py.
"""

from __future__ import annotations

import json
import sys

import pytest

from livekit_firewall.probe.wire.messages import Keys
from livekit_firewall.probe.wire.token import Token

from .found import FAMILIES, expected, verdicts
from .lab import SERVER, SERVER6, Lab

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns")

MEDIA = "udp/50000-50063"
WHOLE = 200_000

# Prints how many packets were sent and how many came back: of garbage, and of one signed probe and its copies.
PROGRAM = """
import json, os, select, socket, sys
from livekit_firewall.probe.wire.token import Token
from livekit_firewall.probe.wire.messages import HEAD, Keys, Kind, sign

hosts, whole, keys = sys.argv[1:3], int(sys.argv[3]), Keys(Token.parse(sys.argv[4]))
senders = {host: socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) for host in hosts}
block, session = os.urandom(1 << 20), os.urandom(8)

def head(host, counter):
    return HEAD.pack(keys.selector, session, counter, 50001, 6 if ":" in host else 4, Kind.PROBE)

def garbage():
    at = 0
    for number in range(whole):
        at = (at + 61) % (len(block) - 2000)
        kind = number % 8
        if kind < 4:  # as long as a probe, and of its kind
            yield keys.selector + block[at : at + 15] + b"\\1" + block[at : at + 16]
        elif kind == 4:  # a control message to look at
            yield keys.selector + block[at : at + 15] + bytes([2 + number // 8 % 5]) + block[at : at + 1176]
        elif kind == 5:  # any length
            yield keys.selector + block[at : at + block[at] * 5]
        elif kind == 6:  # all right but for the signature
            yield head(hosts[number % 16 // 8], number) + block[at : at + 16]
        else:
            yield block[at : at + 40]

def back(patience):
    found = 0
    while (ready := select.select(list(senders.values()), [], [], patience)[0]):
        for one in ready:
            one.recv(2048)
            found += 1
    return found

sent = 0
for number, data in enumerate(garbage()):
    host = hosts[number % 16 // 8]
    try:
        senders[host].sendto(data, (host, 50000 + number % 64))
        sent += 1
    except OSError:  # the queue is full for the moment
        pass
garbage_back = back(1.0)

copies = 0
for host in hosts:
    one = head(host, len(host))  # a counter that the other family's has not: both are of one session
    signed = one + sign(one, keys.request)
    for _ in range(1000):
        senders[host].sendto(signed, (host, 50001))
        copies += 1
print(json.dumps([sent, garbage_back, copies, back(2.0)]))
"""


@pytest.fixture(scope="module")
def lab():
    with Lab() as made:
        yield made


def test_garbage_with_the_runs_selector_is_not_answered_and_a_check_afterwards_is(lab):
    with lab.listen("--port", MEDIA, "--host", SERVER) as listening:
        before = lab.run(lab.client, sys.executable, "-c", PROGRAM, SERVER, SERVER6, str(WHOLE + 5000), listening.token)
        sent, answers, copies, replies = json.loads(before)
        assert sent >= WHOLE
        assert answers == 0
        assert copies == 2000
        assert replies == 2, "of a probe and its copies, one in each family is answered"
        assert not listening.look(), listening.stderr
        checked = lab.check(SERVER, SERVER6, "--token", listening.token, "--port", MEDIA)
        listening.look()
        assert listening.peak_mib < 100
    assert verdicts(checked, MEDIA) == expected([MEDIA], **dict.fromkeys(FAMILIES, "reachable"))
    assert checked.found["listener"]
    assert (listening.code, listening.stderr) == (0, "")
    assert lab.leftovers() == []


def test_the_garbage_reaches_the_listener(lab):
    """Or the test above would prove nothing: the same packets are counted by the rules that divert them."""
    with lab.listen("--port", MEDIA) as listening:
        selector = Keys(Token.parse(listening.token)).selector.hex()
        lab.host(
            "table inet seen {\nchain c {\ntype filter hook input priority -400\n"
            f"meta l4proto udp @th,64,64 0x{selector} counter\n}}\n}}"
        )
        lab.run(lab.client, sys.executable, "-c", PROGRAM, SERVER, SERVER6, "8000", listening.token)
        counted = json.loads(lab.run(lab.server, "nft", "-j", "list", "table", "inet", "seen"))
    (rule,) = (entry["rule"] for entry in counted["nftables"] if "rule" in entry)
    (packets,) = (part["counter"]["packets"] for part in rule["expr"] if "counter" in part)
    # seven of eight begin with the selector; a queue of the kernel may overflow for a moment
    assert 8000 < packets <= 8000 * 7 // 8 + 2000
