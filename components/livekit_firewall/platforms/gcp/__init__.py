"""Google Cloud: VPC firewall rules, one per purpose, kind of source and family.

    from .. import gcp
    native = gcp.render(rules, GcpTarget(network="default", target_tags=("livekit",)))
    [rule.name for rule in native]       # ['livekit-public-ipv4', 'livekit-public-ipv6', ...]
    native.as_json()                     # the bodies of the API's `firewalls.insert`

Loads neither Pulumi nor Google's SDK; `gcp.component` does.
"""

from __future__ import annotations

from .native import Allow, FirewallRule, Native
from .render import BASELINE, GOOGLE_LOAD_BALANCERS, LIMITS, baseline, render

__all__ = ["BASELINE", "GOOGLE_LOAD_BALANCERS", "LIMITS", "Allow", "FirewallRule", "Native", "baseline", "render"]
