"""plugNmeet on one Droplet: its installer runs at the first boot, once the names lead to the machine.

What may come in is plugNmeet's own preset, so that nothing of what it binds to all interfaces (its API, NATS, Redis,
MariaDB, an inner HAProxy) is reachable. The firewall goes by a tag and is there before the Droplet is.
"""

from pathlib import Path

import pulumi
import pulumi_digitalocean as digitalocean
from pulumi import ResourceOptions

from livekit_firewall import LiveKitFirewall

config = pulumi.Config()
domain = config.require("domain")
operators = config.get_object("operators")
names = {"meet": f"meet.{domain}", "turn": f"turn.{domain}"}

tag = digitalocean.Tag("plugnmeet")
firewall = LiveKitFirewall(
    "plugnmeet",
    plugnmeet={"rtmp": False, "sip": False, "whip": False},
    operators={"cidrs": operators} if operators else {},
    digitalocean={"tags": [tag.name]},
)

install = (
    (Path(__file__).parent / "install.sh")
    .read_text(encoding="utf-8")
    .replace("@MEET@", names["meet"])
    .replace("@TURN@", names["turn"])
    .replace("@EMAIL@", config.require("email"))
)
droplet = digitalocean.Droplet(
    "plugnmeet",
    image="ubuntu-24-04-x64",
    size=config.require("size"),
    region=config.require("region"),
    ipv6=True,
    monitoring=True,
    ssh_keys=config.get_object("sshKeys") or [],
    tags=[tag.name],
    user_data=install,
    opts=ResourceOptions(depends_on=[firewall]),
)
for name in names:
    digitalocean.DnsRecord(name, domain=domain, name=name, type="A", value=droplet.ipv4_address, ttl=300)

pulumi.export("url", f"https://{names['meet']}/login.html")
pulumi.export("address", droplet.ipv4_address)
pulumi.export("exposure", firewall.exposure)
