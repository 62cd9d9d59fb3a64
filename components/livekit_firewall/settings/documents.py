"""Whether a document is the configuration of the service that it is given for, and which parts the service ignores.

A file of which nothing would be read is a problem that says what the file looks like: no firewall follows from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from msgspec.structs import replace

from ..inputs.document import Document
from ..inputs.harmless import is_harmless, is_secret, known_part
from ..inputs.kinds import Kind, certain_kind, other_kind
from ..inputs.placeholders import is_plain, placeholder, texts
from ..inputs.shown import key_name
from ..model.errors import Place, Report
from .schemas import NAMES, schema_of

EXPANDED = {("livekit", "key_file")}
"""Service and key of each value in which the service expands variables (livekit pkg/config/config.go NewConfig)."""


def check_document(document: Document, service: str, report: Report, *, has_more: bool = False) -> bool:
    """Whether the document is the service's own; if not, a problem in `report` says what it is.

    Args:
        has_more: whether flags or variables set something, so that an empty file may be intended.
    """
    name, head = NAMES[service], document.head
    first = 1 if document.name else None
    place = Place("", document.name or None, first, first, document.origin)
    if head.yaml and head.yaml != (1, 1):
        got = f"%YAML {head.yaml[0]}.{head.yaml[1]}"
        hint = f"{name} does not start with it; remove the line"
        report.problem(place, got, "must be YAML 1.1 if a directive names the version", hint)
        return False
    # livekit-server does not start with a file of comments only; the others run with their defaults
    if head.is_blank and not (has_more and (head.is_empty or service != "livekit")):
        hint = f"give the configuration that {name} runs with"
        if head.further:
            hint = f"{name} reads the first document only; remove what stands before line {head.further}"
        report.problem(place, "nothing in it", f"must hold the configuration of {name}", hint)
        return False
    kind = _other(document.value, service) if document.value else None
    if kind:
        report.problem(place, kind.what, f"must be the configuration of {name}", kind.instead)
        return False
    if head.further:
        text = f"{name} reads the first document of the file only, and not what begins here"
        at = Place("", document.name or None, head.further, 1, document.origin)
        report.finding("further-document", "warning", at, text)
    return True


def _other(value: Mapping[Any, Any], service: str) -> Kind | None:
    """What the document is, if it is not the service's configuration; else None."""
    own = _known(value, service)
    unknown = set(value) - own - GENERAL
    if kind := certain_kind(value) if own - SHARED else other_kind(value, service):
        return kind
    theirs = {other: _known(value, other) for other in NAMES if other != service}
    best = max(theirs, key=lambda other: len(theirs[other]))
    if own < theirs[best] and own - SHARED != theirs[best] - SHARED:
        return Kind(f"the configuration of {NAMES[best]}", f"give it to --{best}")
    foreign = [key for key in unknown if not _nearest(key, service)]
    if own and (own - GENERAL or len(foreign) <= len(own)):
        return None
    holder = next(
        (key for key, one in value.items() if isinstance(one, Mapping) and len(_known(one, service)) > 1), None
    )
    if holder is not None:
        name = key_name(holder)
        return Kind(f"a file that may hold it below {name}", f"give what stands below {name} as a file of its own")
    return Kind("other keys than its own" if own else "none of its keys", _advice(foreign or value, service))


GENERAL = frozenset("redis logging log_level".split())
"""Keys common to many programs: a file that has these and more unknown keys is not the service's."""

SHARED = frozenset("port turn prometheus sip ingress redis logging log_level".split())
"""Keys that our arguments or a chart's values have too, so that they do not identify a service's file."""


def not_plugnmeet(value: Mapping[Any, Any]) -> Kind | None:
    """What a mapping is, if it is certainly not plugNmeet's config.yaml; else None."""
    return other_kind(value, "plugnmeet") or service_of(value)


def not_arguments(value: Mapping[Any, Any], known: frozenset[str]) -> Kind | None:
    """What a mapping is, if each of its arguments is a key of other files too; None if it may be arguments.

    Args:
        known: the names of all arguments.
    """
    has_section = isinstance(value.get("livekit"), Mapping)
    shared = SHARED | ({"livekit"} if has_section else frozenset())
    if not (set(value) - known or has_section) or (set(value) & known) - shared:
        return None
    return other_kind(value, "arguments") or service_of(value, known)


def service_of(value: Mapping[Any, Any], known: frozenset[str] = frozenset()) -> Kind | None:
    """The service whose configuration has all the keys that are not in `known`; None if no service has."""
    for service in NAMES if set(value) - known else ():
        if set(value) - known <= _known(value, service):
            return Kind(f"the configuration of {NAMES[service]}", f"give it to --{service}")
    return None


def _nearest(key: object, service: str) -> str:
    from difflib import get_close_matches

    return next(iter(get_close_matches(str(key)[:80], sorted(_names(service)), n=1)), "")


def _advice(keys: Iterable[Any], service: str) -> str:
    for key in keys:
        if near := _nearest(key, service):
            return f"did you mean {near} by {key_name(key)}?"
    return f"check that this is the file that {NAMES[service]} runs with"


def _known(value: Mapping[Any, Any], service: str) -> frozenset[str]:
    """The top-level keys of the mapping that some version of the service has."""
    return frozenset(key for key in value if key in _names(service))


@cache
def _names(service: str) -> frozenset[str]:
    return frozenset(path.partition(".")[0].partition("[")[0] for path in _paths(service))


@cache
def _paths(service: str) -> frozenset[str]:
    return frozenset(schema_of(service).every)


def check_placeholders(document: Document, service: str, report: Report) -> bool:
    """Whether a setting holds an unfilled placeholder, which is a problem; in any other value it is a finding."""
    prefix = "" if service == "livekit" else f"{service}:"
    found, reported = False, set()
    for path, kind, is_reminder in _placeholders(document.value, service):
        key = path.partition("[")[0]
        shown, at = key if key in _paths(service) else known_part(key), document.place(key)
        if is_harmless(path):
            found = True
            hint = f"render the file first, or give the value alone: --set {prefix}{key}=VALUE"
            report.problem(replace(at, path=""), kind, f"{shown} must be filled in: it holds a placeholder", hint)
        elif shown not in reported:
            reported.add(shown)
            what = f"a reminder such as {kind}" if is_reminder else f"the placeholder {kind}"
            text = f"it holds {what}, which {NAMES[service]} takes for the value"
            place = replace(at, path=shown.removesuffix(".…").removesuffix("…"))
            report.finding("placeholder", "warning" if is_reminder else "error", place, text)
    return found


def _placeholders(value: Mapping[Any, Any], service: str) -> Iterator[tuple[str, str, bool]]:
    """Dotted key, kind of placeholder, and whether it is only a reminder (CHANGE_ME); at most one per key."""
    seen = set()
    for path, text in texts(value):
        if is_plain(text):
            continue
        found = placeholder(text, is_secret=is_secret(path), is_setting=is_harmless(path))
        if found is None or path in seen or (service, path) in EXPANDED or path.startswith("room."):
            continue
        seen.add(path)
        yield path, *found
