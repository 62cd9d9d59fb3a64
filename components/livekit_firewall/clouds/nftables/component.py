"""`HostFirewall`: the ruleset of a Linux host, as an output and, if asked for, as a file."""

from __future__ import annotations

import os.path

import pulumi
from pulumi.dynamic import Resource

from ...errors import ConfigurationError, Place, Problem
from ...rules import RuleSet
from ...targets import HostTarget
from ..running import told_by_pulumi
from .render import render
from .ruleset_file import RulesetFileProvider

NO_FILE = "not checked: host.path is not set, so no file was written"


class HostFirewall(pulumi.ComponentResource):
    """The nftables ruleset that admits what `rules` admit. It is written and checked, never loaded: the
    firewall of the machine that Pulumi runs on stays as it is.

    Args:
        target: `path`, the file, relative to the folder that Pulumi runs in (that of Pulumi.yaml). A file there
            that livekit-firewall did not write, as its first line tells, is refused, and never overwritten or deleted.
        ssh_port: open to anywhere unless a rule says who may use SSH.

    Outputs:
        ruleset: the text, for `nft -f`.
        path: the file, or None.
        check: `accepted by nft -c`, or `not checked: ` and why.

    The file is a dynamic resource of Pulumi's Python SDK, which needs a Python with that SDK beside the program.
    One in another language has none: hosted as a plugin, `path` is refused; write the output `ruleset` yourself.

    Raises InvalidArguments before anything is registered.
    """

    ruleset: pulumi.Output[str]
    path: pulumi.Output[str | None]
    check: pulumi.Output[str]

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
        with told_by_pulumi():
            refuse(target)
            text = render(rules, ssh_port=ssh_port, ipv6=ipv6)
        super().__init__("livekit:index:HostFirewall", name, None, opts)
        self.ruleset = pulumi.Output.from_input(text)
        self.path = pulumi.Output.from_input(target.path)
        self.check = pulumi.Output.from_input(NO_FILE)
        if target.path is not None:
            file = RulesetFile(f"{name}-ruleset", target.path, text, pulumi.ResourceOptions(parent=self))
            self.path, self.check = file.path, file.check
        self.register_outputs({"ruleset": self.ruleset, "path": self.path, "check": self.check})


class RulesetFile(Resource, module="livekit", name="RulesetFile"):
    """A file that holds a ruleset which nft accepts. Another content is an update in place, another path a
    replacement.
    """

    path: pulumi.Output[str | None]
    content: pulumi.Output[str]
    check: pulumi.Output[str]

    def __init__(self, name: str, path: str, content: str, opts: pulumi.ResourceOptions) -> None:
        inputs = {"path": os.path.normpath(path), "content": content, "check": None}
        super().__init__(RulesetFileProvider(), name, inputs, opts)


def refuse(target: HostTarget) -> None:
    """Raise ConfigurationError for what this version cannot do, so that it is never left out in silence."""
    problems = []
    if target.apply:
        problems.append(Problem(
            Place("host.apply"), "true", "must be false or left out: it is not available yet",
            "load the file with nft -f, where it is to hold",
        ))  # fmt: skip
    if target.path is not None and _is_hosted():
        problems.append(Problem(
            Place("host.path"), repr(target.path), "must be left out where this component is hosted as a plugin",
            "write the output host_ruleset to a file, or use the package in a program in Python",
        ))  # fmt: skip
    if problems:
        raise ConfigurationError(problems)


def _is_hosted() -> bool:
    """Whether this runs as a plugin: there is no stack in this process then, since it is the program's."""
    return pulumi.runtime.get_root_resource() is None
