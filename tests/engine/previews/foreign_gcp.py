"""Foreign firewalls on Google Cloud."""

from __future__ import annotations

from typing import Any

from .change import BROKEN, NOTHING, Change, Expected, moved, narrower, wider

FIREWALL = "pulumi_gcp.compute.Firewall"
ANYWHERE = ["0.0.0.0/0"]
HOSTILE = "<img src=x onerror=alert(1)> **@everyone** [x](javascript:1) `|` \u202egnp.exe\u202c \x1b[31mred\x1b[0m"


def rule(name: str, protocol: str, /, *ports: str, sources: list[str] | None = None, **more: Any) -> list[Any]:
    """An allow from `sources`, anywhere if they are not given."""
    told = {"network": "default", "allows": [{"protocol": protocol, **({"ports": [*ports]} if ports else {})}]}
    ranges = {} if sources == [] else {"source_ranges": sources or ANYWHERE}
    return [FIREWALL, name, {**told, **ranges, **more}]


def deny(name: str, protocol: str, *ports: str, priority: int, **more: Any) -> list[Any]:
    denies = [{"protocol": protocol, **({"ports": [*ports]} if ports else {})}]
    told = {"network": "default", "denies": denies, "priority": priority}
    return [FIREWALL, name, {**told, "source_ranges": ANYWHERE, **more}]


def change(name: str, before: list[Any], after: list[Any], expected: Expected) -> Change:
    return Change("gcp", f"foreign-{name}", before, after, expected)


WEB = rule("web", "tcp", "443")
SSH = rule("ssh", "tcp", "22", sources=["203.0.113.0/24"])
RANGE = rule("range", "udp", "50000-60000")
TAGGED = {"target_tags": ["web"]}
ACCOUNT = "lk@fake-project.iam.gserviceaccount.com"
EGRESS = {"network": "default", "direction": "EGRESS", "destination_ranges": ANYWHERE}

GCP = (
    change("ssh-to-the-internet", [WEB, SSH], [WEB, rule("ssh", "tcp", "22")],
           wider("in tcp 22 0.0.0.0/0 but 203.0.113.0/24")),
    change("redis-to-the-internet", [WEB], [WEB, rule("redis", "tcp", "6379")], wider("in tcp 6379 0.0.0.0/0")),
    change("api-to-the-internet", [WEB], [WEB, rule("api", "tcp", "7880")], wider("in tcp 7880 0.0.0.0/0")),
    change("split", [RANGE], [rule("low", "udp", "50000-54999"), rule("high", "udp", "55000-60000")], NOTHING),
    change("merged", [rule("a", "tcp", "80"), rule("b", "tcp", "81", "82")], [rule("a", "tcp", "80-82")], NOTHING),
    change("reordered", [rule("a", "tcp", "443", "80", sources=["10.0.0.0/8", "192.0.2.0/24"])],
           [rule("a", "tcp", "80", "443", sources=["192.0.2.0/24", "10.0.0.0/8"])], NOTHING),
    change("renamed", [WEB, SSH], [rule("https", "tcp", "443"), SSH], NOTHING),
    change("renamed-physically", [WEB], [rule("web", "tcp", "443", name="https")], NOTHING),
    change("described", [WEB], [rule("web", "tcp", "443", description="the website")], NOTHING),
    change("deny-added", [WEB, rule("ssh", "tcp", "22")], [WEB, rule("ssh", "tcp", "22"),
                                                           deny("no-ssh", "tcp", "22", priority=900)],
           narrower("in tcp 22 0.0.0.0/0")),
    change("deny-removed", [rule("ssh", "tcp", "22"), deny("no-ssh", "tcp", "22", priority=900)],
           [rule("ssh", "tcp", "22")], wider("in tcp 22 0.0.0.0/0")),
    change("deny-below-allow", [rule("ssh", "tcp", "22"), deny("no-ssh", "tcp", "22", priority=900)],
           [rule("ssh", "tcp", "22"), deny("no-ssh", "tcp", "22", priority=1100)], wider("in tcp 22 0.0.0.0/0")),
    change("deny-of-nothing", [WEB], [WEB, deny("no-ssh", "tcp", "22", priority=900)], NOTHING),
    change("deny-of-some", [rule("any", "tcp", "1000-2000")],
           [rule("any", "tcp", "1000-2000"), deny("not", "tcp", "1500", priority=900, source_ranges=["10.0.0.0/8"])],
           narrower("in tcp 1500 10.0.0.0/8")),
    change("disabled", [WEB], [rule("web", "tcp", "443", disabled=True)], narrower("in tcp 443 0.0.0.0/0")),
    change("enabled", [rule("web", "tcp", "443", disabled=True)], [WEB], wider("in tcp 443 0.0.0.0/0")),
    change("all-protocols", [WEB], [WEB, rule("all", "all", sources=["10.0.0.0/8"])],
           wider("in tcp 0-442 10.0.0.0/8; in tcp 444-65535 10.0.0.0/8; in udp 0-65535 10.0.0.0/8")),
    change("other-machines", [rule("web", "tcp", "443", **TAGGED)],
           [rule("web", "tcp", "443", target_tags=["media"])], moved(None, None)),
    change("to-every-machine", [rule("web", "tcp", "443", **TAGGED)], [rule("web", "tcp", "443")], wider(None)),
    change("tags-to-account", [rule("web", "tcp", "443", **TAGGED)],
           [rule("web", "tcp", "443", target_service_accounts=[ACCOUNT])], moved(None, None)),
    change("from-a-tag", [WEB], [WEB, rule("db", "tcp", "3306", sources=[], source_tags=["web"])],
           wider("in tcp 3306 web")),
    change("from-an-account", [WEB], [WEB, rule("db", "tcp", "3306", sources=[], source_service_accounts=[ACCOUNT])],
           wider(f"in tcp 3306 {ACCOUNT}")),
    # Google lets everything out unless a rule denies it.
    change("egress-denied", [WEB],
           [WEB, [FIREWALL, "out", {**EGRESS, "denies": [{"protocol": "tcp", "ports": ["25"]}]}]],
           narrower("out tcp 25 0.0.0.0/0")),
    change("egress-allowed", [WEB], [WEB, [FIREWALL, "out", {**EGRESS, "allows": [{"protocol": "all"}]}]], NOTHING),
    change("refused", [WEB], [rule("web", "tcp", "443", sources=["10.0.0.1/8"])], BROKEN),
    change("secret-source", [WEB], [WEB, rule("office", "tcp", "22", sources=[{"secret": "198.51.100.7/32"}])],
           wider(None)),
    change("removed", [WEB, SSH], [], narrower("in tcp 443 0.0.0.0/0; in tcp 22 203.0.113.0/24")),
    change("hostile", [WEB], [WEB, rule(f"evil {HOSTILE}", "tcp", "6379", name="evil", description=HOSTILE)],
           wider("in tcp 6379 0.0.0.0/0")),
)  # fmt: skip
