// An error at each line that says so, and at no other.
import * as pulumi from "@pulumi/pulumi";
import * as livekit from "@pulumi/livekit";

const id: pulumi.Output<string> = pulumi.output("an id");
const port: pulumi.Output<number> = pulumi.output(7880);

new livekit.LiveKitFirewall("a key that is not known", {
    tcpPrt: 7881, // wrong
});
new livekit.LiveKitFirewall("the names of Python", {
    tcp_port: 7881, // wrong
});
new livekit.LiveKitFirewall("the names of Python, below", {
    aws: {
        vpc_id: id, // wrong
    },
});
new livekit.LiveKitFirewall("an Output that shapes rules", {
    port, // wrong
    turn: {
        domain: id, // wrong
    },
});
new livekit.LiveKitFirewall("the forms of Python", {
    https: true, // wrong
    udpPort: 7882, // wrong
    trunks: "anywhere", // wrong
    compose: "compose.yaml", // wrong
    operators: {
        cidrs: ["203.0.113.0/24"], // wrong
    },
});
new livekit.LiveKitFirewall("nesting", {
    aws: {
        gcp: { network: id }, // wrong
    },
});
new livekit.LiveKitFirewall("lists and mappings", {
    aws: {
        loadBalancerSecurityGroupIds: [id], // wrong
    },
    digitalocean: {
        dropletIds: id, // wrong
    },
});
const firewall = new livekit.LiveKitFirewall("outputs");
firewall.aws_security_group_id; // wrong
const number: pulumi.Input<number> = firewall.awsSecurityGroupId; // wrong
export { number };
