"""Reads a service's settings from their sources: a file, arguments in addition, overrides, or a preset.

source = Source(service="livekit", path="livekit.yaml", arguments=Tree({"port": 7880}))
configured = read_service(read_server, source, Path("."), report)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from ..inputs.document import Document, read_document
from ..inputs.shown import show
from ..model.errors import Finding, Place, Problem, Report
from . import Configured
from .documents import check_document, check_placeholders, not_plugnmeet
from .networks import LocalService, Network
from .overrides import Override, Overrides, overridden, without_file
from .schemas import UnknownVersionError, schema_of
from .tree import Tree

if TYPE_CHECKING:  # most runs need nothing of Compose
    from ..inputs.compose.model import Published

Own = TypeVar("Own")
Reader = Callable[[Tree, Report], Own]


class Running(Struct, frozen=True):
    """What compose files, charts and options say of the running services. Mappings are by service.

    Attributes:
        overrides: the values that flags and environment variables set, by key.
        documents: the configuration, if it is not a file of its own: a text within another document, the rendering
            of a chart, or variables alone.
        paths: the service's file, if a compose file names it.
        networks: of the services whose container has its own network.
        other_services: further services on the node that a compose file names.
        further_ports: what Docker forwards to the containers of other services, each with its service's name.
        unread: services whose part of a compose file has problems.
        versions: the running release, if a compose file or a chart says it.
        streams: names of files on the command line that are standard input or a pipe.
        is_server_by_chart: whether livekit-server runs only if the values of its chart are given.
        problems, findings: of reading these, to be reported with all others.
        files: that were read for these and for the arguments.
    """

    overrides: Overrides = {}
    documents: Mapping[str, Document] = {}
    paths: Mapping[str, str] = {}
    networks: Mapping[str, Network] = {}
    other_services: tuple[LocalService, ...] = ()
    further_ports: tuple[tuple[str, Published], ...] = ()
    unread: frozenset[str] = frozenset()
    versions: Mapping[str, str] = {}
    streams: frozenset[str] = frozenset()
    is_server_by_chart: bool = False
    problems: tuple[Problem, ...] = ()
    findings: tuple[Finding, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether any service is known to run by overrides or documents."""
        return bool(self.overrides or self.documents)

    def has(self, service: str) -> bool:
        """Whether the service is known to run by overrides or documents."""
        return service in self.overrides or service in self.documents


class Source(Struct, frozen=True, kw_only=True):
    """The possible sources of one service's settings.

    Attributes:
        service: livekit, sip, ingress or egress.
        arguments: our arguments for it.
        path: the file that it runs with.
        document: its configuration, if it is not a file of its own.
        preset: the values that it runs with if there is neither a file nor an argument.
        overrides: values that win over its file, by key; without a file, its whole configuration; None: not known.
        is_unread: whether a part of its sources is not known, which is a problem already.
        streams: as in `Running`.
        version: the running release, without a leading v; "" if not known.
    """

    service: str
    arguments: Tree = Tree()
    path: str | None = None
    document: Document | None = None
    preset: Mapping[str, Any] = {}
    overrides: Mapping[str, Override] | None = None
    is_unread: bool = False
    streams: frozenset[str] = frozenset()
    version: str = ""

    @property
    def is_preset(self) -> bool:
        """Whether the preset is its only source."""
        return bool(self.preset) and not (self.path or self.document or self.arguments.values)


def read_service(read: Reader[Own], source: Source | None, base: Path, report: Report) -> Configured[Own] | None:
    """A service's settings; None without a source.

    A service with problems is returned with its defaults and `is_sound` False: the report stops the deployment, and
    later checks can still find further problems.
    """
    if source is None:
        return None
    before = len(report.problems)
    tree = replace(_tree(source, base, report), version=_version(source, report))
    settings = read(tree, report)
    # where something was wrong already, it was not told again
    given = (source.arguments[key].place for key in source.arguments.leaves())
    if len(report.problems) == before and report.is_sound(*given) and not source.is_unread:
        return Configured(settings, tree)
    nothing = replace(source.arguments, values={}, version=tree.version)
    refused = None if source.is_unread else Configured(settings, tree)
    return Configured(read(nothing, Report()), nothing, is_sound=False, refused=refused)


def _version(source: Source, report: Report) -> str:
    try:
        return schema_of(source.service, source.version).version if source.version else ""
    except UnknownVersionError as error:
        key = f"versions.{source.service}"
        expected = f"must be a release of {error.title} that is known: {' or '.join(error.nearest)}"
        hint = "write the nearest one" + ("" if error.newest in error.nearest else f"; the newest is {error.newest}")
        report.problem(Place(key), show(key, source.version), expected, hint)
        return ""


def refuse_unused_overrides(overrides: Overrides, sources: Iterable[Source], report: Report) -> None:
    """Problems for overrides of a service that does not run here or has only a preset: they would have no effect."""
    if report.problems:  # the override may be for a service whose file could not be read
        return
    for service in sorted(set(overrides) - {source.service for source in sources if not source.is_preset}):
        hint = f"say what its file says by --{service}, or remove it"
        report.problem(Place("--set"), service, "must be for a service whose file is given", hint)


def read_installation(folder: Path, base: Path, report: Report) -> Tree:
    """The config.yaml in the folder of a plugNmeet installation; a tree without values if there is none."""
    path, found = folder / "config.yaml", Report()
    document = read_document(base / path, str(path), found)
    with suppress(OSError, ValueError):  # an impossible path, which is reported for the other files
        if (base / path).exists():
            report.problems += found.problems
    report.files += found.files
    if document and (kind := not_plugnmeet(document.value)):
        report.problem(document.place(""), kind.what, "must be plugNmeet's config.yaml", kind.instead)
    return Tree(document.value, document) if document else Tree()


def _tree(source: Source, base: Path, report: Report) -> Tree:
    document = _document(source, base, report)
    if document:
        return _with_arguments(Tree(document.value, document), source.arguments, report)
    if source.path:
        return replace(source.arguments, values={})
    return (
        source.arguments if source.arguments.values else replace(source.arguments, values=source.preset, is_preset=True)
    )


def _document(source: Source, base: Path, report: Report) -> Document | None:
    """The document with the overrides applied; None, with problems, if it cannot be used."""
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
    # an unfilled placeholder would cause a further problem for every key that depends on it
    return document if document and not check_placeholders(document, source.service, report) else None


def _with_arguments(file: Tree, arguments: Tree, report: Report) -> Tree:
    """The file with our arguments added; a key that both set is a problem."""
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
