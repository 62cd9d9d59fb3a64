"""The command `probe check`, outside the firewall."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from ..deployment.derive import Deployment
from ..model.ports import PortRange
from .options import InputOptions
from .probe_input import TOKEN_VARIABLE, probe_options, read_ports, refuse_few_files, refuse_missing_libraries

if TYPE_CHECKING:
    from ..probe.checker.job import Job, Progress


@click.command("check")
@click.argument("hosts", metavar="HOST...", nargs=-1, required=True)
@click.option(
    "--token",
    envvar=TOKEN_VARIABLE,
    help=f"What `probe listen` printed; without it, one-sided. In {TOKEN_VARIABLE}, other users do not see it.",
)
@click.option(
    "--rate", type=click.IntRange(100, 100_000), default=100_000, show_default=True, help="Packets a second at most."
)
@click.option("--junit", metavar="FILE", help="Write the result as JUnit XML as well.")
@probe_options
def check_command(
    hosts: tuple[str, ...],
    token: str | None,
    rate: int,
    junit: str | None,
    as_json: bool,
    ports: tuple[str, ...],
    given: InputOptions,
) -> None:
    """From outside: try every port of HOST that should be open, and those that must be closed.

    HOST is a name or an address, or an IPv4 and an IPv6 address. Exit code 0: all is as wanted; 1: it is not;
    2: something could not be tested.
    """
    from ..probe.checker.check import check, most_packets
    from ..probe.checker.hosts import addresses_of
    from ..probe.results.advice import advise
    from ..probe.results.report import as_json as outcome_as_json
    from ..probe.results.report import as_text, exit_code

    refuse_missing_libraries()
    refuse_few_files()
    secret = _token(token)
    what = read_ports(ports, given)
    try:
        addresses = addresses_of(hosts)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    job = _job(what, secret, rate)
    result = _open(junit) if junit else None
    most = most_packets(job.planner(dict.fromkeys(addresses)))
    click.echo(f"at most {rate:,} packets a second, and {most:,} in all, to {', '.join(addresses.values())}", err=True)
    outcome = _with_progress(lambda progress: check(" ".join(hosts), addresses, job, progress))
    advice = advise(outcome, what if isinstance(what, Deployment) else None)
    if result is not None:
        from ..probe.results.junit import as_junit

        with result:
            result.write(as_junit(outcome, advice))
    if as_json:
        click.echo(json.dumps(outcome_as_json(outcome, advice), indent=2))
    else:
        click.echo(as_text(outcome, advice, terminal=sys.stdout.isatty()))
    sys.exit(exit_code(outcome))


def _job(what: Deployment | list[PortRange], token: Any, rate: float) -> Job:
    from ..probe.checker.job import Job
    from ..probe.checker.plan import digest_of, plan_for, plan_of_ports

    if isinstance(what, Deployment):
        return Job(lambda sources: plan_for(what, sources), digest_of(what), token, *_turn_tls(what), rate)
    return Job(lambda sources: plan_of_ports(what, sources), digest_of(what), token, rate=rate)


def _open(path: str) -> IO[str]:
    """Before anything is sent, so that no result is lost for want of a file."""
    try:
        return Path(path).open("w", encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"--junit: {path} cannot be written: {error.strerror or error}") from None


def _token(text: str | None) -> Any:
    from ..probe.wire.token import Token

    if text == "" or (text is None and os.environ.get(TOKEN_VARIABLE) == ""):
        raise click.UsageError(f"--token is empty; leave it and {TOKEN_VARIABLE} out for a check without a listener")
    if text is None:
        return None
    try:
        token = Token.parse(text)
    except ValueError as error:
        raise click.UsageError(f"--token: {error}") from None
    late = time.time() - token.expires
    if late > 0:
        here = time.strftime("%H:%M:%S", time.gmtime())
        raise click.UsageError(
            f"--token: it expired {late:,.0f} s ago by this machine's clock, which says {here} UTC; "
            "run `probe listen` again, and if it still runs, set this clock"
        )
    return token


def _turn_tls(deployment: Deployment) -> tuple[dict[Any, str], frozenset[Any]]:
    """The name in TURN's certificate, which need not be the host's; and TURN/TLS if another machine ends TLS."""
    from ..model.services import Service

    server = deployment.settings.server
    if server is None:
        return {}, frozenset()
    turn = server.own.turn
    unasked = frozenset({Service.TURN_TLS}) if turn.external_tls else frozenset()
    return ({Service.TURN_TLS: turn.domain} if turn.domain else {}), unasked


def _with_progress(run: Callable[[Progress | None], Any]) -> Any:
    """With a bar while a person watches."""
    if not sys.stderr.isatty():
        return run(None)
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    from ..probe.checker.job import Progress as Base

    with Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("", total=1.0)

        class ProgressBar(Base):
            def phase(self, text: str) -> None:
                bar.reset(task, description=text, total=1.0)

            def done(self, share: float) -> None:
                bar.update(task, completed=share)

        return run(ProgressBar())
