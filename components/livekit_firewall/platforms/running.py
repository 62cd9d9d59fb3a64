"""What every component shares while Pulumi runs: loading its SDK, and errors without a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import pulumi

from ..inputs.extras import install_line, lacking
from ..model.errors import ConfigurationError, Place, Problem, ProblemsError
from ..model.text import quoted
from .platform import Platform, Target


class InvalidArguments(ConfigurationError, pulumi.RunError, pulumi.InputPropertiesError):
    """The arguments cannot be used. Pulumi shows its text without a traceback, to a program in Python
    (`RunError`) and in another language (`InputPropertiesError`).
    """

    def __init__(self, error: ProblemsError) -> None:
        ConfigurationError.__init__(self, error.problems)
        self.title = error.title
        self.message = str(self)
        self.errors = [
            pulumi.InputPropertyErrorDetails(property_path=problem.path, reason=str(problem))
            for problem in self.problems
        ]


@contextmanager
def pulumi_errors() -> Iterator[None]:
    """Raise problems of the block as an error that Pulumi shows without a traceback."""
    try:
        yield
    except ProblemsError as error:
        raise InvalidArguments(error) from None


Kept = TypeVar("Kept")


def of_this_program(kept: WeakKeyDictionary[Any, dict[str, Kept]]) -> dict[str, Kept]:
    """The entries of the program that runs, by whose stack they are kept: a process may run several. Nothing is kept
    where the process is a plugin, which has no stack.
    """
    root = pulumi.runtime.get_root_resource()
    return {} if root is None else kept.setdefault(root, {})


def called(name: str, opts: pulumi.ResourceOptions | None) -> str:
    """What a component is called in errors: its name, and that of the component that it is a part of."""
    parents = [] if opts is None or opts.parent is None else [opts.parent.pulumi_resource_name]
    return " in ".join(quoted(one, 200) for one in (name, *parents))


def sdk(platform: Platform[Target]) -> ModuleType:
    """The module of a platform's SDK. Loading one takes 0.3 to 1.4 s and up to 110 MB, so only who uses it does.

    Raises:
        ConfigurationError: it is not installed; names the extra that brings it.
    """
    package, target = platform.sdk, platform.argument
    try:
        return import_module(package)
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        expected = lacking(package.replace("_", "-"), target)
        raise ConfigurationError([Problem(Place(target), "", expected, install_line(target))]) from error
