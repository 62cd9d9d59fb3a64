"""LiveKitFirewall under an engine that records: which components it makes, with what, and what it hands back.

What each platform's component registers is its own test's business; that a cloud accepts it is the engine tier's.
"""

from __future__ import annotations

import json
import sys
import typing
from pathlib import Path
from typing import Any

import pulumi
import pytest
from msgspec import Struct
from msgspec.structs import fields

from livekit_firewall import LiveKitFirewall, LiveKitFirewallArgs, firewall_args, read_deployment
from livekit_firewall.deployment.arguments import Arguments
from livekit_firewall.deployment.rendering import planned
from livekit_firewall.hosted import component as hosted
from livekit_firewall.hosted.component import narrowed
from livekit_firewall.model.errors import ConfigurationError
from livekit_firewall.platforms.nftables import render as nftables
from livekit_firewall.platforms.registry import BY_ARGUMENT, PLATFORMS
from livekit_firewall.platforms.running import InvalidArguments, NoSuchOutput
from livekit_firewall.preflight import module
from livekit_firewall.settings.ingress import Ingress
from livekit_firewall.settings.server import Prometheus, Turn
from livekit_firewall.settings.sip import Sip
from tests import targets

from .engine_mocks import STACK, unknown

# DigitalOcean's SDK warns of itself when it is imported.
pytestmark = pytest.mark.filterwarnings(r"ignore:digitalocean\..* has been deprecated:DeprecationWarning")

TOKEN = "livekit:index:LiveKitFirewall"
TARGETS = {**targets.TARGETS, "host": {}}
CHILD = {one.argument: (f"livekit:index:{one.component.name}", f"lk-{one.argument}") for one in PLATFORMS}
# what one deployment makes on each platform, besides the component
LEAVES = {one.argument: {*one.made, *([one.holder.type] if one.holder else [])} for one in PLATFORMS} | {
    "azure": {"azure-native:network:NetworkSecurityGroup"},  # with its rules inside
    "host": set(),  # a ruleset that is an output only
}
ID_OUTPUT = {one.argument: {*one.component.outputs} for one in PLATFORMS} | {
    "host": {"host_ruleset", "host_ruleset_path", "host_ruleset_check", "user_data"}
}
COMMON = {"rules", "exposure", "exposure_json"}
OF_TARGETS = {output for platform in PLATFORMS for output in platform.component.outputs}


def refused(engine: Any, args: Any) -> InvalidArguments:
    """What making the component raises; nothing may have been registered by then."""
    raised = []

    def program() -> None:
        with pytest.raises(InvalidArguments) as caught:
            LiveKitFirewall("lk", args)
        raised.append(caught.value)

    assert engine.run(program) == {}
    return raised[0]


