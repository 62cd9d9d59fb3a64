"""DigitalOcean: one cloud firewall, whose entries hold all sources of a protocol and its ports.

    native = render(rules, DigitalOceanTarget(tags=("livekit",)))
    native.inbound[0]                    # InboundRule(protocol='tcp', port_range='7881', ...)
    native.as_json()                     # the body of the API's `POST /v2/firewalls`, without its name

Loads neither Pulumi nor DigitalOcean's SDK; `digitalocean.component` and `args` do.
"""
