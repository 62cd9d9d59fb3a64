"""What a component takes as its name and its resource options, and which of these no component acts on.

Pulumi checks little of it: a provider of another cloud is ignored, and the default provider writes the rules.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import pulumi

from ..inputs import outputs
from ..inputs.field_types import holds_half
from ..inputs.shown import show
from ..model.errors import ConfigurationError, Place, Problem
from ..model.text import quoted
from .aliases import remember_aliases
from .platform import Platform, Target
from .running import this_program

WITHOUT_EFFECT = (
    "additional_secret_outputs", "custom_timeouts", "delete_before_replace", "hide_diffs", "ignore_changes",
    "plugin_download_url", "replace_on_changes", "replace_with", "replacement_trigger", "version",
)  # fmt: skip
"""Options that Pulumi takes for a component and does not hand down to its resources (pages of Pulumi's documentation on
the options; docs/options.md)."""

_ADOPTING = "docs/adopting.md says how a program takes over a firewall that exists"
REFUSED = {
    "import_": _ADOPTING,
    "id": _ADOPTING,
    "urn": "read the outputs of another stack with pulumi.StackReference",
    "env_var_mappings": "give it to the provider",
}
"""Options of single resources that would be ignored, or fail with a traceback: what to do instead."""

_names: WeakKeyDictionary[Any, set[tuple[str, str]]] = WeakKeyDictionary()
"""Type and name of the components below each parent, or at the top of a program."""


def admit(kind: str, name: str, opts: pulumi.ResourceOptions | None, platform: Platform[Target] | None = None) -> None:
    """Refuse a component that Pulumi would not make as it is meant.

    Args:
        kind: its type token.
        platform: the only one that it writes to, if any.

    Raises:
        ConfigurationError
    """
    packages = [platform.package] if platform else []
    if problems := [*misnamed(kind, name, opts), *misused(opts, packages)]:
        raise ConfigurationError(problems)


def registered(component: pulumi.Resource, opts: pulumi.ResourceOptions | None) -> None:
    """Have the next component of its name refused, for as long as the program runs, keep its aliases for its children
    (`aliases.former_names`), and say once, at a preview, which of its options have no effect.
    """
    remember_aliases(component, opts)
    if (below := _siblings(opts)) is not None:
        below.add((component.pulumi_resource_type, component.pulumi_resource_name))
    names = [name for name in WITHOUT_EFFECT if getattr(opts, name, None)]
    if names and pulumi.runtime.is_dry_run():
        text = (
            f"{', '.join(names)}: no effect on a component, since Pulumi does not pass it on to the resources below; "
            "set it on these by transforms (docs/options.md)"
        )
        pulumi.log.warn(text, component)


def misnamed(kind: str, name: object, opts: object) -> list[Problem]:
    """What is wrong with the name. The engine takes any that is not empty, and platforms get a lawful one of it."""
    place = Place("(name)")
    if wrong := outputs.misused(name):
        return [Problem(place, "", wrong, outputs.PLAIN, outputs.MISUSE)]
    if not isinstance(name, str) or not name:
        return [Problem(place, quoted(name) if name == "" else show("name", name), "must be a text that is not empty")]
    if holds_half(name):
        return [Problem(place, quoted(name), "must be a text that UTF-8 can encode")]
    if (kind, name) in (_siblings(opts) or ()):
        made = kind.rpartition(":")[2]
        return [Problem(
            place, quoted(name, 200), f"must be another name, since the program has a {made} of this name already",
            "name it after what differs, such as the zone",
        )]  # fmt: skip
    return []


def misused(opts: object, packages: Collection[str], others: Collection[str] = ()) -> list[Problem]:
    """What is wrong with the options.

    Args:
        packages: those of the providers that write the targets' rules ("aws", "azure-native").
        others: those of all platforms.
    """
    if opts is None:
        return []
    if not isinstance(opts, pulumi.ResourceOptions):
        hint = "write opts=pulumi.ResourceOptions(parent=..., provider=...)"
        return [Problem(Place("opts"), _kind(opts), "must be a pulumi.ResourceOptions", hint)]
    expected = "must be left out: a component is not a resource of a cloud"
    found = [
        Problem(Place(f"opts.{option}"), "", expected, hint)
        for option, hint in REFUSED.items()
        if getattr(opts, option, None) is not None
    ]
    parent: object = opts.parent
    if parent is not None and not isinstance(parent, pulumi.Resource):
        found.append(Problem(Place("opts.parent"), _kind(parent), "must be a resource"))
    return found + _about_providers(opts, packages, others)


def _about_providers(opts: pulumi.ResourceOptions, packages: Collection[str], others: Collection[str]) -> list[Problem]:
    several: object = opts.providers or []
    if isinstance(several, str) or not isinstance(several, Mapping | Sequence):
        return [Problem(Place("opts.providers"), _kind(several), "must be a list of providers")]
    given: dict[str, tuple[str, pulumi.ProviderResource]] = {}
    problems = []
    for path, key, one in _given(opts.provider, several):
        if isinstance(one, pulumi.ProviderResource):
            given[path] = key or one.package, one
        else:
            expected = "must be a provider: the Provider of an SDK, or a pulumi.ProviderResource"
            problems.append(Problem(Place(path), _kind(one), expected))
    packages_given = {one.package for _, one in given.values()}
    for path, (key, one) in given.items():
        if key != one.package and {key, one.package} & {*packages}:
            expected = "key and provider must be of the same package"
            hint = "give a list, as each provider knows its package"
            problems.append(Problem(Place(path), f"a provider of {one.package} for {key}", expected, hint))
    is_none = packages and given and not packages_given & {*packages}
    if not problems and is_none and (opts.provider is not None or packages_given & {*others}):
        problems.append(Problem(
            Place("opts.provider"),  # a plugin gets that as one of the providers too
            f"one of {', '.join(sorted(packages_given))}",
            f"must be a provider of {' or '.join(sorted(packages))}, since the rules are written there",
            "give that; without one the default provider is used, for whatever account it is",
        ))  # fmt: skip
    return problems or [*_inherited(opts, {*packages} - packages_given)]


def _given(one: object, several: Mapping[Any, object] | Sequence[object]) -> Iterator[tuple[str, str, object]]:
    """What is given as providers: the path of the option, the key in a mapping, the value."""
    if one is not None:
        yield "opts.provider", "", one
    if isinstance(several, Mapping):
        yield from ((f"opts.providers.{key}", str(key), value) for key, value in several.items())
    else:
        yield from ((f"opts.providers[{at}]", "", value) for at, value in enumerate(several))


def _inherited(opts: pulumi.ResourceOptions, packages: Iterable[str]) -> Iterator[Problem]:
    """Providers that the parent has under the key of another package."""
    parent: object = opts.parent
    for package in sorted(packages):
        one = parent.get_provider(f"{package}:index:Any") if isinstance(parent, pulumi.Resource) else None
        if one is not None and one.package != package:
            expected = f"must have a provider of {package} in its providers under that key"
            yield Problem(Place("opts.parent"), f"one of {one.package}", expected)


def _siblings(opts: object) -> set[tuple[str, str]] | None:
    """None where it is not known what else the program has, or the parent is none."""
    parent = getattr(opts, "parent", None)
    if parent is None or parent is pulumi.runtime.get_root_resource():
        above = this_program()
    else:
        above = parent if isinstance(parent, pulumi.Resource) else None
    return None if above is None else _names.setdefault(above, set())


def _kind(value: object) -> str:
    return f"a {type(value).__name__}"


OPTIONS = frozenset(vars(pulumi.ResourceOptions())) - {"version"}  # which is next to `versions`
"""Names of options, for those that are given as arguments."""
