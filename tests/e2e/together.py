"""Many trials at once, each in a laboratory of its own: a join that fails takes 15 seconds, and waits for most of it.

with together(Lab, 8, {"one": work, ...}) as results:       # work is called with a laboratory, which Lab() makes
    results["one"].result()
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Hashable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TypeVar

import pytest

Key = TypeVar("Key", bound=Hashable)
Lab = TypeVar("Lab")
Result = TypeVar("Result")


@contextmanager
def together(
    make: Callable[[], AbstractContextManager[Lab]], at_once: int, works: Mapping[Key, Callable[[Lab], Result]]
) -> Iterator[Mapping[Key, Future[Result]]]:
    """Does all of it, so many at a time, in the order given; what is raised is raised again by `result`."""
    labs: queue.SimpleQueue[Lab] = queue.SimpleQueue()

    def do(work: Callable[[Lab], Result]) -> Result:
        lab = labs.get()
        try:
            return work(lab)
        finally:
            labs.put(lab)

    with ExitStack() as stack:
        for _ in range(min(at_once, len(works))):
            labs.put(stack.enter_context(make()))
        pool = ThreadPoolExecutor(at_once)
        stack.callback(pool.shutdown, cancel_futures=True)
        yield {key: pool.submit(do, work) for key, work in works.items()}


def chosen(request: pytest.FixtureRequest, function: Callable[..., None], name: str) -> list[object]:
    """The values of this parameter with which the test function is run this time, for `-k` leaves some out."""
    items = [item for item in request.session.items if getattr(item, "originalname", "") == function.__name__]
    return [item.callspec.params[name] for item in items if item.path == request.path]  # type: ignore[attr-defined]
