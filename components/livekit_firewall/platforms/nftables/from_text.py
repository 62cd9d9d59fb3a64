"""The text of a ruleset as `render` writes it -> the table. Lines that it did not write are kept as not understood.

`from_cli.py` reads other rulesets from nft's JSON. A preview holds only the text that will be written to a file, and
the machine that reads it may have no nft.
"""

from __future__ import annotations

import re
from string import Formatter

from ...model.ports import Protocol
from . import language
from .language import Accept, Element, Other, Set, Table


def _pattern(template: str, **fields: str) -> str:
    """A template of the writer as a pattern, each of its fields a group of that name."""
    return "".join(
        re.escape(text) + (f"(?P<{name}>{fields[name]})" if name else "")
        for text, name, _, _ in Formatter().parse(template)
    )


_COMMENT = "(?:" + _pattern(language.COMMENT, comment='[^"\n]*') + ")?"
_SET = re.compile(_pattern(language.SET, name=r"\w+", type=r"\w+", elements="[^}]*"), re.ASCII)
_ELEMENT = re.compile(rf"\s*(?P<text>[0-9a-f.:/-]+){_COMMENT}\s*", re.ASCII)
_BETWEEN = re.compile(r'(?:[^,"]|"[^"]*")+')
"""What stands between the commas that are not inside a comment."""

_FAMILY = _pattern(language.OF_FAMILY, family="ipv4|ipv6")
_SOURCES = _pattern(language.FROM_SET, header="ip6?", sources=r"\w+")
_ADMIT = _pattern(language.ADMIT, protocol="|".join(Protocol), ports=r"@?\w+(?:-\d+)?")
_ACCEPT = re.compile(f"(?:{_FAMILY})?(?:{_SOURCES})?{_ADMIT}{_COMMENT}", re.ASCII)
_BASELINE = [re.compile(_pattern(form, types="[a-z0-9, -]+") + _COMMENT, re.ASCII) for form in language.BASELINE]
_OTHER = re.compile(f"(?P<text>.*?){_COMMENT}")


def read(text: str) -> Table:
    """The table; `is_whole` is false if the text is not a ruleset of livekit-firewall from its begin to its end."""
    head, chain, body = text.partition(language.CHAIN)
    sets = tuple(Set(found["name"], found["type"], _elements(found["elements"])) for found in _SET.finditer(head))
    rest = _SET.sub("", head).splitlines()
    foreign = tuple(line for line in rest if line.strip() and line not in language.FRAME and not line.startswith("#"))
    lines = (line.strip() for line in body.removesuffix(language.END).splitlines())
    rules = tuple(_rule(line) for line in lines if line)
    is_whole = bool(chain) and body.endswith(language.END) and len({one.name for one in sets}) == len(sets)
    return Table(sets, rules, foreign, is_whole)


def _elements(text: str) -> tuple[Element, ...]:
    found = [_ELEMENT.fullmatch(one) for one in _BETWEEN.findall(text)]
    return tuple(Element(one["text"], one["comment"] or "") for one in found if one) if all(found) else ()


def _rule(line: str) -> Accept | Other:
    found = _ACCEPT.fullmatch(line)
    if found is not None:
        given = {name: value or "" for name, value in found.groupdict().items()}
        return Accept(Protocol(given.pop("protocol")), **given)
    other = _OTHER.fullmatch(line)
    text, comment = (other["text"], other["comment"] or "") if other else (line, "")
    return Other(text, comment, is_baseline=any(form.fullmatch(line) for form in _BASELINE))
