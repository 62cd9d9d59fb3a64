// An error at each line that says so, and at no other.
package main

import (
	"example.com/pulumi-livekit/sdk/go/livekit"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		id := pulumi.String("an id").ToStringOutput()
		firewall, err := livekit.NewLiveKitFirewall(ctx, "livekit", &livekit.LiveKitFirewallArgs{
			TcpPrt:  pulumi.IntRef(7881), // wrong
			Port:    pulumi.Int(7880),    // wrong
			TcpPort: 7881,                // wrong
			Https:   true,                // wrong
			UdpPort: pulumi.IntRef(7882), // wrong
			Trunks:  "anywhere",          // wrong
			Compose: "compose.yaml",      // wrong
			Turn: &livekit.TurnArgs{
				Domain: id, // wrong
			},
			Aws: &livekit.AwsArgs{
				Vpc_id:                       id,                          // wrong
				SecurityGroupId:              "sg-1",                      // wrong
				LoadBalancerSecurityGroupIds: pulumi.StringArray{id},      // wrong
				Tags:                         map[string]string{"a": "b"}, // wrong
			},
			Gcp: livekit.GcpArgs{}, // wrong
		})
		var _ pulumi.IntInput = firewall.AwsSecurityGroupId // wrong
		ctx.Export("id", firewall.Aws_security_group_id)    // wrong
		return err
	})
}
