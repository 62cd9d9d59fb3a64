"""Programs in YAML on the real engine: the package is found by its folder, and no language host runs its Python."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml

from livekit_firewall.hosted.serve import SCHEMA

from .admitted import by_azure, by_digitalocean, by_google, by_hetzner, of_group
from .conftest import PROGRAMS
from .fakes.wire import UNKNOWN
from .project import ROOT, Deploy, Project

pytestmark = pytest.mark.needs("languages")

PAGE = (ROOT / "docs" / "languages.md").read_text(encoding="utf-8")
(BLOCK,) = re.findall(r"```yaml\n(name: .*?)```", PAGE, re.DOTALL)
URN = "urn:pulumi:dev::media::livekit:index:LiveKitFirewall"

Write = Callable[..., Project]


@pytest.fixture(scope="module")
def write(deploy: Deploy, languages: list[Path], amazon: Any) -> Write:
    """A project with the program of the page, and with resources and outputs beside those."""

    def written(more: dict[str, Any]) -> Project:
        project = deploy("dev", program="yaml")
        program = yaml.safe_load(BLOCK)
        program["packages"] = {"livekit": "./components"}
        for part in ("variables", "resources", "outputs"):
            program[part] = {**program.get(part, {}), **more[part]} if part in more else {}
        (project.folder / "Pulumi.yaml").write_text(yaml.safe_dump(program, sort_keys=False), encoding="utf-8")
        (project.folder / "components").symlink_to(ROOT / "components")
        shutil.copy(ROOT / "examples" / "livekit.yaml", project.folder)
        host = str(languages[0].parent)
        project.environment["PATH"] = os.pathsep.join([host, project.environment["PATH"]])
        return project

    return written


@dataclass
class Embedded:
    """The program, what `pulumi preview --json` printed before anything was there, and its calls."""

    project: Project
    digest: dict[str, Any]


@pytest.fixture(scope="module")
def embedded(write: Write) -> Embedded:
    project = write(yaml.safe_load((PROGRAMS / "yaml" / "Pulumi.yaml").read_text(encoding="utf-8")))
    digest = project.preview_json()
    project.forget_calls()
    project.up()
    return Embedded(project, digest)


def test_a_preview_shows_every_resource_although_no_id_is_known(embedded: Embedded) -> None:
    steps = embedded.digest["steps"]
    assert {step["op"] for step in steps} == {"create"}
    made = [one["urn"] for several in embedded.project.resources().values() for one in several]
    assert sorted(step["urn"] for step in steps if ":providers:" not in step["urn"]) == sorted(made)
    rules = [step["newState"]["inputs"] for step in steps if "IngressRule::" in step["urn"]]
    assert {rule["securityGroupId"] for rule in rules} == {UNKNOWN}
    assert {rule["toPort"] for rule in rules} >= {60000, 7880, 7881, 443}


def test_every_target_admits_the_same(embedded: Embedded, amazon: Any) -> None:
    project = embedded.project
    created = {call.name: call for call in project.calls("Create")}
    flows = {f"in {ports} {block}" for ports in ("udp 50000-60000", "tcp 7881") for block in ("0.0.0.0/0", "::/0")}
    signalling = "in tcp 7880 10.0.0.0/16"
    by_target = {
        "gcp": {line.removesuffix(" to livekit") for line in by_google(project)},
        "digitalocean": by_digitalocean(project),
        "azure": set(by_azure(project)),
        "hetzner": by_hetzner(project),
    }
    for target, lines in by_target.items():
        assert {line for line in lines if line.startswith(("in tcp", "in udp"))} == {*flows, signalling}, target
    page = of_group(amazon, project.outputs()["securityGroup"])
    assert page >= {*flows, "in tcp 443 0.0.0.0/0", "in udp 3478 ::/0"}
    assert created["others-aws-security-group"].inputs["vpcId"] == created["vpc"].id
    wall = created["others-hetzner-firewall"].inputs
    assert wall["applyTos"] == [{"server": int(created["server"].id)}]
    assert wall["labels"] == {"my_key": "media"}


def test_outputs_and_options_arrive(embedded: Embedded) -> None:
    project = embedded.project
    outputs = project.outputs()
    assert outputs["exposure"].startswith("Who can reach what")
    assert "udp_from_anywhere" in outputs["ruleset"]
    components = {one["urn"]: one for one in project.resources()["livekit:index:LiveKitFirewall"]}
    assert set(components) == {f"{URN}::livekit", f"{URN}::others"}
    assert components[f"{URN}::others"]["protect"]
    assert set(outputs["firewalls"]) > {"public-ipv4"}
    (group,) = [one for one in project.resources()["aws:ec2/securityGroup:SecurityGroup"] if "others" in one["urn"]]
    assert "pulumi:providers:aws::another" in group["provider"]


def test_a_mistake_is_told_at_its_property_without_a_frame(write: Write) -> None:
    wrong = {
        "tcpPort": 70000,
        "turn": {"enabled": True, "tlsPort": {"fn::secret": 5349}},
        "cluster": {"services": ["redis"]},
        "aws": {"vpcId": "${vpc}"},
    }
    project = write({"resources": {"livekit": {"type": "livekit:LiveKitFirewall", "properties": wrong}}})
    told = project.preview(fails=True).output
    error = "error: livekit:index:LiveKitFirewall resource 'livekit' has a problem: "
    lines = [line.strip() for line in told[told.rindex(error) :].splitlines()]
    vpc = "{{urn:pulumi:dev::media::aws:ec2/vpc:Vpc::vpc vpc aws:ec2/vpc:Vpc output<string>{} }}"
    expected = {
        f"aws.vpcId with value '{vpc}'": "must be a text (got a resource); give its id",
        "turn.tlsPort (secret)": "is an output (of another resource, or a secret), whose value is not known when the "
        "rules are made; give a plain value (ports, switches and names decide which rules there are), such as from "
        "pulumi.Config",
        "tcpPort with value '{70000}'": "must be an integer from 1 to 65535, or 0 = off (got 70000)",
        "cluster.services with value '{[{redis}]}'": "must come with cluster.cidrs, cluster.sameGroup, or what a "
        "target names the cluster by",
    }
    assert lines[: lines.index("")] == [
        f"{error}4 problems in the configuration, nothing was created",
        *(f"- property {where} has a problem: {why}" for where, why in expected.items()),
    ]
    for never in ("Traceback", 'File "', "5349"):
        assert never not in told
    assert {call.name for call in project.calls("Create")} == {"vpc"}


def test_the_schema_is_had_from_the_executable_alone(write: Write) -> None:
    project = write({})
    told = project.run("package", "get-schema", str(ROOT / "components" / "pulumi-resource-livekit")).output
    assert json.loads(told) == {**json.loads(SCHEMA), "config": {}}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """A plugin server with the archive of the page, but for the file by which Pulumi would make an environment."""
    folder = tmp_path / "served"
    folder.mkdir()
    machine = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
    archive = folder / f"pulumi-resource-livekit-v{json.loads(SCHEMA)['version']}-linux-{machine}.tar.gz"
    left_out = ["--exclude=PulumiPlugin.yaml", "--exclude=__pycache__", "--exclude=venv"]
    subprocess.run(["tar", "-czf", archive, *left_out, "-C", ROOT / "components", "."], check=True, timeout=60)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as made:
        serving = Thread(target=made.serve_forever)
        serving.start()
        yield f"http://127.0.0.1:{made.server_port}"
        made.shutdown()
        serving.join()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def test_it_is_had_from_a_plugin_server_and_makes_what_it_makes_from_a_folder(
    write: Write, embedded: Embedded, server: str
) -> None:
    project = write(yaml.safe_load((PROGRAMS / "yaml" / "Pulumi.yaml").read_text(encoding="utf-8")))
    (project.folder / "components").unlink()
    program = yaml.safe_load((project.folder / "Pulumi.yaml").read_text(encoding="utf-8"))
    del program["packages"]
    (project.folder / "Pulumi.yaml").write_text(yaml.safe_dump(program, sort_keys=False), encoding="utf-8")
    project.environment["VIRTUAL_ENV"] = sys.prefix  # which the executable takes, as there is none in its folder
    version = json.loads(SCHEMA)["version"]
    project.run("plugin", "install", "resource", "livekit", version, "--server", server)
    assert project.preview_json()["changeSummary"] == embedded.digest["changeSummary"]
