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
from ..model.errors import Finding, Place, Problem, Report
from . import Configured
from .documents import check_document, check_placeholders, not_plugnmeet
from .networks import Network, Told
from .overrides import Override, Overrides, overridden, without_file
from .schemas import UnknownVersionError, schema_of
from .tree import Tree

Own = TypeVar("Own")
Reader = Callable[[Tree, Report], Own]


class Running(Struct, frozen=True):
    """What is known of the running services besides arguments and files.

    Attributes:
        overrides: what flags and environment variables set, by service and key.
        documents: the configuration of a service, where it is no file of its own: a text within another document,
            what a chart makes of its values, what variables alone say.
        paths: the file of a service that the files which describe it name.
        networks: of the services whose container has a network of its own.
        beside: what else the files that describe the services say runs on the node.
        versions: the release that runs, by service, where the files that describe it say so.
        streams: names of files that the command was given, and that are standard input or a pipe.
        is_server_by_chart: whether livekit-server runs only if the values of its chart are given.
        problems, findings: about what was said of them, to be told with all else.
    """

    overrides: Overrides = {}
    documents: Mapping[str, Document] = {}
    paths: Mapping[str, str] = {}
    networks: Mapping[str, Network] = {}
    beside: tuple[Told, ...] = ()
    versions: Mapping[str, str] = {}
    streams: frozenset[str] = frozenset()
    is_server_by_chart: bool = False
    problems: tuple[Problem, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether something here says that a service runs."""
        return bool(self.overrides or self.documents)

    def has(self, service: str) -> bool:
        """Whether something here says that the service runs."""
        return service in self.overrides or service in self.documents


class Source(Struct, frozen=True, kw_only=True):
    """All that one service's settings may come from.

    Attributes:
        service: livekit, sip, ingress or egress.
        arguments: what our arguments say of it.
        path: the file that it runs with.
        document: its configuration where it is no file of its own.
        preset: what it runs with if there is neither a file nor an argument.
        overrides: what wins over its file, by key; without a file, all that it runs with; None: none is known.
        streams: as `Running` has them.
        version: the release that runs, without a leading v; "" where nothing says it.
    """

    service: str
    arguments: Tree = Tree()
    path: str | None = None
    document: Document | None = None
    preset: Mapping[str, Any] = {}
    overrides: Mapping[str, Override] | None = None
    streams: frozenset[str] = frozenset()
    version: str = ""

    @property
    def is_preset(self) -> bool:
        """Whether our preset says what it runs with."""
        return bool(self.preset) and not (self.path or self.document or self.arguments.values)


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
    """An override of a service that does not run here, or that a preset describes, would be lost in silence."""
    if report.problems:  # the file that could not be read may be its own
        return
    for service in sorted(set(overrides) - {source.service for source in sources if not source.is_preset}):
        hint = f"say what its file says by --{service}, or remove it"
        report.problem(Place("--set"), service, "must be for a service whose file is given", hint)


def read_installation(folder: Path, base: Path, report: Report) -> Tree:
    """PlugNmeet's own file in the folder of an installation; without values when it is not there."""
    path, found = folder / "config.yaml", Report()
    document = read_document(base / path, str(path), found)
    with suppress(OSError, ValueError):  # no path at all: told of the other files
        if (base / path).exists():
            report.problems += found.problems
    if document and (kind := not_plugnmeet(document.value)):
        report.problem(document.place(""), kind.what, "must be plugNmeet's config.yaml", kind.instead)
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
    """The file as the service sees it: flags and variables winning."""
    document = source.document
    if source.path:
        is_stream = source.path in source.streams
        document = read_document(base / source.path, source.path, report, is_stream=is_stream)
    is_chart = document is not None and not document.is_strict
    if (
        document
        and not is_chart
        and not check_document(document, source.service, report, has_more=bool(source.overrides))
    ):
        return None
    if source.overrides is not None and not source.is_preset:
        if document:
            document = overridden(document, source.overrides)
        elif not source.path:
            document = without_file(source.overrides)
    # what is left of a template would be told once more of every key that depends on it
    return document if document and not check_placeholders(document, source.service, report) else None


def _beside(file: Tree, arguments: Tree, report: Report) -> Tree:
    """The file with the arguments that it does not hold itself; a key in both is a problem."""
    if not arguments.values:
        return file
    twice = [key for key in arguments.leaves() if not key or file[key].is_set]
    for key in twice:
        where = file[key].place
        hint = f"remove one of the two; {where} says what the service runs with"
        report.problem(
            Place(arguments[key].name), "", f"must not be set here and in {where.file or where.origin}", hint
        )
    return file if twice else file.with_arguments(arguments)
