"""Azure: one network security group with inline rules, a priority band per service, a last deny.

    native = render(rules, AzureTarget(resource_group_name="media"))
    [(rule.priority, rule.name) for rule in native.security_rules]    # [(100, 'icmp-ipv4'), ...]

The group is attached to nothing: azure-native has no resource for that, its owner gives the id to a
subnet or a network interface. Standalone `SecurityRule` resources must not be mixed with it: each would
delete the other's rules.

Imports neither Pulumi nor its Azure provider; `component.AzureFirewall` and `args` do.
"""
