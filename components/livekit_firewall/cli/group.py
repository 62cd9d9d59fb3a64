"""The command `livekit-firewall`: what a configuration opens and to whom, without account or Pulumi.

Exit codes: 0 done, 2 bad input or could not run, with one message on stderr.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path

import click

from ..model.errors import FirewallError
from .screen import tell


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


COMMANDS = {
    "compare": ".compare",
    "diff": ".diff",
    "explain": ".explain",
    "exposure": ".exposure",
    "host": ".host",
    "lint": ".lint",
    "ports": ".rules",
    "probe": ".probe",
    "recover": ".recover",
    "render": ".rules",
    "review": ".review",
    "rules": ".rules",
    "touched": ".touched",
}
"""The module of each command. Only the one asked for is loaded: `touched` must not pay for what `review` needs."""


class LazyGroup(click.Group):
    """A group that imports a command when it is asked for, and all of them for `--help`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(COMMANDS[cmd_name], __package__), cmd_name)
        assert isinstance(command, click.Command)  # noqa: S101 (a command's module names it)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Show the version."
)
def cli() -> None:
    """From the configuration a LiveKit deployment runs with: which ports, for whom, and the firewall."""


def main(arguments: Sequence[str] | None = None) -> None:
    """The entry point: errors of the user are one message and exit code 2, never a traceback."""
    # Python sets a stream to None when the caller closed it
    if sys.stdout is None or sys.stderr is None:
        nowhere = Path(os.devnull).open("w")  # noqa: SIM115 (for as long as the process lasts)
        sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    for stream in (sys.stdout, sys.stderr):
        _prepare(stream)  # type: ignore[arg-type]
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
        tell(f"livekit-firewall: {error}".replace(", nothing was created", "", 1))
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


def _prepare(stream: TextIOWrapper) -> None:
    """What is saved or piped has the same bytes on every system: rulesets go from Windows to Linux hosts. What a
    terminal or a chosen encoding cannot show is escaped.
    """
    stream.reconfigure(errors="backslashreplace")
    if stream.isatty():
        return
    stream.reconfigure(newline="\n")
    if sys.platform == "win32" and "PYTHONIOENCODING" not in os.environ:
        stream.reconfigure(encoding="utf-8")


def _silence_stdout() -> None:
    """Prevents a second error from the flush at exit."""
    with suppress(OSError):  # a stream in memory has no descriptor
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
