import pulumi
from livekit_firewall import LiveKitFirewall, LiveKitFirewallArgs

args: LiveKitFirewallArgs = {"aws": {"vpc_id": "vpc-0123456789abcdef0"}}
site = pulumi.ComponentResource("media:index:Site", "site")

LiveKitFirewall("firewall", args, opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="my_firewall")]))
moved = pulumi.ResourceOptions(parent=site, aliases=[pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)])
LiveKitFirewall("media", args, opts=moved)
