"""Names and resource options that are refused before anything is registered, and those that have no effect."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi import ResourceOptions

import livekit_firewall
from livekit_firewall import (
    LiveKitFirewall,
)
from livekit_firewall.model.rules import RuleSet
from livekit_firewall.platforms.registry import PLATFORMS
from livekit_firewall.platforms.resource_options import REFUSED, WITHOUT_EFFECT
from livekit_firewall.platforms.running import InvalidArguments

from ..engine_mocks import unknown

TYPE = "livekit:index:LiveKitFirewall"
FEW: Any = {"udp_port": 7882, "https": True}
AWS: dict[str, Any] = {"aws": {"vpc_id": "vpc-0123456789abcdef0"}}
BOTH: dict[str, Any] = {**AWS, "azure": {"resource_group_name": "media"}}
ALONE: dict[str, Any] = {one.argument: getattr(livekit_firewall, one.component.name) for one in PLATFORMS}


def provider(package: str) -> pulumi.ProviderResource:
    return pulumi.ProviderResource(package, f"a-{package}")


class Site(pulumi.ComponentResource):
    def __init__(self, name: str, **options: Any) -> None:
        super().__init__("test:index:Site", name, None, ResourceOptions(**options))


def problems(engine: Any, make: Callable[[], Any]) -> list[str]:
    """What making the component raises. None of it may be registered by then."""
    raised: list[str] = []

    def program() -> None:
        with pytest.raises(InvalidArguments) as caught:
            make()
        raised.extend(map(str, caught.value.problems))
        assert [one["property_path"] for one in caught.value.errors] == [one.path for one in caught.value.problems]

    assert [kind for kind, _ in engine.run(program) if kind.startswith("livekit:")] == []
    return raised


EMPTY = "(name): must be a text that is not empty"
WRONG_NAMES: dict[str, tuple[Any, str]] = {
    "empty": ("", f"{EMPTY} (got '')"),
    "none": (None, f"{EMPTY} (got nothing)"),
    "a number": (5, f"{EMPTY} (got a number)"),
    "half a character": ("a\udc00", r"(name): must be a text that UTF-8 can encode (got 'a\udc00')"),
}


@pytest.mark.parametrize("wrong", WRONG_NAMES)
def test_a_name_that_no_resource_can_have_is_told_with_the_other_problems(engine, wrong):
    name, said = WRONG_NAMES[wrong]
    found = problems(engine, lambda: LiveKitFirewall(name, {**AWS, "port": 0}))
    assert sorted(found) == sorted([said, "port: must be an integer from 1 to 65535 (got 0)"])


def test_an_output_is_no_name(engine):
    (found,) = problems(engine, lambda: LiveKitFirewall(unknown(), AWS))
    assert found.startswith("(name): is an output")


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda one: one.argument)
def test_a_component_of_one_platform_refuses_the_same_alone(engine, platform):
    component: Any = ALONE[platform.argument]
    target = platform.own(platform.placeholder)
    assert problems(engine, lambda: component("", RuleSet(), target)) == [f"{EMPTY} (got '')"]
    if not platform.sdk:
        return
    said = (
        f"opts.provider: must be a provider of {platform.package}, since the rules are written there (got one of k8s); "
    )
    (found,) = problems(
        engine, lambda: component("lk", RuleSet(), target, opts=ResourceOptions(provider=provider("k8s")))
    )
    assert found.startswith(said)


TWICE = (
    "(name): must be another name, since the program has a LiveKitFirewall of this name already (got 'lk'); "
    "name it after what differs, such as the zone"
)


def test_a_component_made_twice_is_told_from_the_engines_own_error(engine):
    def program() -> None:
        first, second = Site("first"), Site("second")
        LiveKitFirewall("lk", AWS)
        LiveKitFirewall("lk", AWS, ResourceOptions(parent=first))
        LiveKitFirewall("other", AWS)
        for below in (None, first):
            with pytest.raises(InvalidArguments) as caught:
                LiveKitFirewall("lk", AWS, ResourceOptions(parent=below))
            assert list(map(str, caught.value.problems)) == [TWICE]
        with pytest.raises(InvalidArguments):
            LiveKitFirewall("refused", {"host": {}, "port": 0}, ResourceOptions(parent=second))
        LiveKitFirewall("refused", AWS, ResourceOptions(parent=second))

    with pytest.raises(AssertionError, match="share type and name"):  # parents have no part in that here
        engine.run(program)
    assert sorted(one.name for one in engine.requests if one.type == TYPE) == ["lk", "lk", "other", "refused"]


def test_what_a_program_has_is_free_again_in_the_next(engine):
    """Also in a test of a user's, whose mocks go on with the stack of the test before."""
    existing: Any = {**FEW, "aws": {"security_group_id": "sg-0123456789abcdef0"}, "host": {"path": "host.nft"}}

    def program() -> None:
        LiveKitFirewall("lk", existing)

    for is_new in (False, False, True):
        if is_new:
            pulumi.runtime.settings.reset_options(project="livekit", stack="dev")
            pulumi.runtime.set_mocks(engine.mocks, project="livekit", stack="dev", preview=False, monitor=engine)
        pulumi.runtime.test(program)()
    assert [one.name for one in engine.requests if one.type == TYPE] == ["lk"] * 3