class TestWhatIsMade:
    @pytest.mark.parametrize("target", TARGETS)
    def test_is_one_component_for_the_target_and_everything_below_that(self, engine, target):
        made = engine.run(lambda: LiveKitFirewall("lk", {"https": True, target: TARGETS[target]}))
        assert made[TOKEN, "lk"].parent == (STACK, "livekit-dev")
        assert [key for key, one in made.items() if one.parent == (TOKEN, "lk")] == [CHILD[target]]
        leaves = {key: one for key, one in made.items() if key not in ((TOKEN, "lk"), CHILD[target])}
        assert {kind for kind, _ in leaves} == LEAVES[target]
        assert {one.parent for one in leaves.values()} <= {CHILD[target]}
        # without host.path there is no path, and nothing is not sent
        assert set(engine.outputs[TOKEN, "lk"]) == COMMON | ID_OUTPUT[target] - {"host_ruleset_path"}

    def test_is_the_same_for_several_targets_at_once(self, engine, monkeypatch):
        given: dict[str, Any] = {}

        class Recorded:
            security_group_id = firewall_id = network_security_group_id = firewall_ids = ruleset = path = check = None
            security_group_ids = None
            in_force = persistence = neighbours = user_data = None

            def __init__(self, name: str, rules: Any, target: Any, **options: Any) -> None:
                given[name] = (rules, target, {key: value for key, value in options.items() if key != "opts"})
                assert options["opts"].parent is not None
                assert options["opts"].aliases is None

        for platform in PLATFORMS:
            monkeypatch.setattr(module(platform.component), platform.component.name, Recorded)
        args = {**TARGETS, "sip": {}, "trunks": ["198.51.100.0/24"], "ipv6": False, "operators": {"ssh_port": 2222}}
        engine.run(lambda: LiveKitFirewall("lk", args))
        expected = read_deployment(args, Path())
        assert {name: rules for name, (rules, _, _) in given.items()} == {
            f"lk-{target}": expected.rules for target in TARGETS
        }
        assert {name: target for name, (_, target, _) in given.items()} == {
            f"lk-{name}": target for name, target in expected.targets.items()
        }
        assert {name: options for name, (_, _, options) in given.items()} == {
            **{f"lk-{target}": {"ipv6": False} for target in TARGETS if target != "host"},
            "lk-host": {"ipv6": False, "ssh_port": 2222},
        }

    def test_is_on_all_platforms_at_once_under_one_parent(self, engine):
        made = engine.run(lambda: LiveKitFirewall("lk", {"https": True, **TARGETS}))
        assert {key for key, one in made.items() if one.parent == (TOKEN, "lk")} == set(CHILD.values())
        for target, child in CHILD.items():
            assert {kind for (kind, _), one in made.items() if one.parent == child} == LEAVES[target]

    @pytest.mark.parametrize("platform", [one for one in PLATFORMS if one.sdk], ids=lambda one: one.name)
    def test_registers_what_diff_plans(self, engine, platform):
        """Ids apart, of which a plan has none yet."""
        args = {"https": True, "sip": {}, "trunks": ["198.51.100.0/24"], platform.argument: TARGETS[platform.argument]}
        made = engine.run(lambda: LiveKitFirewall("lk", args))
        told = [_plain(one.inputs) for (kind, _), one in made.items() if kind in platform.made]
        plan = planned(read_deployment(args, Path()), platform.argument)
        wanted = [_plain(one.inputs) for one in plan if one.type in platform.made]
        assert sorted(map(repr, told)) == sorted(map(repr, wanted))
        assert told

    def test_is_apart_from_what_another_component_of_another_name_makes(self, engine):
        def program() -> None:
            LiveKitFirewall("one", {"https": True, **TARGETS})
            LiveKitFirewall("other", {"https": True, **TARGETS})

        made = engine.run(program)  # which fails if two resources share type and name
        assert len(made) % 2 == 0

    def test_an_id_may_be_known_only_after_creation(self, preview_engine):
        def program() -> None:
            LiveKitFirewall(
                "lk",
                {
                    "https": True,
                    "aws": {"vpc_id": unknown()},
                    "gcp": {"network": unknown(), "target_tags": ["livekit"]},
                    "digitalocean": {"droplet_ids": [unknown()]},
                    "azure": {"resource_group_name": unknown()},
                    "hetzner": {"server_ids": [unknown()]},
                },
            )

        made = preview_engine.run(program)
        assert {key for key, one in made.items() if one.parent == (TOKEN, "lk")} == {
            CHILD[target] for target in TARGETS if target != "host"
        }
        assert {"rules", "exposure"} <= set(preview_engine.outputs[TOKEN, "lk"])

    def test_numbers_may_arrive_as_floats_from_another_language(self, engine):
        floats = {"tcp_port": 7890.0, "udp_port": "7882", "operators": {"cidrs": ["192.0.2.0/24"], "ssh_port": 2222.0}}
        engine.run(lambda: LiveKitFirewall("lk", {**floats, "host": {}}))
        assert [(rule["first"], rule["last"]) for rule in engine.outputs[TOKEN, "lk"]["rules"]] == [
            (7882, 7882), (7890, 7890), (2222, 2222),
        ]  # fmt: skip


