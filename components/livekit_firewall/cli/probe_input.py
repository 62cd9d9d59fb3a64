"""The options that both commands of `probe` have, and what both need from this machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any

import click

from ..deployment.derive import Deployment
from ..inputs.extras import install_line, lacking
from ..model.ports import PortRange
from .input import read_and_tell
from .options import OPTION_NAMES, InputOptions, inputs

LEAST_FILES = 48
"""File descriptors that both commands need."""
LIBRARIES = ("cryptography", "aioice", "sipmessage")
"""What the extra `probe` brings: sealed messages and certificates, STUN, SIP."""
TOKEN_VARIABLE = "LIVEKIT_FIREWALL_TOKEN"  # noqa: S105 (its name)


def probe_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say which ports: a configuration, or a list."""
    option = click.option(
        "--port", "ports", metavar="PORTS", multiple=True, help="udp/50000-60000 or tcp/7881, without a configuration."
    )
    return inputs(option(command))


def read_ports(ports: Sequence[str], given: InputOptions) -> Deployment | list[PortRange]:
    """What to probe: a deployment, or ports given by hand."""
    if not ports:
        return read_and_tell(given)
    if given.is_given(*OPTION_NAMES):
        raise click.UsageError("--port and a configuration exclude each other")
    from ..probe.checker.plan import parse_ports

    try:
        return [parse_ports(text) for text in ports]
    except ValueError as error:
        raise click.UsageError(f"--port: {error}") from None


def refuse_missing_libraries() -> None:
    """Before anything is sent: each is imported only with the first answer that it reads."""
    missing = next((name for name in LIBRARIES if find_spec(name) is None), None)
    if missing:
        raise click.ClickException(f"the probe {lacking(missing, 'probe')}; {install_line('probe')}")


def refuse_few_files() -> None:
    """Before a library fails in the middle, with a message about itself."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if allowed != resource.RLIM_INFINITY and allowed < LEAST_FILES:
        raise click.ClickException(
            f"too few open files: the limit is {allowed}, and the probe needs {LEAST_FILES} (ulimit -n {LEAST_FILES})"
        )
