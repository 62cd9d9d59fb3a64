"""Foreign firewalls on Hetzner Cloud."""

from __future__ import annotations

from typing import Any

from .change import BROKEN, NOTHING, Change, Expected, moved, narrower, wider

FIREWALL, ATTACHMENT = "pulumi_hcloud.Firewall", "pulumi_hcloud.FirewallAttachment"
BOTH = ["0.0.0.0/0", "::/0"]
HOSTILE = "<b>@here</b> **b** `|` \u202egnp \x1b[31m"


def inbound(protocol: str, port: str | None, *sources: str, **more: Any) -> dict[str, Any]:
    told = {"direction": "in", "protocol": protocol, **({"port": port} if port else {})}
    return {**told, "source_ips": [*sources] or BOTH, **more}


def wall(*rules: dict[str, Any], name: str = "web", **more: Any) -> list[Any]:
    return [FIREWALL, name, {"rules": [*rules], "apply_tos": [{"label_selector": "app=web"}], **more}]


def change(name: str, before: list[Any], after: list[Any], expected: Expected) -> Change:
    return Change("hetzner", f"foreign-{name}", [before] if before else [], [after] if after else [], expected)


WEB = inbound("tcp", "443")
SSH = inbound("tcp", "22", "203.0.113.0/24")
OUT = {"direction": "out", "protocol": "tcp", "port": "443", "destination_ips": BOTH}
NAMED = [FIREWALL, "web", {"rules": [WEB], "apply_tos": [{"label_selector": "app=web"}], "name": "web-1"}]
BARE = [FIREWALL, "web", {"rules": [WEB]}]
ATTACHED = [ATTACHMENT, "at", {"firewall_id": {"number": {"output": "web.id"}}, "label_selectors": ["app=web"]}]

HETZNER = (
    change("ssh-to-the-internet", wall(WEB, SSH), wall(WEB, inbound("tcp", "22")),
           wider("in tcp 22 anywhere but 203.0.113.0/24")),
    change("redis-to-the-internet", wall(WEB), wall(WEB, inbound("tcp", "6379")), wider("in tcp 6379 anywhere")),
    change("api-to-the-internet", wall(WEB), wall(WEB, inbound("tcp", "7880")), wider("in tcp 7880 anywhere")),
    change("all-ports", wall(WEB), wall(WEB, inbound("tcp", "any", "10.0.0.0/8")),
           wider("in tcp 1-442 10.0.0.0/8; in tcp 444-65535 10.0.0.0/8")),
    change("split", wall(inbound("udp", "50000-60000")), wall(inbound("udp", "50000-54999"),
                                                               inbound("udp", "55000-60000")), NOTHING),
    change("reordered", wall(WEB, SSH), wall(SSH, WEB), NOTHING),
    change("sources-apart", wall(WEB), wall(inbound("tcp", "443", "0.0.0.0/0"), inbound("tcp", "443", "::/0")),
           NOTHING),
    change("renamed", wall(WEB), wall(WEB, name="site"), NOTHING),
    change("renamed-physically", NAMED, [FIREWALL, "web", {**NAMED[2], "name": "web-2"}], NOTHING),
    change("described", wall(WEB), wall({**WEB, "description": "web"}), NOTHING),
    change("other-machines", wall(WEB, apply_tos=[{"server": 1001}]), wall(WEB, apply_tos=[{"server": 1002}]),
           wider(None)),
    change("egress-closed", wall(WEB), wall(WEB, OUT), narrower(None)),
    change("egress-opened", wall(WEB, OUT), wall(WEB), wider(None)),
    change("last-rule", wall(WEB), wall(), NOTHING),
    change("refused", wall(WEB), wall(inbound("tcp", "443", "10.0.0.1/24")), BROKEN),
    change("secret-source", wall(WEB), wall(WEB, inbound("tcp", "22", {"secret": "198.51.100.7/32"})),  # type: ignore[arg-type]
           moved(None, None)),
    change("removed", wall(WEB, SSH), [], wider(None)),  # nothing is closed then
    Change("hetzner", "foreign-attached", [BARE], [BARE, ATTACHED], narrower(None)),
    Change("hetzner", "foreign-detached", [BARE, ATTACHED], [BARE], wider(None)),
    change("hostile", wall(WEB), wall(WEB, inbound("tcp", "6379", description=HOSTILE), name=HOSTILE),
           wider("in tcp 6379 anywhere")),
)  # fmt: skip
