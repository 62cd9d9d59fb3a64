"""Numbers as Go's yaml.v3 reads them, with the text in the file, and as Go prints them."""

from __future__ import annotations

import re

MAX_DIGITS = 40


class WrittenInt(int):
    """An integer and its text in the file, which some services parse themselves (`07777` as 7777)."""

    written: str


class WrittenFloat(float):
    """A float and its text in the file (`7880.0` is no port for a service that parses the text)."""

    written: str


# The numbers of Go's yaml.v3, with underscores removed (resolve.go).
_WHOLE = re.compile(r"([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)")
_FLOAT = r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"


def go_number(text: str) -> WrittenInt | WrittenFloat | None:
    """The number that Go's yaml.v3 reads from a plain scalar; None if it reads a text.

    It differs from YAML 1.1: `2:11:20` is a text, `0o17310` and `788e1` are numbers.
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


_EXACT = 1e6  # from here on Go prints a float with an exponent


def as_go(value: object) -> str:
    """A number or a boolean as Go prints it; "" for any other value."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(int(value))
    if not isinstance(value, float):
        return ""
    if abs(value) >= _EXACT:
        digits = str(float(value)).partition("e")[0].replace(".", "").strip("-0")
        return f"{value:.{len(digits) - 1}e}"
    return str(float(value)).removesuffix(".0")
