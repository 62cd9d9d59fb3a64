"""The command's input: options, a file of arguments or a stack's file, as one set of arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
from msgspec.structs import replace

from ..deployment.arguments import Arguments
from ..deployment.derive import Deployment, read_deployment
from ..inputs.document import Document, read_document
from ..inputs.files import STDIN_NAMES, is_stream
from ..inputs.project import Project, find_project, read_project
from ..inputs.records import fields_of
from ..inputs.shown import show
from ..model.errors import ConfigurationError, Place, Report
from ..model.text import quoted
from ..settings.documents import not_arguments
from ..settings.networks import Network
from ..settings.overrides import SERVICES
from ..settings.schemas.releases import file_of
from ..settings.sources import Running

Command = TypeVar("Command", bound=Callable[..., Any])

FILES = {
    "livekit": "livekit_config",
    "sip": "sip_config",
    "ingress": "ingress_config",
    "egress": "egress_config",
}
"""Options that name a service's own file, and the arguments that they stand for."""

BLOCKS = {
    "load_balancer": "Who reaches the API and TURN/TLS (repeatable).",
    "trunk": "Who reaches SIP and its audio (repeatable).",
    "operator": "Who reaches SSH, metrics and health (repeatable).",
    "cluster": "All nodes, this one included, by public address (repeatable).",
}

PRESET = "\0"
"""What `--plugnmeet` stands for without a folder; an empty text is a folder that somebody's script lost."""

STACK = click.option("--stack", metavar="NAME", help="The arguments of a stack: stacks/Pulumi.NAME.yaml.")
STACKS = click.option("--stack", "stacks", metavar="NAME", multiple=True, help="A stack of this project (repeatable).")

INPUTS = (
    *(
        click.option(f"--{name}", metavar="FILE", help=f"The configuration that livekit-{service} runs with.")
        for name, service in (("livekit", "server"), ("sip", "sip"), ("ingress", "ingress"), ("egress", "egress"))
    ),
    click.option(
        "--plugnmeet", metavar="[DIR]", is_flag=False, flag_value=PRESET, default=None, help="plugNmeet, or its folder."
    ),
    STACK,
    click.option("--args", "args_file", metavar="FILE", help="A YAML file of arguments."),
    *(
        click.option(f"--{name.replace('_', '-')}", name, metavar="CIDR", multiple=True, help=text)
        for name, text in BLOCKS.items()
    ),
    click.option("--https", is_flag=True, help="A TLS proxy runs on the node: 443 and 80 open to clients."),
    click.option("--no-ipv6", is_flag=True, help="Close IPv6."),
    click.option(
        "--compose",
        metavar="FILE",
        multiple=True,
        callback=lambda _context, _parameter, value: value or None,
        help="A compose file that the services run by (repeatable).",
    ),
    click.option("--docker", is_flag=True, help="The servers run in containers of a Docker bridge."),
    click.option(
        "--helm",
        metavar="FILE",
        multiple=True,
        help="Values of a LiveKit chart, or CHART=FILE (repeatable; files of one chart merge in order).",
    ),
    click.option("--chart-version", metavar="VERSION", help="The version of the chart, by default the newest known."),
    click.option(
        "--server-version",
        "versions",
        metavar="VERSION",
        multiple=True,
        help="The release of livekit-server that runs, by default the newest known; SERVICE:VERSION for others.",
    ),
    click.option(
        "--set",
        "overrides",
        metavar="KEY=VALUE",
        multiple=True,
        help="What a flag or variable of the running service sets: its key, or the variable; SERVICE:KEY=VALUE.",
    ),
    click.option(
        "--env-file",
        "env_file",
        metavar="FILE",
        multiple=True,
        help="Variables of the running service, in Compose's format; [SERVICE:]FILE (repeatable).",
    ),
)


