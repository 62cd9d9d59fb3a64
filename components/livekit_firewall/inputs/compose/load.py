"""Compose files to one model of all: included, extended, merged."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from ...model.errors import Place, Report
from ..document import Document, parse_document, read_text
from ..kinds import other_kind
from .dotenv import lookup_of, read_variables
from .folder import Folder
from .merge import merged
from .model import Entry, Mount
from .part import Extends, Part
from .sections import SectionReader

MAX_FILES = 50
MAX_CHAIN = 50
"""The most services in a chain of `extends`, and files in a chain of `include`."""

MAX_INCLUDES = 100
"""The most included files, each counted as often as it is included."""

DOTENV = ".env"
Variables = Mapping[str, Entry]


class Model(Struct):
    """The merged content of several files, before profiles are applied.

    Attributes:
        parts: services by name.
        configs, secrets: their files or contents by name.
        drivers: of the networks by name.
    """

    parts: dict[str, Part] = {}
    configs: dict[str, Mount] = {}
    secrets: dict[str, Mount] = {}
    drivers: dict[str, str] = {}


class Loader:
    """Loads compose files, each once, with those that they include and extend."""

    def __init__(self, folder: Folder, report: Report) -> None:
        self.folder, self.report = folder, report
        self.documents: dict[str, Document | None] = {}
        self.resolved: dict[tuple[str, str], tuple[Part, Part]] = {}
        self.included, self.is_full, self.is_circular = 0, False, False
        self.extended: dict[str, tuple[Variables, dict[str, Part]]] = {}

    def document(self, path: Path, name: str, *, is_stream: bool = False) -> Document | None:
        """A compose file; it is read only once. None with a problem if it cannot be read."""
        if name not in self.documents:
            if len(self.documents) >= MAX_FILES:
                self.report.problem(Place("", name), "", f"must be one of at most {MAX_FILES} compose files")
                return None
            text = read_text(path, name, self.report, is_stream=is_stream)
            read = None if text is None else parse_document(text, name, self.report, is_compose=True)
            if read and read.head.further:
                place = Place("", name, read.head.further, 1)
                self.report.problem(
                    place, "a further document", "must hold one document", "put it in a file of its own"
                )
            self.documents[name] = read
        return self.documents[name]

    def named(self, path: str, place: Place) -> Document | None:
        """A compose file to which another one refers."""
        found = self.folder.find(path, place, self.report)
        return self.document(found, self.folder.name(path)) if found else None

    def variables(self, path: str, given: Variables) -> dict[str, Entry] | None:
        """The variables of a file and `given`, which wins; `given` alone if there is no file."""
        if not (self.folder.root / path).exists():
            return dict(given)
        found = self.folder.find(path, Place("", self.folder.name(path)), self.report)
        read = read_variables(found, self.folder.name(path), lookup_of(given), self.report) if found else None
        return None if read is None else {**read, **given}

    def model(self, documents: Sequence[Document], folder: str, variables: Variables, trail: tuple[str, ...]) -> Model:
        """The content of several files, merged in their order.

        Args:
            folder: of their relative paths, relative to the folder of the project.
            trail: the files that include them.
        """
        model = Model()
        for document in documents:
            reader = SectionReader(document, folder, lookup_of(variables), self.report)
            own = self._included(document, reader, variables, (*trail, document.name))
            for name, part in self._parts(document, reader).items():
                own.parts[name] = merged(own.parts[name], part) if name in own.parts else part
            own.configs.update(self._files("configs", document, reader))
            own.secrets.update(self._files("secrets", document, reader))
            own.drivers.update(_drivers(document, reader))
            if document.tags.get("services") == "!override":
                model.parts.clear()
            for name in own.parts:
                part = self._extended(own.parts, name, document.name, variables, ())
                if part.is_reset:
                    model.parts.pop(name, None)
                else:
                    model.parts[name] = merged(model.parts[name], part) if name in model.parts else part
            model.configs.update(own.configs)
            model.secrets.update(own.secrets)
            model.drivers.update(own.drivers)
        return model

    def _parts(self, document: Document, reader: SectionReader) -> dict[str, Part]:
        services = document.value.get("services")
        if services is None and (kind := other_kind(document.value, "compose")):
            self.report.problem(document.place(""), kind.what, "must be a compose file", kind.instead)
        if services is None or document.tags.get("services") == "!reset":
            return {}
        if not isinstance(services, Mapping):
            self.report.problem(document.place("services"), "", "must be a mapping of services")
            return {}
        read = {str(name): reader.part(str(name), value) for name, value in services.items()}
        return {name: part for name, part in read.items() if part}

    def _files(self, section: str, document: Document, reader: SectionReader) -> dict[str, Mount]:
        """The project's `configs` or `secrets` by name."""
        entries = document.value.get(section)
        found = {}
        for name, value in entries.items() if isinstance(entries, Mapping) else ():
            at = f"{section}.{name}"
            value = value if isinstance(value, Mapping) else {}
            file, content = value.get("file"), value.get("content")
            variable = value.get("environment")
            if isinstance(variable, str):
                content = f"${{{variable}}}"
            found[str(name)] = Mount(
                reader.path(reader.text(f"{at}.file", file)) if isinstance(file, str) else "",
                "",
                document.place(f"{at}.content" if isinstance(content, str) else at),
                reader.text(f"{at}.content", content) if isinstance(content, str) else None,
                document,
                f"{at}.content",
            )
        return found

    def _extended(
        self, parts: Mapping[str, Part], name: str, file: str, variables: Variables, trail: tuple[tuple[str, str], ...]
    ) -> Part:
        """A service merged over the one that it extends, recursively."""
        part = parts[name]
        if part.extends is None:
            return part
        known = self.resolved.get((file, name))
        if known and known[0] is part:
            return known[1]
        if (file, name) in trail or len(trail) >= MAX_CHAIN:
            expected = f"must not extend itself, over others or directly, nor over more than {MAX_CHAIN} others"
            if not self.is_circular:
                self.report.problem(part.extends.place, "", expected)
            self.is_circular = True
            return part
        below, source = (self._extended_parts(part.extends, variables), self.folder.name(part.extends.file))
        if not part.extends.file:
            below, source = parts, file
        if part.extends.service not in below:
            if not self.report.problems:
                self.report.problem(part.extends.place, "", f"must be a service of {source}")
            return part
        base = self._extended(below, part.extends.service, source, variables, (*trail, (file, name)))
        self.resolved[file, name] = (part, merged(base, part))
        return self.resolved[file, name][1]

    def _extended_parts(self, extends: Extends, variables: Variables) -> Mapping[str, Part]:
        document = self.named(extends.file, extends.place) if extends.file else None
        if document is None:
            return {}
        known = self.extended.get(extends.file)
        if known is None or known[0] is not variables:
            reader = SectionReader(document, posixpath.dirname(extends.file) or ".", lookup_of(variables), self.report)
            known = self.extended[extends.file] = (variables, self._parts(document, reader))
        return known[1]

    def _included(
        self, document: Document, reader: SectionReader, variables: Variables, trail: tuple[str, ...]
    ) -> Model:
        """The content of the files in `include`, merged."""
        entries, model = document.value.get("include"), Model()
        if entries is not None and not isinstance(entries, list):
            self.report.problem(document.place("include"), "", "must be a list")
            return model
        for index, entry in enumerate(entries or ()):
            at = f"include[{index}]"
            one = entry if isinstance(entry, Mapping) else {"path": entry}
            place = document.place(at)
            paths = self._paths(reader, at, one.get("path"))
            if paths is None:
                self.report.problem(place, "", "must be the path of a compose file, or a mapping with path")
                continue
            self.included += len(paths)
            if self.included > MAX_INCLUDES or len(trail) > MAX_CHAIN:
                if not self.is_full:
                    self.report.problem(place, "", f"must be one of at most {MAX_INCLUDES} files that are included")
                self.is_full = True
                return model
            if any(self.folder.name(path) in trail for path in paths):
                self.report.problem(place, "", "must not include itself, over others or directly")
                continue
            home = self._paths(reader, at, one.get("project_directory"))
            inner = home[0] if home else posixpath.dirname(paths[0]) or "."
            found = self._include_variables(reader, at, one, inner, variables)
            documents = [self.named(path, place) for path in paths]
            read = self.model([one for one in documents if one], inner, found, trail)
            model.parts.update({name: part for name, part in read.parts.items() if name not in model.parts})
            model.configs.update(read.configs)
            model.secrets.update(read.secrets)
            model.drivers.update(read.drivers)
        return model

    def _include_variables(
        self, reader: SectionReader, at: str, entry: Mapping[str, Any], inner: str, variables: Variables
    ) -> Variables:
        files = self._paths(reader, at, entry.get("env_file")) or [posixpath.normpath(posixpath.join(inner, DOTENV))]
        found: Variables = variables
        for file in files:
            found = self.variables(file, found) or found
        return found

    def _paths(self, reader: SectionReader, at: str, value: Any) -> list[str] | None:
        texts = value if isinstance(value, list) else [value]
        if not texts or not all(isinstance(one, str) for one in texts):
            return None
        return [reader.path(reader.text(at, one)) for one in texts]


def _drivers(document: Document, reader: SectionReader) -> Iterator[tuple[str, str]]:
    """The driver of each network by name; "host" for an external network named host, which is the host's own."""
    entries = document.value.get("networks")
    for key, value in entries.items() if isinstance(entries, Mapping) else ():
        at, one = f"networks.{key}", value if isinstance(value, Mapping) else {}
        named = one["external"] if isinstance(one.get("external"), Mapping) else one
        name, driver = (
            reader.text(f"{at}.{what}", text) if isinstance(text, str) else ""
            for what, text in (("name", named.get("name")), ("driver", one.get("driver")))
        )
        is_external = one.get("external") not in (None, False, "false")
        yield str(key), driver or ("host" if is_external and (name or str(key)) == "host" else "")
