"""What every component shares while Pulumi runs: registering resources, errors without a traceback, values that are
judged once they are known.

Resources are registered by their type tokens. Loading an SDK takes 0.3 to 1.4 s and up to 110 MB, and all that it would
add is the version of its plugin.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import msgspec
import pulumi
from msgspec import Struct
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import SETTINGS

from ..inputs.extras import NAME, install_line, lacking
from ..model.errors import ConfigurationError, Place, Problem, ProblemsError
from ..model.text import quoted
from .platform import Platform, Target
from .tags import TagLimits, tag_problems
from .versions import PULUMI

if (_installed := version("pulumi")) not in PULUMI:  # an older one lacks names that are used below, and more
    raise pulumi.RunError(f"{NAME} needs pulumi {PULUMI} (got {_installed}); {install_line('pulumi')}")


class InvalidArguments(ConfigurationError, pulumi.RunError, pulumi.InputPropertiesError):
    """The arguments cannot be used. Pulumi shows its text without a traceback, to a program in Python
    (`RunError`) and in another language (`InputPropertiesError`).

    Args:
        error: what was found, each problem of which names the property.
        component: the name of the component whose arguments they are, for a program with several; "" for none, as for
            any value that is no text.
    """

    def __init__(self, error: ProblemsError, component: object = "") -> None:
        ConfigurationError.__init__(self, error.problems)
        self.title = error.title
        self.component = component if isinstance(component, str) else ""
        self.message = str(self)
        self.errors = [
            pulumi.InputPropertyErrorDetails(property_path=problem.path, reason=str(problem))
            for problem in self.problems
        ]

    def __str__(self) -> str:
        text = super().__str__()
        of_it = text.replace("nothing was created", "nothing of it was created", 1)
        return f"{quoted(self.component, 200)}: {of_it}" if self.component else text


class NoSuchOutput(AttributeError, pulumi.RunError):
    """A component has no such output with these arguments; the text says which one to use. Pulumi shows it without a
    traceback.
    """


class NoSuchRule(KeyError, pulumi.RunError):
    """A component has no rule of that key; the text names the nearest one. Pulumi shows it without a traceback."""

    def __str__(self) -> str:
        return str(self.args[0])


class Handles(Mapping[str, pulumi.CustomResource]):
    """The resources of a component's rules by key, to be read only: for `depends_on` and the like."""

    def __init__(self, resources: Mapping[str, pulumi.CustomResource]) -> None:
        self._resources = dict(resources)

    def __getitem__(self, key: str) -> pulumi.CustomResource:
        if key in self._resources:
            return self._resources[key]
        from difflib import get_close_matches

        near = get_close_matches(str(key)[:200], self._resources, n=1, cutoff=0.3)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(self)}"
        raise NoSuchRule(f"no rule has the key {quoted(key, 200)}; {hint}")

    def __iter__(self) -> Iterator[str]:
        return iter(self._resources)

    def __len__(self) -> int:
        return len(self._resources)

    def __repr__(self) -> str:
        return f"<rules {', '.join(self)}>"


@contextmanager
def pulumi_errors(component: object = "") -> Iterator[None]:
    """Raise problems of the block as an error that Pulumi shows without a traceback.

    Args:
        component: see `InvalidArguments`.
    """
    try:
        yield
    except ProblemsError as error:
        raise InvalidArguments(error, component) from None


def as_outputs(value: object, seen: frozenset[int] = frozenset()) -> object:
    """Arguments in which every awaitable is an output: a coroutine can be awaited once, an output often."""
    if isinstance(value, pulumi.Output) or id(value) in seen or len(seen) > DEEPEST:
        return value
    if isinstance(value, Awaitable):
        return pulumi.Output.from_input(value)
    within = seen | {id(value)}
    if isinstance(value, Mapping):
        read = {key: as_outputs(one, within) for key, one in value.items()}
        return read if any(read[key] is not one for key, one in value.items()) else value
    if isinstance(value, list | tuple):
        items = [as_outputs(one, within) for one in value]
        return items if any(one is not was for one, was in zip(items, value, strict=True)) else value
    return value


DEEPEST = 6
"""Levels of the arguments in which an output may be."""


def checked(value: Any, problems: Callable[[Any], Iterable[Problem]]) -> Any:
    """A plain value as it is, which has been judged; an output so that it stops, once its value is known, whatever
    waits for it, with these problems of the value. They must not show it: it may be a secret.
    """
    if not isinstance(value, pulumi.Output):
        return value

    def judge(known: Any) -> Any:
        if found := list(problems(known)):
            raise InvalidArguments(ProblemsError(found))
        return known

    return value.apply(judge)


def checked_tags(path: str, tags: Any, limits: TagLimits, added: tuple[str, ...] = ()) -> Any:
    """Tags, of which each that is an output stops if it turns out to be unlawful.

    Args:
        added: keys that the resource has besides.
    """
    return checked_mapping(
        tags, lambda known: tag_problems(path, known, limits, added if isinstance(tags, pulumi.Output) else ())
    )


def checked_mapping(values: Any, problems: Callable[[Any], Iterable[Problem]]) -> Any:
    """Values by key, of which each that is an output stops if it turns out to be unlawful; so do all, if they are one
    output.
    """
    if isinstance(values, pulumi.Output):
        return checked(values, problems)

    def each(key: str) -> Any:
        return checked(values[key], lambda known: problems({key: known}))

    return {key: each(key) for key in values}


