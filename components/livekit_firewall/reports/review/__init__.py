"""What a change means for who can reach what: from previews of Pulumi, or from two configurations.

    review = review_texts([("prod.json", text)])
    review.verdict                 # "no change", "narrower", "wider" or "moved"
    markdown(review)               # the page

`preview` reads what Pulumi prints; each platform's `state.py` tells what its resources admit (`admission`);
`pairs` finds which firewall was which; `difference` says what is gained and lost; `risks` what to think about;
`change` is the result, `markdown` and `text` show it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ...model.errors import Problem
from .change import Change, Part, Review, Risk
from .preview import NotAPreview, Preview, read_preview
from .stack import part_of


def review_texts(given: Iterable[tuple[str, str]]) -> Review:
    """The review of previews, each a name for errors and the text that `pulumi preview --json` printed.

    Raises:
        NotAPreview: with every text that is no preview, or a failed one.
    """
    previews: list[Preview] = []
    problems: list[Problem] = []
    for name, text in given:
        try:
            previews.append(read_preview(text, name))
        except NotAPreview as error:
            problems += error.problems
    if problems:
        raise NotAPreview(problems)
    return Review(tuple(part_of(one, name) for one, name in zip(previews, _names(previews), strict=True)))


def _names(previews: list[Preview]) -> list[str]:
    """The stack; with its project or its file where several are called the same."""
    for form in (
        lambda one: one.stack or one.name,
        lambda one: f"{one.project}/{one.stack}",
        lambda one: f"{one.project}/{one.stack} ({one.name})",
    ):
        names = [form(one) for one in previews]
        if max(Counter(names).values(), default=0) <= 1:
            break
    return names


__all__ = ["Change", "Part", "Review", "Risk", "review_texts"]
