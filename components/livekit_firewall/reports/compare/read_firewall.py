"""A firewall's listing from files or standard input, hostile or not -> `EffectiveRules`, whatever the platform."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from ...effective.evaluate import EffectiveRules, ImportEntry, Selection
from ...effective.syntax import NotAFirewall, refuse
from ...inputs.document import MAX_BYTES, read_text
from ...inputs.files import STDIN, UnreadableError, read_stdin
from ...inputs.yaml_refusal import MAX_DEPTH
from ...model.errors import Place, Report
from ...model.text import printable
from ...platforms.registry import BY_NAME, PLATFORMS

COMMANDS = ", ".join(listing for one in PLATFORMS for listing in (one.listing, one.text_listing) if listing)


def read_firewall(names: Sequence[str], platform: str | None, selection: Selection) -> tuple[str, EffectiveRules]:
    """The platform and the firewall in a file, or in several of a text that commands print in parts; `-` is standard
    input.

    Raises:
        NotAFirewall: it cannot be read, is no JSON, is of no platform that is known, or says not which of
            several is meant. Its text is one line that begins with the file.
    """
    texts = list[tuple[str, str]]()
    for name in names:
        with _placed(name):
            texts.append((_shown(name), _text(name)))
    for one in PLATFORMS if platform is None else (BY_NAME[platform],):
        if one.text_listing and any(one.from_text_listing().recognises(text) for _, text in texts):
            with _placed(*names):
                return one.name, one.from_text_listing().read(texts, selection)
    for name in names[1:]:
        with _placed(name):
            texts_of = " or ".join(one.text_listing for one in PLATFORMS if one.text_listing)
            raise refuse("", "", f"must be given alone: only what {texts_of} print may be several files")
    with _placed(names[0]):
        found_on, value = _recognised(texts[0][1], platform)
        return found_on, BY_NAME[found_on].from_cli().read(value, selection)


def read_listing(name: str, platform: str | None) -> tuple[str, tuple[ImportEntry, ...]]:
    """The platform, and every resource of a listing that a component of ours may have made, whatever firewall it is
    part of; `-` is standard input.

    Raises:
        NotAFirewall: it cannot be read, is no JSON, or is of no platform that is known.
    """
    with _placed(name):
        found_on, value = _recognised(_text(name), platform)
        return found_on, BY_NAME[found_on].listed(value)


def _recognised(text: str, platform: str | None) -> tuple[str, object]:
    value = _value(text)
    if platform and not BY_NAME[platform].from_cli().recognises(value):
        _refuse_another(value, platform)
    return platform or _platform(value), value


@contextmanager
def _placed(*names: str) -> Iterator[None]:
    """Errors of what is inside begin with the files, if they say none."""
    try:
        yield
    except NotAFirewall as error:
        problem = error.problems[0]
        if problem.place.file is not None:
            raise
        file = ", ".join(map(_shown, names))
        raise NotAFirewall([msgspec.structs.replace(problem, place=Place(problem.path, file))]) from None


def _shown(name: str) -> str:
    return "(standard input)" if name == STDIN else name


def _text(name: str) -> str:
    if name != STDIN:
        report = Report()
        text = read_text(Path(name), name, report)
        if text is None:
            raise NotAFirewall(report.problems)
        return text
    try:
        content = read_stdin(MAX_BYTES)
    except UnreadableError as error:
        raise refuse("", error.got, error.expected, error.hint) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refuse("", "", "must be UTF-8 text") from None


def _value(text: str) -> object:
    hint = f"give what one of these prints: {COMMANDS}"
    if not text.strip():
        raise refuse("", "", "is empty", hint)
    try:
        value = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        if "trailing characters" in str(error):  # `nft -j monitor`, or two commands after each other
            raise refuse("", "", "must be one JSON document, and more stands behind its end", hint) from None
        raise refuse("", "", f"is no JSON: {printable(error)}", hint) from None
    except RecursionError:
        raise refuse("", f"more than {MAX_DEPTH} levels", "must not be nested that deep") from None
    _check_depth(value)
    return value


def _check_depth(value: object) -> None:
    """Level by level, without recursion."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            child
            for one in level
            if isinstance(one, dict | list)
            for child in (one.values() if isinstance(one, dict) else one)
            if isinstance(child, dict | list)
        ]
        if not level:
            return
    raise refuse("", f"more than {MAX_DEPTH} levels", "must not be nested that deep")


def _refuse_another(value: object, platform: str) -> None:
    """The JSON of another platform."""
    for other in PLATFORMS:
        if other.from_cli().recognises(value):
            looks_like = f"is what {other.listing} prints, and no firewall of {BY_NAME[platform].title}"
            raise refuse("--from", platform, looks_like, f"leave it out, or say {other.name}")


def _platform(value: object) -> str:
    known = [one.name for one in PLATFORMS if one.from_cli().recognises(value)]
    if len(known) == 1:
        return known[0]
    hint = f"give what one of these prints: {COMMANDS}; or say what it is: --from"
    raise refuse("", "", "must be a firewall as a platform prints it", hint)
