"""Foreign firewalls on DigitalOcean."""

from __future__ import annotations

from typing import Any

from .change import BROKEN, NOTHING, Change, Expected, moved, narrower, wider

FIREWALL = "pulumi_digitalocean.Firewall"
BOTH = ["0.0.0.0/0", "::/0"]
HOSTILE = "<b>@here</b> **b** `|` \u202egnp \x1b[31m"
BALANCER = "3f1c8e6a-0000-4000-8000-000000000000"


def inbound(protocol: str, ports: str | None, *sources: str, **more: Any) -> dict[str, Any]:
    told = {"protocol": protocol, **({"port_range": ports} if ports else {})}
    return {**told, **({} if more else {"source_addresses": [*sources] or BOTH}), **more}


def wall(*rules: dict[str, Any], name: str = "web", **more: Any) -> list[Any]:
    return [FIREWALL, name, {"inbound_rules": [*rules], "tags": ["web"], **more}]


def change(name: str, before: list[Any], after: list[Any], expected: Expected) -> Change:
    return Change("digitalocean", f"foreign-{name}", [before] if before else [], [after] if after else [], expected)


WEB = inbound("tcp", "443")
SSH = inbound("tcp", "22", "203.0.113.0/24")
OUT = {"protocol": "tcp", "port_range": "443", "destination_addresses": BOTH}

DIGITALOCEAN = (
    change("ssh-to-the-internet", wall(WEB, SSH), wall(WEB, inbound("tcp", "22")),
           wider("in tcp 22 anywhere but 203.0.113.0/24")),
    change("redis-to-the-internet", wall(WEB), wall(WEB, inbound("tcp", "6379")), wider("in tcp 6379 anywhere")),
    change("api-to-the-internet", wall(WEB), wall(WEB, inbound("tcp", "7880")), wider("in tcp 7880 anywhere")),
    change("all-ports", wall(WEB), wall(WEB, inbound("tcp", "1-65535", "10.0.0.0/8")),
           wider("in tcp 1-442 10.0.0.0/8; in tcp 444-65535 10.0.0.0/8")),
    change("split", wall(inbound("udp", "50000-60000")), wall(inbound("udp", "50000-54999"),
                                                               inbound("udp", "55000-60000")), NOTHING),
    change("merged", wall(inbound("tcp", "80"), inbound("tcp", "81")), wall(inbound("tcp", "80-81")), NOTHING),
    change("reordered", wall(WEB, SSH), wall(SSH, WEB), NOTHING),
    change("sources-apart", wall(WEB), wall(inbound("tcp", "443", "0.0.0.0/0"), inbound("tcp", "443", "::/0")),
           NOTHING),
    change("renamed", wall(WEB), wall(WEB, name="site"), NOTHING),
    change("renamed-physically", [FIREWALL, "web", {"inbound_rules": [WEB], "tags": ["web"], "name": "web-1"}],
           [FIREWALL, "web", {"inbound_rules": [WEB], "tags": ["web"], "name": "web-2"}], NOTHING),
    change("other-machines", wall(WEB, droplet_ids=[1001]), wall(WEB, droplet_ids=[1002]), wider(None)),
    change("from-a-droplet", wall(WEB), wall(WEB, inbound("tcp", "3306", source_droplet_ids=[1001])),
           wider("in tcp 3306 1001")),
    change("from-a-balancer", wall(WEB), wall(WEB, inbound("tcp", "3306", source_load_balancer_uids=[BALANCER])),
           wider(f"in tcp 3306 {BALANCER}")),
    change("egress-opened", wall(WEB), wall(WEB, outbound_rules=[OUT]), wider("out tcp 443 anywhere")),
    change("egress-closed", wall(WEB, outbound_rules=[OUT]), wall(WEB), narrower("out tcp 443 anywhere")),
    change("refused", wall(WEB), wall(inbound("tcp", "0")), BROKEN),
    # The SDK makes the whole list a secret, so that nobody can tell what of it stays.
    change("secret-source", wall(WEB),
           wall(WEB, inbound("tcp", "22", source_addresses=[{"secret": "198.51.100.7/32"}])), moved(None, None)),
    change("removed", wall(WEB, SSH), [], wider(None)),  # nothing is closed then
    change("hostile", wall(WEB),
           [FIREWALL, HOSTILE, {"inbound_rules": [WEB, inbound("tcp", "6379")], "tags": ["web"], "name": "evil"}],
           wider("in tcp 6379 anywhere")),
)  # fmt: skip