def inputs(command: Command, of_one: bool = True) -> Command:
    """The options that say what runs on the node and who may reach it, and `--json`: the same for every command.

    Args:
        of_one: False for a command that takes several stacks.
    """
    for option in reversed(INPUTS):
        command = (STACKS if option is STACK and not of_one else option)(command)
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def read_and_tell(given: Mapping[str, Any]) -> Deployment:
    """The deployment that the options describe; its findings go to stderr."""
    deployment = read_input(**given)
    for finding in deployment.findings:
        click.echo(str(finding), err=True)
    return deployment


def read_input(within: Path | None = None, **given: Any) -> Deployment:
    """The deployment that the options describe. A service is on the node if its file or switch is given.

    Args:
        within: a folder that no file may be outside of, for options that somebody else wrote.

    Raises:
        click.UsageError: no option says what runs on the node.
        ConfigurationError: everything that is wrong with the options and the files they name.
    """
    arguments, base = _file_arguments(given)
    added = _option_arguments(given)
    if within is not None:
        refuse_outside({**arguments, **added}, base, within)
        _refuse_outside_files(given["env_file"], within)
    streams = frozenset(name for name in _named(given) if within is None and is_stream(name))
    report = Report()
    versions = _versions(given["versions"])
    versions.update({"chart": given["chart_version"]} if given["chart_version"] is not None else {})
    for key in (key for key in (*added, *(["versions"] if versions else [])) if key in arguments):
        report.problem(Place(key), "", "must not be given as an option and in the file of arguments", "remove one")
    running = replace(_running(given, versions, report), streams=streams)
    if not arguments and not added and not running.is_known and not running.problems:
        file = f" ({given['args_file']} holds no argument)" if given["args_file"] is not None else ""
        raise click.UsageError(
            f"nothing says what runs on the node{file}: give --livekit FILE, --plugnmeet or --stack NAME"
        )
    if given["stack"] is None and given["args_file"] is None:
        is_server = any(given[option] is not None for option in ("livekit", "plugnmeet", "compose"))
        is_server = is_server or running.has("livekit")
        running = replace(running, is_server_by_chart=bool(given["helm"]) and not is_server)
        added.setdefault("livekit", is_server or running.is_server_by_chart)
    added.update({"versions": versions} if versions else {})
    return read_deployment({**arguments, **added}, base, running=running)


def _running(given: Mapping[str, Any], versions: Mapping[str, str], report: Report) -> Running:
    found, running = Report(), Running()
    if given["overrides"] or given["env_file"]:
        from ..settings.given import read_given  # the tables of keys take time

        files = {service: given[service] for service in FILES}
        running = read_given(given["overrides"], given["env_file"], files, Path(), found, versions)
    problems = (*report.problems, *found.problems)
    if given["docker"]:
        running = replace(running, networks={service: Network(service) for service in FILES})
    return replace(running, problems=problems, findings=tuple(found.findings))


def _named(given: Mapping[str, Any]) -> list[str]:
    """The files that options name.

    Raises:
        click.UsageError: more than one of them is standard input.
    """
    options = [(name, given[name]) for name in (*FILES, "args_file") if given[name] is not None]
    options += [("helm", file_of(text)) for text in given["helm"]]
    options += [("compose", text) for text in given["compose"] or ()]
    stdin = [f"--{name.removesuffix('_file')}" for name, value in options if value in STDIN_NAMES]
    if len(stdin) > 1:
        raise click.UsageError(f"{' and '.join(stdin)} cannot both be standard input, which is read once")
    return [value for _, value in options]


