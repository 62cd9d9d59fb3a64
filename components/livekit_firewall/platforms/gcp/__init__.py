"""Google Cloud: VPC firewall rules, one per purpose, kind of source and family.

    native = render(rules, GcpTarget(network="default", target_tags=("livekit",)))
    [rule.key for rule in native]        # ['icmp-ipv4', 'icmp-ipv6', 'public-ipv4', ...]
    [rule.name for rule in native]       # ['livekit-icmp-ipv4', ..., 'livekit-public-ipv4-a6470e42', ...]
    native.as_json()                     # the bodies of the API's `firewalls.insert`

Loads neither Pulumi nor Google's SDK; `gcp.component` and `args` do.
"""
