"""Which targets can be asked in their service's own protocol, and what they answer."""

from __future__ import annotations

import asyncio
from collections.abc import Container, Mapping, Sequence
from ipaddress import ip_address

from ...model.services import Service
from ..answers import ASKABLE, ask
from ..results.verdict import ProbeTarget, ServiceAnswer


def has_question(target: ProbeTarget, unasked: Container[Service]) -> bool:
    """Whether the service of a single port has a protocol to be asked in, and is none of those not to be asked."""
    service, ports = target.service, target.ports
    if service is None or service in unasked or len(ports) > 1:
        return False
    return (service, ports.protocol) in ASKABLE


async def ask_each(
    targets: Sequence[ProbeTarget], address: str, host: str, names: Mapping[Service, str]
) -> list[ServiceAnswer]:
    """The answers of all targets, asked at the same time.

    Args:
        address: a literal of the targets' family.
        host: as the user named it; its DNS name is the one that certificates are checked against.
        names: of services whose certificates have another name.
    """

    async def one(target: ProbeTarget) -> ServiceAnswer | None:
        ports, service = target.ports, target.service
        if service is None:
            return None
        name = names.get(service) or _dns_name(host)
        return await ask(service, ports.protocol, ports.first, address, name, target.family)

    answers = await asyncio.gather(*(one(target) for target in targets))
    return [answer for answer in answers if answer is not None]


def _dns_name(host: str) -> str | None:
    """A DNS name, for certificates; None for an address, and for one of each family."""
    for word in host.split():
        try:
            ip_address(word)
        except ValueError:
            return word
    return None
