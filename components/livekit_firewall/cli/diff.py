"""The command `diff`: what a change of configuration means for who can reach what, without credentials or preview."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from msgspec.structs import replace

from ..inputs.project import find_project, our_arguments, read_project
from ..model.errors import ConfigurationError, Finding, Problem, graver
from ..model.text import quoted
from ..platforms.registry import BY_ARGUMENT
from ..settings.schemas.releases import file_of
from .input import document_of, project_folder, read_input, stack_file, this_project
from .options import FILES, InputOptions, inputs
from .review import show, shown
from .screen import tell

if TYPE_CHECKING:
    from ..deployment.derive import Deployment
    from ..inputs.document import Document

SOURCES = (*FILES, "compose", "plugnmeet", "stack", "args_file", "helm")
"""Options that say what runs on the node: with one of them, OLD and NEW are revisions."""

ARGUMENTS_ONLY = BY_ARGUMENT.keys() | frozenset(
    (
        "livekit tcp_port udp_port port_range_start port_range_end https plugnmeet livekit_config sip_config "
        "ingress_config egress_config compose clients load_balancer trunks operators cluster ipv6"
    ).split()
)
"""Keys of the component's arguments that no livekit.yaml has at its top."""


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="[NEW]", required=False)
@partial(inputs, of_one=False)
@shown
def diff(
    old: str,
    new: str | None,
    stacks: tuple[str, ...],
    form: str,
    as_json: bool,
    fail_on: str | None,
    limit: int | None,
    given: InputOptions,
) -> None:
    """What changes for who can reach what from OLD to NEW, as `review` prints it.

    OLD and NEW are two configurations (livekit.yaml, a file of arguments, a stack's file, plugNmeet's folder) or the
    names of two stacks. With --stack or another option that says what runs on the node they are git revisions:
    main...HEAD, or OLD and NEW.
    """
    from ..reports.review.change import Review
    from ..reports.review.configurations import compare_deployments

    options = [replace(given, stack=stack) for stack in dict.fromkeys(stacks) or (None,)]
    parts = []
    for before, after, name in _sides(old, new, options):
        if before is None and after is None:
            raise click.UsageError(f"nothing that the options name exists, neither before nor after: {name}")
        _print_new_findings(before, after)
        parts.append(compare_deployments(name, before, after))
    show(Review(tuple(parts)), "json" if as_json else form, fail_on, limit)


def _print_new_findings(before: Deployment | None, after: Deployment | None) -> None:
    """The errors and warnings that the change brings."""
    known = {(one.id, one.place.path, one.text) for one in before.findings} if before else set()
    for finding in graver(after.findings) if after else ():
        if (finding.id, finding.place.path, finding.text) not in known:
            tell(str(finding))


ConfigurationPair = tuple["Deployment | None", "Deployment | None", str]


def _sides(old: str, new: str | None, options: Sequence[InputOptions]) -> list[ConfigurationPair]:
    given = options[0]
    is_named = given.is_given(*SOURCES)
    are_there = new is not None and Path(old).exists() and Path(new).exists()
    if is_named and not are_there:
        return _revisions(old if new is None else f"{old}..{new}", options)
    if new is None:
        raise click.UsageError("give OLD and NEW, or say whose revisions are meant: --stack NAME, --livekit FILE")
    if given.stack is not None:
        raise click.UsageError("OLD and NEW are files, so --stack has no effect: leave it out, or name revisions")
    before, after = _each([partial(_configuration, old, given), partial(_configuration, new, given)])
    return [(before, after, f"{old} → {new}")]


def _each(reads: Sequence[Callable[[], Read]]) -> list[Read]:
    """What each makes; raises ConfigurationError with the problems of all of them."""
    found: list[Read] = []
    problems: list[Problem] = []
    findings: list[Finding] = []
    for read in reads:
        try:
            found.append(read())
        except ConfigurationError as error:
            problems += error.problems
            findings += error.findings
    if problems:
        raise ConfigurationError(problems, findings)
    return found


Read = TypeVar("Read")


def _revisions(text: str, options: Sequence[InputOptions]) -> list[ConfigurationPair]:
    from ..inputs.revisions import is_checked_out, parse_span, trees

    span = parse_span(text)
    here = Path.cwd()
    depth = len(here.resolve().relative_to(span.top.resolve()).parts)
    with trees(span, here) as (old, new):
        named = (next(getattr(given, one) for one in ("stack", *SOURCES) if given.is_given(one)) for given in options)
        names = [" ".join(one) if isinstance(one, tuple) else str(one) for one in named]
        sides = _each(
            [
                partial(_at, folder, commit, depth, given)
                for given in options
                for folder, commit in ((old, span.old), (new, span.new))
            ]
        )
        if is_checked_out(span):
            _warn_uncommitted(zip(options, sides[1::2], strict=True), new, here)
        return list(zip(sides[::2], sides[1::2], names, strict=True))