class TestKeywords:
    def test_are_the_same_arguments(self, engine):
        operators: Any = {"cidrs": ["192.0.2.0/24"]}
        args: Any = {"https": True}

        def program() -> None:
            LiveKitFirewall("a", {"https": True, "host": {}, "operators": operators})
            LiveKitFirewall("b", https=True, host={}, operators=operators)
            LiveKitFirewall("c", args, host={}, operators=operators)

        engine.run(program)
        outputs = [engine.outputs[TOKEN, name] for name in "abc"]
        assert outputs[0] == outputs[1] == outputs[2]
        assert args == {"https": True}

    def test_of_a_key_that_the_mapping_has_too_are_told_with_all_else(self, engine):
        def program() -> None:
            with pytest.raises(InvalidArguments) as caught:
                LiveKitFirewall("lk", {"port": 7880, "host": {}, "prot": 1}, port=7880, host=None, opt=1)
            twice = "must be given once, not both in the mapping and as a keyword; remove one of the two"
            said = list(map(str, caught.value.problems))
            assert said[:3] == [f"port: {twice}", f"host: {twice}", "prot: unknown key; did you mean port?"]
            assert [problem.path for problem in caught.value.problems[3:]] == ["opt", "(arguments)"]

        assert engine.run(program) == {}


class TestItsOutputs:
    ARGS: typing.ClassVar[dict[str, Any]] = {"https": True, "host": {}, "operators": {"cidrs": ["192.0.2.0/24"]}}

    def test_are_the_rules_the_exposure_and_the_ruleset(self, engine):
        engine.run(lambda: LiveKitFirewall("lk", self.ARGS))
        outputs = engine.outputs[TOKEN, "lk"]
        expected = read_deployment(self.ARGS, Path())
        assert outputs["rules"] == [rule.as_json() for rule in expected.rules]
        assert outputs["exposure"].startswith("Who can reach what\n")
        assert "192.0.2.0/24" in outputs["exposure"]
        assert json.loads(outputs["exposure_json"])["baseline"]["host"]
        assert outputs["host_ruleset"] == nftables.render(expected.rules)

    def test_are_ids_by_target(self, engine):
        engine.run(lambda: LiveKitFirewall("lk", {"https": True, **TARGETS}))
        outputs = engine.outputs[TOKEN, "lk"]
        assert set(outputs) >= COMMON | {name for names in ID_OUTPUT.values() for name in names} - {"host_ruleset_path"}
        assert outputs["aws_security_group_id"].endswith("-id")
        assert outputs["digitalocean_firewall_id"].endswith("-id")
        assert outputs["azure_network_security_group_id"].endswith("-id")
        assert all(value.endswith("-id") for value in outputs["gcp_firewall_ids"].values())

    def test_are_those_of_the_targets_given_and_no_others(self, engine):
        found: list[set[str]] = []
        engine.run(lambda: found.append(set(LiveKitFirewall("lk", self.ARGS).outputs())))
        assert found == [COMMON | ID_OUTPUT["host"]]

    @pytest.mark.parametrize("target", TARGETS)
    def test_of_a_target_that_is_not_given_raise_and_say_so(self, engine, target):
        other = "host" if target != "host" else "gcp"

        def program() -> None:
            firewall = LiveKitFirewall("lk", {"https": True, other: TARGETS[other]})
            for output in BY_ARGUMENT[target].component.outputs:
                assert not hasattr(firewall, output)
                with pytest.raises(NoSuchOutput) as caught:
                    getattr(firewall, output)
                assert str(caught.value) == (
                    f"{output}: 'lk' has no target {target}; give {target}, or see outputs() for those that there are"
                )
                assert isinstance(caught.value, pulumi.RunError)  # no traceback

        engine.run(program)

    def test_that_need_another_argument_of_their_target_name_it(self, engine):
        def program() -> None:
            firewall = LiveKitFirewall("lk", self.ARGS)
            for output in ("host_in_force", "host_persistence", "host_neighbours"):
                with pytest.raises(NoSuchOutput, match=rf"^{output}: needs host\.apply$"):
                    getattr(firewall, output)
            with pytest.raises(AttributeError, match=r"^LiveKitFirewall has no attribute aws_group$"):
                _ = firewall.aws_group

        engine.run(program)

    def test_are_all_declared_for_the_schema(self):
        assert set(LiveKitFirewall.__annotations__) == COMMON | OF_TARGETS


