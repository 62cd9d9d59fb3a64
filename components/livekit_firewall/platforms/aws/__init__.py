"""AWS: one EC2 security group, one standalone rule resource per protocol, port range and source.

    native = render(rules, AwsTarget(vpc_id="vpc-0123"))
    [rule.key for rule in native.rules]    # ['ice-udp-50000-60000-any-ipv4', ...]

Creates a security group unless an existing one is named, and the rules in it. Creates no VPC, network
interface or load balancer, attaches the group to nothing, and neither sees nor removes a rule that it
did not create: the provider has no resource that owns all rules of a group.

Imports neither Pulumi nor its AWS provider; `component.AwsFirewall` and `args` do.
"""
