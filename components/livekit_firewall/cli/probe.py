"""The commands `probe listen` and `probe check`: real packets against the firewall that is there."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from ..deployment.derive import Deployment
from ..inputs.extras import install_line, lacking
from ..model.ports import PortRange
from .input import BLOCKS, FILES, PRESET, inputs, read_and_tell

if TYPE_CHECKING:
    from ..probe.checker.check import Progress
    from ..probe.listener.listen import Heard

LEAST_FILES = 48
"""File descriptors without which neither command gets far."""
LIBRARIES = ("cryptography", "aioice", "sipmessage")
"""What the extra `probe` brings: sealed messages and certificates, STUN, SIP."""
TOKEN_VARIABLE = "LIVEKIT_FIREWALL_TOKEN"  # noqa: S105 (its name)
LONGEST_RUN = 3600
"""Seconds that a listener may be asked to run."""


@click.group()
def probe() -> None:
    """Test a deployed firewall with real packets: `listen` on the server, `check` from outside."""


def _what(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say which ports: a configuration, or a list."""
    option = click.option(
        "--port", "ports", metavar="PORTS", multiple=True, help="udp/50000-60000 or tcp/7881, without a configuration."
    )
    return inputs(option(command))


@probe.command("listen")
@click.option(
    "--duration",
    type=click.IntRange(1, LONGEST_RUN),
    default=300,
    show_default=True,
    metavar="SECONDS",
    help="How long to listen, and how long the token is good.",
)
@click.option("--once", is_flag=True, help="Stop when a check has finished.")
@click.option("--host", metavar="HOST", help="What the check command is to call this server.")
@click.option("--no-nft", is_flag=True, help="Divert nothing: only bind ports that are free.")
@_what
def listen_command(
    duration: int, once: bool, host: str | None, no_nft: bool, as_json: bool, ports: tuple[str, ...], **given: Any
) -> None:
    """On the server: answer one checker's packets, and print the command that it has to run.

    It is printed twice, to copy either: with the token in the environment, which other users of the checker's
    machine cannot see, and with --token, for shells that have no such assignment.

    With root and nftables no service stops, and live traffic is left alone: packets of this run are told
    by a secret. Everything is gone when this ends, however it ends.
    """
    from ..probe.checker.plan import digest_of, every_port
    from ..probe.listener.divert import CannotDivert
    from ..probe.listener.heard import as_json as heard_as_json
    from ..probe.listener.heard import as_text as heard_as_text
    from ..probe.listener.listen import Listener, NoRoom
    from ..probe.wire.token import Token

    _refuse_missing_libraries()
    _refuse_few_files()
    what = _read(ports, given)
    planned = every_port(what)
    token = Token.new(duration, time.time())
    told: list[Heard] = []

    def tell(heard: Sequence[Heard]) -> None:
        told.extend(heard)
        if not as_json:
            click.echo(heard_as_text(heard))
            sys.stdout.flush()

    try:
        with Listener(token, planned, digest_of(what), duration, divert=not no_nft, confine=True) as listener:
            for limit in listener.limits:
                click.echo(f"warning: not tested: {limit}", err=True)
            name = host or _own_name(what)
            line = _check_command(name, token.text(), ports, given)
            # first, since arguments are shown to every user of a machine (ps), and the environment is not
            hidden = f"{TOKEN_VARIABLE}={token.text()} {_check_command(name, None, ports, given)}"
            as_document = {"version": 1, "command_with_environment": hidden, "command": line}
            click.echo(json.dumps(as_document) if as_json else f"{hidden}\n{line}")
            sys.stdout.flush()
            _until_told_to_stop(lambda: listener.run(tell, once=once))
            if not told:
                tell(listener.heard())
    except BrokenPipeError:
        raise  # nobody reads what it says any more: no failure to listen
    except (CannotDivert, NoRoom) as why:
        raise click.ClickException(f"the probe cannot listen: {why}") from None
    except OSError as error:
        raise click.ClickException(f"the probe cannot listen: {error.strerror or error}") from None
    if as_json:
        click.echo(json.dumps(heard_as_json(told, listener.limits)))


def _refuse_missing_libraries() -> None:
    """Before anything is sent: each is imported only with the first answer that it reads."""
    missing = next((name for name in LIBRARIES if find_spec(name) is None), None)
    if missing:
        raise click.ClickException(f"the probe {lacking(missing, 'probe')}; {install_line('probe')}")


