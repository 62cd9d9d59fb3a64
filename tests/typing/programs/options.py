import pulumi
import pulumi_aws as aws
from livekit_firewall import LiveKitFirewall, LiveKitFirewallArgs

args: LiveKitFirewallArgs = {"aws": {"vpc_id": "vpc-0123456789abcdef0"}}
site = pulumi.ComponentResource("media:index:Site", "site")
vpcs = {"eu-central-1": "vpc-0123456789abcdef0", "us-east-1": "vpc-0fedcba9876543210"}

frankfurt = aws.Provider("frankfurt", region="eu-central-1")
LiveKitFirewall("media", args, opts=pulumi.ResourceOptions(parent=site, provider=frankfurt))

for region in ("eu-central-1", "us-east-1"):
    LiveKitFirewall(f"media-{region}", {**args, "aws": {"vpc_id": vpcs[region], "region": region}})


def edit(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
    if args.type_ != "aws:ec2/securityGroup:SecurityGroup":
        return None
    args.opts.custom_timeouts = pulumi.CustomTimeouts(delete="5m")
    args.opts.ignore_changes = [*(args.opts.ignore_changes or ()), "tags"]  # the group has one of its own
    tags = pulumi.Output.from_input(args.props.get("tags")).apply(lambda old: {**(old or {}), "team": "media"})
    return pulumi.ResourceTransformResult({**args.props, "tags": tags}, args.opts)


LiveKitFirewall("media", args, opts=pulumi.ResourceOptions(transforms=[edit]))
