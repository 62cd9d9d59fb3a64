"""The commands `host confirm`, `host status` and `host release`: the firewall of this very machine."""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime, timezone
from typing import Any

import click

WORDS = {"": "never", "open": "not decided", "confirmed": "confirmed", "rolled-back": "rolled back"}


@click.group()
def host() -> None:
    """This machine's own firewall, as `host: {apply: true}` loads it."""


@host.command("confirm")
def confirm_command() -> None:
    """Keep the ruleset that `pulumi up` has just loaded: run this as root in a new login.

    Without it, what was in force before is put back at the end of host.confirm_timeout.
    """
    _refuse_elsewhere()
    from ..host.standalone.confirming import confirm
    from ..host.standalone.machine import Machine
    from ..host.standalone.stopped import Stopped

    try:
        click.echo(confirm(Machine()))
    except Stopped as why:
        raise click.ClickException(str(why)) from None


@host.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status_command(as_json: bool) -> None:
    """Whether the ruleset is in force, who applied it, until when it waits, and what else filters. Needs root."""
    _refuse_elsewhere()
    from ..host.standalone.machine import Machine
    from ..host.standalone.status import status
    from ..host.standalone.stopped import Stopped

    machine = Machine()
    try:
        lacking = machine.lacks()
        if lacking:
            raise Stopped("\n".join(lacking).replace("host.apply", "livekit-firewall host status"))
        found = status(machine)
    except Stopped as why:
        raise click.ClickException(str(why)) from None
    if as_json:
        neighbours = [{"name": name, "note": note} for name, note in found["neighbours"].items()]
        owner = {key: value for key, value in (found["owner"] or {}).items() if key != "told"} or None
        click.echo(json.dumps({"version": 1, **found, "owner": owner, "neighbours": neighbours}, indent=2))
    else:
        click.echo(_text(found))


@host.command("release")
def release_command() -> None:
    """Leave the ruleset in force but let any stack take it over. Needs root.

    For a machine whose stack is gone for good, and for a ruleset that was loaded by hand. A stack that still holds the
    firewall in its state loses it: `pulumi destroy` there leaves this machine as it is.
    """
    _refuse_elsewhere()
    from ..host.standalone.machine import Machine, why
    from ..host.standalone.ownership import release
    from ..host.standalone.stopped import Stopped

    try:
        released = release(Machine())
    except OSError as error:
        raise click.ClickException(f"not all was released: {error.filename}: {why(error)}; run it again") from None
    except Stopped as reason:
        raise click.ClickException(str(reason)) from None
    if not released:
        raise click.ClickException("nothing of livekit-firewall is on this machine")
    click.echo(f"released: {', '.join(released)}. All stays in force, and the next `pulumi up` takes it over")


def _refuse_elsewhere() -> None:
    """Before what only Linux has is imported."""
    if sys.platform != "linux":
        raise click.ClickException(
            f"`host` is about the firewall of the Linux machine that it runs on (this is {sys.platform}): run it there"
        )


def _text(found: dict[str, Any]) -> str:
    by = f"SSH {found['by']}" if found["by"] else "no login of SSH"
    lines = [f"in force:    {found['in_force']}"]
    if found["since"] is not None:
        lines.append(f"applied:     {_time(found['since'])} by {by}; {WORDS.get(found['last'], found['last'])}")
    if found["until"] is not None:
        lines.append(_waiting(found["until"]))
    lines.append(f"at boot:     {found['persistence']}")
    owner = found["owner"]
    if owner:
        lines.append(f"owner:       {owner['told']}")
    lines += [f"beside it:   {note}" for note in found["neighbours"].values()]
    return "\n".join(lines)


def _waiting(until: float) -> str:
    left = round(until - time.time())
    if left <= 0:
        return f"waits until: {_time(until)}, which is past: what was in force before is being put back"
    return f"waits until: {_time(until)} (in {left} s) for `livekit-firewall host confirm` in a new login"


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC")
