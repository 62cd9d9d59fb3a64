"""The flags that a container's command gives to a LiveKit service."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence

from ..inputs.compose.model import Entry, Service
from ..inputs.compose.words import split_words
from ..model.errors import Place, Report
from .environment import takes_value
from .schemas import Schema

SHELLS = frozenset("sh bash ash dash busybox".split())
PROGRAMS = {
    "livekit-server": "livekit",
    "livekit-sip": "sip",
    "livekit-ingress": "ingress",
    "livekit-egress": "egress",
}
ONE_OFF = frozenset("generate-keys create-join-token list-nodes ports help help-verbose --help -h --version -v".split())
"""Subcommands and flags that print something and exit (livekit/livekit cmd/server/main.go)."""

PORTLESS = frozenset("rtc.node_ip keys key_file region redis.address redis.password".split())
"""Keys whose value decides no port, so that a value that only a shell knows can be left out."""


class UnsupportedCommandError(ValueError):
    """A command in a form that is not supported; `str()` is what a problem says is expected."""


def program_of(service: Service) -> str:
    """The LiveKit service whose program the command starts: livekit, sip, ingress or egress; "" for none."""
    try:
        words = _words(service)
    except UnsupportedCommandError:
        words = ()
    return next((PROGRAMS[name] for word in words if (name := posixpath.basename(word)) in PROGRAMS), "")


def is_one_off(service: Service) -> bool:
    """Whether the command prints something and exits, and serves nothing."""
    try:
        first = next(iter(_arguments(_words(service))), "")
    except UnsupportedCommandError:
        return False
    return first in ONE_OFF


def has_flags_alone(service: Service) -> bool:
    """Whether there is a command, and it starts no program of its own but gives flags to that of the image."""
    try:
        words = [*_words(service)]
    except UnsupportedCommandError:
        return False
    return bool(words) and words[0].startswith("-")


def flags_of(
    service: Service, schema: Schema, report: Report, *, has_file: bool, is_given: bool
) -> list[tuple[str, Entry]]:
    """The flags and their values, in order.

    A flag that the service refuses, or whose value only a shell knows, is a problem in `report`.

    Args:
        has_file: whether a variable holds or names the whole configuration. SIP, ingress and egress have no other
            flags, so a command that is not read is no problem then.
        is_given: whether an option of ours gives the configuration, so that a script need not be read.
    """
    place = service.command_place or service.place
    try:
        words = [*_arguments(_words(service))]
    except UnsupportedCommandError as error:
        if is_given or (has_file and schema.service != "livekit"):
            return []
        hint = "give its configuration by an option of its own, and the rest by --set"
        report.problem(place, "", str(error), hint)
        return []
    found: list[tuple[str, Entry]] = []
    known = {one.flag: one for one in schema.base_flags}
    while words:
        word = words.pop(0)
        if not word.startswith("-") or word.strip("-") == "":
            continue
        name, equals, value = word.partition("=")
        flag = "--" + name.lstrip("-")
        key = schema.flags.get(flag)
        if flag not in known and key is None:
            _unknown(flag, schema, place, report)
            continue
        kind = schema.keys[key].type if key and key in schema.keys and flag not in known else "string"
        if not equals and takes_value(known.get(flag), kind):
            value = words.pop(0) if words else ""
        elif not equals:
            value = "true"
        if "$" in value:
            if key or not is_given:
                _by_shell(flag, key, place, report)
        else:
            found.append((flag, Entry(value, Place(flag, place.file, place.line, place.column))))
    return _repeated(found)


def _repeated(flags: Sequence[tuple[str, Entry]]) -> list[tuple[str, Entry]]:
    """The flags with every `--bind` joined into one: it may be repeated, and each adds an address."""
    bound = [entry for flag, entry in flags if flag == "--bind"]
    if len(bound) < 2:
        return list(flags)
    every = Entry(",".join(entry.value or "" for entry in bound), bound[0].place)
    return [*((flag, entry) for flag, entry in flags if flag != "--bind"), ("--bind", every)]


def _unknown(flag: str, schema: Schema, place: Place, report: Report) -> None:
    from difflib import get_close_matches

    near = get_close_matches(flag[:80], [*schema.flags, *(one.flag for one in schema.base_flags)], n=1)
    hint = f"did you mean {near[0]}?" if near else "the service does not start with it"
    report.problem(place, "", f"must hold flags that {schema.title} has", hint)


def _by_shell(flag: str, key: str | None, place: Place, report: Report) -> None:
    if key in PORTLESS:
        text = f"the shell of the container fills {flag} in, and its value is not known here"
        report.finding("compose-shell-value", "note", place, text, f"give it by --set {key}=VALUE")
    else:
        hint = f"write it, or --set {key}=VALUE" if key else "write it, or give the file by an option of its own"
        report.problem(place, "", f"must give {flag} a value that no shell fills in", hint)


def _words(service: Service) -> tuple[str, ...]:
    """The command that the compose file gives; the image's own entrypoint is not known.

    Raises:
        UnsupportedCommandError: it is a script that does not start a program of LiveKit in a readable way.
    """
    words = (*(service.entrypoint or ()), *(service.command or ()))
    if words and posixpath.basename(words[0]) in SHELLS and any(re.fullmatch("-[a-z]*c", word) for word in words):
        at = next(index for index, word in enumerate(words) if re.fullmatch("-[a-z]*c", word))
        return _of_script(words[at + 1] if at + 1 < len(words) else "")
    return words


def _of_script(script: str) -> tuple[str, ...]:
    """The words of the last command of a shell script that starts a program of LiveKit."""
    lines = script.replace("\\\n", " ").splitlines()
    for line in reversed(lines):
        for part in reversed(re.split("&&|;", line)):
            if any(name in part for name in PROGRAMS):
                start = min(part.index(name) for name in PROGRAMS if name in part)
                try:
                    return split_words(part[start:])
                except ValueError:
                    raise UnsupportedCommandError("must start the service in a way that is read") from None
    raise UnsupportedCommandError("must start the service itself, not by a script that does")


def _arguments(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words after the program's name; all of them if the compose file does not name it."""
    at = next((index for index, word in enumerate(words) if posixpath.basename(word) in PROGRAMS), -1)
    return words[at + 1 :]
