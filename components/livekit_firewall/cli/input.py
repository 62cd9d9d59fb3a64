"""The command's input: options, a file of arguments or a stack's file, as one set of arguments."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from ..deployment.arguments import Arguments
from ..deployment.derive import Deployment, read_deployment
from ..inputs.document import Document, read_document
from ..inputs.files import STDIN_NAMES, is_stream
from ..inputs.project import Project, find_project, read_project, stack_files
from ..inputs.record_types import fields_of
from ..inputs.shown import show
from ..model.errors import ConfigurationError, Place, Report, graver
from ..model.text import quoted
from ..settings.documents import not_arguments
from ..settings.networks import Network
from ..settings.overrides import SERVICES
from ..settings.schemas.releases import file_of
from ..settings.sources import Running
from .options import FILES, PRESET, InputOptions
from .screen import tell


def read_and_tell(given: InputOptions) -> Deployment:
    """The deployment that the options describe; its errors and warnings go to stderr. Notes are for `lint`, since
    nobody has to act on them.
    """
    deployment = read_input(given)
    for finding in graver(deployment.findings):
        tell(str(finding))
    return deployment


def read_input(given: InputOptions, within: Path | None = None) -> Deployment:
    """The deployment that the options describe. A service is on the node if its file or switch is given.

    Args:
        within: a folder that no file may be outside of, for options that somebody else wrote.

    Raises:
        click.UsageError: no option says what runs on the node.
        ConfigurationError: everything that is wrong with the options and the files they name.
    """
    arguments, base, file = _file_arguments(given)
    added = _option_arguments(given)
    if within is not None:
        refuse_outside({**arguments, **added}, base, within)
        _refuse_outside_files(given.env_file, within)
    streams = frozenset(name for name in _named(given) if within is None and is_stream(name))
    report = Report()
    versions = _versions(given.versions)
    versions.update({"chart": given.chart_version} if given.chart_version is not None else {})
    for key in (key for key in (*added, *(["versions"] if versions else [])) if key in arguments):
        report.problem(Place(key), "", "must not be given as an option and in the file of arguments", "remove one")
    running = _running(given, versions, report)
    running = replace(running, streams=streams, files=(*file, *running.files))
    if not arguments and not added and not running.is_known and not running.problems:
        empty = f" ({given.args_file} holds no argument)" if given.args_file is not None else ""
        raise click.UsageError(
            f"nothing says what runs on the node{empty}: give --livekit FILE, --plugnmeet or --stack NAME"
        )
    if given.stack is None and given.args_file is None:
        is_server = given.is_given("livekit", "plugnmeet", "compose")
        is_server = is_server or running.has("livekit")
        running = replace(running, is_server_by_chart=bool(given.helm) and not is_server)
        added.setdefault("livekit", is_server or running.is_server_by_chart)
    added.update({"versions": versions} if versions else {})
    return read_deployment({**arguments, **added}, base, running=running)


def _running(given: InputOptions, versions: Mapping[str, str], report: Report) -> Running:
    found, running = Report(), Running()
    if given.overrides or given.env_file:
        from ..settings.given import read_given  # the tables of keys take time

        files = given.service_files
        running = read_given(given.overrides, given.env_file, files, Path(), found, versions)
    problems = (*report.problems, *found.problems)
    if given.docker:
        running = replace(running, networks={service: Network(service) for service in FILES})
    return replace(running, problems=problems, findings=tuple(found.findings), files=tuple(found.files))


def _named(given: InputOptions) -> list[str]:
    """The files that options name.

    Raises:
        click.UsageError: more than one of them is standard input.
    """
    options = [(name, file) for name, file in given.service_files.items() if file is not None]
    options += [("args_file", given.args_file)] if given.args_file is not None else []
    options += [("helm", file_of(text)) for text in given.helm]
    options += [("compose", text) for text in given.compose]
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


def _option_arguments(given: InputOptions) -> dict[str, Any]:
    found: dict[str, Any] = {FILES[service]: file for service, file in given.service_files.items() if file is not None}
    if given.plugnmeet is not None:
        found["plugnmeet"] = True if given.plugnmeet == PRESET else given.plugnmeet
    if given.load_balancer:
        found["load_balancer"] = {"cidrs": list(given.load_balancer)}
    if given.trunk:
        found["trunks"] = list(given.trunk)
    if given.operator:
        found["operators"] = {"cidrs": list(given.operator)}
    if given.cluster:
        found["cluster"] = {"cidrs": list(given.cluster)}
    if given.https:
        found["https"] = True
    if given.compose:
        found["compose"] = list(given.compose)
    if given.no_ipv6:
        found["ipv6"] = False
    if given.helm:
        found["helm"] = list(given.helm)
    return found


def _file_arguments(given: InputOptions) -> tuple[dict[str, Any], Path, tuple[str, ...]]:
    """The arguments of `--stack` or `--args`, the folder that their paths start from, and the file that has them."""
    if given.stack is not None and given.args_file is not None:
        raise click.UsageError("--stack and --args exclude each other")
    if given.args_file is not None:
        return _arguments_of(given.args_file)
    if given.stack is None:
        return {}, Path(), ()
    project = this_project()
    file = stack_file(project, given.stack)
    # as the arguments name their files: a page is the same wherever the project lies
    name = Path(os.path.relpath(file, project.folder)).as_posix()
    return project.arguments(document_of(file, name)), project.folder, (name,)


def _arguments_of(name: str) -> tuple[dict[str, Any], Path, tuple[str, ...]]:
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
    shown = "standard input" if name in STDIN_NAMES else name
    return dict(document.value), Path() if is_piped else Path(name).parent, (shown,)


def document_of(path: Path, shown: str = "", *, is_stream: bool = False) -> Document:
    """The document in a file, `shown` in messages by that name, by its path otherwise."""
    report = Report()
    document = read_document(path, shown or str(path), report, is_stream=is_stream)
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


def stack_names() -> tuple[str, ...]:
    """The stacks of the nearest project that have a file, in the order of their names.

    Raises:
        click.UsageError: there is no project, or none of its stacks has a file.
        ConfigurationError: it cannot be read.
    """
    project = this_project()
    found = tuple(name for name, _ in stack_files(project.folder / project.stacks, project.file.suffix))
    if not found:
        raise click.UsageError(
            f"there is no file Pulumi.NAME{project.file.suffix} in {project.folder / project.stacks}"
        )
    return found


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