class TestMistakes:
    def test_are_told_all_at_once_before_anything_is_registered(self, engine):
        error = refused(engine, {"prot": 1, "port": 0, "clients": {"cidrs": []}})
        assert [problem.path for problem in error.problems] == ["prot", "(arguments)", "port", "clients.cidrs"]
        title = "'lk': 4 problems in the configuration, nothing of it was created:"
        assert str(error).startswith(f"{title}\n  - prot: unknown key")

    def test_end_a_program_without_a_traceback_in_every_language(self, engine):
        error = refused(engine, {"host": {}, "port": 0})
        assert isinstance(error, ConfigurationError)
        assert isinstance(error, pulumi.RunError)
        assert isinstance(error, pulumi.InputPropertiesError)
        assert error.message == str(error)
        said = "port: must be an integer from 1 to 65535 (got 0)"
        assert error.errors == [{"property_path": "port", "reason": said}]

    def test_of_several_targets_are_told_together(self, engine):
        error = refused(
            engine,
            {
                "aws": {},
                "gcp": {"network": "default"},
                "digitalocean": {},
                "azure": {},
                "hetzner": {},
                "host": {"confirm_timeout": 5},
            },
        )
        assert {problem.path.partition(".")[0] for problem in error.problems} == {*TARGETS}

    def test_of_no_target(self, engine):
        for nothing in ({}, None, {"https": True}, {"host": None}):
            assert [problem.path for problem in refused(engine, nothing).problems] == ["(arguments)"]

    @pytest.mark.parametrize(
        "balanced",
        [
            {"aws": {**TARGETS["aws"], "load_balancer_security_group_ids": ["sg-0123456789abcdef0"]}},
            {"gcp": {**TARGETS["gcp"], "google_load_balancer": True}},
            {"digitalocean": {"tags": ["a"], "load_balancer_uids": ["b0a7e2d2-0000-4000-8000-000000000001"]}},
        ],
        ids=lambda value: next(iter(value)),
    )
    @pytest.mark.parametrize("other", ["azure", "host"])
    def test_of_a_load_balancer_that_another_target_cannot_name(self, engine, balanced, other):
        error = refused(engine, {**balanced, other: TARGETS[other]})
        assert [problem.path for problem in error.problems] == ["load_balancer.cidrs"]

    def test_are_none_when_the_load_balancer_has_addresses_too(self, engine):
        made = engine.run(
            lambda: LiveKitFirewall(
                "lk",
                {
                    "gcp": {**TARGETS["gcp"], "google_load_balancer": True},
                    "host": {},
                    "load_balancer": {"cidrs": ["10.0.0.0/24"]},
                },
            )
        )
        assert CHILD["host"] in made
        assert "10.0.0.0/24" in engine.outputs[TOKEN, "lk"]["host_ruleset"]

    def test_of_more_rules_than_a_platform_holds_say_number_limit_and_way_out(self, engine):
        many = {"clients": {"cidrs": [f"10.{n}.0.0/24" for n in range(200)]}, "aws": TARGETS["aws"]}
        (problem,) = refused(engine, many).problems
        assert problem.path.startswith("aws")
        text = str(problem)
        assert "60" in text
        assert any(number in text for number in ("400", "401", "402"))
        assert problem.hint

    def test_of_an_existing_group_and_a_new_one(self, engine):
        both = {"aws": {"vpc_id": "vpc-0123456789abcdef0", "security_group_id": "sg-0123456789abcdef0"}}
        assert refused(engine, both).problems

    def test_in_what_a_file_holds_are_told_with_their_place(self, engine, tmp_path, monkeypatch):
        (tmp_path / "livekit.yaml").write_text("rtc:\n  port_range_start: 50000\n")
        monkeypatch.chdir(tmp_path)
        (problem,) = refused(engine, {"livekit_config": "livekit.yaml", "host": {}}).problems
        assert str(problem.place) == "livekit.yaml:2:3: rtc.port_range_start"


def test_a_finding_of_a_running_file_is_a_warning_of_pulumi_and_stops_nothing(engine, tmp_path, monkeypatch):
    (tmp_path / "livekit.yaml").write_text("zzz: 1\nturn: {enabled: true, udp_port: 3478}\n")
    monkeypatch.chdir(tmp_path)
    warned: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", lambda text, resource=None, **_: warned.append(text))
    engine.run(lambda: LiveKitFirewall("lk", {"livekit_config": "livekit.yaml", "https": True, "host": {}}))
    assert warned == [
        (
            "error: livekit.yaml:1:1: zzz: livekit-server 1.13.11 (by its source, not run here) "
            "does not know this key and refuses to start; "
            "correct its spelling, or remove it [unknown-key]"
        )
    ]


