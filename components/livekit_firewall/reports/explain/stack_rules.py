"""The state of a stack, as `pulumi stack export` prints it -> its firewall rules, each with all its names.

    state = read_state(text, "(pulumi stack export)")
    state.named("sgr-0a1b2c3d4e5f60718")       # the rules with that name in a console

Every kind of firewall and rule that `review` reads is read, whoever made it, and of that only what a rule admits: no
secret is ever kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec
from msgspec import Struct

from ...effective.native_rule import NativeRule
from ...effective.property_values import is_hidden
from ...effective.resource_names import ResourceNames
from ...effective.resources import MAX_BYTES, OURS, Resource
from ...effective.urns import name_of, type_of
from ...model.errors import FirewallError, Place, Problem
from ...model.text import printable
from ...platforms.registry import PLATFORMS, AnyPlatform, as_it_is, is_firewall

VERSION = 3
EXPORT = "give what `pulumi stack export` prints"

MADE = {token: platform for platform in PLATFORMS for token in platform.made}
RULE = "Rule"
"""How the types of rules end that are resources in a group."""

GROUP_KEYS = ("securityGroupId", "networkSecurityGroupName")
"""Inputs by which a rule that is a resource names its group."""

NAMES = ("arn", "name", "selfLink", "networkSecurityGroupName", "securityGroupRuleId", "path")
"""Properties that a console shows as a name."""


class StateError(FirewallError):
    """The state cannot be read; the text, one line, says why and what to do."""


class StateRule(Struct, frozen=True):
    """One rule that a stack has.

    Attributes:
        platform: its name; "" for a resource of another kind.
        resource: the resource that it is, or that it is an entry of.
        component: the name of the component that made it; "" if none of ours did.
        native: what it admits; None for a resource of another kind.
        names: what it is called, on its own.
        holders: what that which holds it is called, its resource or its group.
        is_leaving: whether Pulumi has replaced it and is to delete it still.
        is_read: whether it is known what a resource of its kind lets in.
        peers: of a rule of others', its sources as their platform calls them.
    """

    platform: str
    resource: Resource
    component: str
    native: NativeRule | None
    names: tuple[str, ...]
    holders: tuple[str, ...] = ()
    is_leaving: bool = False
    is_read: bool = True
    peers: tuple[str, ...] = ()


class StateResource(Struct, frozen=True):
    """A resource as an export has it.

    Attributes:
        parent, provider: URNs, that of the provider with its id.
        delete: whether Pulumi has replaced it and is to delete it still.
        initErrors: why its last update was refused or did not end.
    """

    urn: str
    type: str
    id: str = ""
    parent: str = ""
    provider: str = ""
    delete: bool = False
    inputs: dict[str, object] = {}
    outputs: dict[str, object] = {}
    initErrors: list[str] | None = None  # noqa: N815 (as the state has it)


class PendingOperation(Struct, frozen=True):
    """What was under way when the CLI was killed.

    Attributes:
        type: `creating`, `updating`, `deleting`, `reading` or `importing`.
    """

    resource: StateResource
    type: str


class StackState(Struct, frozen=True):
    """What a stack has."""

    rules: tuple[StateRule, ...]
    resources: tuple[StateResource, ...] = ()
    pending: tuple[PendingOperation, ...] = ()

    def named(self, asked: str) -> tuple[StateRule, ...]:
        """The rules with that name, else those in a resource with it, else those with that description, else those
        whose names hold it. Case and spaces do not count; an end of `…` or `...` stands for what a console cut off.
        """
        text = " ".join(asked.lower().split())
        begun = re.sub(r"(…|\.\.\.)$", "", text)
        if not begun:
            return ()
        ways: tuple[Callable[[StateRule], bool], ...] = (
            lambda one: bool(one.platform) and text in _plain(one.names),
            lambda one: text in _plain(one.holders),
            lambda one: begun != text and any(name.startswith(begun) for name in _plain((*one.names, *one.holders))),
            lambda one: text in _plain(one.names),
            lambda one: one.native is not None and (text,) == _plain([one.native.description]),
            lambda one: bool(one.platform) and any(begun in name for name in _plain(one.names) if "::" not in name),
            lambda one: (
                one.native is not None and begun != text and _plain([one.native.description])[0].startswith(begun)
            ),
        )
        return next((found for way in ways if (found := tuple(filter(way, self.rules)))), ())


def _plain(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(" ".join(name.lower().split()) for name in names)


class _Deployment(Struct):
    resources: tuple[StateResource, ...] | None = None
    pending_operations: tuple[PendingOperation, ...] | None = None


class _Export(Struct):
    version: int
    deployment: msgspec.Raw


def read_state(text: str | bytes, name: str) -> StackState:
    """The rules in an export.

    Args:
        name: what the export is called in an error.

    Raises:
        StateError: it is too large, no JSON, nested too deep, no export or of another version.
    """
    if len(text) > MAX_BYTES:
        raise _refused(name, f"{len(text):,} bytes", f"must be at most {MAX_BYTES // 1_000_000} MB")
    try:
        export = msgspec.json.decode(text, type=_Export)
        if export.version != VERSION:
            expected = f"must be an export of version {VERSION}"
            raise _refused(name, str(export.version), expected, "export it with a Pulumi CLI 3.x")
        deployment = msgspec.json.decode(export.deployment, type=_Deployment)
    except msgspec.ValidationError as error:
        raise _refused(name, "", f"must be the state of a stack: {printable(error)}", EXPORT) from None
    except (msgspec.DecodeError, UnicodeError) as error:
        raise _refused(name, "", f"must be JSON: {printable(error)}", EXPORT) from None
    except RecursionError:
        raise _refused(name, "", "must not be nested that deep", EXPORT) from None
    held = deployment.resources or ()
    names = ResourceNames((), (_resource(one) for one in held))
    groups: dict[str, tuple[str, ...]] = {}
    for one in held:
        if is_firewall(one.type) and not one.type.endswith(RULE):
            groups.update(dict.fromkeys(_names(one), _names(one)))
    rules = tuple(rule for one in held for rule in _rules(one, groups, names))
    return StackState(rules, held, deployment.pending_operations or ())


def _refused(name: str, got: str, expected: str, hint: str = "") -> StateError:
    return StateError(str(Problem(Place("", name), got, expected, hint)))


def _resource(held: StateResource) -> Resource:
    """With what is really there as its inputs."""
    given = Resource(held.urn, held.type, held.inputs, held.outputs, held.id, is_refused=bool(held.initErrors))
    return as_it_is(given)


def _rules(held: StateResource, groups: Mapping[str, tuple[str, ...]], names: ResourceNames) -> Iterator[StateRule]:
    """Those that a resource is or holds, whoever made it; the resource itself where it holds none."""
    resource, own = _resource(held), _names(held)
    component = name_of(held.parent) if type_of(held.parent).startswith(OURS) else ""
    platform, natives = _read(resource, names, bool(component))
    if platform is None or not natives:
        yield StateRule("", resource, component, None, own, (), held.delete, is_read=platform is not None)
        return
    for native in natives:
        is_rule = held.type.endswith(RULE) or (platform.rules_are_resources and held.type in platform.made)
        group = next((held.inputs[key] for key in GROUP_KEYS if key in held.inputs), "") if is_rule else ""
        holders = groups.get(group, (group,)) if isinstance(group, str) and group and not is_hidden(group) else ()
        yield StateRule(
            platform.name,
            resource,
            component,
            native,
            tuple(name for name in own if name not in holders) if is_rule else _entry_names(native, own, resource.name),
            holders if is_rule else own,
            held.delete,
            peers=() if component else tuple(_peers(native, names)),
        )


def _read(resource: Resource, names: ResourceNames, is_ours: bool) -> tuple[AnyPlatform | None, list[NativeRule]]:
    """The platform that reads resources of the type, and the rules in this one."""
    platform = MADE.get(re.sub(r"/v\d\w*:", ":", resource.type))
    if platform is not None and is_ours:
        return platform, platform.held_rules(resource)
    for one in PLATFORMS if is_firewall(resource.type) else ():
        if resource.type in one.from_pulumi().TYPES:
            return one, list(one.from_pulumi().rules(resource, names))
    return None, []


def _peers(native: NativeRule, names: ResourceNames) -> Iterator[str]:
    """Sources as their platform calls them: a rule of others' knows none of our words for groups and tags."""
    for source in native.sources:
        id_ = source.shown.partition(" ")[2] if source.peer and source.peer.identity else ""
        shown = names.shown.get(source.name, source.name) if source.name else source.shown
        yield f"{shown} ({id_})" if id_ and id_ not in shown else shown


def _entry_names(native: NativeRule, holders: tuple[str, ...], resource: str) -> tuple[str, ...]:
    """`inbound udp 50000-60000`, alone and after what holds it, as people and Azure's ids write it. An entry without a
    name of its own is called as its resource is, which all of them are.
    """
    own = tuple(name for name in (native.name, native.line) if name and name != resource)
    return (*own, *(f"{holder}{between}{name}" for holder in holders for between in BETWEEN for name in own))


BETWEEN = (" ", "/", "/securityRules/")


def _names(held: StateResource) -> tuple[str, ...]:
    """The id, its last part, the URN, the logical name, and what the properties say."""
    said = [held.outputs.get(key, held.inputs.get(key)) for key in NAMES]
    texts = [held.id, held.id.rpartition("/")[2], held.urn, name_of(held.urn), *said]
    return tuple(dict.fromkeys(one for one in texts if isinstance(one, str) and one and not is_hidden(one)))
