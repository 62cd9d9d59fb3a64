"""Numbers as Go's yaml.v3 reads them, and as the file writes them."""

from __future__ import annotations

import re

MAX_DIGITS = 40


class WrittenInt(int):
    """An integer and how the file writes it: some services read the text itself (`07777` is 7777 to them)."""

    written: str


class WrittenFloat(float):
    """A float, likewise (`7880.0` is no port where the text is read)."""

    written: str


# What a scalar must look like to be a number to Go's yaml.v3, underscores removed (resolve.go).
_WHOLE = re.compile(r"([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)")
_FLOAT = r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"


def go_number(text: str) -> WrittenInt | WrittenFloat | None:
    """The number that a plain scalar is to a Go program, None if it is none: `2:11:20` is no number to it,
    `0o17310` and `788e1` are, whatever YAML 1.1 says of them.
    """
    if not text or len(text) > MAX_DIGITS or text[0] not in "+-.0123456789":
        return None
    plain = text if text[0] == "." else text.replace("_", "")
    whole = _WHOLE.fullmatch(plain)
    number: WrittenInt | WrittenFloat
    if whole:
        sign, digits = whole.groups()
        is_octal = len(digits) > 1 and digits[0] == "0" and digits[1].isdigit()
        number = WrittenInt(int(sign + (f"0o{digits[1:]}" if is_octal else digits), 0))
    elif re.fullmatch(_FLOAT, plain):
        number = WrittenFloat(plain)
    else:
        return None
    number.written = text
    return number