def _refuse_few_files() -> None:
    """Before some library fails in the middle, with a word on itself."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if allowed != resource.RLIM_INFINITY and allowed < LEAST_FILES:
        raise click.ClickException(
            f"too few open files: the limit is {allowed}, and the probe needs {LEAST_FILES} (ulimit -n {LEAST_FILES})"
        )


def _until_told_to_stop(run: Callable[[], None]) -> None:
    """SIGTERM ends it as an interrupt does: in order, with the report."""

    def stop(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        run()
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)


@probe.command("check")
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
@_what
def check_command(
    hosts: tuple[str, ...],
    token: str | None,
    rate: int,
    junit: str | None,
    as_json: bool,
    ports: tuple[str, ...],
    **given: Any,
) -> None:
    """From outside: try every port of HOST that should be open, and those that must be closed.

    HOST is a name or an address, or an IPv4 and an IPv6 address. Exit code 0: all is as wanted; 1: it is not;
    2: something could not be tested.
    """
    from ..probe.checker.check import Job, check, most_packets
    from ..probe.checker.hosts import addresses_of
    from ..probe.checker.plan import digest_of, plan_for, plan_of_ports
    from ..probe.results.advice import advise
    from ..probe.results.report import as_json as outcome_as_json
    from ..probe.results.report import as_text, exit_code

    _refuse_missing_libraries()
    _refuse_few_files()
    secret = _token(token)
    what = _read(ports, given)
    try:
        addresses = addresses_of(hosts)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if isinstance(what, Deployment):
        deployment: Deployment | None = what
        job = Job(lambda sources: plan_for(what, sources), digest_of(what), secret, *_turn_tls(what), rate)
    else:
        deployment = None
        job = Job(lambda sources: plan_of_ports(what, sources), digest_of(what), secret, rate=rate)
    result = _open(junit) if junit else None
    most = most_packets(job.planner(dict.fromkeys(addresses)))
    click.echo(f"at most {rate:,} packets a second, and {most:,} in all, to {', '.join(addresses.values())}", err=True)
    outcome = _with_progress(lambda progress: check(" ".join(hosts), addresses, job, progress))
    advice = advise(outcome, deployment)
    if result is not None:
        from ..probe.results.junit import as_junit

        with result:
            result.write(as_junit(outcome, advice))
    if as_json:
        click.echo(json.dumps(outcome_as_json(outcome, advice), indent=2))
    else:
        click.echo(as_text(outcome, advice, terminal=sys.stdout.isatty()))
    sys.exit(exit_code(outcome))


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


def _read(ports: Sequence[str], given: Mapping[str, Any]) -> Deployment | list[PortRange]:
    """What to probe: a deployment, or ports given by hand."""
    if not ports:
        return read_and_tell(given)
    if any(given.values()):
        raise click.UsageError("--port and a configuration exclude each other")
    from ..probe.checker.plan import parse_ports

    try:
        return [parse_ports(text) for text in ports]
    except ValueError as error:
        raise click.UsageError(f"--port: {error}") from None


def _check_command(host: str, token: str | None, ports: Sequence[str], given: Mapping[str, Any]) -> str:
    """The whole command, with the same options as this one was given; None: the token stands elsewhere."""
    words = ["livekit-firewall", "probe", "check", *host.split(), *(["--token", token] if token else [])]
    words += [word for text in ports for word in ("--port", text)]
    for name in (*FILES, "stack", "chart_version"):
        words += [f"--{name.replace('_', '-')}", given[name]] if given[name] is not None else []
    words += [word for text in given["helm"] for word in ("--helm", text)]
    words += ["--args", given["args_file"]] if given["args_file"] is not None else []
    for name in BLOCKS:
        words += [word for text in given[name] for word in (f"--{name.replace('_', '-')}", text)]
    words += ["--https"] if given["https"] else []
    words += [word for text in given["compose"] or () for word in ("--compose", text)]
    words += ["--docker"] if given["docker"] else []
    words += ["--no-ipv6"] if given["no_ipv6"] else []
    told = [text for text in given["overrides"] if not SECRET.search(text.partition("=")[0])]
    words += [word for text in told for word in ("--set", text)]
    words += [word for text in given["env_file"] for word in ("--env-file", text)]
    words += [word for text in given["versions"] for word in ("--server-version", text)]
    if given["plugnmeet"] is not None:  # last, since it may stand without a value
        words += ["--plugnmeet"] if given["plugnmeet"] == PRESET else ["--plugnmeet", given["plugnmeet"]]
    return shlex.join(words)


SECRET = re.compile(r"(?i)key|secret|password|token|credential|config")
"""What decides no port and must not be shown."""


def _own_name(what: Deployment | list[PortRange]) -> str:
    """An address of each family at which others reach this server, or the word HOST with a remark."""
    from ..probe.checker.hosts import own_address

    server = what.settings.server if isinstance(what, Deployment) else None
    found = own_address(server.own.rtc.node_ip if server else "")
    if found is None:
        click.echo("put this server's public name or address in place of HOST, or give it by --host", err=True)
    return found or "HOST"


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

    from ..probe.checker.check import Progress as Base

    with Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("", total=1.0)

        class Shown(Base):
            def phase(self, text: str) -> None:
                bar.reset(task, description=text, total=1.0)

            def done(self, share: float) -> None:
                bar.update(task, completed=share)

        return run(Shown())
