"""`HostFirewall`: the ruleset of a Linux host, as an output and, if asked for, as a file and in force."""

from __future__ import annotations

import os.path
from collections.abc import Callable
from typing import Any, TypeVar

import pulumi
from pulumi.dynamic import Resource

from ..model.addresses import Cidr
from ..model.errors import ConfigurationError, Place, Problem, RenderError
from ..model.rules import RuleSet
from ..model.text import quoted
from ..platforms.internal import rules_made_public
from ..platforms.judged import with_sound_blocks
from ..platforms.nftables.baseline import baseline
from ..platforms.nftables.render import problems_of, render
from ..platforms.nftables.target import HostTarget
from ..platforms.resource_options import admit, registered
from ..platforms.running import NoSuchOutput, called, is_hosted, pulumi_errors
from .applied import AppliedRuleset, ssh_admits
from .claims import owner, take, taken
from .ruleset_file import RulesetFileProvider
from .standalone.boot import RULESET
from .user_data import cloud_config

TYPE = "livekit:index:HostFirewall"
NO_FILE = "not checked: host.path is not set, so no file was written"


class HostFirewall(pulumi.ComponentResource):
    """The nftables ruleset that admits what `rules` admit: as a text, as a file that is written and checked, and,
    with `apply`, loaded on the machine that runs this. Without `apply` that machine's own firewall stays as it is.

    Args:
        name: any resource name.
        rules: what may reach the node.
        target: `path`, the file, relative to the folder that Pulumi runs in (that of Pulumi.yaml). A file there
            that livekit-firewall did not write, as its first line tells, is refused, and never overwritten or deleted.
            `apply`, `confirm` and `confirm_timeout`: see docs/host.md.
        ssh_port: open to anywhere unless a rule says who may use SSH.
        ipv6: whether IPv6 ingress is wanted.

    Outputs:
        ruleset: the text, for `nft -f`.
        path: the file, or None.
        check: `accepted by nft -c`, or `not checked: ` and why.
        user_data: cloud-init's, for a machine that is to load the ruleset at its boots.
        in_force, persistence, neighbours: with `apply`, those of `AppliedRuleset`; otherwise None.

    The file and what is loaded are dynamic resources of Pulumi's Python SDK, which need a Python with that SDK
    beside the program. One in another language has none: hosted as a plugin, `path` and `apply` are refused; write
    the output `ruleset` yourself, or give `user_data` to the machine.

    Its table and files carry its mark: project, stack and URN. Those of another stack are never overwritten or
    removed, and two components of one program cannot share one, see docs/host.md.

    Raises:
        InvalidArguments: the rules, the target or the options; before anything is registered.
    """

    ruleset: pulumi.Output[str]
    path: pulumi.Output[str | None]
    check: pulumi.Output[str]
    user_data: pulumi.Output[str]
    in_force: pulumi.Output[str] | None
    persistence: pulumi.Output[str] | None
    neighbours: pulumi.Output[list[str]] | None
    _file: RulesetFile | None = None
    _applied: AppliedRuleset | None = None

    def __init__(
        self,
        name: str,
        rules: RuleSet,
        target: HostTarget,
        *,
        ssh_port: int = 22,
        ipv6: bool = True,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        with pulumi_errors():
            admit(TYPE, name, opts)
            me = called(name, opts)
            refuse(target, me)
            if problems := problems_of(rules, ssh_port=ssh_port, ipv6=ipv6):
                raise RenderError("nftables", problems)
            refuse_opened(rules, ssh_port, ipv6)
            rules = with_sound_blocks(rules, ipv6)
            text = _once_known(rules, lambda known: render(known, ssh_port=ssh_port, ipv6=ipv6))
            admits = _once_known(rules, lambda known: ssh_admits(known, ssh_port=ssh_port, ipv6=ipv6))
            take(target, me)
        super().__init__(TYPE, name, None, opts)
        registered(self, opts)
        self.ruleset = pulumi.Output.from_input(text)
        self.path = pulumi.Output.from_input(target.path)
        self.check = pulumi.Output.from_input(NO_FILE)
        if target.path is not None:
            self._file = RulesetFile(f"{name}-ruleset", target.path, text, owner(self), _child(self))
            self.path, self.check = self._file.path, self._file.check
        self.user_data = self.ruleset.apply(cloud_config)
        self.in_force = self.persistence = self.neighbours = None
        if target.apply:
            self._apply(name, text, admits, target)
        self.register_outputs({key: getattr(self, key) for key in OUTPUTS if getattr(self, key) is not None})

    @property
    def file(self) -> RulesetFile:
        """The resource of the file.

        Raises:
            NoSuchOutput: there is none.
        """
        if self._file is None:
            raise NoSuchOutput("file: needs host.path")
        return self._file

    @property
    def applied(self) -> AppliedRuleset:
        """The resource of what is loaded.

        Raises:
            NoSuchOutput: there is none.
        """
        if self._applied is None:
            raise NoSuchOutput("applied: needs host.apply")
        return self._applied

    def _apply(
        self, name: str, text: pulumi.Input[str], admits: pulumi.Input[list[dict[str, Any]]], target: HostTarget
    ) -> None:
        self._applied = applied = AppliedRuleset(
            f"{name}-applied", text, admits, target.confirm, target.confirm_timeout, owner(self), _child(self)
        )
        self.in_force, self.persistence, self.neighbours = applied.in_force, applied.persistence, applied.neighbours
        applied.neighbours.apply(self._warn)
        if target.path is None:
            self.check = pulumi.Output.from_input(CHECKED)  # otherwise nothing is applied

    def _warn(self, neighbours: list[str] | None) -> None:
        for one in neighbours or ():
            pulumi.log.warn(one, self)


OUTPUTS = ("ruleset", "path", "check", "user_data", "in_force", "persistence", "neighbours")
CHECKED = "accepted by nft -c"


class RulesetFile(Resource, module="livekit", name="RulesetFile"):
    """A file that holds a ruleset which nft accepts. Another content is an update in place, another path a
    replacement.
    """

    path: pulumi.Output[str | None]
    content: pulumi.Output[str]
    check: pulumi.Output[str]

    def __init__(
        self, name: str, path: str, content: pulumi.Input[str], owner: dict[str, Any], opts: pulumi.ResourceOptions
    ) -> None:
        inputs = {"path": os.path.normpath(path), "content": content, "check": None, "owner": owner}
        super().__init__(RulesetFileProvider(), name, inputs, opts)


Made = TypeVar("Made")


def _once_known(rules: RuleSet, make: Callable[[RuleSet], Made]) -> pulumi.Input[Made]:
    """What `make` makes of the rules: at once, or as soon as all of their blocks are known, and until then of none."""
    if not rules.named:
        return make(rules)

    def made(values: list[object]) -> Made:
        with pulumi_errors():
            return make(rules.with_blocks(dict(zip(rules.named, map(Cidr.parse, values), strict=True))))

    return pulumi.Output.all(*[one.value for one in rules.named]).apply(made)


def _child(parent: pulumi.Resource) -> pulumi.ResourceOptions:
    """Replaced by creating first, whatever is replaced with it: deleting first would leave the host open."""
    return pulumi.ResourceOptions(parent=parent, delete_before_replace=False)


def refuse(target: HostTarget, me: str, _native: object = None) -> None:
    """Raise ConfigurationError for what this version cannot do, so that it is never left out in silence, and for what
    another component of the program has.

    Args:
        me: what the component is called in the error.
    """
    problems = list(taken(target, me))
    where = "must be left out where this component is hosted as a plugin"
    if target.apply and is_hosted():
        problems.append(Problem(
            Place("host.apply"), "true", where, "give the output user_data to the machine, or use the package in a "
            "program in Python",
        ))  # fmt: skip
    if target.path is not None and is_hosted():
        problems.append(Problem(
            Place("host.path"), quoted(target.path, 500), where,
            "write the output host_ruleset to a file, or use the package in a program in Python",
        ))  # fmt: skip
    if target.apply and target.path is not None and os.path.realpath(target.path) == RULESET:
        problems.append(Problem(
            Place("host.path"), quoted(target.path, 500), "must be another file than the one that host.apply writes",
            "leave host.path out",
        ))  # fmt: skip
    if problems:
        raise ConfigurationError(problems)


def refuse_opened(rules: RuleSet, ssh_port: int, ipv6: bool) -> None:
    """Raise RenderError where SSH for anybody would open a port that the rules keep from the internet."""
    besides = baseline(rules, ssh_port=ssh_port, ipv6=ipv6)
    if problems := list(rules_made_public(rules.ingress, {"host": besides})):
        raise RenderError("nftables", problems)
