"""The command `diff`: which configurations OLD and NEW are, at which revision, and what is said of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from livekit_firewall.cli.group import main
from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.reports.review import ReviewPart, review_texts
from livekit_firewall.reports.review.configurations import compare_deployments
from tests.engine.previews.tables import CHANGES, PLATFORMS

from ..git_repository import Repository

PREVIEWS = Path(__file__).parents[2] / "previews"
Run = Callable[..., tuple[int, str, str]]

NARROW = "port: 7880\nrtc: {tcp_port: 7881, port_range_start: 50000, port_range_end: 59000}\n"
WIDE = "port: 7880\nrtc: {tcp_port: 7881, port_range_start: 50000, port_range_end: 60000}\n"
PROJECT = "name: livekit-firewall\nruntime: python\nstackConfigDir: stacks\n"
STACK = "config:\n  livekit-firewall:https: true\n  livekit-firewall:livekit_config: livekit.yaml\n"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        out, err = capsys.readouterr()
        code = stopped.value.code
        assert isinstance(code, int)
        return code, out, err

    return call


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def commit(folder: Path, files: dict[str, str]) -> None:
    Repository(folder, cloned=True).commit(files)


@pytest.fixture(scope="module")
def branched(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    made = Repository(tmp_path_factory.mktemp("repository"))
    made.commit({"Pulumi.yaml": PROJECT, "stacks/Pulumi.prod.yaml": STACK, "livekit.yaml": NARROW})
    made.git("checkout", "--quiet", "-b", "more")
    made.commit({"livekit.yaml": WIDE})
    return made


@pytest.fixture
def repository(tmp_path: Path, branched: Repository) -> Path:
    """main has the narrow range, its branch `more` the wide one."""
    return branched.copy(tmp_path).path


def changes(out: str) -> list[tuple[str, str | None, Any, Any]]:
    read = json.loads(out)
    return [
        (one["kind"], one["service"], one["gained"] and one["gained"]["ports"], one["lost"] and one["lost"]["ports"])
        for stack in read["stacks"]
        for one in stack["changes"]
    ]


GAINED = [("changed", "ice-udp", [{"protocol": "udp", "first": 59001, "last": 60000}], None)]


class TestTwoConfigurations:
    def test_two_files_that_livekit_server_runs_with(self, run: Run, tmp_path: Path) -> None:
        write(tmp_path, {"old.yaml": NARROW, "new.yaml": WIDE})
        code, out, _ = run("diff", "old.yaml", "new.yaml", "--json")
        assert (code, json.loads(out)["verdict"], changes(out)) == (0, "wider", GAINED)
        code, out, _ = run("diff", "new.yaml", "old.yaml", "--json")
        assert (code, json.loads(out)["verdict"]) == (0, "narrower")

    def test_who_may_reach_it_is_said_for_both(self, run: Run, tmp_path: Path) -> None:
        write(tmp_path, {"old.yaml": "port: 7880\n", "new.yaml": "port: 7980\n"})
        out = run("diff", "old.yaml", "new.yaml", "--load-balancer", "10.0.0.0/24", "--json")[1]
        moved = [{"protocol": "tcp", "first": 7980, "last": 7980}], [{"protocol": "tcp", "first": 7880, "last": 7880}]
        assert changes(out) == [("changed", "api", *moved)]
        assert json.loads(out)["verdict"] == "moved"

    def test_files_of_arguments(self, run: Run, tmp_path: Path) -> None:
        write(
            tmp_path, {"old.yaml": "port_range_start: 50000\nport_range_end: 59000\n", "new.yaml": "tcp_port: 7881\n"}
        )
        assert changes(run("diff", "old.yaml", "new.yaml", "--json")[1]) == GAINED

    def test_a_file_that_livekit_server_runs_with_beside_arguments_that_say_the_same(
        self, run: Run, tmp_path: Path
    ) -> None:
        write(tmp_path, {"old.yaml": WIDE, "new.yaml": "tcp_port: 7881\n"})
        page = "no change in who can reach what\n\nCompared: `old.yaml → new.yaml`.\n"
        assert run("diff", "old.yaml", "new.yaml")[:2] == (0, page)

    def test_two_stacks_by_name_and_by_file(self, run: Run, tmp_path: Path) -> None:
        stack = "config:\n  livekit-firewall:port_range_start: 50000\n  livekit-firewall:port_range_end: {}\n"
        write(
            tmp_path,
            {
                "Pulumi.yaml": PROJECT,
                "stacks/Pulumi.one.yaml": stack.format(59000),
                "stacks/Pulumi.two.yaml": stack.format(60000),
            },
        )
        assert changes(run("diff", "one", "two", "--json")[1]) == GAINED
        assert changes(run("diff", "stacks/Pulumi.one.yaml", "two", "--json")[1]) == GAINED

    def test_a_stack_s_file_starts_its_paths_at_the_project(self, run: Run, tmp_path: Path) -> None:
        write(
            tmp_path,
            {"Pulumi.yaml": PROJECT, "stacks/Pulumi.prod.yaml": STACK, "livekit.yaml": NARROW},
        )
        write(tmp_path, {"new.yaml": "https: true\nlivekit_config: wide.yaml\n", "wide.yaml": WIDE})
        assert changes(run("diff", "stacks/Pulumi.prod.yaml", "new.yaml", "--json")[1]) == GAINED

    def test_a_folder_of_plugnmeet(self, run: Run, tmp_path: Path) -> None:
        for name, text in (("old", NARROW), ("new", WIDE)):
            write(tmp_path, {f"{name}/config.yaml": "{}\n", f"{name}/livekit.yaml": text})
            write(tmp_path, {f"{name}/ingress.yaml": "{}\n"})
        assert changes(run("diff", "old", "new", "--json")[1]) == GAINED

    def test_what_is_neither_file_nor_stack_is_exit_2(self, run: Run) -> None:
        code, out, err = run("diff", "one", "two")
        assert (code, out) == (2, "")
        assert "'one' is no file, no folder and no stack" in err

    def test_a_configuration_that_is_wrong_is_exit_2_with_its_place(self, run: Run, tmp_path: Path) -> None:
        write(tmp_path, {"old.yaml": NARROW, "new.yaml": "port: 99999\n"})
        code, out, err = run("diff", "old.yaml", "new.yaml")
        assert (code, out) == (2, "")
        assert "new.yaml:1:1: port" in err

    @pytest.mark.parametrize(
        ("names", "option"),
        [
            (("stack.yaml", "stack.yaml"), ["--sip", "sip.yaml"]),
            (("stack.yaml", "stack.yaml"), ["--set", "livekit:port=1"]),
            (("stack.yaml", "stack.yaml"), ["--https"]),
            (("arguments.yaml", "arguments.yaml"), ["--livekit", "livekit.yaml"]),
            (("livekit.yaml", "livekit.yaml"), ["--helm", "values.yaml"]),
            (("folder", "folder"), ["--livekit", "livekit.yaml"]),
        ],
    )
    def test_an_option_that_would_be_lost_is_refused(
        self, run: Run, tmp_path: Path, names: tuple[str, str], option: list[str]
    ) -> None:
        write(
            tmp_path,
            {
                "stack.yaml": "config:\n  livekit-firewall:https: true\n",
                "arguments.yaml": "tcp_port: 7881\n",
                "livekit.yaml": NARROW,
                "folder/livekit.yaml": NARROW,
            },
        )
        code, out, err = run("diff", *names, *option)
        assert (code, out) == (2, "")
        assert f"{option[0]} does not go with OLD and NEW" in err


class TestRevisions:
    def test_from_where_a_branch_left_main(self, run: Run, repository: Path) -> None:
        code, out, _ = run("diff", "main...more", "--stack", "prod", "--json")
        assert (code, changes(out)) == (0, GAINED)
        assert json.loads(out)["stacks"][0]["name"] == "prod"

    def test_several_stacks_are_one_page(self, run: Run, repository: Path) -> None:
        commit(repository, {"stacks/Pulumi.dev.yaml": "config:\n  livekit-firewall:tcp_port: 7881\n"})
        out = run("diff", "main...more", "--stack", "prod", "--stack", "dev", "--json")[1]
        found = [(one["name"], one["verdict"]) for one in json.loads(out)["stacks"]]
        assert found == [("prod", "wider"), ("dev", "wider")]

    def test_two_revisions_and_one_beside_the_working_tree(self, run: Run, repository: Path) -> None:
        assert changes(run("diff", "main", "more", "--livekit", "livekit.yaml", "--json")[1]) == GAINED
        assert changes(run("diff", "main", "--livekit", "livekit.yaml", "--json")[1]) == GAINED
        write(repository, {"livekit.yaml": NARROW})
        assert changes(run("diff", "main", "--livekit", "livekit.yaml", "--json")[1]) == []

    @pytest.mark.parametrize(
        ("revisions", "is_told"), [("main...HEAD", True), ("main..more", True), ("more...main", False), ("main", False)]
    )
    def test_an_edit_that_is_not_committed_is_told_where_it_is_not_compared(
        self, run: Run, repository: Path, monkeypatch: pytest.MonkeyPatch, revisions: str, is_told: bool
    ) -> None:
        told = (
            "warning: {}: uncommitted changes are not part of the comparison; commit them, or give OLD alone to "
            "compare with the working tree\n"
        )
        assert run("diff", revisions, "--stack", "prod")[2] == ""
        write(repository, {"livekit.yaml": f"{WIDE}# later\n", "other.yaml": WIDE})
        assert run("diff", revisions, "--stack", "prod")[2] == (told.format("livekit.yaml") if is_told else "")
        assert (told.format("livekit.yaml") in run("diff", revisions, "--livekit", "livekit.yaml")[2]) is is_told
        monkeypatch.chdir(repository / "stacks")
        write(repository, {"livekit.yaml": WIDE.replace("\n", "\r\n"), "stacks/Pulumi.prod.yaml": f"{STACK}# later\n"})
        assert run("diff", revisions, "--stack", "prod")[2] == (
            told.format("../stacks/Pulumi.prod.yaml") if is_told else ""
        )

    def test_a_file_of_arguments_that_is_not_committed_is_told_with_what_it_names(
        self, run: Run, repository: Path
    ) -> None:
        commit(repository, {"eu/args.yaml": "https: true\nlivekit_config: livekit.yaml\n", "eu/livekit.yaml": WIDE})
        write(repository, {"eu/args.yaml": "https: true\n", "eu/livekit.yaml": NARROW, "livekit.yaml": NARROW})
        err = run("diff", "main...HEAD", "--args", "eu/args.yaml")[2]
        told = [line.split(": ")[1] for line in err.splitlines() if "uncommitted" in line]
        assert told == ["eu/args.yaml", "eu/livekit.yaml"]

    def test_from_a_folder_below(self, run: Run, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(repository / "stacks")
        assert changes(run("diff", "main...more", "--stack", "prod", "--json")[1]) == GAINED

    def test_a_stack_that_is_new_is_wider(self, run: Run, repository: Path) -> None:
        commit(repository, {"stacks/Pulumi.dev.yaml": "config:\n  livekit-firewall:tcp_port: 7881\n"})
        code, out, _ = run("diff", "main...more", "--stack", "dev")
        assert (code, out.split(":")[0]) == (0, "wider")
        assert run("diff", "more..main", "--stack", "dev")[1].startswith("narrower")

    def test_a_stack_that_is_nowhere_is_exit_2(self, run: Run, repository: Path) -> None:
        code, _, err = run("diff", "main...more", "--stack", "other")
        assert code == 2
        assert "neither before nor after: other" in err

    def test_without_what_runs_a_revision_says_what_is_lacking(self, run: Run, repository: Path) -> None:
        code, _, err = run("diff", "main...more")
        assert code == 2
        assert "--stack NAME" in err

    @pytest.mark.parametrize("path", ["/etc/hostname", "../outside.yaml", "link.yaml"])
    def test_no_file_outside_of_the_revision_is_read(self, run: Run, repository: Path, path: str) -> None:
        (repository / "link.yaml").symlink_to("/etc/hostname")
        commit(repository, {"stacks/Pulumi.prod.yaml": STACK.replace("livekit.yaml", path)})
        code, out, err = run("diff", "main...more", "--stack", "prod")
        assert (code, out) == (2, "")
        assert path in err

    def test_the_working_folder_is_the_same_afterwards(self, run: Run, repository: Path) -> None:
        run("diff", "main...more", "--stack", "prod")
        assert Path.cwd() == repository


AWS = "aws: {vpc_id: vpc-0123456789abcdef0}\n"
GCP = "gcp: {network: default, target_tags: [livekit]}\n"
OCEAN = "digitalocean: {tags: [livekit]}\n"
HOST = 'host: {path: a.nft}\noperators: {cidrs: ["10.0.0.0/8"]}\n'


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        (AWS, AWS, "no change"),
        (AWS, "aws: {vpc_id: vpc-0123456789abcdef1}\n", "moved"),
        (
            AWS,
            "aws: {vpc_id: vpc-0123456789abcdef0, load_balancer_security_group_ids: [sg-0123456789abcdef0]}\n",
            "wider",
        ),
        ("aws: {security_group_id: sg-0a}\n", "aws: {security_group_id: sg-0b}\n", "moved"),
        ("aws: {security_group_id: sg-0a}\n", "aws: {security_group_id: sg-0a, egress: true}\n", "wider"),
        (GCP, "gcp: {network: default, all_instances: true}\n", "wider"),
        (GCP, "gcp: {network: default, target_tags: [database]}\n", "moved"),
        (GCP, "gcp: {network: other, target_tags: [livekit]}\n", "moved"),
        (OCEAN, "digitalocean: {tags: [livekit, database]}\n", "wider"),
        (OCEAN, "digitalocean: {tags: [database]}\n", "wider"),
        ("azure: {resource_group_name: a}\n", "azure: {resource_group_name: a, load_balancer_probes: true}\n", "wider"),
        (AWS, GCP, "moved"),
        (AWS + HOST, HOST, "narrower"),
        (HOST, HOST + "ipv6: false\n", "narrower"),
    ],
)
def test_what_the_rules_are_attached_to_counts(run: Run, tmp_path: Path, old: str, new: str, verdict: str) -> None:
    write(tmp_path, {"old.yaml": old, "new.yaml": new})
    code, out, _ = run("diff", "old.yaml", "new.yaml", "--json")
    assert (code, json.loads(out)["verdict"]) == (0, verdict)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_diff_reads_the_rules_that_the_component_makes(platform: str, tmp_path: Path) -> None:
    """A real preview of the component, and its arguments alone: the same is gained."""
    change = next(one for one in CHANGES.values() if (one.platform, one.name) == (platform, "first-deployment"))
    text = (PREVIEWS / platform / "first-deployment.json").read_text(encoding="utf-8")
    (arguments,) = (one[2] for one in change.after if one[0].endswith("LiveKitFirewall"))
    (made,) = review_texts([("preview.json", text)]).parts
    read = compare_deployments("arguments", None, read_deployment(arguments, tmp_path))
    assert told(read) == told(made)


def told(part: ReviewPart) -> set[tuple[object, ...]]:
    return {(one.kind, one.direction, one.service, one.gained, one.lost) for one in part.changes}


class TestThePage:
    def test_fail_on_is_exit_1_where_something_is_gained(self, run: Run, tmp_path: Path) -> None:
        write(tmp_path, {"old.yaml": NARROW, "new.yaml": WIDE})
        codes = {
            (old, new, on): run("diff", old, new, "--fail-on", on)[0]
            for old, new in (("old.yaml", "new.yaml"), ("new.yaml", "old.yaml"), ("old.yaml", "old.yaml"))
            for on in ("wider", "risk", "any")
        }
        assert codes == {
            ("old.yaml", "new.yaml", "wider"): 1,
            ("old.yaml", "new.yaml", "risk"): 0,
            ("old.yaml", "new.yaml", "any"): 1,
            ("new.yaml", "old.yaml", "wider"): 0,
            ("new.yaml", "old.yaml", "risk"): 0,
            ("new.yaml", "old.yaml", "any"): 1,
            ("old.yaml", "old.yaml", "wider"): 0,
            ("old.yaml", "old.yaml", "risk"): 0,
            ("old.yaml", "old.yaml", "any"): 0,
        }

    def test_sip_for_everybody_is_a_risk_unless_it_is_meant(self, run: Run, tmp_path: Path) -> None:
        write(
            tmp_path,
            {
                "without.yaml": "tcp_port: 7881\n",
                "with.yaml": "tcp_port: 7881\nsip: {}\n",
                "meant.yaml": 'tcp_port: 7881\nsip: {}\ntrunks: "anywhere"\n',
                "named.yaml": 'tcp_port: 7881\nsip: {}\ntrunks: ["198.51.100.0/24"]\n',
            },
        )
        found = {
            new: [
                risk["id"] for risk in json.loads(run("diff", "without.yaml", new, "--json")[1])["stacks"][0]["risks"]
            ]
            for new in ("with.yaml", "meant.yaml", "named.yaml")
        }
        assert found == {"with.yaml": ["sip-public"], "meant.yaml": [], "named.yaml": []}

    def test_what_a_platform_refuses_is_a_risk(self, run: Run, tmp_path: Path) -> None:
        blocks = ", ".join(f'"203.0.113.{number}/32"' for number in range(0, 140, 2))
        target = "aws: {vpc_id: vpc-0123456789abcdef0}\n"
        write(tmp_path, {"old.yaml": target, "new.yaml": f"{target}operators: {{cidrs: [{blocks}]}}\n"})
        risks = json.loads(run("diff", "old.yaml", "new.yaml", "--json")[1])["stacks"][0]["risks"]
        assert [(risk["id"], risk["where"]) for risk in risks] == [("refused", "aws")]

    def test_findings_of_the_new_side_alone_are_told(self, run: Run, tmp_path: Path) -> None:
        write(tmp_path, {"old.yaml": NARROW, "new.yaml": f"{NARROW}sip: {{}}\nno_such_key: 1\n"})
        err = run("diff", "old.yaml", "new.yaml")[2]
        assert "no_such_key" in err
        assert "no-load-balancer" not in err


COMPOSE = """
services:
  livekit:
    image: livekit/livekit-server
    command: --config /livekit.yaml
    volumes: ["./livekit.yaml:/livekit.yaml"]
    network_mode: host
