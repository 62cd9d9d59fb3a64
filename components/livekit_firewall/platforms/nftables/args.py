"""The argument `host` as a type."""

# no `from __future__ import annotations`: Pulumi's analyzer cannot read string annotations

from typing import Literal, TypedDict

from ...inputs.argument_types import FilePath


class HostArgs(TypedDict, total=False):
    """The nftables ruleset of a Linux host."""

    path: FilePath | None
    """The file to write, relative to Pulumi.yaml; without it the ruleset is an output only."""
    apply: bool | None
    """Whether it is loaded on the machine that runs Pulumi, as root, and at each of its boots; see docs/host.md."""
    confirm: Literal["manual", "automatic"] | None
    """Manual waits for `livekit-firewall host confirm` in a new login, automatic tries a new connection to SSH."""
    confirm_timeout: int | None
    """Seconds until a ruleset that nobody confirmed is rolled back, 60 by default."""
