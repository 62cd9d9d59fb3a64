"""What the clouds' commands print, with fields and values that nobody knows, against judges that read it on their own:
never a certain answer that differs, and never "not known" where both know.
"""

from __future__ import annotations

import json
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.effective.evaluate import Selection
from livekit_firewall.platforms.registry import BY_NAME, PLATFORMS

from ..listings import ADDRESSES, PACKETS, azure, gcp, said, within
from ..strategies import few_examples

JUDGES = {one.name: import_module(f"tests.unit.listings.{one.name}") for one in PLATFORMS if not one.is_on_node}
ASKED = {"gcp": Selection(target_tags=(gcp.TAG,))}


@pytest.mark.parametrize("platform", JUDGES)
@few_examples
@given(st.data())
def test_every_packet_is_judged_alike(platform, data):
    on = JUDGES[platform]
    listing = json.loads(json.dumps(data.draw(on.listings())))
    found = BY_NAME[platform].from_cli().read(listing, ASKED.get(platform, Selection()))
    for packet in PACKETS:
        expected, told = on.judge(listing, packet), said(found, packet)
        # where only the judge splits `Internet` by its ports, the reader says less
        is_less = platform == "azure" and (expected, told) == ("open", "by name") and within(packet[0], azure.INSIDE)
        assert told == expected or is_less, packet


def test_a_source_that_is_known_says_nothing_of_one_beside_it_that_is_not():
    rule = {
        "name": "r100", "priority": 100, "access": "Allow", "direction": "Inbound", "protocol": "Tcp",
        "sourcePortRange": "5060", "sourceAddressPrefixes": ["10.0.0.0/24", "Storage"],
        "destinationPortRange": "443", "destinationAddressPrefix": "*",
    }  # fmt: skip
    packet = ("10.0.0.1", "tcp", 443)
    found = BY_NAME["azure"].from_cli().read([rule], Selection())
    assert (azure.judge([rule], packet), said(found, packet)) == ("unknown", "unknown")


def test_the_addresses_lie_on_both_sides_of_every_block_of_private_addresses():
    assert {within(one, azure.INSIDE) for one in ADDRESSES} == {True, False}