def test_at_the_top_of_a_users_module_of_tests_nothing_is_taken(engine):
    """Which is loaded again for each test, while the stack of the mocks stays."""
    for _ in range(2):
        LiveKitFirewall("lk", {**FEW, "host": {"path": "host.nft"}})
    pulumi.runtime.test(lambda: None)()
    assert [one.name for one in engine.requests if one.type == TYPE] == ["lk"] * 2


CLOUDS = "must be a provider of aws or azure-native, since the rules are written there"
KEY = "key and provider must be of the same package"
OPTIONS = "write opts=pulumi.ResourceOptions(parent=..., provider=...)"
LEAVE = "give that; without one the default provider is used, for whatever account it is"
LIST = "give a list, as each provider knows its package"
A_PROVIDER = "must be a provider: the Provider of an SDK, or a pulumi.ProviderResource"
LEFT_OUT = "must be left out: a component is not a resource of a cloud"
WRONG_OPTIONS: dict[str, tuple[Callable[[], Any], list[str]]] = {
    "a provider of another cloud": (
        lambda: ResourceOptions(provider=provider("gcp")),
        [f"opts.provider: {CLOUDS} (got one of gcp); {LEAVE}"],
    ),
    "providers of no target": (
        lambda: ResourceOptions(providers=[provider("gcp"), provider("digitalocean")]),
        [f"opts.provider: {CLOUDS} (got one of digitalocean, gcp); {LEAVE}"],
    ),
    "a provider under another key": (
        lambda: ResourceOptions(providers={"aws": provider("gcp"), "azure": provider("azure-native")}),
        [
            f"opts.providers.aws: {KEY} (got a provider of gcp for aws); {LIST}",
            f"opts.providers.azure: {KEY} (got a provider of azure-native for azure); {LIST}",
        ],
    ),
    "a parent that has one under another key": (
        lambda: ResourceOptions(parent=Site("site", providers={"azure-native": provider("gcp")})),
        ["opts.parent: must have a provider of azure-native in its providers under that key (got one of gcp)"],
    ),
    "texts": (
        lambda: ResourceOptions(parent="site", provider="aws", providers=["gcp"]),
        [
            "opts.parent: must be a resource (got a str)",
            f"opts.provider: {A_PROVIDER} (got a str)",
            f"opts.providers[0]: {A_PROVIDER} (got a str)",
        ],
    ),
    "a mapping as the parent": (lambda: ResourceOptions(parent={}), ["opts.parent: must be a resource (got a dict)"]),
    "one provider in place of a list": (
        lambda: ResourceOptions(providers=provider("aws")),
        ["opts.providers: must be a list of providers (got a ProviderResource)"],
    ),
    "a mapping": (
        lambda: {"protect": True},
        [f"opts: must be a pulumi.ResourceOptions (got a dict); {OPTIONS}"],
    ),
    "a provider in place of options": (
        lambda: provider("aws"),
        [f"opts: must be a pulumi.ResourceOptions (got a ProviderResource); {OPTIONS}"],
    ),
    "what only a single resource can have": (
        lambda: ResourceOptions(import_="sg-1", id="sg-1", urn="urn:pulumi:x", env_var_mappings={"A": "B"}),
        [f"opts.{option}: {LEFT_OUT}; {hint}" for option, hint in REFUSED.items()],
    ),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG_OPTIONS)
def test_options_that_pulumi_ignores_or_ends_on_with_a_traceback_are_refused(engine, wrong):
    make, said = WRONG_OPTIONS[wrong]
    assert problems(engine, lambda: LiveKitFirewall("lk", BOTH, make())) == said


def test_a_provider_of_no_target_is_refused_in_a_plugin_too(engine):
    """Which gets every provider, also those of parents, in one mapping."""
    reference = "urn:pulumi:dev::app::pulumi:providers:gcp::other::some-id"

    def construct() -> None:
        given = {"gcp": pulumi.resource.DependencyProviderResource(reference)}
        LiveKitFirewall("lk", AWS, ResourceOptions(providers=given))

    assert problems(engine, construct) == [
        f"opts.provider: must be a provider of aws, since the rules are written there (got one of gcp); {LEAVE}"
    ]


RIGHT: dict[str, Callable[[], ResourceOptions | None]] = {
    "none": lambda: None,
    "of one of the targets": lambda: ResourceOptions(provider=provider("aws")),
    "of the targets and others": lambda: ResourceOptions(providers=[provider(one) for one in ("aws", "gcp", "k8s")]),
    "of something else than clouds": lambda: ResourceOptions(providers=[provider("k8s")]),
    "by package": lambda: ResourceOptions(providers={"azure-native": provider("azure-native"), "x": provider("k8s")}),
    "of a parent": lambda: ResourceOptions(parent=Site("site", providers=[provider("gcp")])),
    "instead of a parent's": lambda: ResourceOptions(
        parent=Site("site", providers={"aws": provider("gcp")}), provider=provider("aws")
    ),
}


