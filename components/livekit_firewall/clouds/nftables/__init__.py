"""The host's own firewall: an nftables ruleset that `nft -f` loads, and loads again without residue.

    from livekit_firewall.clouds import nftables
    print(nftables.render(rules))        # table inet livekit { ... }

Loads no Pulumi; `nftables.component` does.
"""

from __future__ import annotations

from .besides import BASELINE, baseline
from .render import render
from .text import LIMITS

__all__ = ["BASELINE", "LIMITS", "baseline", "render"]