# Keys that arguments accept and that no type lists: settings of a service's file that matter to ports only rarely.
UNLISTED = {
    "sip": {"use_external_ip", "nat_1_to_1_ip", "media_use_external_ip", "media_nat_1_to_1_ip"},
    "sip.tls": {"certs"},
    "ingress.rtc_config": {
        "force_tcp", "use_stun_port_as_ice", "use_external_ip", "node_ip", "ips", "allow_tcp_fallback",
    },
}  # fmt: skip
SERVICES = {"turn": Turn, "prometheus": Prometheus, "sip": Sip, "ingress": Ingress}


def keys_of_types(kind: Any, path: str = "") -> dict[str, set[str]]:
    """The keys of each TypedDict below one, by dotted path."""
    hints = kind.__annotations__  # real types: the analyzer reads no strings either
    found = {path: set(hints)}
    for key, hint in hints.items():
        inner = next((one for one in (hint, *typing.get_args(hint)) if typing.is_typeddict(one)), None)
        if inner:
            found |= keys_of_types(inner, f"{path}.{key}".lstrip("."))
    return found


def keys_of_records(kind: type[Struct], path: str = "") -> dict[str, set[str]]:
    """The same of the records that really check the arguments."""
    found = {path: {field.encode_name for field in fields(kind)}}
    for field in fields(kind):
        inner = SERVICES.get(field.name) if not path else None
        inner = inner or next(
            (one for one in members(field.type) if isinstance(one, type) and issubclass(one, Struct)), None
        )
        if inner:
            found |= keys_of_records(inner, f"{path}.{field.name}".lstrip("."))
    return found


def members(kind: Any) -> list[Any]:
    return [kind, *(one for inner in typing.get_args(kind) if not isinstance(inner, str) for one in members(inner))]


def test_the_types_list_the_keys_that_the_arguments_accept() -> None:
    listed, accepted = keys_of_types(narrowed(LiveKitFirewallArgs)), keys_of_records(Arguments)
    assert listed == {path: keys - UNLISTED.get(path, set()) for path, keys in accepted.items()}
    assert {"extra_rules", "trunks", *TARGETS} <= set(listed)


def test_every_type_says_what_each_key_means() -> None:
    modules = {kind.__module__ for kind in vars(firewall_args).values() if typing.is_typeddict(kind)}
    files = [Path(sys.modules[name].__file__ or "") for name in modules]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    for number, line in enumerate(lines):
        if line.startswith("    ") and ": " in line and not line.strip().startswith(('"', "#")) and '"""' not in line:
            described = lines[number + 1].strip().startswith('"""')
            assert described or "RuleOutput" in "".join(lines[max(0, number - 12) : number]), line


def _plain(value: Any) -> Any:
    """Numbers are floats on the wire."""
    if isinstance(value, dict):
        return {key: _plain(value[key]) for key in sorted(value) if key != "securityGroupId"}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


