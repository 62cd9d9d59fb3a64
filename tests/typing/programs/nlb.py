import pulumi_aws as aws
from livekit_firewall import LiveKitFirewall

vpc = aws.ec2.Vpc("media", cidr_block="10.20.0.0/16")
subnets = {
    zone: aws.ec2.Subnet(zone, vpc_id=vpc.id, cidr_block=f"10.20.{number}.0/24", availability_zone=zone)
    for number, zone in enumerate(["eu-central-1a", "eu-central-1b"])
}
aws.lb.LoadBalancer("media", load_balancer_type="network", subnets=[subnet.id for subnet in subnets.values()])

firewall = LiveKitFirewall(
    "livekit",
    livekit_config="examples/livekit.yaml",
    load_balancer={"cidrs": {zone: subnet.cidr_block for zone, subnet in subnets.items()}},
    aws={"vpc_id": vpc.id},
)
for zone, subnet in subnets.items():
    aws.ec2.Instance(
        f"node-{zone}",
        ami="ami-0123456789abcdef0",
        instance_type="c7i.xlarge",
        subnet_id=subnet.id,
        vpc_security_group_ids=[firewall.aws_security_group_id],
    )
