"""`DigitalOceanFirewall`: one cloud firewall, as a Pulumi resource."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pulumi

from ...model.rules import RuleSet
from ..running import sdk, told_by_pulumi
from .native import InboundRule, Native, OutboundRule
from .record import DIGITALOCEAN
from .render import render
from .target import DigitalOceanTarget

LAWFUL = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9.-]+")
"""Source: `name` of https://docs.digitalocean.com/reference/api/digitalocean/#tag/Firewalls"""

LONGEST = 200
"""The provider's auto-name stays within 255; no source names a limit of the API."""


class DigitalOceanFirewall(pulumi.ComponentResource):
    """A cloud firewall that admits what `rules` admit, for the Droplets that `target` names.

    It owns the attachment: what else is attached to this firewall by hand is detached at the next update,
    since the API replaces it as a whole. Every edit is an update in place. Tags must exist before: where the
    program makes them too, name them in `opts.depends_on`.

    Outputs:
        firewall_id: the UUID of the firewall.

    Raises InvalidArguments, also without the package pulumi-digitalocean, before anything is registered.
    """

    firewall_id: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        rules: RuleSet,
        target: DigitalOceanTarget,
        *,
        ipv6: bool = True,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        with told_by_pulumi():
            native = render(rules, target, ipv6=ipv6)
            firewall = sdk(DIGITALOCEAN).Firewall
        super().__init__("livekit:index:DigitalOceanFirewall", name, None, opts)
        # Pulumi does not hand `depends_on` down to children, and a tag that does not exist is refused.
        child = pulumi.ResourceOptions(parent=self, depends_on=opts.depends_on if opts else None)
        made = firewall(lawful_name(name), **_inputs(native), opts=child)
        self.firewall_id = made.id
        self.register_outputs({"firewall_id": self.firewall_id})


def lawful_name(name: str) -> str:
    """`{name}-firewall` where the API accepts that, otherwise its lawful part, a digest of the whole, and
    `firewall`. It is a logical name: Pulumi appends a random suffix.
    """
    plain = f"{name}-firewall"
    if LAWFUL.fullmatch(plain) and len(plain) <= LONGEST:
        return plain
    digest = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:10]
    slug = re.sub(r"[^a-zA-Z0-9.]+", "-", name).strip("-.")[: LONGEST - 20]
    return f"{slug or 'lk'}-{digest}-firewall"


def _inputs(native: Native) -> dict[str, Any]:
    return {
        "inbound_rules": [_inbound(entry) for entry in native.inbound],
        "outbound_rules": [_outbound(entry) for entry in native.outbound],
        "droplet_ids": _droplets(native.droplet_ids),
        "tags": list(native.tags) or None,
    }


def _inbound(entry: InboundRule) -> dict[str, Any]:
    """Only what is set: an empty list would be written as one."""
    fields = {
        "protocol": entry.protocol,
        "port_range": entry.port_range,
        "source_addresses": list(entry.source_addresses),
        "source_droplet_ids": _droplets(entry.source_droplet_ids),
        "source_tags": list(entry.source_tags),
        "source_load_balancer_uids": list(entry.source_load_balancer_uids),
    }
    return {field: value for field, value in fields.items() if value}


def _outbound(entry: OutboundRule) -> dict[str, Any]:
    ports = {"port_range": entry.port_range} if entry.port_range else {}
    return {"protocol": entry.protocol, **ports, "destination_addresses": list(entry.destination_addresses)}


def _droplets(ids: tuple[Any, ...]) -> list[Any] | None:
    """A Droplet's output `id` is a text, the firewall's argument is a list of integers."""
    return [one.apply(int) if isinstance(one, pulumi.Output) else one for one in ids] or None
