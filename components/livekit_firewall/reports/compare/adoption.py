"""Which of a program's resources are there already, so that `pulumi import` can make them its own.

The resources of a listing are held against those that the component would make, by what they say. The file names the
component and that of the platform as parents, so that the program finds its own resources under its own names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from ...deployment.derive import Deployment
from ...effective.evaluate import EffectiveRules, ImportEntry
from ...effective.resources import OURS
from ...effective.syntax import refuse
from ...model.text import escaped, printable
from ...platforms.platform import Options, Target
from ...platforms.registry import AnyPlatform
from .holders import Entries, placed

AUTO_NAME = r"-?[0-9a-f]{7,8}"
"""What providers append to a logical name: 7 digits after a hyphen, on Azure 8 without one."""


class Adoption(Struct, frozen=True):
    """What becomes of a listing.

    Attributes:
        component: the name of the LiveKitFirewall.
        found: a resource of the component, and that of the listing which it is.
        lacking: resources of the component that the listing has not.
        left: those of the listing that are none of the component's, though of a type that it makes.
    """

    component: str
    platform: AnyPlatform
    found: tuple[tuple[ImportEntry, ImportEntry], ...]
    lacking: tuple[ImportEntry, ...]
    left: tuple[ImportEntry, ...]

    def as_json(self, parent: str = "", provider: str = "") -> dict[str, Any]:
        """The file for `pulumi import -f`. Components that are in the state already are passed over there.

        Args:
            parent: the URN of what holds the component; "" for the stack.
            provider: that of a provider of the program's own; "" for the default one.
        """
        inner = f"{self.component}-{self.platform.argument}"
        by = {PROVIDER: PROVIDER} if provider else {}
        outer = {"type": f"{OURS}LiveKitFirewall", "name": self.component, "component": True}
        resources = [
            {**outer, **({"parent": PARENT} if parent else {})},
            {
                "type": f"{OURS}{self.platform.component.name}",
                "name": inner,
                "component": True,
                "parent": self.component,
            },
            *(
                {"type": one.type, "name": one.name, "id": listed.id, "parent": inner, **by}
                for one, listed in self.found
            ),
        ]
        table = {name: urn for name, urn in ((PARENT, parent), (PROVIDER, provider)) if urn}
        return {**({"nameTable": table} if table else {}), "resources": resources}

    def text(self) -> str:
        """What the next preview shows besides, and what stays as it is; "" for nothing."""
        parts = []
        if self.lacking:
            names = "".join(f"\n  {one.name}" for one in self.lacking)
            parts.append(f"not in the listing, so that the next pulumi up creates {len(self.lacking)}:{names}")
        if self.left:
            lines = "".join(self._left(one) for one in self.left)
            parts.append(f"not of this program, and left as they are; the command removes one: {len(self.left)}{lines}")
        return "\n".join((*parts, *filter(None, [self.platform.import_note])))

    def _left(self, entry: ImportEntry) -> str:
        same = next((listed.name for _, listed in self.found if entry.content and listed.content == entry.content), "")
        again = f" (the same as {same})" if same else ""
        return f"\n  {printable(f'{entry.name}: {entry.shown}{again}')}\n    {escaped(entry.removal)}"


PARENT = "parent"
PROVIDER = "provider"


def adopt(deployment: Deployment, platform: AnyPlatform, found: EffectiveRules, component: str) -> Adoption:
    """What of the program's resources a listing has.

    Args:
        component: the name of the LiveKitFirewall in the program.

    Raises:
        NotAFirewall: the listing has no ids, or it is of another place than the program names, so that Pulumi would
            replace what was imported.
        ProblemsError: the platform cannot express or hold the rules.
    """
    target = deployment.targets.get(platform.argument) or platform.assumed(found)
    ours: Entries = wanted_resources(deployment, platform, target, component)
    types = {one.type for one in ours}
    listed: Entries = [one for one in found.adopted or () if one.type in types]
    _refuse_several((one for one in listed if not one.content), max(1, sum(not one.content for one in ours)))
    ours, listed = placed(ours, listed, is_named_after)
    pairs = _pairs(ours, listed)
    for one, entry in pairs.values():
        _refuse_other_place(one, entry, platform)
        if not entry.id:
            hint = f"give what {platform.rule_ids or platform.listing} prints"
            raise refuse("--import", entry.name, "must be a listing with ids", hint)
    taken = {id(entry) for _, entry in pairs.values()}
    return Adoption(
        component=component,
        platform=platform,
        found=tuple(pairs[one.name] for one in ours if one.name in pairs),
        lacking=tuple(one for one in ours if one.name not in pairs),
        left=tuple(entry for entry in listed if id(entry) not in taken),
    )


def wanted_resources(
    deployment: Deployment, platform: AnyPlatform, target: Target, component: str
) -> tuple[ImportEntry, ...]:
    """What the LiveKitFirewall of that name makes on a platform."""
    name = f"{component}-{platform.argument}"
    access = deployment.access
    options = Options(name, access.ssh_port, access.ipv6)
    return platform.expected(platform.render(deployment.rules_for(target), target, options), name, target)


def _pairs(ours: Iterable[ImportEntry], listed: Iterable[ImportEntry]) -> dict[str, tuple[ImportEntry, ImportEntry]]:
    """By the name of ours: what says the same, one that the program named before any other; then, whatever it says,
    what the program named.
    """
    rest = sorted(listed, key=lambda entry: entry.name)
    pairs: dict[str, tuple[ImportEntry, ImportEntry]] = {}
    by_content: dict[object, list[ImportEntry]] = {}
    for entry in rest:
        by_content.setdefault((entry.type, entry.content), []).append(entry)
    for one in ours:
        same = by_content.get((one.type, one.content), [])
        if same:
            entry = next((entry for entry in same if is_named_after(entry, one)), same[0])
            same.remove(entry)
            pairs[one.name] = one, entry
    left = [entry for same in by_content.values() for entry in same]
    for one in ours:
        named = next((entry for entry in left if is_named_after(entry, one)), None)
        if one.name not in pairs and named is not None:
            left.remove(named)
            pairs[one.name] = one, named
    return pairs


def is_named_after(entry: ImportEntry, one: ImportEntry) -> bool:
    return entry.type == one.type and re.fullmatch(re.escape(one.name) + AUTO_NAME, entry.name) is not None


def _refuse_several(holders: Iterable[ImportEntry], most: int) -> None:
    names = sorted(one.name for one in holders)
    if len(names) > most:
        count = "one, which becomes" if most == 1 else f"at most {most}, which become"
        raise refuse("--import", ", ".join(names), f"must be {count} the program's", "name it: --group ID")


def _refuse_other_place(one: ImportEntry, entry: ImportEntry, platform: AnyPlatform) -> None:
    for kind, place in entry.home.items():
        meant = one.home.get(kind, place)
        if meant != place:
            expected = f"must be in the {kind} {printable(meant)}, as the argument {platform.argument} says"
            raise refuse(f"--import: {printable(entry.name)}", f"the {kind} {place}", expected, "name the same in both")
