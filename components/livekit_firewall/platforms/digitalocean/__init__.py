"""DigitalOcean: one cloud firewall, whose entries hold all sources of a protocol and its ports.

    from .. import digitalocean
    native = digitalocean.render(rules, DigitalOceanTarget(tags=("livekit",)))
    native.inbound[0]                    # InboundRule(protocol='tcp', port_range='7881', ...)
    native.as_json()                     # the body of the API's `POST /v2/firewalls`, without its name

Loads neither Pulumi nor DigitalOcean's SDK; `digitalocean.component` does.
"""

from __future__ import annotations

from .native import InboundRule, Native, OutboundRule
from .render import BASELINE, LIMITS, baseline, render

__all__ = ["BASELINE", "LIMITS", "InboundRule", "Native", "OutboundRule", "baseline", "render"]
