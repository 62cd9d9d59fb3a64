// Every shape that other languages have: no error.
import * as pulumi from "@pulumi/pulumi";
import * as aws from "@pulumi/aws";
import * as livekit from "@pulumi/livekit";

const id: pulumi.Output<string> = pulumi.output("an id");
const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" });

new livekit.LiveKitFirewall("empty");
const firewall = new livekit.LiveKitFirewall("livekit", {
    livekit: true,
    port: 7880,
    tcpPort: 7881,
    udpPort: "7882-7892",
    turn: { enabled: true, domain: "turn.example.org", tlsPort: 5349, bindAddresses: ["10.0.0.1"] },
    prometheus: { port: 6789 },
    sip: { rtpPort: "10000-20000", tls: { port: 5061 } },
    ingress: { rtcConfig: { udpPort: "7885" } },
    https: { acme: false },
    plugnmeet: {},
    compose: ["compose.yaml"],
    helm: ["livekit-server=values.yaml"],
    versions: { livekit: "1.9.11" },
    trunks: [{ name: "carrier", signaling: { a: "198.51.100.0/24" }, media: { a: id } }],
    operators: { cidrs: { office: "203.0.113.0/24", bastion: id }, sshPort: 2222 },
    extraRules: [{ name: "node-exporter", protocol: "tcp", ports: "9100", cidrs: { monitoring: id } }],
    loadBalancer: { passthrough: true },
    cluster: { sameGroup: true, services: ["redis"] },
    ipv6: false,
    aws: {
        vpcId: vpc.id,
        loadBalancerSecurityGroupIds: { alb: id, nlb: "sg-1" },
        securityGroups: { operators: { bastion: id } },
        prefixLists: { clients: { cdn: { id, maxEntries: 5 } } },
        tags: { team: "media" },
    },
    gcp: { network: id, sourceTags: { cluster: { nodes: id } }, targetServiceAccounts: [id, "a@b.iam.gserviceaccount.com"], googleLoadBalancer: true },
    digitalocean: { dropletIds: [id, "1"], loadBalancerUids: [id] },
    azure: { resourceGroupName: id, location: "westeurope" },
    hetzner: { serverIds: [id, "1"], labelSelectors: [id], privateLoadBalancer: true },
    host: {},
}, { protect: true, parent: vpc, providers: [] });

const used: pulumi.Input<string>[] = [
    firewall.awsSecurityGroupId,
    firewall.azureNetworkSecurityGroupId,
    firewall.digitaloceanFirewallId,
    firewall.hetznerFirewallId,
    firewall.hostRuleset,
    firewall.userData,
    firewall.gcpFirewallIds.apply(ids => ids["public-ipv4"]),
    firewall.rules.apply(rules => rules.map(rule => `${rule.protocol} ${rule.first + rule.last}`).join()),
];
new aws.ec2.Instance("node", {
    instanceType: "c7i.xlarge",
    vpcSecurityGroupIds: firewall.awsSecurityGroupIds,
    userData: firewall.userData,
});
export { used };
