"""The owner's mark: which component of which stack a table, a file or a unit belongs to.

It stands in the text that is loaded and in the files, so that a rollback restores it with what it belongs to:

    # Owner: project=voice stack=prod component=urn:... token=...      in files
    chain owner { return comment "owner 1/2 project=voice ..." }       in the table; no packet reaches that chain

A chain, since comments of tables need nft 0.9.7 and Linux 5.10, and a chain can be replaced without another load of
the rules. Names are percent-encoded: comments of nft know no escapes, and end at 128 bytes.

`ruleset_file` runs this text too, before its own: so it imports nothing but the standard library.
"""

import re
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

LINE = "# Owner: "
CHAIN = "owner"
PIECE = 96  # characters of the mark in one comment, beside `owner 10/12 `

_FORM = re.compile(r"project=(\S*) stack=(\S*) component=(\S*) token=(\S*)")
_LISTED = re.compile(r"\n\tchain owner \{\n((?:\t\t.*\n)*)\t\}\n")
_RULE = re.compile(r'\t\treturn comment "owner (\d+)/(\d+) ([^"]*)"\n')


class Mark(NamedTuple):
    """Attributes:
    component: the URN of the component.
    token: tells what one create made from what another one did for the same URN, as a replacement has two.
    """

    project: str
    stack: str
    component: str
    token: str

    @property
    def text(self) -> str:
        """One line of printable ASCII."""
        values = (quote(value.encode("utf-8", "surrogatepass"), safe="/:._-") for value in self)
        return " ".join(f"{key}={value}" for key, value in zip(self._fields, values, strict=True))

    @property
    def description(self) -> str:
        """Whose it is, for people. Printable: what was read may have been edited."""
        if self == NOBODY:
            return "nobody"
        if self == UNREADABLE:
            return "an owner whose mark this version cannot read"
        names = [name if name.isprintable() else ascii(name) for name in self]
        return f"the stack {names[1]} of the project {names[0]} ({names[2]})"


NOBODY = Mark("", "", "", "nobody")
"""Of what was released: any stack may take it over."""

UNREADABLE = Mark("", "", "", "unreadable")


def parsed(text: str) -> Mark:
    """`UNREADABLE` if it is none, or not as it is written here."""
    found = _FORM.fullmatch(text)
    try:
        mark = Mark(*(unquote(value, errors="surrogatepass") for value in found.groups())) if found else UNREADABLE
    except UnicodeDecodeError:
        return UNREADABLE
    return mark if mark.text == text else UNREADABLE


def given(owner: Any, token: Any) -> "Mark | None":
    """Of a resource's properties `owner` and `token`; None if it has none, as those of the first releases."""
    if not owner:
        return None
    return Mark(owner["project"], owner["stack"], owner["component"], token or "")


def line(mark: Mark) -> str:
    """As it stands in a file."""
    return f"{LINE}{mark.text}\n"


def marked(ruleset: str, mark: "Mark | None") -> str:
    """The ruleset, and behind it the mark, for readers of the file and for the table."""
    if mark is None:
        return ruleset
    return f"{ruleset}\n{line(mark)}table inet livekit {{\n\tchain {CHAIN} {{\n{_rules(mark)}\t}}\n}}\n"


def remarking(mark: Mark) -> str:
    """For `nft -f`: another owner of the table that is loaded, in one transaction that leaves its rules alone."""
    rules = "".join(f"add rule inet livekit {CHAIN} {rule.strip()}\n" for rule in _rules(mark).splitlines())
    return f"add chain inet livekit {CHAIN}\nflush chain inet livekit {CHAIN}\n{rules}"


def _rules(mark: Mark) -> str:
    text = mark.text
    pieces = [text[at : at + PIECE] for at in range(0, len(text), PIECE)]
    return "".join(
        f'\t\treturn comment "owner {number}/{len(pieces)} {piece}"\n' for number, piece in enumerate(pieces, 1)
    )


def bare(ruleset: str) -> str:
    """What `marked` was given. A text that was edited behind its mark stays as it is."""
    found = before(ruleset)
    return found if marked(found, of_text(ruleset)) == ruleset else ruleset


def before(ruleset: str) -> str:
    """What stands before the mark."""
    return ruleset.partition(f"\n{LINE}")[0]


def of_text(text: str) -> "Mark | None":
    """The mark in a file; None if there is none."""
    lines = {line[len(LINE) :] for line in text.splitlines() if line.startswith(LINE)}
    if not lines:
        return None
    return parsed(lines.pop()) if len(lines) == 1 else UNREADABLE


def bare_table(listed: str) -> str:
    """A table as nft lists it, without its mark. What only looks like a mark stays: it is a change."""
    return listed if of_table(listed) in (None, UNREADABLE) else _LISTED.sub("", listed)


def of_table(listed: str) -> "Mark | None":
    """The mark in a table as nft lists it; None if there is none."""
    chains = _LISTED.findall(listed)
    if not chains:
        return None
    rules = _RULE.findall(chains[0])
    whole = [(str(number), str(len(rules))) for number in range(1, len(rules) + 1)]
    if "".join(f'\t\treturn comment "owner {n}/{of} {text}"\n' for n, of, text in rules) != chains[0]:
        return UNREADABLE
    return parsed("".join(text for *_, text in rules)) if [(n, of) for n, of, _ in rules] == whole else UNREADABLE