def checked_each(values: tuple[object, ...], problems: Callable[[object], Iterable[Problem]]) -> tuple[object, ...]:
    """Values, of which each that is an output stops if it turns out to be unlawful."""
    return tuple(checked(one, problems) for one in values)


def as_integers(ids: tuple[object, ...]) -> tuple[object, ...]:
    """Ids, where a resource's output `id` is a text and other resources take an integer."""
    return tuple(one.apply(int) if isinstance(one, pulumi.Output) else one for one in ids)


def not_empty(path: str, value: Any) -> Any:
    """An id or a name that stops if it turns out to be empty, which a provider takes for one that is not given."""
    hint = "an empty one would be the provider's default, or none"
    return checked(
        value, lambda known: [] if known else [Problem(Place(path), "an empty output", "must have a value", hint)]
    )


Key = TypeVar("Key")
Kept = TypeVar("Kept")


def of_this_program(kept: WeakKeyDictionary[Any, dict[Key, Kept]]) -> dict[Key, Kept]:
    """The entries of the program that runs: a process may run several. Nothing is kept where that is not known."""
    program = this_program()
    return {} if program is None else kept.setdefault(program, {})


def this_program() -> Any | None:
    """What lasts as long as the program that runs, which is its stack; in a plugin, what `HOSTED_FOR` says. Pulumi's
    mocks keep theirs from one test to the next, so that there it is the task of the test. None at the top of a module
    of such tests.
    """
    root = pulumi.runtime.get_root_resource()
    if root is None:
        return HOSTED_FOR.get()
    if not isinstance(SETTINGS.monitor, MockMonitor):
        return root
    try:
        return asyncio.current_task()
    except RuntimeError:  # no event loop runs
        return None


HOSTED_FOR: ContextVar[Any | None] = ContextVar("hosted_for", default=None)
"""Where this is a plugin: what lasts as long as the program for which a component is made."""


def called(name: str, opts: pulumi.ResourceOptions | None) -> str:
    """What a component is called in errors: its name, and that of the component that it is a part of."""
    parents = [] if opts is None or opts.parent is None else [opts.parent.pulumi_resource_name]
    return " in ".join(quoted(one, 200) for one in (name, *parents))


def is_hosted() -> bool:
    """Whether this runs as a plugin: there is no stack in this process then, since it is the program's."""
    return pulumi.runtime.get_root_resource() is None


class Plugin(Struct, frozen=True):
    """`pulumi-plugin.json` of an SDK: the plugin that the engine is asked for."""

    version: str = "unknown"


TESTED_PLUGINS = Path(__file__).with_name("plugins.json")
"""By SDK, the version of its plugin that the project is tested with; tools/plugin.py writes it."""


def plugin(platform: Platform[Target]) -> Plugin:
    """The plugin of a platform's SDK, which has to be installed: the language host finds the plugins that a program
    needs by the SDKs beside it.

    As a plugin itself this needs no SDK: the engine gets the plugins that it asks for, and an environment with all SDKs
    would have it get them all.

    Raises:
        ConfigurationError: it is not installed, or of a version that is not supported; names the extra that brings it.
    """
    package, target = platform.sdk, platform.argument
    found = find_spec(package)
    if not found or not found.submodule_search_locations:
        if is_hosted():
            return msgspec.json.decode(TESTED_PLUGINS.read_bytes(), type=dict[str, Plugin])[package]
        expected = lacking(package.replace("_", "-"), target)
        raise ConfigurationError([Problem(Place(target), "", expected, install_line(target))])
    file = Path(found.submodule_search_locations[0], "pulumi-plugin.json")
    plugin = msgspec.json.decode(file.read_bytes(), type=Plugin)
    if plugin.version not in platform.sdk_versions:
        name = package.replace("_", "-")
        expected = f"needs {name} {platform.sdk_versions}"
        raise ConfigurationError([Problem(Place(target), f"{name} {plugin.version}", expected, install_line(target))])
    return plugin


def register(
    plugin: Plugin, token: str, name: str, inputs: Mapping[str, object], opts: pulumi.ResourceOptions
) -> pulumi.CustomResource:
    """A resource of a provider, as its SDK would register it: `inputs` have the names of Pulumi's schema."""
    opts.version = plugin.version
    return pulumi.CustomResource(token, name, dict(inputs), opts)


def warn_unprotected_rules(component: pulumi.Resource, opts: pulumi.ResourceOptions | None, besides: str = "") -> None:
    """Say once, at a preview, that the options of a component that keep resources do not hold for its rules.

    A rule that is retained stays open when it is taken back, and one that is protected stops every change, so rules
    have neither. `retain_on_delete` of a component of somebody else's further up is known to the engine alone.

    Args:
        besides: what a `destroy` leaves.
    """
    is_protected = component._protect  # noqa: SLF001 - the SDK has no other name for what comes from a parent too
    given = {"protect": is_protected, "retain_on_delete": opts.retain_on_delete if opts else None}
    names = [name for name, value in given.items() if value]
    if names and pulumi.runtime.is_dry_run():
        text = (
            f"{' and '.join(names)}: not for the rules, since an edit must be able to take one away: "
            f"pulumi destroy removes every rule{besides} (docs/removing.md)"
        )
        pulumi.log.warn(text, component)