@pytest.mark.parametrize("right", RIGHT)
def test_other_providers_are_left_to_pulumi(engine, right):
    made = engine.run(lambda: LiveKitFirewall("lk", BOTH, RIGHT[right]()))
    assert (TYPE, "lk") in made


def test_a_host_needs_no_provider(engine):
    made = engine.run(lambda: LiveKitFirewall("lk", {"host": {}}, ResourceOptions(provider=provider("aws"))))
    assert (TYPE, "lk") in made


def test_options_among_the_arguments_are_told_where_they_belong(engine):
    (protect, parent) = problems(engine, lambda: LiveKitFirewall("lk", {**AWS, "parent": 1}, protect=True))
    said = "unknown key; it is a resource option: opts=pulumi.ResourceOptions({}=...)"
    assert [protect, parent] == [f"parent: {said.format('parent')}", f"protect: {said.format('protect')}"]


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("AWS", "did you mean aws?"), ("Azure", "did you mean azure?"), ("azure-native", "did you mean azure?"),
        ("google", "did you mean gcp?"), ("nftables", "did you mean host?"),
        ("digital_ocean", "did you mean digitalocean?"), ("UDP_port", "did you mean udp_port?"),
    ],
)  # fmt: skip
def test_a_platform_by_another_of_its_names_is_told_the_argument(engine, key, said):
    found = problems(engine, lambda: LiveKitFirewall("lk", {**AWS, key: {}}))
    assert found == [f"{key}: unknown key; {said}"]


def test_an_unknown_platform_is_told_those_that_there_are(engine):
    (found,) = problems(engine, lambda: LiveKitFirewall("lk", {**AWS, "openstack": {}}))
    targets = ", ".join(one.argument for one in PLATFORMS)
    assert found.startswith(f"openstack: unknown key; targets: {targets}; other keys: clients, cluster, ")


@pytest.mark.parametrize("args", [[1], "aws", 5, ResourceOptions()], ids=["list", "text", "number", "options"])
def test_arguments_that_are_no_mapping_are_one_problem(engine, args):
    (found,) = problems(engine, lambda: LiveKitFirewall("lk", args))
    assert found.startswith("(arguments): must be a mapping of keys to values (got ")


GIVEN: dict[str, Any] = {
    "additional_secret_outputs": ["rules"],
    "custom_timeouts": pulumi.CustomTimeouts(create="5m"),
    "delete_before_replace": True,
    "hide_diffs": ["*"],
    "ignore_changes": ["*"],
    "plugin_download_url": "https://example.com",
    "replace_on_changes": ["*"],
    "replacement_trigger": "a",
    "version": "1.2.3",
}


def test_options_without_effect_are_told_at_a_preview(preview_engine, monkeypatch):
    warned: list[tuple[str, Any]] = []
    monkeypatch.setattr(pulumi.log, "warn", lambda text, resource=None, **_: warned.append((text, resource)))
    made: list[LiveKitFirewall] = []
    preview_engine.run(
        lambda: made.append(LiveKitFirewall("lk", {"https": True, "host": {}}, ResourceOptions(**GIVEN)))
    )
    said = "no effect on a component, since Pulumi does not pass it on to the resources below; set it on these by "
    assert warned == [(f"{', '.join(GIVEN)}: {said}transforms (docs/options.md)", made[0])]
    assert {*WITHOUT_EFFECT} == {*GIVEN, "replace_with"}


def test_none_is_told_at_an_update_or_of_options_that_are_off(engine, monkeypatch):
    warned: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", lambda text, resource=None, **_: warned.append(text))
    engine.run(lambda: LiveKitFirewall("lk", {"https": True, "host": {}}, ResourceOptions(ignore_changes=["*"])))
    assert warned == []


PAGE = (Path(__file__).parents[3] / "docs" / "options.md").read_text(encoding="utf-8")


def test_the_documentation_has_every_option_of_pulumi():
    cells = [line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| `")]
    told = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    assert len(told) == len(set(told))
    assert set(told) >= vars(ResourceOptions()).keys()
    assert {*WITHOUT_EFFECT} | {*REFUSED} <= set(told)


def test_the_documentations_transform_edits_the_security_group_alone(engine):
    (code,) = re.findall(r"```python\n(def edit.*?)```", PAGE, re.DOTALL)
    names: dict[str, Any] = {"pulumi": pulumi, "LiveKitFirewall": LiveKitFirewall, "args": {"https": True, **AWS}}
    group, rule = "aws:ec2/securityGroup:SecurityGroup", "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
    tags: list[Any] = []

    def program() -> None:
        exec(code, names)  # noqa: S102 - our own text
        given = ResourceOptions(ignore_changes=["description"])
        args = [
            pulumi.ResourceTransformArgs(True, kind, "one", {"tags": {"Name": "one"}}, given) for kind in (group, rule)
        ]
        edited, other = map(names["edit"], args)
        assert other is None
        edited.props["tags"].apply(tags.append)
        assert edited.opts.ignore_changes == ["description", "tags"]

    assert (TYPE, "media") in engine.run(program)
    assert tags == [{"Name": "one", "team": "media"}]
