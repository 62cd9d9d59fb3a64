"""Programs that give components names, parents and resource options: what `test_options.py` runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pulumi
from pulumi import ProviderResource, ResourceOptions, ResourceTransformationResult, ResourceTransformResult

from livekit_firewall import LiveKitFirewall
from tests import targets

from .fakes.ec2 import GROUP, INTERFACE, VPC

HERE = "vpc-0123456789abcdef0"
TARGETS: dict[str, Any] = {cloud: targets.TARGETS[cloud] for cloud in targets.CLOUDS}
FEW: Any = {"udp_port": 7882, "ipv6": False, "https": True}


class Site(pulumi.ComponentResource):
    """Somebody's component."""

    def __init__(self, name: str, opts: ResourceOptions | None = None) -> None:
        super().__init__("test:index:Site", name, None, opts)


class Campus(pulumi.ComponentResource):
    """One that has another in it, which has firewalls on each cloud in a loop."""

    def __init__(self, names: Iterator[str], opts: ResourceOptions | None = None) -> None:
        super().__init__("test:index:Campus", "campus", None, opts)
        site = Site("hall", ResourceOptions(parent=self))
        targets = list(TARGETS.items())
        for at, name in enumerate(names):
            target, argument = targets[at % len(targets)]
            LiveKitFirewall(name, {**FEW, target: argument}, ResourceOptions(parent=site))


REGIONS = ("eu-central-1", "us-east-1", "ap-south-1")
SHARED = {"aws": "eu-central-1", "gcp": "google", "azure-native": "azure"}
NAMES: dict[str, dict[str, str]] = {
    # by a provider of the region, then by `aws.region`
    "x" * 300: {"aws": "eu-central-1"}, "a/b": {},
    "it's": {"aws": "us-east-1"}, 'say "hi"': {},
    "a\nb": {"aws": "ap-south-1"}, "\N{FIRE}": {},
    # by a list, by a mapping
    "a::b": SHARED, "a$b": {"gcp": "google"},
    # by those of a parent's parent
    **dict.fromkeys(["-lk", "..", "sg-abc", " ", "  lk  ", "é", "\u202eevil", "a`b", "<b>"], SHARED),
    **dict.fromkeys(["%s{0}", "UPPER", "a\tb"], SHARED),
}  # fmt: skip
"""Names that the engine takes and no cloud as they stand, each with its providers by package."""


def twenty() -> None:
    """Twenty firewalls."""
    provider = {region: ProviderResource("aws", region, {"region": region}) for region in REGIONS}
    google = ProviderResource("gcp", "google", {"project": "other"})
    azure = ProviderResource("azure-native", "azure", {})
    names = iter(NAMES)

    def make(args: Any, **options: Any) -> None:
        LiveKitFirewall(next(names), {**FEW, **args}, ResourceOptions(**options))

    for region in REGIONS:
        vpc = pulumi.CustomResource(
            VPC, region, {"cidrBlock": "10.0.0.0/16"}, ResourceOptions(provider=provider[region])
        )
        make({"aws": {"vpc_id": vpc.id}}, provider=provider[region])
        make({"aws": {"vpc_id": vpc.id, "region": region}})
    make(TARGETS, providers=[provider["eu-central-1"], google, azure])
    make({"gcp": TARGETS["gcp"]}, providers={"gcp": google, "aws": provider["us-east-1"]})
    Campus(names, ResourceOptions(provider=provider["eu-central-1"], providers=[google, azure]))


Transform = Callable[[pulumi.ResourceTransformArgs], ResourceTransformResult | None]


def two_for_one_machine() -> None:
    """A machine with two firewalls, one of which takes over a security group that is there, as step.json has it.

        {"number": 1, "subnet": "subnet-...", "adopted": {"media-aws-security-group": "sg-..."}}

    What a transform and a hook have seen is written to seen.json.
    """
    step = json.loads(Path("step.json").read_text(encoding="utf-8"))
    seen: dict[str, Any] = {}

    def remember(name: str, value: Any) -> None:
        seen[name] = value
        Path("seen.json").write_text(json.dumps(seen), encoding="utf-8")

    pulumi.runtime.register_resource_transform(_tagged_on_azure)
    hook = pulumi.ResourceHook("hook", lambda args: remember("hook", args.name))
    first = pulumi.CustomResource(VPC, "first", {"cidrBlock": "10.9.0.0/16"})
    media = LiveKitFirewall(
        "media",
        {**FEW, "udp_port": 7881 + step["number"], "aws": TARGETS["aws"], "gcp": TARGETS["gcp"]},
        ResourceOptions(
            depends_on=first,
            transforms=[_edited(step, remember)],
            hooks=pulumi.ResourceHookBinding(before_create=[hook]),
            # from here on, what has no effect on a component
            additional_secret_outputs=["rules"], custom_timeouts=pulumi.CustomTimeouts(delete="9m"),
            delete_before_replace=True, hide_diffs=["*"], ignore_changes=["*"], replace_on_changes=["*"],
            replace_with=[first], version="1.2.3", plugin_download_url="https://example.com",
        ),
    )  # fmt: skip
    pulumi.export("rules", media.rules)
    sip: Any = {"livekit": False, "sip": {}, "trunks": ["198.51.100.0/24"], "ipv6": False, "aws": TARGETS["aws"]}
    # pulumi 3.272 cannot send that of a resource with transforms
    trunks = LiveKitFirewall("trunks", sip, ResourceOptions(replacement_trigger=step["number"]))
    groups = [media.aws_security_group_id, trunks.aws_security_group_id]
    inputs = {"subnetId": step["subnet"], "securityGroups": groups[: step["number"]]}
    pulumi.CustomResource(INTERFACE, "node", inputs, ResourceOptions(depends_on=[media, trunks]))
    gone: Any = {**FEW, "digitalocean": TARGETS["digitalocean"], "azure": TARGETS["azure"]}
    LiveKitFirewall("gone", gone, ResourceOptions(deleted_with=first, transformations=[_named_on_digitalocean]))


def _edited(step: dict[str, Any], remember: Callable[[str, Any], None]) -> Transform:
    def edit(args: pulumi.ResourceTransformArgs) -> ResourceTransformResult:
        remember(args.name, sorted(args.props))
        props, opts = dict(args.props), args.opts
        opts.import_ = step["adopted"].get(args.name)
        if args.type_ == GROUP:
            props["tags"] = {"Name": "by hand", "step": str(step["number"])}
            opts.ignore_changes = [*(opts.ignore_changes or ()), "tags"]
            opts.custom_timeouts = pulumi.CustomTimeouts(delete="5m")
        if args.type_.startswith("gcp:"):
            props["priority"] = 900
        return ResourceTransformResult(props, opts)

    return edit


def _tagged_on_azure(args: pulumi.ResourceTransformArgs) -> ResourceTransformResult | None:
    if not args.type_.startswith("azure-native:"):
        return None
    return ResourceTransformResult({**args.props, "tags": {"stack": "all"}}, args.opts)


def _named_on_digitalocean(args: pulumi.ResourceTransformationArgs) -> ResourceTransformationResult | None:
    if not args.type_.startswith("digitalocean:"):
        return None
    return ResourceTransformationResult({**args.props, "name": "mine"}, args.opts)


def mistaken() -> None:
    other = ResourceOptions(provider=ProviderResource("gcp", "google", {}))
    LiveKitFirewall("lk", {"AWS": {}, "aws": TARGETS["aws"]}, other)
