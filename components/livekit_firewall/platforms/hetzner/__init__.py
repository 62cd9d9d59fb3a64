"""Hetzner Cloud: one firewall, whose rules hold all sources of a protocol and its ports.

    native = render(rules, HetznerTarget(label_selectors=("app=livekit",)))
    native.rules[0]                      # FirewallRule(protocol='tcp', port='7881', ...)
    native.as_json()                     # the body of the API's `POST /v1/firewalls`, without its name

Loads neither Pulumi nor Hetzner's SDK; `hetzner.component` and `args` do.
"""
