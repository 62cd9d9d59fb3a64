"""What the aliases of a component mean for a child whose name a platform has made lawful."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pulumi
import pytest

from livekit_firewall.platforms.aliases import former_names, remember_aliases
from livekit_firewall.platforms.aws.names import group_name as aws
from livekit_firewall.platforms.azure.names import group_name as azure
from livekit_firewall.platforms.digitalocean.names import lawful_name as digitalocean
from livekit_firewall.platforms.gcp.names import lawful_name
from livekit_firewall.platforms.hetzner.names import lawful_name as hetzner
from tests.sampling import sample

COMPONENT, KIND = "livekit:index:Some", "cloud:index/rule:Rule"
CALLED: dict[str, Callable[[str], str]] = {
    "aws": aws,
    "azure": azure,
    "digitalocean": digitalocean,
    "hetzner": hetzner,
    "gcp": lambda component: lawful_name(component, "public-ipv4"),
}
NAMES = (
    "a", "ab", "abb", "a-b", "a_b", "A", "a b", "a-b-c", "sg-a", "lk", "lk-", "é", "1", "a::b", "x" * 40, "x" * 45,
    "x" * 80, "x" * 79 + "_", "X" * 80, "a_b-public-ipv4", "livekit-é",
)  # fmt: skip


def urn(name: str) -> str:
    return f"urn:pulumi:dev::livekit::{COMPONENT}${KIND}::{name}"


@pytest.mark.parametrize("cloud", CALLED)
def test_the_engine_finds_the_child_by_the_components_old_name_and_no_other(engine, cloud):
    """The engine's own part: `generateAliases` of its step generator, as of v3.259."""
    called = CALLED[cloud]
    others = {called(name) for name in NAMES}
    assert len(others) == len(NAMES)
    # where one begins with the other it is taken for a child's name; of other pairs there are many of a kind
    pairs = sample(product(NAMES, NAMES), lambda pair: (*pair, pair if pair[0].startswith(pair[1]) else ""))
    found = {}

    def program() -> None:
        for old, new in pairs:
            # the mocks of the SDK give no type of a parent, and the engine no type of a stack
            opts = pulumi.ResourceOptions(aliases=[f"urn:pulumi:dev::livekit::{COMPONENT}::{old}"])
            component = pulumi.ComponentResource(COMPONENT, new, None, opts)
            remember_aliases(component, opts)
            (alias,) = former_names(component, KIND, called)
            pulumi.Output.from_input(alias).apply(lambda given, pair=(old, new): found.update({pair: given}))

    with pytest.raises(AssertionError, match="share type and name"):  # as each name is that of many here
        engine.run(program)
    assert found.keys() == set(pairs)
    for (old, new), given in found.items():
        explicit = given.split("::", 3)[3]
        candidates = {explicit} | {
            old + name.removeprefix(new) if name.startswith(new) else name for name in (called(new), explicit)
        }
        assert called(old) in candidates, (old, new)
        assert candidates & others <= {called(old), called(new)}, (old, new)


def test_a_parent_of_which_only_the_urn_is_known_is_none_to_ask(engine):
    """As where the component is hosted as a plugin; the aliases come as URNs then."""
    seen = []

    def program() -> None:
        above = pulumi.resource.DependencyResource("urn:pulumi:dev::livekit::other:index:Group::above")
        was = f"urn:pulumi:dev::livekit::other:index:Group${COMPONENT}::was_so"
        opts = pulumi.ResourceOptions(parent=above, aliases=[was], protect=False)
        component = pulumi.ComponentResource(COMPONENT, "now", None, opts)
        remember_aliases(component, opts)
        (alias,) = former_names(component, KIND, CALLED["gcp"])
        pulumi.Output.from_input(alias).apply(seen.append)

    engine.run(program)
    kind = f"other:index:Group${COMPONENT}${KIND}"
    assert seen == [f"urn:pulumi:dev::livekit::{kind}::{lawful_name('was_so', 'public-ipv4')}"]
