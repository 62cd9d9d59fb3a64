"""Previews from files or standard input."""

from __future__ import annotations

from collections.abc import Iterable

from ...effective.resources import MAX_BYTES
from ...inputs.files import STDIN, UnreadableError, decoded, read_input
from ...model.errors import Place, Problem
from .preview import NotAPreview


def read_all(names: Iterable[str]) -> list[tuple[str, str]]:
    """Each file's name and text.

    Raises:
        NotAPreview: with every file that cannot be read, is too large or no UTF-8.
    """
    texts: list[tuple[str, str]] = []
    problems: list[Problem] = []
    for name in dict.fromkeys(names):
        shown = "(standard input)" if name == STDIN else name
        try:
            content = read_input(name, MAX_BYTES)
            texts.append((shown, decoded(content)))
        except UnreadableError as error:
            problems.append(Problem(Place("", shown), error.got, error.expected, error.hint))
        except ValueError as error:
            problems.append(Problem(Place("", shown), "", str(error)))
    if problems:
        raise NotAPreview(problems)
    return texts