def _warn_uncommitted(sides: Iterable[tuple[InputOptions, Deployment | None]], commit: Path, here: Path) -> None:
    """A warning for each file that was read as it is committed, while the working tree has it otherwise."""
    from ..inputs.revisions import differs_on_disk

    read: dict[Path, None] = {}
    for given, deployment in sides:
        if deployment is not None:
            base = Path(given.args_file or "").parent
            if given.stack is not None:
                with _inside(commit):
                    base = Path(os.path.relpath(project_folder()))
            read |= dict.fromkeys((*([Path(given.args_file)] if given.args_file else ()),
                                   *(base / name for name in deployment.files)))  # fmt: skip
    for name in read:
        if differs_on_disk(name, commit, here):
            tell(
                f"warning: {name.as_posix()}: uncommitted changes are not part of the comparison; commit them, or give "
                "OLD alone to compare with the working tree"
            )


def _at(folder: Path, commit: str | None, depth: int, given: InputOptions) -> Deployment | None:
    """The deployment of one revision, in whose tree the working folder lies `depth` folders deep."""
    top = (folder.resolve(), *folder.resolve().parents)[depth]
    try:
        with _inside(folder) as is_there:
            return _deployment(given, top if commit else None) if is_there else None
    except ConfigurationError as error:
        told = [_at_revision(one, commit) for one in error.problems]
        raise ConfigurationError(told, [_at_revision(one, commit) for one in error.findings]) from None


ProblemOrFinding = TypeVar("ProblemOrFinding", Problem, Finding)


def _at_revision(one: ProblemOrFinding, commit: str | None) -> ProblemOrFinding:
    """The problem or finding with the revision before its file, as git writes it."""
    if commit is None:
        return one
    file = one.place.file
    return replace(one, place=replace(one.place, file=f"{commit[:12]}:{file}" if file else commit[:12]))


@contextmanager
def _inside(folder: Path) -> Iterator[bool]:
    """Paths of options are relative to the working folder, at each revision."""
    if not folder.is_dir():
        yield False
        return
    here = Path.cwd()
    os.chdir(folder)
    try:
        yield True
    finally:
        os.chdir(here)


def _deployment(given: InputOptions, within: Path | None) -> Deployment | None:
    """The deployment as the working folder has it; None where nothing of it is there yet, or any more."""
    named = [file for file in (*given.service_files.values(), given.args_file) if file is not None]
    named += [*given.compose, *map(file_of, given.helm)]
    if given.stack is not None:
        file = _stack_there(given.stack, within)
        if file is None:
            return None
    elif named and not any(Path(one).exists() for one in named):
        return None
    return read_input(given, within)


def _stack_there(stack: str, within: Path | None) -> Path | None:
    try:
        folder = project_folder()
    except click.UsageError:
        return None
    if within is not None and not folder.resolve().is_relative_to(within):
        return None
    file = stack_file(this_project(), stack)
    if within is not None and not file.resolve().is_relative_to(within):
        raise click.UsageError(f"stackConfigDir of {folder.name}/Pulumi.yaml leaves the repository")
    return file if file.is_file() else None


def _configuration(text: str, given: InputOptions) -> Deployment:
    """A configuration by its path, or by the name of its stack. Problems say which of the two sides has them."""
    from ..deployment.derive import read_deployment

    path = Path(text)
    options = replace(given, stack=None, args_file=None)
    if path.is_dir():
        _refuse_beside(given, SOURCES, "a folder of plugNmeet")
        return read_input(replace(options, plugnmeet=text))
    if not path.exists():
        return read_input(replace(given, stack=_stack(text)))
    document = document_of(path)
    value = document.value if isinstance(document.value, dict) else {}
    if "config" in value and isinstance(value["config"], dict):
        _refuse_beside(given, (*SOURCES, *WHO, "overrides", "env_file", "versions"), "a stack's file")
        return read_deployment(*_of_stack(path, document))
    if isinstance(value.get("services"), dict):
        _refuse_beside(given, ("compose", "args_file", "helm", "plugnmeet"), "a compose file")
        return read_input(replace(options, compose=(text,)))
    if isinstance(value.get("livekit"), dict):
        _refuse_beside(given, SOURCES, "values of a chart")
        return read_input(replace(options, helm=(text,)))
    if ARGUMENTS_ONLY & set(map(str, value)):
        _refuse_beside(given, SOURCES, "a file of arguments")
        return read_input(replace(options, args_file=text))
    _refuse_beside(given, ("livekit", "compose", "args_file", "helm", "plugnmeet"), "livekit.yaml")
    return read_input(replace(options, livekit=text))


WHO = ("trunk", "operator", "cluster", "load_balancer", "https", "no_ipv6")


def _refuse_beside(given: InputOptions, options: Sequence[str], what: str) -> None:
    """Refuses an option that would have no effect."""
    for option in options:
        if given.is_given(option):
            name = {"args_file": "args", "overrides": "set", "versions": "server-version"}.get(
                option, option.replace("_", "-")
            )
            raise click.UsageError(f"--{name} does not go with OLD and NEW that are {what}: leave it out")


def _stack(text: str) -> str:
    try:
        file = stack_file(this_project(), text)
    except (click.UsageError, ConfigurationError):
        file = None
    if file is None or not file.is_file():
        raise click.UsageError(f"{quoted(text, 500)} is no file, no folder and no stack of a Pulumi project here")
    return text


def _of_stack(path: Path, document: Document) -> tuple[dict[str, Any], Path]:
    """The arguments in a stack's file, and where their paths start from: the folder of its project, or its own."""
    file = find_project(path.resolve().parent)
    if file is None:
        return our_arguments(document, None, {}), path.resolve().parent
    return read_project(file).arguments(document), file.parent
