"""`LiveKitFirewall`: the one component that a user writes.

    firewall = LiveKitFirewall("livekit", {
        "livekit_config": "livekit.yaml",
        "https": True,
        "aws": {"vpc_id": vpc.id},
    })
    ec2.Instance("node", vpc_security_group_ids=[firewall.aws_security_group_id], ...)

It creates no network, machine or load balancer, and manages no rule that it did not create.
"""

# no `from __future__ import annotations`: Pulumi's analyzer cannot read string annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

import pulumi

from .deployment.access import Access
from .deployment.arguments import parse_arguments
from .deployment.derive import Deployment, read_deployment
from .firewall_args import LiveKitFirewallArgs, RuleOutput
from .model.errors import ConfigurationError, Finding, Place, Problem, ProblemsError, Report
from .model.rules import RuleSet
from .model.text import quoted
from .platforms.platform import Component, Native, Options, Target
from .platforms.registry import BY_ARGUMENT, PLATFORMS
from .platforms.running import InvalidArguments, NoSuchOutput, plugin, pulumi_errors, remember_aliases
from .reports.exposure.expose import expose

if TYPE_CHECKING:
    from typing_extensions import Unpack


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

    def __init__(
        self,
        name: str,
        args: LiveKitFirewallArgs = {},  # noqa: B006 - with `| None`, checkers do not say which key is wrong
        opts: pulumi.ResourceOptions | None = None,
        **more: "Unpack[LiveKitFirewallArgs]",
    ) -> None:
        """Relative paths start from the working directory, which is the folder of Pulumi.yaml.

        Args:
            args, more: the arguments, in a mapping, as keywords, or some here and some there.

        Raises:
            InvalidArguments: with every problem of the arguments, of the files that they name and of what
                each target can express and hold; before any resource is registered.
        """
        with pulumi_errors():
            deployment, rule_sets = check(name, *_joined(args or {}, more))
        super().__init__("livekit:index:LiveKitFirewall", name, None, opts)
        remember_aliases(self, opts)
        for finding in deployment.findings:
            if finding.severity != "note":
                pulumi.log.warn(finding.message, self)
        self._lacking = {
            output: f"{output}: {quoted(name, 200)} has no target {platform.argument}; give {platform.argument}, "
            "or see outputs() for those that there are"
            for platform in PLATFORMS
            for output in platform.component.outputs
        }
        for key, target in deployment.targets.items():
            # which the engine hands down by itself; its component says what that means there
            below = pulumi.ResourceOptions(parent=self, retain_on_delete=opts.retain_on_delete if opts else None)
            self._create(f"{name}-{key}", key, (rule_sets[key], target), deployment, below)
        exposed = expose(deployment)
        rules = [cast(RuleOutput, rule.as_json()) for rule in deployment.rules]
        # from_input would make an output of each value in each rule, which takes as long as the registrations
        self.rules = pulumi.Output.from_input(None).apply(lambda _: rules)
        self.exposure = pulumi.Output.from_input(exposed.text())
        self.exposure_json = pulumi.Output.from_input(json.dumps(exposed.as_json()))
        self.register_outputs(self.outputs())

    def outputs(self) -> dict[str, pulumi.Output[Any]]:
        """The outputs that exist for the arguments given, by name. Reading any other raises `NoSuchOutput`, which is an
        `AttributeError`: `hasattr` is false.
        """
        return {name: value for name in OUTPUTS if (value := getattr(self, name, None)) is not None}

    def _create(
        self,
        name: str,
        key: str,
        given: tuple[RuleSet, Target],
        deployment: Deployment,
        opts: pulumi.ResourceOptions,
    ) -> None:
        component = BY_ARGUMENT[key].component
        more = {option: getattr(deployment.access, option) for option in component.takes}
        kind = getattr(_module(component), component.name)
        made = kind(name, *given, **more, opts=opts)
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
                raise NoSuchOutput(lacking)
            raise AttributeError(f"{type(self).__name__} has no attribute {name}")


OUTPUTS = ("rules", "exposure", "exposure_json", *(name for one in PLATFORMS for name in one.component.outputs))


def _joined(args: object, more: Mapping[str, object]) -> tuple[object, list[Problem]]:
    """The mapping and the keywords as one mapping, and the keys that both have. A value that is no mapping stays."""
    if not isinstance(args, Mapping):
        return args, []
    expected = "must be given once, not both in the mapping and as a keyword"
    twice = [Problem(Place(key), "", expected, "remove one of the two") for key in more if key in args]
    return {**args, **more}, twice


def check(name: str, args: object, known: Iterable[Problem] = ()) -> tuple[Deployment, dict[str, RuleSet]]:
    """The deployment and the rule set of each target, all of them known to be expressible there.

    Args:
        known: problems that are told with those that are found.

    Raises:
        ConfigurationError: with the problems of the arguments, their files and every target together.
    """
    problems = list(known)
    findings: tuple[Finding, ...] = ()
    rule_sets: dict[str, RuleSet] = {}
    try:
        deployment = read_deployment(args, Path.cwd(), needs_target=True)
    except ConfigurationError as error:
        problems += error.problems
        findings = error.findings
        deployment = None
    # without a deployment the targets are judged by an empty rule set, so that theirs are told too
    targets = deployment.targets if deployment else parse_arguments(args, Report()).targets
    for key, target in targets.items():
        access = deployment.access if deployment else Access()
        rule_sets[key], native = RuleSet(), None
        with _collected(problems):
            rule_sets[key] = deployment.rules_for(target) if deployment else RuleSet()
        with _collected(problems):
            options = Options(f"{name}-{key}", access.ssh_port, access.ipv6)
            native = BY_ARGUMENT[key].render(rule_sets[key], target, options)
        with _collected(problems):
            _require(key, target, f"'{name}-{key}' in {quoted(name, 200)}", native)
    if problems or deployment is None:
        raise ConfigurationError(problems, findings or (deployment.findings if deployment else ()))
    return deployment, rule_sets


@contextmanager
def _collected(problems: list[Problem]) -> Iterator[None]:
    try:
        yield
    except ProblemsError as error:
        problems += error.problems


def _require(key: str, target: Target, me: str, native: Native | None) -> None:
    """What the target's component would find missing only after this one is registered."""
    platform = BY_ARGUMENT[key]
    if platform.sdk:
        plugin(platform)
    if platform.component.refuses:
        _module(platform.component).refuse(target, me, native)


def _module(component: Component) -> ModuleType:
    return import_module(component.module, __package__)


__all__ = ["InvalidArguments", "LiveKitFirewall"]