def _versions(texts: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        service, _, version = text.rpartition(":")
        if (service or "livekit") not in SERVICES or not version or (service or "livekit") in found:
            raise click.UsageError(
                f"--server-version takes VERSION, or SERVICE:VERSION of {', '.join(SERVICES)}, each once"
            )
        found[service or "livekit"] = version
    return found


def refuse_outside(arguments: Mapping[str, Any], base: Path, within: Path) -> None:
    """Raise ConfigurationError for each file that the arguments name and that is not inside a folder."""
    plugnmeet = arguments.get("plugnmeet")
    named = {key: arguments.get(key) for key in FILES.values()}
    helm = arguments.get("helm")
    files = helm if isinstance(helm, list | tuple) else [helm]
    named |= {f"helm[{index}]": file_of(one) for index, one in enumerate(files) if isinstance(one, str)}
    named["plugnmeet"] = plugnmeet.get("path") if isinstance(plugnmeet, Mapping) else plugnmeet
    compose = arguments.get("compose")
    listed = compose if isinstance(compose, list) else [compose]
    named |= {f"compose[{index}]": value for index, value in enumerate(listed)}
    report = Report()
    for key, value in named.items():
        if isinstance(value, str) and not (base / value).resolve().is_relative_to(within.resolve()):
            hint = "only files of the revision are read; diff the two files themselves: diff OLD NEW"
            report.problem(Place(key), show(key, value), "must be a file of the repository", hint)
    report.stop_if_any()


def _refuse_outside_files(env_files: Iterable[str], within: Path) -> None:
    report = Report()
    for name in env_files:
        path = name.rpartition(":")[2] if name.partition(":")[0] in FILES else name
        if not Path(path).resolve().is_relative_to(within.resolve()):
            report.problem(Place("--env-file"), "", "must be a file of the repository")
    report.stop_if_any()


def _option_arguments(given: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {key: given[option] for option, key in FILES.items() if given[option] is not None}
    if given["plugnmeet"] is not None:
        found["plugnmeet"] = True if given["plugnmeet"] == PRESET else given["plugnmeet"]
    if given["load_balancer"]:
        found["load_balancer"] = {"cidrs": list(given["load_balancer"])}
    if given["trunk"]:
        found["trunks"] = list(given["trunk"])
    if given["operator"]:
        found["operators"] = {"cidrs": list(given["operator"])}
    if given["cluster"]:
        found["cluster"] = {"cidrs": list(given["cluster"])}
    if given["https"]:
        found["https"] = True
    if given["compose"]:
        found["compose"] = list(given["compose"])
    if given["no_ipv6"]:
        found["ipv6"] = False
    if given["helm"]:
        found["helm"] = list(given["helm"])
    return found


def _file_arguments(given: Mapping[str, Any]) -> tuple[dict[str, Any], Path]:
    """The arguments of `--stack` or `--args`, and the folder that their paths start from."""
    if given["stack"] is not None and given["args_file"] is not None:
        raise click.UsageError("--stack and --args exclude each other")
    if given["args_file"] is not None:
        return _arguments_of(given["args_file"])
    if given["stack"] is None:
        return {}, Path()
    project = this_project()
    return project.arguments(document_of(stack_file(project, given["stack"]))), project.folder


def _arguments_of(name: str) -> tuple[dict[str, Any], Path]:
    is_piped = is_stream(name)
    document = document_of(Path(name), is_stream=is_piped)
    kind = not_arguments(document.value, frozenset(fields_of(Arguments)))
    if kind or document.head.further:
        report = Report()
        if kind:
            report.problem(document.place(""), kind.what, "must be a file of arguments", kind.instead)
        else:
            report.problem(Place("", name, document.head.further, 1), "", "must hold one document only")
        report.stop_if_any()
    return dict(document.value), Path() if is_piped else Path(name).parent


def document_of(path: Path, *, is_stream: bool = False) -> Document:
    report = Report()
    document = read_document(path, str(path), report, is_stream=is_stream)
    if document is None:
        raise ConfigurationError(report.problems)
    return document


def this_project() -> Project:
    """The nearest project upwards.

    Raises:
        click.UsageError: there is none.
        ConfigurationError: it cannot be read.
    """
    return read_project(_project_file())


def project_folder() -> Path:
    """The folder of the nearest project upwards. Raises click.UsageError if there is none."""
    return _project_file().parent


def _project_file() -> Path:
    here = Path.cwd()
    found = find_project(here)
    if found is None:
        raise click.UsageError(f"--stack needs a Pulumi project: there is no Pulumi.yaml in {here} or above it")
    return found


def stack_file(project: Project, stack: str) -> Path:
    if not stack.replace("-", "").replace("_", "").replace(".", "").isalnum():
        raise click.UsageError(f"{quoted(stack, 200)} is no name of a stack")
    return project.stack_file(stack)
