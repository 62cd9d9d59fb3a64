"""The commands `probe listen` and `probe check`: test a deployed firewall with real packets."""

from __future__ import annotations

import click

from .probe_check import check_command
from .probe_listen import listen_command


@click.group(commands=[check_command, listen_command])
def probe() -> None:
    """Test a deployed firewall with real packets: `listen` on the server, `check` from outside."""
