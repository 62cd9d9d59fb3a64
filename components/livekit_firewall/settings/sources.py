"""Where a service's settings come from: a file, arguments, or a preset."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from ..inputs.document import Document, read_document
from ..model.errors import Place, Problem, Report
from . import Configured, Settings
from .overrides import Overrides, helm_configuration, overridden
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


class _Source(Struct, frozen=True):
    """Where a service's settings may come from besides arguments: a file, else a preset."""

    key: str
    path: str | None
    preset: Mapping[str, Any] | None


class _Files:
    """Reads the files that the arguments name, relative to one folder."""

    def __init__(self, base: Path, report: Report, running: Running) -> None:
        self.base, self.report, self.running = base, report, running
        self.told: set[str] = set()
        self.unsound: set[str] = set()
        self.own_file: Tree | None = None

    def service(self, read: Reader[Own], source: _Source, own: Tree) -> Configured[Own]:
        """A service's settings from its file, its arguments, or its preset if there is neither.

        A service with problems is returned with its defaults: the report stops the deployment, and the
        checks that follow can still find what else is wrong.
        """
        before = len(self.report.problems)
        tree = own if own.values else replace(own, values=source.preset or {}, is_preset=True)
        document = self._document(source)
        if source.path or document:
            tree = self._beside(Tree(document.value, document), own) if document else replace(own, values={})
        settings = read(tree, self.report)
        if len(self.report.problems) > before:
            self.unsound.add(source.key)
            tree = replace(own, values={})
            settings = read(tree, Report())
        return Configured(settings, tree)

    def sound(self, settings: Settings) -> Settings:
        """Without the services that have problems, whose settings are not what they run with."""
        own = {"livekit_config": "server", "sip_config": "sip", "ingress_config": "ingress", "egress_config": "egress"}
        return replace(settings, **{own[key]: None for key in self.unsound})

    def _document(self, source: _Source) -> Document | None:
        """The file as the service sees it: Helm's values turned into it, flags and variables winning."""
        service = source.key.removesuffix("_config")
        document = read_document(self.base / source.path, source.path, self.report) if source.path else None
        if service == "livekit" and self.running.helm:
            values = read_document(self.base / self.running.helm, self.running.helm, self.report)
            document = helm_configuration(values, self.report) if values else None
        overrides = self.running.overrides.get(service, {})
        if not document or not overrides:
            return document
        self.told.add(service)
        return overridden(document, overrides)

    def refuse_untold(self) -> None:
        """An override of a service without a file would be lost in silence."""
        if self.report.problems:  # the file that could not be read may be its own
            return
        for service in sorted(set(self.running.overrides) - self.told):
            hint = f"say what its file says by --{service}, or remove it"
            self.report.problem(Place("--set"), service, "must be for a service whose file is given", hint)

    def _beside(self, file: Tree, own: Tree) -> Tree:
        """The file with the arguments that it does not hold itself; a key in both is a problem."""
        if not own.values:
            return file
        twice = [key for key in own.leaves() if not key or file[key].is_set]
        for key in twice:
            where = file[key].place
            hint = f"remove one of the two; {where} says what the service runs with"
            self.report.problem(Place(own[key].name), "", f"must not be set here and in {where.file}", hint)
        return file if twice else file.with_arguments(own)

    def installation(self, folder: Path) -> Tree:
        """PlugNmeet's own file in the folder of an installation; without values when it is not there."""
        path = folder / "config.yaml"
        if self.own_file is None:
            report = Report()
            document = read_document(self.base / path, str(path), report)
            with suppress(OSError, ValueError):  # no path at all: told of the other files
                if (self.base / path).exists():
                    self.report.problems += report.problems
            self.own_file = Tree(document.value, document) if document else Tree()
        return self.own_file
