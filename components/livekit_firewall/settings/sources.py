"""From where a service's settings come to its settings: a file, arguments beside it, overrides, or else a preset.

source = Source(service="livekit", path="livekit.yaml", arguments=Tree({"port": 7880}))
configured = read_service(read_server, source, Path("."), report)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from ..inputs.document import Document, read_document
from ..inputs.shown import show
from ..model.errors import Place, Problem, Report
from . import Configured
from .overrides import Overrides, helm_configuration, overridden
from .schemas import UnknownVersionError, schema_of
from .tree import Tree

Own = TypeVar("Own")
Reader = Callable[[Tree, Report], Own]


class Running(Struct, frozen=True):
    """What is known of the running services besides arguments and files.

    Attributes:
        overrides: what flags and environment variables set, by service and key.
        helm: the values of the livekit-server chart, in place of livekit.yaml; relative to the base folder.
        problems: what is wrong with what was said of them, to be told with all else.
    """

    overrides: Overrides = {}
    helm: str | None = None
    problems: tuple[Problem, ...] = ()


class Source(Struct, frozen=True, kw_only=True):
    """All that one service's settings may come from.

    Attributes:
        service: livekit, sip, ingress or egress.
        arguments: what our arguments say of it.
        path: the file that it runs with.
        helm: the values of the chart that makes this file, in its place.
        preset: what it runs with if there is neither a file nor an argument.
        overrides: what wins over its file, by key.
        version: the release that runs, without a leading v; "" where nothing says it.
    """

    service: str
    arguments: Tree = Tree()
    path: str | None = None
    helm: str | None = None
    preset: Mapping[str, Any] = {}
    overrides: Mapping[str, Any] = {}
    version: str = ""

    @property
    def has_file(self) -> bool:
        return bool(self.path or self.helm)


def read_service(read: Reader[Own], source: Source | None, base: Path, report: Report) -> Configured[Own] | None:
    """A service's settings; None if there is no such service.

    One with problems is returned with its defaults, and not as sound: the report stops the deployment, and the
    checks that follow can still find what else is wrong.
    """
    if source is None:
        return None
    before = len(report.problems)
    tree = replace(_tree(source, base, report), version=_version(source, report))
    settings = read(tree, report)
    if len(report.problems) == before:
        return Configured(settings, tree)
    nothing = replace(source.arguments, values={}, version=tree.version)
    return Configured(read(nothing, Report()), nothing, is_sound=False)


def _version(source: Source, report: Report) -> str:
    try:
        return schema_of(source.service, source.version).version if source.version else ""
    except UnknownVersionError as error:
        key = f"versions.{source.service}"
        expected = f"must be a release of {error.title} that is known: {' or '.join(error.nearest)}"
        hint = "write the nearest one" + ("" if error.newest in error.nearest else f"; the newest is {error.newest}")
        report.problem(Place(key), show(key, source.version), expected, hint)
        return ""


def refuse_untold(overrides: Overrides, sources: Iterable[Source], report: Report) -> None:
    """An override of a service without a file would be lost in silence."""
    if report.problems:  # the file that could not be read may be its own
        return
    for service in sorted(set(overrides) - {source.service for source in sources if source.has_file}):
        hint = f"say what its file says by --{service}, or remove it"
        report.problem(Place("--set"), service, "must be for a service whose file is given", hint)


def read_installation(folder: Path, base: Path, report: Report) -> Tree:
    """PlugNmeet's own file in the folder of an installation; without values when it is not there."""
    path, found = folder / "config.yaml", Report()
    document = read_document(base / path, str(path), found)
    with suppress(OSError, ValueError):  # no path at all: told of the other files
        if (base / path).exists():
            report.problems += found.problems
    return Tree(document.value, document) if document else Tree()


def _tree(source: Source, base: Path, report: Report) -> Tree:
    document = _document(source, base, report)
    if document:
        return _beside(Tree(document.value, document), source.arguments, report)
    if source.path:
        return replace(source.arguments, values={})
    return (
        source.arguments if source.arguments.values else replace(source.arguments, values=source.preset, is_preset=True)
    )


def _document(source: Source, base: Path, report: Report) -> Document | None:
    """The file as the service sees it: Helm's values turned into it, flags and variables winning."""
    document = read_document(base / source.path, source.path, report) if source.path else None
    if source.helm:
        values = read_document(base / source.helm, source.helm, report)
        document = helm_configuration(values, report) if values else None
    return overridden(document, source.overrides) if document and source.overrides else document


def _beside(file: Tree, arguments: Tree, report: Report) -> Tree:
    """The file with the arguments that it does not hold itself; a key in both is a problem."""
    if not arguments.values:
        return file
    twice = [key for key in arguments.leaves() if not key or file[key].is_set]
    for key in twice:
        where = file[key].place
        hint = f"remove one of the two; {where} says what the service runs with"
        report.problem(Place(arguments[key].name), "", f"must not be set here and in {where.file}", hint)
    return file if twice else file.with_arguments(arguments)
