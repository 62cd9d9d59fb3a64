"""Matrices: whole in `make soak`; otherwise the rows, always the same ones, in which each of their values occurs.

    @pytest.mark.matrix
    @pytest.mark.parametrize("queue", [20, 100, 1000])
    @pytest.mark.parametrize("loss", [0.01, 0.05])
    def test_a_path(loss, queue): ...   # three of six: each queue once, each loss

    for path in sample(PREVIEWS, lambda path: (path.parent.name, path.stem)): ...

What was wrong once has a test of its own, and is no part of a matrix.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

import hypothesis

Row = TypeVar("Row")


def is_soak() -> bool:
    """Whether this run takes as long as it takes. Known once pytest is configured, so not in a conftest.py."""
    return hypothesis.settings.get_current_profile_name() == "soak"


def sample(rows: Iterable[Row], values: Callable[[Row], Iterable[Hashable]], whole: bool | None = None) -> list[Row]:
    """A few of the rows, in their order.

    Args:
        values: what a row consists of, a value for each dimension.
        whole: whether it is all of them; if this is not said, in `make soak`.
    """
    given = list(rows)
    if is_soak() if whole is None else whole:
        return given
    made_of = [set(enumerate(values(row))) for row in given]
    left = set().union(*made_of)
    used: Counter[tuple[int, Hashable]] = Counter()
    chosen = []
    while left:
        # what occurs in many rows is spread over all that it occurs with; of equal ones the first
        new = [len(left & one) for one in made_of]
        most = max(new)
        best = (at for at, count in enumerate(new) if count == most)
        at = min(best, key=lambda at: sum(used[one] for one in made_of[at]))
        chosen.append(at)
        used.update(made_of[at])
        left -= made_of[at]
    return [given[at] for at in sorted(chosen)]
