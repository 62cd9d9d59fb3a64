"""`LiveKitFirewall`: the one component that a user writes.

    firewall = LiveKitFirewall("livekit", {
        "livekit_config": "livekit.yaml",
        "https": True,
        "aws": {"vpc_id": vpc.id},
    })
    ec2.Instance("node", vpc_security_group_ids=[firewall.aws_security_group_id], ...)

It creates no network, machine or load balancer, and manages no rule that it did not create.

What a component needs is loaded when the first is made: it takes longer than all that a program imports here.
"""

# no `from __future__ import annotations`: Pulumi's analyzer cannot read string annotations

import json
from typing import TYPE_CHECKING, Any, cast

import pulumi

from .firewall_args import LiveKitFirewallArgs, RuleOutput

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from . import AwsFirewall, AzureFirewall, DigitalOceanFirewall, GcpFirewall, HetznerFirewall, HostFirewall
    from .deployment.derive import Deployment
    from .model.rules import RuleSet
    from .platforms.platform import Target


TYPE = "livekit:index:LiveKitFirewall"


class LiveKitFirewall(pulumi.ComponentResource):
    """The firewall of one LiveKit or plugNmeet node, on every target named, all with the same rules."""

    # an output whose target or argument is not given raises NoSuchOutput when it is read, in place of being None

    rules: pulumi.Output[list[RuleOutput]]
    """The rule set, sorted."""
    exposure: pulumi.Output[str]
    """Who can reach what and why, for people."""
    exposure_json: pulumi.Output[str]
    """The same as JSON."""
    host_ruleset: pulumi.Output[str]
    """The nftables ruleset, if `host` is a target."""
    host_ruleset_path: pulumi.Output[str | None]
    """The file that holds it, if `host.path` is given."""
    host_ruleset_check: pulumi.Output[str]
    """Whether nft accepted it, or why that was not tried."""
    host_in_force: pulumi.Output[str]
    """Whether the ruleset is in force, if `host.apply` is given: as applied, changed since or not loaded."""
    host_persistence: pulumi.Output[str]
    """Whether it is loaded at boot, if `host.apply` is given."""
    host_neighbours: pulumi.Output[list[str]]
    """Other firewalls of the machine and how they combine with this one, if `host.apply` is given."""
    user_data: pulumi.Output[str]
    """The ruleset as user data of cloud-init, if `host` is a target."""
    aws_security_group_id: pulumi.Output[str]
    """The security group, if `aws` is a target and its rules are in one."""
    aws_security_group_ids: pulumi.Output[list[str]]
    """The security groups, all of which the node needs, if `aws` is a target."""
    gcp_firewall_ids: pulumi.Output[dict[str, str]]
    """The firewall rules by purpose, if `gcp` is a target."""
    digitalocean_firewall_id: pulumi.Output[str]
    """The firewall, if `digitalocean` is a target."""
    azure_network_security_group_id: pulumi.Output[str]
    """The network security group, if `azure` is a target; attach it to a subnet or an interface."""
    hetzner_firewall_id: pulumi.Output[str]
    """The firewall, if `hetzner` is a target."""

    if TYPE_CHECKING:  # not annotated where a program runs: the schema of other languages has outputs only
        aws: AwsFirewall
        """With the resources `security_group`, `security_groups` and `rules["udp-50000-60000-any-ipv4"]`."""
        gcp: GcpFirewall
        """With the resources `rules["public-ipv4"]`."""
        digitalocean: DigitalOceanFirewall
        """With the resource `firewall`."""
        azure: AzureFirewall
        """With the resource `network_security_group`, or `rules["ice-udp-400"]` in an existing group."""
        hetzner: HetznerFirewall
        """With the resource `firewall`."""
        host: HostFirewall
        """With the resources `file` and `applied`."""

    def __init__(
        self,
        name: str,
        args: LiveKitFirewallArgs = {},  # noqa: B006 - with `| None`, checkers do not say which key is wrong
        opts: pulumi.ResourceOptions | None = None,
        **more: "Unpack[LiveKitFirewallArgs]",
    ) -> None:
        """Relative paths start from the working directory, which is the folder of Pulumi.yaml.

        Args:
            name: any resource name; each target's component and resources are called by it.
            args, more: the arguments, in a mapping, as keywords, or some here and some there.

        Raises:
            InvalidArguments: with every problem of the arguments, of the files that they name and of what
                each target can express and hold; before any resource is registered.
        """
        from .platforms.judged import with_values
        from .platforms.resource_options import misnamed, registered
        from .platforms.running import pulumi_errors
        from .preflight import check, joined
        from .reports.exposure.expose import expose
        from .settled import verdict, warn

        given, problems = joined(args or {}, more)
        with pulumi_errors(name):
            unusable = misnamed(TYPE, name, opts)
            deployment, rule_sets = check("livekit" if unusable else name, given, problems + unusable, opts=opts)
        super().__init__(TYPE, name, None, opts)
        registered(self, opts)
        warn(self, deployment.findings)
        if deployment.no_ssh and pulumi.runtime.is_dry_run():  # an update shows the note of its preview
            pulumi.log.info(deployment.no_ssh, self)
        settled = verdict(self, name, given, deployment)
        self._lacking = _without_targets(name)
        for key, target in deployment.targets.items():
            # which the engine hands down by itself; its component says what that means there
            below = pulumi.ResourceOptions(parent=self, retain_on_delete=opts.retain_on_delete if opts else None)
            rules = with_values(rule_sets[key], settled)
            self._create(f"{name}-{key}", key, (rules, target), deployment, below)
        # from_input would make an output of each value in each rule, which takes as long as the registrations
        self.rules = settled.apply(lambda one: [cast(RuleOutput, rule.as_json()) for rule in one.rules])
        exposed = settled.apply(expose)
        self.exposure = exposed.apply(lambda one: one.text())
        self.exposure_json = exposed.apply(lambda one: json.dumps(one.as_json()))
        self.register_outputs(self.outputs())

    def outputs(self) -> dict[str, pulumi.Output[Any]]:
        """The outputs that exist for the arguments given, by name. Reading any other raises `NoSuchOutput`, which is an
        `AttributeError`: `hasattr` is false.
        """
        names = LiveKitFirewall.__annotations__
        return {name: value for name in names if (value := getattr(self, name, None)) is not None}

    def _create(
        self,
        name: str,
        key: str,
        given: "tuple[RuleSet, Target]",
        deployment: "Deployment",
        opts: pulumi.ResourceOptions,
    ) -> None:
        from .platforms.registry import BY_ARGUMENT
        from .platforms.running import NoSuchOutput
        from .preflight import module

        component = BY_ARGUMENT[key].component
        more = {option: getattr(deployment.access, option) for option in component.takes}
        kind = getattr(module(component), component.name)
        made = kind(name, *given, **more, opts=opts)
        setattr(self, key, made)
        for output, attribute in component.outputs.items():
            try:
                value = getattr(made, attribute)
            except NoSuchOutput as error:
                self._lacking[output] = str(error)
                continue
            if value is None and output in component.needs:
                self._lacking[output] = f"{output}: needs {component.needs[output]}"
            else:
                setattr(self, output, value)

    if not TYPE_CHECKING:  # for type checkers, there are the names above and no other

        def __getattr__(self, name: str) -> Any:
            if lacking := self.__dict__.get("_lacking", {}).get(name):
                from .platforms.running import NoSuchOutput

                raise NoSuchOutput(lacking)
            raise AttributeError(f"{type(self).__name__} has no attribute {name}")


def _without_targets(name: str) -> dict[str, str]:
    """What is said where an output is read whose target is not given, by output."""
    from .model.text import quoted
    from .platforms.registry import PLATFORMS

    return {
        output: f"{output}: {quoted(name, 200)} has no target {platform.argument}; give {platform.argument}, "
        "or see outputs() for those that there are"
        for platform in PLATFORMS
        for output in (platform.argument, *platform.component.outputs)
    }


__all__ = ["LiveKitFirewall"]