"""


class TestCompose:
    """A compose file is read at each revision, with what lies beside it there."""

    def test_the_tag_of_an_image_that_is_not_committed_is_told(self, run: Run, repository: Path) -> None:
        commit(repository, {"docker/compose.yaml": COMPOSE, "docker/livekit.yaml": WIDE})
        write(repository, {"docker/compose.yaml": COMPOSE.replace("server\n", "server:v1.9.11\n")})
        code, _, err = run("diff", "HEAD~1...HEAD", "--compose", "docker/compose.yaml", "--https")
        assert code == 0
        assert "warning: docker/compose.yaml: uncommitted changes are not part of the comparison" in err
        assert "livekit.yaml: uncommitted" not in err

    def test_of_two_revisions(self, run: Run, repository: Path) -> None:
        Repository(repository, cloned=True).git("checkout", "--quiet", "main")
        commit(repository, {"deploy/compose.yaml": COMPOSE, "deploy/livekit.yaml": NARROW})
        commit(repository, {"deploy/livekit.yaml": WIDE})
        code, out, err = run("diff", "HEAD~1", "HEAD", "--compose", "deploy/compose.yaml", "--https", "--json")
        assert (code, err) == (0, "")
        gained = [{"protocol": "udp", "first": 59001, "last": 60000}]
        assert changes(out) == [("changed", "ice-udp", gained, None)]
        code, out, _ = run("diff", "HEAD~2", "HEAD", "--compose", "deploy/compose.yaml", "--https", "--json")
        assert (code, json.loads(out)["verdict"]) == (0, "wider")

    def test_as_two_files(self, run: Run, tmp_path: Path) -> None:
        write(tmp_path, {"a/compose.yaml": COMPOSE, "a/livekit.yaml": NARROW})
        write(tmp_path, {"b/compose.yaml": COMPOSE, "b/livekit.yaml": WIDE})
        code, out, _ = run("diff", "a/compose.yaml", "b/compose.yaml", "--https", "--json")
        assert (code, json.loads(out)["verdict"]) == (0, "wider")

    def test_nothing_outside_of_a_revision_is_read(self, run: Run, repository: Path) -> None:
        (repository / "deploy").mkdir()
        (repository / "deploy" / "compose.yaml").symlink_to("/etc/hostname")
        commit(repository, {"other": "1"})
        for options in (["--compose", "deploy/compose.yaml"], ["--compose", "../compose.yaml"]):
            code, out, err = run("diff", "HEAD~1", "HEAD", *options)
            assert (code, out) == (2, "")
            assert "nothing that the options name exists" in err
        options = ["--livekit", "livekit.yaml", "--env-file", "/etc/hostname"]
        code, out, err = run("diff", "HEAD~1", "HEAD", *options)
        assert (code, out) == (2, "")
        assert "--env-file: must be a file of the repository" in err
