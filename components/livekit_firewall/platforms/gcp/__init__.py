"""Google Cloud: VPC firewall rules, one per purpose, kind of source and family.

    native = render(rules, GcpTarget(network="default", target_tags=("livekit",)))
    [rule.name for rule in native]       # ['livekit-public-ipv4', 'livekit-public-ipv6', ...]
    native.as_json()                     # the bodies of the API's `firewalls.insert`

Loads neither Pulumi nor Google's SDK; `gcp.component` does.
"""
