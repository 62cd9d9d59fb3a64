"""What a change means for who can reach what: from previews of Pulumi, or from two configurations.

    review = review_texts([("prod.json", text)])
    review.verdict                 # "no change", "narrower", "wider" or "moved"
    markdown(review)               # the page

`preview` reads what Pulumi prints; each platform's `from_pulumi.py` tells what its resources admit; `pairs` matches the
firewalls before and after; `difference` says what is gained and lost; `risks` what is dangerous about it; `change` is
the result, `markdown` and `text` print it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ...model.errors import Problem
from .change import Change, Review, ReviewPart, Risk
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
    """The stack; with its project or its file where several have the same name."""
    for form in (
        lambda one: one.stack or one.name,
        lambda one: f"{one.project}/{one.stack}",
        lambda one: f"{one.project}/{one.stack} ({one.name})",
    ):
        names = [form(one) for one in previews]
        if max(Counter(names).values(), default=0) <= 1:
            break
    return names


__all__ = ["Change", "Review", "ReviewPart", "Risk", "review_texts"]
