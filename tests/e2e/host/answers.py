"""What a reading answers of packets."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from livekit_firewall.effective.evaluate import EffectiveRules
from livekit_firewall.model.ports import Protocol


def answers(found: EffectiveRules, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], bool | None]:
    """For each source and `tcp/22`: admitted, denied, or None where that is not known."""

    def answer(source: str, port: str) -> bool | None:
        protocol, _, number = port.partition("/")
        packet = ipaddress.ip_address(source), Protocol(protocol), int(number)
        if found.unknown.holds(*packet) or found.partly.holds(*packet):
            return None
        return found.admitted.holds(*packet)

    return {pair: answer(*pair) for pair in pairs}
