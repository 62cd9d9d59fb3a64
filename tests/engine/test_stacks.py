"""The life of each stack in `stacks/`, on the real engine: up, again, an edit, drift, destroy.

One fixture per stack lives the life once and keeps what there was at each step; the tests look at it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from livekit_firewall.host.standalone.mark import bare
from livekit_firewall.platforms.registry import BY_ARGUMENT
from tests.targets import CLOUDS

from .accounts import furnish
from .admitted import AZURE, DIGITALOCEAN, GOOGLE, HETZNER, by_amazon, by_azure, by_digitalocean, by_google, by_hetzner
from .by_hand import on_azure, on_digitalocean, on_google, on_hetzner
from .fakes.aws import EGRESS, GROUP, INGRESS
from .fakes.ec2 import rules
from .listings import by_az, by_doctl, by_gcloud, by_hcloud, write
from .project import Call, Deploy, Project, Run
from .test_adoption import command

Admitted = Callable[[Project, Any], Any]


@dataclass
class Life:
    """What there was, step by step.

    Attributes:
        created, edited, destroyed: the calls of the first `up`, of the one after the edit, of `destroy`.
        admitted, then_admitted: what the cloud admitted after the first `up`, and after the edit.
        outputs: of the first `up`.
        ids, then_ids: ids by logical name.
        again: the second `up`, and `calls_again` what it called.
        drifted: what the cloud admitted after somebody's changes by hand (`by_hand`), and `repaired` after the `up
            --refresh` that came next. Amazon's: `test_drift.py`.
        told: what `compare --stack` said then.
        left: resources in the state after `destroy`.
    """

    outputs: dict[str, Any]
    created: list[Call]
    admitted: Any
    ids: dict[str, str]
    again: Run
    calls_again: list[Call]
    edited: list[Call]
    then_admitted: Any
    then_ids: dict[str, str]
    drifted: Any
    repaired: Any
    told: str
    destroyed: list[Call]
    left: dict[str, Any]


def live(cloud: str, project: Project, edit: dict[str, Any], admitted: Admitted, amazon: Any) -> Life:
    """Up, up again, edit and up, drift and up, destroy."""
    furnish(project, amazon)
    project.stays = cloud != "aws"  # there the engine starts all that a user's does
    project.up()
    project.stays = True
    outputs, created, ids = project.outputs(), project.calls(), _ids(project)
    at_first = admitted(project, amazon)
    project.forget_calls()
    again = project.up("--expect-no-changes")
    calls_again = project.calls()
    project.configure(edit)
    project.forget_calls()
    project.up()
    edited, then, then_ids = project.calls(), admitted(project, amazon), _ids(project)
    drifted, repaired, told = None, None, ""
    if cloud in BY_HAND:
        change, listed = BY_HAND[cloud]
        change(project)
        drifted = admitted(project, amazon)
        project.up("--refresh")
        repaired = admitted(project, amazon)
        told = command(project, "compare", write(project, listed(project)).name, "--stack", project.stack)
    project.forget_calls()
    project.destroy()
    return Life(
        outputs, created, at_first, ids, again, calls_again, edited, then, then_ids, drifted, repaired, told,
        project.calls(), project.resources(),
    )  # fmt: skip


def _ids(project: Project) -> dict[str, str]:
    found = [resource for several in project.resources().values() for resource in several]
    return {resource["urn"].rpartition("::")[2]: resource["id"] for resource in found if resource.get("id")}


def names(calls: list[Call], method: str) -> set[str]:
    return {call.name for call in calls if call.method == method}


def both(line: str) -> set[str]:
    """From anywhere, which is one rule per family."""
    return {line.replace("anywhere", "0.0.0.0/0"), line.replace("anywhere", "::/0")}


RANGE_TO_59000 = {"port_range_start": 50000, "port_range_end": 59000}
STACKS: dict[str, tuple[str, dict[str, Any], Admitted]] = {
    # cloud: its stack, the edit, and how to read what it admits
    "aws": ("aws-example", RANGE_TO_59000, by_amazon),
    "gcp": ("gcp-example", {"udp_port": "7882-7890"}, by_google),
    "digitalocean": (
        "digitalocean-example",
        {"operators.cidrs": ["203.0.113.0/24", "2001:db8:9::/48"]},
        by_digitalocean,
    ),
    "azure": ("azure-example", RANGE_TO_59000, by_azure),
    "hetzner": ("hetzner-example", RANGE_TO_59000, by_hetzner),
}


BY_HAND: dict[str, tuple[Callable[[Project], None], Callable[[Project], object]]] = {
    # cloud: what somebody does there, and how its command lists the firewall
    "gcp": (on_google, by_gcloud),
    "digitalocean": (on_digitalocean, by_doctl),
    "azure": (on_azure, by_az),
    "hetzner": (on_hetzner, by_hcloud),
}


@pytest.fixture(scope="module")
def lives(request: pytest.FixtureRequest, deploy: Deploy, amazon: Any) -> Iterator[dict[str, Future[Life]]]:
    """The lives that the selected tests look at, two at a time: an engine waits for its program mostly."""
    chosen = [item for item in request.session.items if item.path == request.path]
    named = {word for item in chosen for word in (*item.fixturenames, *item.name.rstrip("]").split("["))}
    with ThreadPoolExecutor(max_workers=2) as pool:
        yield {
            cloud: pool.submit(live, cloud, deploy(stack), edit, admitted, amazon)
            for cloud, (stack, edit, admitted) in STACKS.items()
            if cloud in named
        }


@pytest.fixture
def aws(lives: dict[str, Future[Life]]) -> Life:
    return lives["aws"].result()


@pytest.fixture
def gcp(lives: dict[str, Future[Life]]) -> Life:
    return lives["gcp"].result()


@pytest.fixture
def digitalocean(lives: dict[str, Future[Life]]) -> Life:
    return lives["digitalocean"].result()


@pytest.fixture
def azure(lives: dict[str, Future[Life]]) -> Life:
    return lives["azure"].result()


@pytest.fixture
def hetzner(lives: dict[str, Future[Life]]) -> Life:
    return lives["hetzner"].result()


class TestEveryCloud:
    """What holds for all of them."""

    @pytest.fixture(params=CLOUDS)
    def life(self, request: pytest.FixtureRequest) -> Life:
        life: Life = request.getfixturevalue(request.param)
        return life

    def test_nothing_is_refused_on_the_way(self, life: Life) -> None:
        assert [call.refused for call in [*life.created, *life.edited, *life.destroyed] if call.refused] == []

    def test_the_first_up_only_creates(self, life: Life) -> None:
        assert {call.method for call in life.created} == {"Create"}

    def test_a_second_up_changes_nothing(self, life: Life) -> None:
        assert life.calls_again == []
        assert re.search(r"\d+ unchanged", life.again.output)

    def test_destroy_deletes_everything_that_was_there_and_nothing_else(self, life: Life) -> None:
        assert {call.method for call in life.destroyed} == {"Delete"}
        there = {name for name in life.then_ids if name not in ("livekit", "livekit-firewall")}
        assert {call.name for call in life.destroyed} == there
        assert life.left == {}

    def test_the_outputs_say_what_was_made(self, life: Life) -> None:
        assert json.loads(life.outputs["exposure_json"])["version"] == 1
        assert "ICE/UDP" in life.outputs["exposure"]
        media = [rule for rule in life.outputs["rules"] if rule["service"] == "ice-udp"]
        assert [(rule["protocol"], rule["peer"]) for rule in media] == [("udp", "anywhere")]


class TestAmazon:
    """`aws-example`: behind a load balancer with a security group, TURN on."""

    BALANCER = "sg-0123456789abcdef0"

    def test_up_admits_exactly_what_the_stack_needs(self, aws: Life) -> None:
        assert aws.admitted == {
            *both("in udp 50000-60000 anywhere"),
            *both("in tcp 7881 anywhere"),
            *both("in udp 3478 anywhere"),
            f"in tcp 7880 {self.BALANCER}",
            f"in tcp 5349 {self.BALANCER}",
            "in tcp 22 203.0.113.0/24",
            "in icmp 8/-1 0.0.0.0/0",
            "in icmp 3/4 0.0.0.0/0",
            "in icmpv6 128/-1 ::/0",
            "in icmpv6 2/-1 ::/0",
            *both("out -1 anywhere"),
        }

    def test_the_group_has_no_name_of_its_own_and_a_constant_description(self, aws: Life) -> None:
        (group,) = [call for call in aws.created if call.type == GROUP]
        assert re.fullmatch(re.escape(group.name) + "-[0-9a-f]{7}", group.inputs["name"])
        assert group.inputs["description"] == "LiveKit media server, managed by livekit-firewall"
        assert group.inputs["tags"]["Name"]

    def test_every_rule_says_its_service_and_key(self, aws: Life) -> None:
        media = [call.inputs["description"] for call in aws.created if call.inputs.get("toPort") == 60000]
        assert media == ["ICE/UDP: port_range_start, port_range_end"] * 2
        assert all(call.inputs["description"] for call in aws.created)

    def test_an_edit_creates_before_it_deletes(self, aws: Life) -> None:
        """Removing or modifying a rule cuts the untracked flows that it enables."""
        assert [call.method for call in aws.edited] == ["Create", "Create", "Delete", "Delete"]
        assert names(aws.edited, "Create") == {
            "livekit-aws-udp-50000-59000-any-ipv4",
            "livekit-aws-udp-50000-59000-any-ipv6",
        }
        assert names(aws.edited, "Delete") == {
            "livekit-aws-udp-50000-60000-any-ipv4",
            "livekit-aws-udp-50000-60000-any-ipv6",
        }

    def test_after_the_edit_only_the_range_is_another(self, aws: Life) -> None:
        changed = aws.admitted ^ aws.then_admitted
        assert changed == both("in udp 50000-60000 anywhere") | both("in udp 50000-59000 anywhere")

    def test_destroy_leaves_no_group_and_no_rule(self, aws: Life, amazon: Any) -> None:
        group = aws.ids["livekit-aws-security-group"]
        found = amazon.describe_security_groups(Filters=[{"Name": "group-id", "Values": [group]}])
        assert found["SecurityGroups"] == []
        assert rules(amazon, group, INGRESS) == rules(amazon, group, EGRESS) == {}


class InPlace:
    """Where a rule is edited in place: the platform keeps running flows."""

    UPDATED: frozenset[str]

    @pytest.fixture
    def life(self) -> Life:
        raise NotImplementedError

    def test_an_edit_updates_in_place_under_the_same_ids(self, life: Life) -> None:
        assert {call.method for call in life.edited} == {"Update"}
        assert names(life.edited, "Update") == self.UPDATED
        assert life.ids == life.then_ids


class TestGoogle:
    """`gcp-example`: behind Google's load balancer, one range of mux ports."""

    BALANCERS = ("35.191.0.0/16", "130.211.0.0/22", "2600:2d00:1:b029::/64", "2600:2d00:1:1::/64")

    def test_an_edit_creates_the_rules_of_the_new_ports_and_deletes_the_old_ones_last(self, gcp: Life) -> None:
        assert [call.method for call in gcp.edited] == ["Create", "Create", "Delete", "Delete"]
        made, gone = names(gcp.edited, "Create"), names(gcp.edited, "Delete")
        assert made.isdisjoint(gone)
        for some in (made, gone):
            assert {name.rpartition("-")[0] for name in some} == {"livekit-gcp-public-ipv4", "livekit-gcp-public-ipv6"}

    def test_up_admits_exactly_what_the_stack_needs(self, gcp: Life) -> None:
        assert gcp.admitted == {
            *both("in udp 7882-7892 anywhere to livekit"),
            *both("in tcp 7881 anywhere to livekit"),
            *(f"in tcp 7880 {block} to livekit" for block in self.BALANCERS),
            "in tcp 22 203.0.113.0/24 to livekit",
            "in icmp 0.0.0.0/0 to livekit",
            "in 58 ::/0 to livekit",
        }

    def test_drift_is_repaired_and_what_was_added_is_told_by_compare(self, gcp: Life) -> None:
        added = "in tcp 9999 0.0.0.0/0 to livekit"
        lost = {"in udp 7882-7890 ::/0 to livekit", "in tcp 22 203.0.113.0/24 to livekit"}
        assert gcp.then_admitted - gcp.drifted >= lost
        assert gcp.drifted - gcp.then_admitted == {"in tcp 22-23 203.0.113.0/24 to livekit", added}
        assert gcp.repaired == gcp.then_admitted | {added}
        assert not BY_ARGUMENT["gcp"].removes_added
        assert gcp.told.startswith("default: 1 superfluous\n")
        assert gcp.told.endswith("tcp/9999  0.0.0.0/0  tcp/9999 from 203.0.113.7  -        by-hand\n")

    def test_the_families_are_apart(self, gcp: Life) -> None:
        assert {call.type for call in gcp.created} == {GOOGLE}
        assert len(gcp.created) == 7

    def test_after_the_edit_only_the_range_is_another(self, gcp: Life) -> None:
        before, after = "in udp 7882-7892 anywhere to livekit", "in udp 7882-7890 anywhere to livekit"
        assert gcp.admitted ^ gcp.then_admitted == both(before) | both(after)


class TestDigitalOcean(InPlace):
    """`digitalocean-example`: plugNmeet on Droplets with a tag."""

    UPDATED = frozenset({"livekit-digitalocean-firewall"})

    @pytest.fixture
    def life(self, digitalocean: Life) -> Life:
        return digitalocean

    def test_up_admits_exactly_what_the_stack_needs(self, digitalocean: Life) -> None:
        assert digitalocean.admitted == {
            *both("in tcp 80 anywhere"),
            *both("in tcp 443 anywhere"),
            *both("in tcp 7881 anywhere"),
            *both("in udp 443 anywhere"),
            *both("in udp 50000-60000 anywhere"),
            "in tcp 22 203.0.113.0/24",
            *both("in icmp anywhere"),
            *both("out tcp 1-65535 anywhere"),
            *both("out udp 1-65535 anywhere"),
            *both("out icmp anywhere"),
        }

    def test_it_is_one_firewall_attached_by_tag(self, digitalocean: Life) -> None:
        (call,) = digitalocean.created
        assert (call.type, call.inputs["tags"]) == (DIGITALOCEAN, ["plugnmeet"])
        assert digitalocean.outputs["digitalocean_firewall_id"] == call.id

    def test_drift_is_repaired_and_what_was_added_is_removed(self, digitalocean: Life) -> None:
        wider = {line.replace("50000-60000", "50000-60001") for line in digitalocean.then_admitted}
        opened = wider - both("in tcp 7881 anywhere") | {"in tcp 9999 0.0.0.0/0"}
        assert digitalocean.drifted == opened
        assert digitalocean.repaired == digitalocean.then_admitted
        assert BY_ARGUMENT["digitalocean"].removes_added
        assert "admits exactly" in digitalocean.told

    def test_after_the_edit_there_is_one_more_operator(self, digitalocean: Life) -> None:
        assert digitalocean.admitted ^ digitalocean.then_admitted == {"in tcp 22 2001:db8:9::/48"}


class TestHetzner(InPlace):
    """`hetzner-example`: servers by a label, behind a load balancer in their private network."""

    UPDATED = frozenset({"livekit-hetzner-firewall"})

    @pytest.fixture
    def life(self, hetzner: Life) -> Life:
        return hetzner

    def test_up_admits_exactly_what_the_stack_needs_and_nothing_of_the_load_balancer(self, hetzner: Life) -> None:
        assert hetzner.admitted == {
            *both("in tcp 7881 anywhere"),
            *both("in udp 3478 anywhere"),
            *both("in udp 50000-60000 anywhere"),
            "in tcp 22 203.0.113.0/24",
            *both("in icmp anywhere"),
        }

    def test_it_is_one_firewall_applied_by_label(self, hetzner: Life) -> None:
        (call,) = hetzner.created
        assert (call.type, call.inputs["applyTos"]) == (HETZNER, [{"labelSelector": "app=livekit"}])
        assert hetzner.outputs["hetzner_firewall_id"] == call.id

    def test_drift_is_repaired_and_what_was_added_is_removed(self, hetzner: Life) -> None:
        wider = {line.replace("50000-59000", "50000-59001") for line in hetzner.then_admitted}
        assert hetzner.drifted == wider - both("in tcp 7881 anywhere") | {"in tcp 9999 0.0.0.0/0"}
        assert hetzner.repaired == hetzner.then_admitted
        assert BY_ARGUMENT["hetzner"].removes_added
        assert "admits exactly" in hetzner.told

    def test_after_the_edit_only_the_range_is_another(self, hetzner: Life) -> None:
        before, after = "in udp 50000-60000 anywhere", "in udp 50000-59000 anywhere"
        assert hetzner.admitted ^ hetzner.then_admitted == both(before) | both(after)


class TestAzure(InPlace):
    """`azure-example`: a TLS proxy on the node, telephony from one carrier."""

    UPDATED = frozenset({"livekit-azure-network-security-group"})

    @pytest.fixture
    def life(self, azure: Life) -> Life:
        return azure

    def test_up_admits_exactly_what_the_stack_needs(self, azure: Life) -> None:
        assert set(azure.admitted) == {
            *both("in tcp 443 anywhere"),
            *both("in tcp 80 anywhere"),
            *both("in udp 50000-60000 anywhere"),
            *both("in tcp 7881 anywhere"),
            "in tcp 5060 198.51.100.0/28",
            "in udp 5060 198.51.100.0/28",
            "in udp 10000-20000 198.51.100.64/26",
            "in tcp 22 203.0.113.0/24",
            "in icmp * 0.0.0.0/0",
            "deny in * * *",
        }

    def test_the_last_word_is_a_deny_of_everything(self, azure: Life) -> None:
        """Azure's own defaults admit the whole virtual network."""
        assert azure.admitted[-1] == "deny in * * *"
        assert azure.admitted.count("deny in * * *") == 1
        (call,) = azure.created
        assert call.type == AZURE
        assert max(rule["priority"] for rule in call.inputs["securityRules"]) == 4096

    def test_drift_is_repaired_and_what_was_added_is_removed(self, azure: Life) -> None:
        assert "in tcp 9999 0.0.0.0/0" in azure.drifted
        assert len(set(azure.then_admitted) - set(azure.drifted)) > 1
        assert azure.repaired == azure.then_admitted
        assert BY_ARGUMENT["azure"].removes_added
        assert "admits exactly" in azure.told

    def test_an_edit_moves_no_priority(self, azure: Life) -> None:
        before, after = (
            {rule["name"]: rule["priority"] for rule in calls[0].inputs["securityRules"]}
            for calls in (azure.created, azure.edited)
        )
        assert before == after

    def test_after_the_edit_only_the_range_is_another(self, azure: Life) -> None:
        changed = set(azure.admitted) ^ set(azure.then_admitted)
        assert changed == both("in udp 50000-60000 anywhere") | both("in udp 50000-59000 anywhere")


class TestHost:
    """`local`: the ruleset of a host, as a file. No account, no plugin but Pulumi's own."""

    def test_its_whole_life(self, deploy: Deploy) -> None:
        """In one test, since each step needs the one before."""
        local = deploy("local")
        local.up()
        file = local.folder / "build" / "host.nft"
        first = file.read_text(encoding="utf-8")
        assert bare(first) == local.outputs()["host_ruleset"]
        assert "50000-60000" in first
        assert "policy drop" in first

        local.up("--expect-no-changes")
        assert file.read_text(encoding="utf-8") == first

        ids = _ids(local)
        server = local.folder / "examples" / "livekit.yaml"
        text = server.read_text(encoding="utf-8")
        assert "port_range_end: 60000" in text
        server.write_text(text.replace("port_range_end: 60000", "port_range_end: 59000"), encoding="utf-8")
        local.up()
        assert file.read_text(encoding="utf-8") == first.replace("50000-60000", "50000-59000")
        assert _ids(local) == ids

        local.destroy()
        assert not file.exists()
        assert local.resources() == {}
        assert local.calls() == []
