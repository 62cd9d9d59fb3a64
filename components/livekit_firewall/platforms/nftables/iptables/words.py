"""A line of iptables-save: its conditions, in its own words, and the target.

rule = parsed('-s 10.0.0.0/8 -p tcp -m tcp ! --dport 22 -m comment --comment "a b" -j DROP')
rule.conditions     # -s, -p, ! --dport, --comment, each with its values and the module that it belongs to
rule.target         # DROP
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

SHORT = {
    "--source": "-s", "--src": "-s", "--destination": "-d", "--dst": "-d", "--protocol": "-p", "--proto": "-p",
    "--in-interface": "-i", "--out-interface": "-o", "--fragment": "-f", "--match": "-m", "--jump": "-j",
    "--goto": "-g",
}  # fmt: skip
OWN = frozenset({*SHORT.values()})
"""What is iptables' own and belongs to no module."""

BARE = frozenset({"-f", "--syn"})
TWO = frozenset({"--tcp-flags"})
FREE = frozenset(
    {
        "--comment",
        "--log-prefix",
        "--nflog-prefix",
        "--ulog-prefix",
        "--string",
        "--hex-string",
        "--name",
    }
)
"""Options with one value that may look like another option."""

_WORD = re.compile(r'(?:[^\s"]|"(?:[^"\\]|\\.)*")+')
_PART = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\(.)")


class Condition(Struct, frozen=True):
    """What a packet must have.

    Attributes:
        module: the one named last before it; "" without one, and for what is iptables' own.
        option: `-s`, `--dport`; "" for a module that is only named.
        negated: whether `!` stands before it.
    """

    module: str
    option: str
    negated: bool
    values: tuple[str, ...]

    def __str__(self) -> str:
        words = ("!" if self.negated else "", self.option or f"-m {self.module}", *self.values)
        return " ".join(filter(None, words))


class Words(Struct, frozen=True):
    """A line.

    Attributes:
        target: "" for a line that only counts.
        is_goto: whether its chain does not come back.
        options: the words behind the target.
        comment: of the module of that name.
        stray: words that were not understood, so that neither the conditions nor the target are sure to be all.
    """

    conditions: tuple[Condition, ...]
    target: str = ""
    is_goto: bool = False
    options: tuple[str, ...] = ()
    comment: str = ""
    stray: str = ""

    def __str__(self) -> str:
        """The conditions, as they are written, but for the comment."""
        return " ".join(str(one) for one in self.conditions if one.module != "comment")


def split(text: str) -> list[str] | None:
    """The words as iptables-restore takes them; None where a quote is not closed."""
    if '"' not in text:
        return text.split()
    found = _WORD.findall(text)
    if '"' in _PART.sub("", text):
        return None
    return [_PART.sub(lambda part: _ESCAPE.sub(r"\1", part[1]), word) for word in found]


def parsed(text: str) -> Words | None:
    """The line behind `-A CHAIN`; None where a quote is not closed."""
    words = split(text)
    return None if words is None else _Reader(words).read()


class _Reader:
    """Takes the words of a line one after the other."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words, self.at = words, 0
        self.conditions: list[Condition] = []
        self.module = self.target = self.comment = self.stray = ""
        self.options: list[str] = []
        self.is_goto = False

    def read(self) -> Words:
        negated = False
        while self.at < len(self.words):
            word = self._next()
            if word == "!":
                negated = True
                continue
            self._take(SHORT.get(word, word), negated)
            negated = False
        comment, stray = self.comment, self.stray
        return Words(tuple(self.conditions), self.target, self.is_goto, tuple(self.options), comment, stray)

    def _take(self, word: str, negated: bool) -> None:
        if word in ("-j", "-g"):
            if self.target or negated:
                self.stray = self.stray or word
            self.target, self.is_goto = self._next(), word == "-g"
        elif word == "-m":
            self.module = self._next()
            self.conditions.append(Condition(self.module, "", negated, ()))
        elif word in OWN:
            self._condition("", word, negated)
        elif self.target:
            self.options += [word, *([self._next()] if word in FREE else [])]
        elif word.startswith("--"):
            self._condition(self.module, word, negated)
        else:
            self.stray = self.stray or word

    def _condition(self, module: str, option: str, negated: bool) -> None:
        if option not in FREE and self.words[self.at : self.at + 1] == ["!"] and not self._is_option(self.at + 1):
            negated = True  # before iptables 1.4.3 it stood behind the option
            self.at += 1
        if option in TWO:
            values = [self._next(), self._next()]
        elif option in BARE:
            values = []
        elif option in OWN or option in FREE:
            values = [self._next()]
        else:
            values = self._values()
        self.conditions.append(Condition(module, option, negated, tuple(values)))
        if option == "--comment":
            self.comment = values[0]

    def _values(self) -> list[str]:
        """Up to the next option. How many an option has is known for few of those that are not understood."""
        values = []
        while not self._is_option(self.at):
            values.append(self._next())
        return values

    def _is_option(self, at: int) -> bool:
        """Whether an option stands there, or nothing."""
        word = self.words[at] if at < len(self.words) else "!"
        return word == "!" or word.startswith("--") or SHORT.get(word, word) in OWN

    def _next(self) -> str:
        if self.at >= len(self.words):
            self.stray = self.stray or self.words[-1]
            return ""
        self.at += 1
        return self.words[self.at - 1]
