// Every shape that other languages have: it compiles.
package main

import (
	"example.com/pulumi-livekit/sdk/go/livekit"
	"github.com/pulumi/pulumi-aws/sdk/v7/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		id := pulumi.String("an id").ToStringOutput()
		vpc, err := ec2.NewVpc(ctx, "vpc", &ec2.VpcArgs{})
		if err != nil {
			return err
		}
		if _, err = livekit.NewLiveKitFirewall(ctx, "empty", nil); err != nil {
			return err
		}
		firewall, err := livekit.NewLiveKitFirewall(ctx, "livekit", &livekit.LiveKitFirewallArgs{
			Livekit: pulumi.BoolRef(true),
			Port:    pulumi.IntRef(7880),
			UdpPort: pulumi.StringRef("7882-7892"),
			Turn:    &livekit.TurnArgs{Enabled: pulumi.BoolRef(true), BindAddresses: []string{"10.0.0.1"}},
			Sip:     &livekit.SipArgs{Tls: &livekit.SipTlsArgs{Port: pulumi.IntRef(5061)}},
			Https:   &livekit.HttpsArgs{},
			Compose: []string{"compose.yaml"},
			Trunks: []livekit.TrunkArgs{{
				Name:      pulumi.StringRef("carrier"),
				Signaling: map[string]pulumi.StringInput{"a": pulumi.String("198.51.100.0/24")},
				Media:     map[string]pulumi.StringInput{"a": id},
			}},
			Cluster: &livekit.ClusterArgs{SameGroup: pulumi.BoolRef(true), Services: []string{"redis"}},
			Aws: &livekit.AwsArgs{
				VpcId:                        vpc.ID(),
				LoadBalancerSecurityGroupIds: map[string]pulumi.StringInput{"alb": id, "nlb": pulumi.String("sg-1")},
				SecurityGroups: &livekit.ByAudienceArgs{
					Operators: map[string]pulumi.StringInput{"bastion": id},
				},
				Tags: pulumi.StringMap{"team": pulumi.String("media")},
			},
			Gcp:          &livekit.GcpArgs{Network: id, TargetServiceAccounts: []pulumi.StringInput{id}},
			Digitalocean: &livekit.DigitalOceanArgs{DropletIds: []pulumi.StringInput{vpc.ID(), pulumi.String("1")}},
			Azure:        &livekit.AzureArgs{ResourceGroupName: id},
			Host:         &livekit.HostArgs{},
		}, pulumi.Protect(true), pulumi.Parent(vpc))
		if err != nil {
			return err
		}
		_, err = ec2.NewInstance(ctx, "node", &ec2.InstanceArgs{
			VpcSecurityGroupIds: firewall.AwsSecurityGroupIds,
			UserData:            firewall.UserData,
		})
		ctx.Export("firewalls", firewall.GcpFirewallIds)
		ctx.Export("rules", firewall.Rules.Index(pulumi.Int(0)).Protocol())
		return err
	})
}
