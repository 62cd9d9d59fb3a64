"""One section `services.NAME` of a compose file, with variables substituted and typed; mistakes are problems."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from msgspec.structs import replace

from ...model.errors import Place, Report
from ..document import Document
from ..numbers import as_go
from .model import Entry, EnvFile, Mount, Published, Service
from .mounts import read_mount
from .part import TEXTS, Extends, Part
from .ports import read_port
from .template import Lookup, TemplateError, substitute
from .words import split_words

One = TypeVar("One")

SECRETS = "/run/secrets"
"""The folder within a container of secrets without a target of their own."""


class SectionReader:
    """Reads the sections of one document.

    Attributes:
        folder: of its relative paths, relative to the folder of the project.
    """

    def __init__(self, document: Document, folder: str, lookup: Lookup, report: Report) -> None:
        self.document, self.folder, self.report = document, folder, report
        self._given = lookup
        self._unset: dict[str, None] = {}
        self._unread: dict[str, tuple[Place, str]] = {}
        self._tagged: dict[str, list[str]] = {}
        for key in document.tags:
            for at, sign in enumerate(key):
                if sign == ".":
                    self._tagged.setdefault(key[:at], []).append(key[at + 1 :])

    def part(self, name: str, value: Any) -> Part | None:
        """The service in a section; None if the section is empty or, with a problem, no mapping."""
        at = f"services.{name}"
        if self.document.tags.get(at) == "!reset":
            return Part(service=Service(name=name, place=self.document.place(at)), replaced=frozenset({""}))
        if value is None:
            return None
        if not isinstance(value, Mapping):
            self._problem(at, "must be a mapping")
            return None
        self._unset, self._unread = {}, {}
        kept = {key: one for key, one in value.items() if self._tag(f"{at}.{key}") != "!reset"}
        service = self._service(name, at, kept)
        return Part(
            service=replace(service, unset=tuple(self._unset), unread=self._unread),
            given=frozenset(kept),
            replaced=frozenset(self._replaced(at)),
            extends=self._extends(f"{at}.extends", kept.get("extends")),
        )

    def text(self, at: str, value: str) -> str:
        """A text of the document with its variables substituted; "" with a problem for a mistake."""
        try:
            return substitute(value, self._given, unset=self._note)
        except TemplateError as error:
            self._problem(at, str(error), "set it in the .env file beside the compose file")
            return ""

    def path(self, text: str) -> str:
        """A path relative to the folder of the project; an absolute path is unchanged."""
        if text.startswith(("/", "~", "\\")) or re.match("[A-Za-z]:", text):
            return text
        return posixpath.normpath(posixpath.join(self.folder, text))

    def _service(self, name: str, at: str, value: Mapping[str, Any]) -> Service:
        texts = {key: self._plain(f"{at}.{key}", value.get(key)) for key in TEXTS}
        environment = dict(self._environment(f"{at}.environment", value.get("environment")))
        return Service(
            name=name,
            place=self.document.place(at),
            image=texts["image"],
            network_mode=texts["network_mode"],
            working_dir=texts["working_dir"],
            has_build=value.get("build") is not None,
            command=self._words(f"{at}.command", value.get("command")),
            command_place=self.document.place(f"{at}.command") if "command" in value else None,
            entrypoint=self._words(f"{at}.entrypoint", value.get("entrypoint")),
            environment={key: entry for key, (entry, _) in environment.items()},
            sources={key: (self.document, where) for key, (_, where) in environment.items()},
            env_files=tuple(self._each(f"{at}.env_file", value.get("env_file"), self._env_file)),
            ports=tuple(self._each(f"{at}.ports", value.get("ports"), self._port)),
            mounts=tuple(self._each(f"{at}.volumes", value.get("volumes"), self._mount)),
            configs=tuple(self._each(f"{at}.configs", value.get("configs"), self._config)),
            secrets=tuple(self._each(f"{at}.secrets", value.get("secrets"), self._secret)),
            networks=tuple(self._networks(f"{at}.networks", value.get("networks"))),
            replicas=self._replicas(at, value),
            profiles=tuple(self._each(f"{at}.profiles", value.get("profiles"), self._plain)),
        )

    def _tag(self, at: str) -> str:
        return self.document.tags.get(at, "")

    def _replaced(self, at: str) -> Iterator[str]:
        if self._tag(at) == "!override":
            yield ""
        yield from self._tagged.get(at, ())

    def _note(self, name: str) -> None:
        self._unset[name] = None

    def _problem(self, at: str, expected: str, hint: str = "") -> None:
        self.report.problem(self.document.place(at), "", expected, hint)

    def _plain(self, at: str, value: Any) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            self._problem(at, "must be a text")
            return ""
        return self.text(at, value)

    def _filled(self, at: str, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(at, value)
        return (
            {key: self._filled(f"{at}.{key}", one) for key, one in value.items()} if isinstance(value, dict) else value
        )

    def _words(self, at: str, value: Any) -> tuple[str, ...] | None:
        if value is None:
            return None
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(self.text(f"{at}[{index}]", one) for index, one in enumerate(value))
        if not isinstance(value, str):
            self._problem(at, "must be a text or a list of texts")
            return None
        try:
            return split_words(self.text(at, value))
        except ValueError as error:
            self._unread[at.rpartition(".")[2]] = (self.document.place(at), str(error))
            return None

    def _each(self, at: str, value: Any, read: Callable[[str, Any], One | None]) -> Iterator[One]:
        if value is None:
            return
        if isinstance(value, str) and at.endswith(".env_file"):
            value = [value]
        if not isinstance(value, list):
            self._problem(at, "must be a list")
            return
        for index, one in enumerate(value):
            found = read(f"{at}[{index}]", one)
            if found is not None:
                yield found

    def _networks(self, at: str, value: Any) -> Iterator[str]:
        if isinstance(value, Mapping):
            return iter([str(name) for name in value])
        return self._each(at, value, self._plain)

    def _replicas(self, at: str, value: Mapping[str, Any]) -> int | None:
        deploy = value.get("deploy")
        given = {f"{at}.scale": value.get("scale")}
        if isinstance(deploy, Mapping):
            given[f"{at}.deploy.replicas"] = deploy.get("replicas")
        found: list[int] = []
        for where, one in given.items():
            text = str(self._filled(where, one)).removesuffix(".0")
            if one is not None and text.isascii() and text.isdigit():
                found.append(int(text[:9]))
            elif one is not None:
                self._problem(where, "must be a number of containers")
        if len(set(found)) > 1:
            self._problem(f"{at}.scale", "must be what deploy.replicas is", "remove one of the two")
        return found[0] if found else None

    def _environment(self, at: str, value: Any) -> Iterator[tuple[str, tuple[Entry, str]]]:
        if isinstance(value, Mapping):
            for key, one in value.items():
                where = f"{at}.{key}"
                if self._tag(where) == "!reset":
                    continue
                if isinstance(one, Mapping | list):
                    self._problem(where, "must be a text, a number or true or false")
                text = None if one is None else self.text(where, one) if isinstance(one, str) else as_go(one)
                yield str(key), (self._entry(str(key), text, where), where)
        elif isinstance(value, list):
            for index, one in enumerate(value):
                where = f"{at}[{index}]"
                if not isinstance(one, str):
                    hint = (
                        'put the entry in quotes: ": " in it makes a mapping of it' if isinstance(one, Mapping) else ""
                    )
                    self._problem(where, "must be NAME=VALUE", hint)
                    continue
                key, equals, text = self.text(where, one).partition("=")
                yield key, (self._entry(key, text if equals else None, where), where)
        elif value is not None:
            self._problem(at, "must be a mapping or a list")

    def _entry(self, key: str, text: str | None, where: str) -> Entry:
        # a variable without a value has its value in the shell that starts Compose, or in .env
        if text is None and self._given(key) is None:
            self._note(key)
        return Entry(self._given(key) if text is None else text, replace(self.document.place(where), path=key))

    def _env_file(self, at: str, value: Any) -> EnvFile | None:
        value, place = self._filled(at, value), self.document.place(at)
        if isinstance(value, str):
            return EnvFile(self.path(value), place)
        if not isinstance(value, Mapping) or not isinstance(value.get("path"), str):
            self._problem(at, "must be a path, or a mapping with path and required")
            return None
        is_required = value.get("required", True) not in (False, "false")
        return EnvFile(self.path(value["path"]), place, is_required, str(value.get("format") or ""))

    def _port(self, at: str, value: Any) -> Published | None:
        before = len(self.report.problems)
        filled = self._filled(at, value)
        try:
            return read_port(filled, self.document.place(at)) if len(self.report.problems) == before else None
        except ValueError as error:
            self._problem(at, str(error))
            return None

    def _mount(self, at: str, value: Any) -> Mount | None:
        try:
            return read_mount(self._filled(at, value), self.document.place(at), self.path)
        except ValueError as error:
            self._problem(at, str(error))
            return None

    def _secret(self, at: str, value: Any) -> Mount | None:
        found = self._config(at, value)
        if found is None:
            return None
        target = found.target if found.target != f"/{found.source}" else found.source
        return replace(found, target=posixpath.join(SECRETS, target))

    def _config(self, at: str, value: Any) -> Mount | None:
        value, place = self._filled(at, value), self.document.place(at)
        name, target = (value.get("source"), value.get("target")) if isinstance(value, Mapping) else (value, None)
        if not isinstance(name, str) or not (target is None or isinstance(target, str)):
            self._problem(at, "must be the name of a config, or a mapping with source and target")
            return None
        return Mount(name, target or f"/{name}", place)

    def _extends(self, at: str, value: Any) -> Extends | None:
        if value is None:
            return None
        value = self._filled(at, value)
        name, file = (value.get("service"), value.get("file")) if isinstance(value, Mapping) else (value, None)
        if not isinstance(name, str) or not (file is None or isinstance(file, str)):
            self._problem(at, "must be the name of a service, or a mapping with file and service")
            return None
        return Extends(name, self.path(file) if file else "", self.document.place(at))
