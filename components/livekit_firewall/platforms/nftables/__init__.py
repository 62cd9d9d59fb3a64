"""The host's own firewall: an nftables ruleset that `nft -f` loads, and loads again without residue.

    print(render(rules))        # table inet livekit { ... }

Loads no Pulumi; `host.component` does.
"""
