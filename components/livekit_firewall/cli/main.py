"""The command `livekit-firewall`: what a configuration opens and to whom, without account or Pulumi.

Exit codes: 0 done, 2 bad input or could not run, with one message on stderr.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from ..cli_comment import comment
from ..deployment.derive import Deployment
from ..model.errors import FirewallError
from ..platforms.registry import PLATFORMS
from .compare import compare
from .diff import diff
from .explain import explain
from .exposure import exposure
from .host import host
from .input import inputs, read_and_tell
from .lint import lint
from .probe import probe
from .review import review
from .touched import touched


def _print_version(context: click.Context, _parameter: click.Parameter, asked: bool) -> None:
    if not asked:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        number = version("livekit-firewall")
    except PackageNotFoundError:
        number = "(a clone, not installed)"
    click.echo(f"livekit-firewall {number}")
    context.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Show the version."
)
def cli() -> None:
    """From the configuration a LiveKit deployment runs with: which ports, for whom, and the firewall."""


cli.add_command(comment)
cli.add_command(compare)
cli.add_command(diff)
cli.add_command(explain)
cli.add_command(exposure)
cli.add_command(host)
cli.add_command(lint)
cli.add_command(probe)
cli.add_command(review)
cli.add_command(touched)


@cli.command()
@inputs
def ports(as_json: bool, **given: Any) -> None:
    """The sockets that the services open, whoever may reach them."""
    deployment = read_and_tell(given)
    if as_json:
        _print_json("ports", [listener.as_json() for listener in deployment.listeners], deployment)
        return
    rows = [
        (
            listener.service.label,
            str(listener.ports),
            " ".join(sorted(str(family) for family in listener.families)) or "loopback",
            str(listener.audience),
            listener.key,
            "default" if listener.is_default else "set",
        )
        for listener in deployment.listeners
    ]
    _table(("service", "ports", "families", "for", "key", "value"), rows)


@cli.command()
@inputs
def rules(as_json: bool, **given: Any) -> None:
    """The rules that follow: who may reach what, and the key that each rule comes from."""
    deployment = read_and_tell(given)
    if as_json:
        _print_json("rules", [rule.as_json() for rule in deployment.rules], deployment)
        return
    rows = [(str(rule.ports), str(rule.peer), rule.service.label, rule.key, rule.reason) for rule in deployment.rules]
    _table(("ports", "from", "service", "key", "reason"), rows)


@cli.command()
@click.option(
    "--to", "platform_name", type=click.Choice(sorted(PLATFORMS.values())), required=True, help="The platform."
)
@inputs
def render(platform_name: str, as_json: bool, **given: Any) -> None:
    """The rules in a platform's own words. An id that is not known here is printed as TARGET."""
    from ..deployment.rendering import render_for

    deployment = read_and_tell(given)
    native = render_for(deployment, platform_name)
    if platform_name == "nftables" and not as_json:
        click.echo(native, nl=False)
        return
    value = {"ruleset": native} if platform_name == "nftables" else native.as_json()
    click.echo(json.dumps({"version": 1, "platform": platform_name, "native": value}, indent=2))


def _print_json(name: str, rows: list[dict[str, object]], deployment: Deployment) -> None:
    from ..reports.exposure.expose import finding_as_json

    findings = [finding_as_json(finding) for finding in deployment.findings]
    click.echo(json.dumps({"version": 1, name: rows, "findings": findings}, indent=2))


WHOLE = ("ports", "service", "value", "for", "key")
"""Columns whose words people copy or search for, and that therefore never break."""


def _table(headings: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
    """Plain columns for pipes; on a terminal a table that wraps, but never within ports or keys."""
    if not sys.stdout.isatty():
        from ..model.text import plain

        click.echo(plain(headings, rows))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(heading.upper(), no_wrap=heading in WHOLE, overflow="fold")
    for row in rows:
        cells = zip(headings, row, strict=True)
        table.add_row(*(Text(cell.replace(", ", ",\n") if heading == "key" else cell) for heading, cell in cells))
    Console().print(table)


def main(arguments: Sequence[str] | None = None) -> None:
    """The entry point: errors of the user are one message and exit code 2, never a traceback."""
    # None is what Python makes of a stream that the caller closed
    if sys.stdout is None or sys.stderr is None:
        nowhere = Path(os.devnull).open("w")  # noqa: SIM115 (for as long as the process lasts)
        sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        # not cli.main, which turns a pipe that nobody reads any more into exit code 1
        given = sys.argv[1:] if arguments is None else list(arguments)
        with cli.make_context("livekit-firewall", given) as context:
            cli.invoke(context)
        sys.exit(0)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except FirewallError as error:
        # this command creates nothing in any case
        click.echo(f"livekit-firewall: {error}".replace(", nothing was created", "", 1), err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        _silence_stdout()  # whoever read the output has enough of it
        sys.exit(0)
    except OSError as error:
        _silence_stdout()
        with suppress(OSError):
            click.echo(f"livekit-firewall: {error.filename or 'the output'}: {error.strerror or error}", err=True)
        sys.exit(2)


def _silence_stdout() -> None:
    """So that the flush at exit does not complain once more."""
    with suppress(OSError):  # a stream in memory has no descriptor
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
