"""The options `--set` and `--env-file`: values that flags and variables set for the running services.

`--set` takes a key of a service's configuration with a value in YAML, or a variable with its text:
`rtc.tcp_port=7999`, `UDP_PORT=7882`, `sip:sip_port=5070`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from ..inputs.compose.dotenv import read_variables
from ..inputs.compose.model import Entry
from ..inputs.document import Document, parse_document, read_value
from ..inputs.harmless import known_part
from ..inputs.yaml_refusal import MAX_DEPTH
from ..model.errors import Place, Report
from .environment import (
    BODY,
    FILE,
    configuration_option,
    key_without_variable,
    known_schema,
    note_misspelt,
    overrides_of,
    readers_of,
    variable_for,
    variables_of,
)
from .overrides import Override
from .schemas import NAMES, schema_of
from .sources import Running

_VARIABLE = re.compile("[A-Z][A-Z0-9_]*")

Variables = dict[str, dict[str, Entry]]
"""Service to variable to value."""


def read_given(
    sets: Iterable[str],
    env_files: Iterable[str],
    files: Mapping[str, str | None],
    base: Path,
    report: Report,
    versions: Mapping[str, str] = MappingProxyType({}),
) -> Running:
    """The overrides and documents of all the options; problems go to `report`.

    Args:
        sets: texts of `--set`, as `KEY=VALUE` or `SERVICE:KEY=VALUE`.
        env_files: paths relative to `base`, prefixed with `SERVICE:` if the variables are for that service alone.
        files: by service, the file that another option gives; None without one.
        versions: by service, the running release, by default the newest known.
    """
    keys, variables = _read_sets(sets, report)
    given = frozenset(service for service, file in files.items() if file is not None)
    for file in env_files:
        for service, found in _read_env_file(file, base, given, report).items():
            variables[service] = {**found, **variables.get(service, {})}
    overrides, documents = {}, {}
    for service in NAMES:
        own = variables.get(service, {})
        document = _body(service, own, files.get(service), report) if own else None
        if document:
            documents[service] = document
        settings = {**overrides_of(known_schema(service, versions.get(service)), own, (), report)} if own else {}
        settings.update(keys.get(service, {}))
        if settings or (own and service not in given and document is None):
            overrides[service] = settings
    return Running(overrides, documents)


def _body(service: str, variables: Mapping[str, Entry], file: str | None, report: Report) -> Document | None:
    """The whole configuration, if a variable holds it: the service then reads no file. Else None."""
    body = configuration_option(schema_of(service), BODY, variables)
    named = configuration_option(schema_of(service), FILE, variables)
    if body is None:
        if named and file is None:
            hint = f"give that file by --{service}"
            report.problem(named[1].place, "", "names a file, which is not read", hint)
        return None
    origin, entry = body
    if file is not None:
        hint = f"{NAMES[service]} does not read its file then; remove --{service}"
        report.problem(entry.place, "", f"must not be set together with --{service}", hint)
    start = (entry.place.line or 1, 1)
    name = entry.place.file or ""
    return parse_document(entry.value or "", name, report, origin=origin, start=start, is_exact=False)


def _read_sets(texts: Iterable[str], report: Report) -> tuple[dict[str, dict[str, Override]], Variables]:
    keys: dict[str, dict[str, Override]] = {}
    variables: Variables = {}
    for text in texts:
        name, equals, value = text.partition("=")
        service, colon, key = name.rpartition(":")
        if not equals or not all(key.split(".")) or (colon and service not in NAMES):
            # a text without a key, or with an address as its key, may hold a secret and is not shown
            expected = "must be KEY=VALUE for livekit.yaml, or SERVICE:KEY=VALUE"
            report.problem(_place(key if equals else ""), "", expected, f"services: {', '.join(NAMES)}")
        elif _VARIABLE.fullmatch(key):
            reader = _reader(key, service, report)
            if reader:
                variables.setdefault(reader, {})[key] = Entry(value, Place(key, origin="--set"))
        else:
            override = _read_key(service or "livekit", key, value, report)
            if override:
                keys.setdefault(service or "livekit", {})[key] = override
    return keys, variables


def _read_key(service: str, key: str, value: str, report: Report) -> Override | None:
    levels = key.count(".") + 1
    if levels > MAX_DEPTH:
        report.problem(_place(key), f"{levels:,} levels", f"must have at most {MAX_DEPTH} levels")
        return None
    schema = schema_of(service)
    if not (schema.at(key) or schema.unknown(key)):
        near = _nearest(key, schema.keys)
        hint = f"did you mean {near}?" if near else f"SERVICE:KEY=VALUE is for another service: {', '.join(NAMES)}"
        report.problem(_place(key), "", f"must be a key that {NAMES[service]} has", hint)
        return None
    before = len(report.problems)
    read = read_value(value, _place(key), report)
    return Override(read, Place(key, origin="--set")) if len(report.problems) == before else None


def _reader(name: str, service: str, report: Report) -> str | None:
    """The service that reads a variable; None, with a problem, if there is none or more than one."""
    readers = readers_of(name)
    if service in readers or (not service and len(readers) == 1):
        return service or readers[0]
    if readers and not service:
        hint = f"write {readers[0]}:{name}=VALUE"
        report.problem(_place(name), "", f"must say which service it is for: {', '.join(readers)} read it", hint)
        return None
    if readers:
        hint = f"{NAMES[readers[0]]} does: {readers[0]}:{name}=VALUE"
        report.problem(_place(name), "", f"must be a variable that {NAMES[service]} reads", hint)
        return None
    wanted = [service] if service else NAMES
    known = {one: key for each in wanted for one, key in schema_of(each).variables.items()}
    own, key = variable_for(name), key_without_variable(name)
    near = own if own in known else _nearest(name, known)
    hint = f"did you mean {near}, which is --set {known[near]}=VALUE?" if near else "write its key: rtc.tcp_port=7999"
    if key:
        hint = f"{key} has none: --set {key}=VALUE, as the file has it"
    report.problem(_place(name), "", "must be a variable that a service reads", hint)
    return None


def _read_env_file(file: str, base: Path, given: Collection[str], report: Report) -> Variables:
    """By service, the variables of the file that it reads."""
    prefix, colon, rest = file.partition(":")
    service, path = (prefix, rest) if colon and prefix in NAMES else ("", file)
    found = read_variables(base / path, path, lambda _name: None, report)
    if found is None:
        return {}
    names = {one: variables_of(schema_of(one)) for one in ([service] if service else NAMES)}
    sole = {one for one, own in names.items() if any(readers_of(name) == (one,) for name in own & set(found))}
    if not sole and not service and not given:
        hint = f"write SERVICE:{path}, or give the service's file too: {', '.join(NAMES)}"
        report.problem(Place("", path), "", "must hold a variable that only one service reads", hint)
    note_misspelt(found, {name for own in names.values() for name in own}, report)
    if service and not names[service] & set(found):
        report.problem(Place("", path), "", f"must hold a variable that {NAMES[service]} reads")
    runs = {service} if service else sole | {*given}
    return {one: {name: found[name] for name in names[one] & set(found)} for one in sorted(runs)}


def _nearest(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name[:80], list(known), n=1)
    return near[0] if near else ""


def _place(key: str) -> Place:
    return Place(f"--set {known_part(key)}".removesuffix(" …").rstrip())
