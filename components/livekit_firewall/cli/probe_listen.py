"""The command `probe listen`, on the server."""

from __future__ import annotations

import json
import re
import shlex
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from ..deployment.derive import Deployment
from ..model.ports import PortRange
from .options import BLOCKS, PRESET, InputOptions
from .probe_input import TOKEN_VARIABLE, probe_options, read_ports, refuse_few_files, refuse_missing_libraries

if TYPE_CHECKING:
    from ..probe.listener.report import CheckerReport

LONGEST_RUN = 3600
"""Seconds that a listener may be asked to run."""


@click.command("listen")
@click.option(
    "--duration",
    type=click.IntRange(1, LONGEST_RUN),
    default=300,
    show_default=True,
    metavar="SECONDS",
    help="How long to listen, and how long the token is valid.",
)
@click.option("--once", is_flag=True, help="Stop when a check has finished.")
@click.option("--host", metavar="HOST", help="This server's name or address in the printed check command.")
@click.option("--no-nft", is_flag=True, help="Divert nothing: only bind ports that are free.")
@probe_options
def listen_command(
    duration: int,
    once: bool,
    host: str | None,
    no_nft: bool,
    as_json: bool,
    ports: tuple[str, ...],
    given: InputOptions,
) -> None:
    """On the server: answer one checker's packets, and print the command that it has to run.

    It is printed twice, to copy either: with the token in the environment, which other users of the checker's
    machine cannot see, and with --token, for shells that have no such assignment.

    With root and nftables no service stops, and live traffic is left alone: packets of this run are
    recognised by a secret. Everything is removed when this ends, however it ends.
    """
    from ..probe.checker.plan import digest_of, every_port
    from ..probe.listener.listen import ProbeListener
    from ..probe.listener.report import as_json as report_as_json
    from ..probe.listener.report import as_text as report_as_text
    from ..probe.wire.token import Token

    refuse_missing_libraries()
    refuse_few_files()
    what = read_ports(ports, given)
    planned = every_port(what)
    address = host or _own_name(what)  # what it imports may lie where only root can read, and the listener is nobody
    token = Token.new(duration, time.time())
    reports: list[CheckerReport] = []

    def report(found: Sequence[CheckerReport]) -> None:
        reports.extend(found)
        if not as_json:
            click.echo(report_as_text(found))
            sys.stdout.flush()

    with (
        _told_why(),
        ProbeListener(token, planned, digest_of(what), duration, divert=not no_nft, confine=True) as listener,
    ):
        for limit in listener.limits:
            click.echo(f"warning: not tested: {limit}", err=True)
        _print_commands(address, token.text(), ports, given, as_json=as_json)
        _until_told_to_stop(lambda: listener.run(report, once=once))
        if not reports:
            report(listener.reports())
    if as_json:
        click.echo(json.dumps(report_as_json(reports, listener.limits)))


@contextmanager
def _told_why() -> Iterator[None]:
    """What keeps the probe from listening, in one line."""
    from ..probe.listener.connection_table import ConnectionTableFull
    from ..probe.listener.nft_session import CannotDivert

    try:
        yield
    except BrokenPipeError:
        raise  # the reader of the output is gone, which is no failure to listen
    except (CannotDivert, ConnectionTableFull) as why:
        raise click.ClickException(f"the probe cannot listen: {why}") from None
    except OSError as error:
        raise click.ClickException(f"the probe cannot listen: {error.strerror or error}") from None


def _print_commands(host: str, token: str, ports: Sequence[str], given: InputOptions, *, as_json: bool) -> None:
    """The check command, with the token in the environment and as an option, flushed at once."""
    line = _check_command(host, token, ports, given)
    # first, since arguments are shown to every user of a machine (ps), and the environment is not
    hidden = f"{TOKEN_VARIABLE}={token} {_check_command(host, None, ports, given)}"
    as_document = {"version": 1, "command_with_environment": hidden, "command": line}
    click.echo(json.dumps(as_document) if as_json else f"{hidden}\n{line}")
    sys.stdout.flush()


def _until_told_to_stop(run: Callable[[], None]) -> None:
    """SIGTERM ends it as an interrupt does, with the report."""

    def stop(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        run()
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)


def _check_command(host: str, token: str | None, ports: Sequence[str], given: InputOptions) -> str:
    """The whole command, with the same options as this one was given; None: the token stands elsewhere."""
    words = ["livekit-firewall", "probe", "check", *host.split(), *(["--token", token] if token else [])]
    words += [word for text in ports for word in ("--port", text)]
    files = {**given.service_files, "stack": given.stack, "chart-version": given.chart_version}
    words += [word for name, file in files.items() if file is not None for word in (f"--{name}", file)]
    words += [word for text in given.helm for word in ("--helm", text)]
    words += ["--args", given.args_file] if given.args_file is not None else []
    for name in BLOCKS:
        words += [word for text in getattr(given, name) for word in (f"--{name.replace('_', '-')}", text)]
    words += ["--https"] if given.https else []
    words += [word for text in given.compose for word in ("--compose", text)]
    words += ["--docker"] if given.docker else []
    words += ["--no-ipv6"] if given.no_ipv6 else []
    harmless = [text for text in given.overrides if not SECRET.search(text.partition("=")[0])]
    words += [word for text in harmless for word in ("--set", text)]
    words += [word for text in given.env_file for word in ("--env-file", text)]
    words += [word for text in given.versions for word in ("--server-version", text)]
    if given.plugnmeet is not None:  # last, since it may stand without a value
        words += ["--plugnmeet"] if given.plugnmeet == PRESET else ["--plugnmeet", given.plugnmeet]
    return shlex.join(words)


SECRET = re.compile(r"(?i)key|secret|password|token|credential|config")
"""Keys that decide no port and must not be shown."""


def _own_name(what: Deployment | list[PortRange]) -> str:
    """An address of each family at which others reach this server, or the word HOST with a remark."""
    from ..probe.checker.hosts import own_address

    server = what.settings.server if isinstance(what, Deployment) else None
    found = own_address(server.own.rtc.node_ip if server else "")
    if found is None:
        click.echo("put this server's public name or address in place of HOST, or give it by --host", err=True)
    return found or "HOST"