class TestHandles:
    """The resources behind the outputs, for `depends_on` and the like."""

    def test_each_platform_has_its_component_with_its_resources(self, engine):
        found: dict[str, list[str]] = {}

        def program() -> None:
            firewall = LiveKitFirewall("lk", {**TARGETS, "host": {"path": "a.nft"}})
            handles = {
                "aws": [firewall.aws.security_group, *firewall.aws.security_groups, *firewall.aws.rules.values()],
                "gcp": [*firewall.gcp.rules.values()],
                "digitalocean": [firewall.digitalocean.firewall],
                "azure": [firewall.azure.network_security_group],
                "hetzner": [firewall.hetzner.firewall],
                "host": [firewall.host.file],
            }
            found.update({key: [one.pulumi_resource_name for one in several] for key, several in handles.items()})
            assert firewall.aws.rules["udp-50000-60000-any-ipv4"].pulumi_resource_name == (
                "lk-aws-udp-50000-60000-any-ipv4"
            )
            name = firewall.gcp.rules["public-ipv4"].pulumi_resource_name
            assert name.startswith("lk-gcp-public-ipv4-")
            pulumi.CustomResource(
                "a:b:C", "node", {}, pulumi.ResourceOptions(depends_on=[firewall.aws.rules["tcp-7881-any-ipv4"]])
            )

        made = engine.run(program)
        for key, names in found.items():
            below = {name for (_, name), one in made.items() if one.parent == CHILD[key]}
            assert set(names) == below, key
        (rule,) = made["a:b:C", "node"].request.dependencies
        assert rule.endswith("::lk-aws-tcp-7881-any-ipv4")

    def test_a_target_that_is_not_given(self, engine):
        def program() -> None:
            host, rest = LiveKitFirewall("lk", host={}), {key: TARGETS[key] for key in TARGETS if key != "host"}
            others = LiveKitFirewall("lk2", rest)  # type: ignore[arg-type]
            for firewall, key in (*((host, key) for key in rest), (others, "host")):
                with pytest.raises(NoSuchOutput, match=rf"^{key}: '[^ ]+' has no target {key}; give {key}, or see "):
                    getattr(firewall, key)
            for attribute, needs in (("file", "host.path"), ("applied", "host.apply")):
                with pytest.raises(NoSuchOutput, match=f"^{attribute}: needs {needs}$"):
                    getattr(host.host, attribute)

        engine.run(program)

    def test_groups_that_are_existing_or_several(self, engine):
        def program() -> None:
            existing = LiveKitFirewall("lk", aws={"security_group_id": "sg-1"}).aws
            assert existing.security_groups == ()
            assert "udp-50000-60000-any-ipv6" in existing.rules
            with pytest.raises(NoSuchOutput, match=r"^security_group: aws\.security_group_id names an existing one"):
                existing.security_group  # noqa: B018
            several = LiveKitFirewall("lk2", aws={"vpc_id": "v", "groups": 2}).aws
            assert len(several.security_groups) == 2
            with pytest.raises(NoSuchOutput, match=r"^security_group: aws\.groups spreads"):
                several.security_group  # noqa: B018

        engine.run(program)

    def test_a_rule_that_is_not_there(self, engine):
        def program() -> None:
            rules = LiveKitFirewall("lk", aws={"vpc_id": "v"}).aws.rules
            with pytest.raises(KeyError) as caught:
                rules["udp-50000-60001-any-ipv4"]
            assert isinstance(caught.value, pulumi.RunError)
            assert str(caught.value) == (
                "no rule has the key 'udp-50000-60001-any-ipv4'; did you mean udp-50000-60000-any-ipv4?"
            )
            with pytest.raises(
                KeyError, match="there are egress-any-ipv4, egress-any-ipv6, icmp-echo-request-any-ipv4"
            ):
                rules["#"]
            assert rules.get("#") is None
            assert repr(rules).startswith("<rules egress-any-ipv4, ")

        engine.run(program)

    def test_are_no_outputs_and_not_in_the_schema(self):
        names = {platform.argument for platform in PLATFORMS}
        assert names.isdisjoint(LiveKitFirewall.__annotations__)
        assert names.isdisjoint(hosted.LiveKitFirewall.__annotations__)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, ["These rules do not open SSH (tcp/22) on aws: operators names nobody. Rules of others there may."]),
        ({"operators": {"cidrs": ["203.0.113.0/24"]}}, []),
    ],
)
def test_a_preview_says_that_no_rule_opens_ssh(preview_engine, monkeypatch, given, said):
    told: list[str] = []
    monkeypatch.setattr(pulumi.log, "info", lambda text, resource=None, **_: told.append(text))
    preview_engine.run(lambda: LiveKitFirewall("lk", {"aws": TARGETS["aws"], **given}))
    assert told == said


def test_the_update_after_a_preview_does_not_say_it_again(engine, monkeypatch):
    told: list[str] = []
    monkeypatch.setattr(pulumi.log, "info", lambda text, resource=None, **_: told.append(text))
    engine.run(lambda: LiveKitFirewall("lk", {"aws": TARGETS["aws"]}))
    assert told == []
