"""`DigitalOceanFirewall`: one cloud firewall, as a Pulumi resource."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

import pulumi

from ...model.rules import RuleSet
from ..running import pulumi_errors, sdk
from .native import Native
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
        with pulumi_errors():
            native = render(rules, target, ipv6=ipv6)
            firewall = sdk(DIGITALOCEAN).Firewall
        super().__init__("livekit:index:DigitalOceanFirewall", name, None, opts)
        # Pulumi does not hand `depends_on` down to children, and a tag that does not exist is refused.
        child = pulumi.ResourceOptions(parent=self, depends_on=opts.depends_on if opts else None)
        made = firewall(lawful_name(name), **_with_numbers(native).arguments(), opts=child)
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


def _with_numbers(native: Native) -> Native:
    inbound = tuple(replace(one, source_droplet_ids=_droplets(one.source_droplet_ids)) for one in native.inbound)
    return replace(native, inbound=inbound, droplet_ids=_droplets(native.droplet_ids))


def _droplets(ids: tuple[object, ...]) -> tuple[object, ...]:
    """A Droplet's output `id` is a text, the firewall's argument is a list of integers."""
    return tuple(one.apply(int) if isinstance(one, pulumi.Output) else one for one in ids)
