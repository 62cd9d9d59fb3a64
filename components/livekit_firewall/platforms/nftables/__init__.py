"""The host's own firewall: an nftables ruleset that `nft -f` loads, and loads again without residue.

    from .. import nftables
    print(nftables.render(rules))        # table inet livekit { ... }

Loads no Pulumi; `nftables.component` does.
"""

from __future__ import annotations

from .baseline import BASELINE, baseline
from .language import LIMITS
from .render import render

__all__ = ["BASELINE", "LIMITS", "baseline", "render"]
