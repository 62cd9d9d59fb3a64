"""Another platform, added to a copy of the package: how many folders that takes, and whether every command supports it.

A room is a folder of the package; its root counts as one. To repeat it by hand, copy `stub/` into
`components/livekit_firewall/platforms/` and make the edits of `EDITS`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
COMPONENTS = HERE.parents[2] / "components"

EDITS = {
    "platforms/registry.py": [
        ("from .platform import", "from .stub.record import STUB\nfrom .platform import"),
        (" NFTABLES)\n", " NFTABLES, STUB)\n"),
    ],
    "deployment/arguments.py": [
        ("from ..platforms.registry", "from ..platforms.stub.target import StubTarget\nfrom ..platforms.registry"),
        (
            "    host: HostTarget | None = None\n",
            "    host: HostTarget | None = None\n    stub: StubTarget | None = None\n",
        ),
    ],
    "firewall.py": [
        (
            "    aws_security_group_id: pulumi",
            "    stub_firewall_id: pulumi.Output[str]\n    aws_security_group_id: pulumi",
        ),
    ],
    "firewall_args.py": [
        ("from .service_args", "from .platforms.stub.args import StubArgs\nfrom .service_args"),
        ("    host: HostArgs\n", "    host: HostArgs\n    stub: StubArgs\n"),
    ],
}
MOST_ROOMS = 5

FIREWALL = {
    "stub_lines": [
        {"ports": "tcp/443", "block": "0.0.0.0/0"},
        {"ports": "tcp/443", "block": "::/0"},
        {"ports": "tcp/6379", "block": "0.0.0.0/0"},
    ]
}


@pytest.fixture(scope="module")
def components(tmp_path_factory):
    """The source root with a package that knows the stub."""
    root = tmp_path_factory.mktemp("components")
    package = root / "livekit_firewall"
    shutil.copytree(COMPONENTS / "livekit_firewall", package)  # its byte code too, which fits what is not edited
    shutil.copytree(HERE / "stub", package / "platforms" / "stub", ignore=shutil.ignore_patterns("__pycache__"))
    for name, edits in EDITS.items():
        text = (package / name).read_text()
        for old, new in edits:
            assert text.count(old) == 1, (name, old)
            text = text.replace(old, new)
        (package / name).write_text(text)
    return root


SERVER = """
import json, os, sys
from contextlib import redirect_stdout, suppress
from livekit_firewall.cli import main

for name in ("lint", "exposure", "rules"):  # which import most of what the others need
    with suppress(SystemExit), redirect_stdout(open(os.devnull, "w")):
        main([name, "--https"])
for line in sys.stdin:
    folder, words = json.loads(line)
    if not os.fork():
        os.chdir(folder)
        os.dup2(os.open("printed", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
        os.dup2(1, 2)
        try:
            main(words)
        except SystemExit as done:
            sys.stdout.flush()
            os._exit(done.code)  # without taking down what the other commands need
    print(os.waitstatus_to_exitcode(os.wait()[1]), flush=True)
"""
"""Has imported the command once, and runs each line of it in a process of its own."""


@pytest.fixture(scope="module")
def server(components):
    given = {"env": {**os.environ, "PYTHONPATH": str(components)}, "text": True}
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, **given
    ) as running:
        yield running
        running.stdin.close()


@pytest.fixture
def run(server, tmp_path):
    """Runs the command of that package; gives what it prints."""
    (tmp_path / "args.yaml").write_text('https: true\nstub: {zone: "north"}\n')

    def run(*given: str, code: int = 0) -> str:
        print(json.dumps([str(tmp_path), given]), file=server.stdin, flush=True)
        found = server.stdout.readline()
        printed = (tmp_path / "printed").read_text()
        assert found == f"{code}\n", printed
        return printed

    return run


def files(package: Path) -> dict[str, bytes]:
    return {
        path.relative_to(package).as_posix(): path.read_bytes()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_takes_at_most_five_folders(components):
    old, new = files(COMPONENTS / "livekit_firewall"), files(components / "livekit_firewall")
    assert set(old) <= set(new)
    touched = {name for name, content in new.items() if old.get(name) != content}
    rooms = {name.rpartition("/")[0] for name in touched}
    assert rooms == {"", "deployment", "platforms", "platforms/stub"}
    assert len(rooms) <= MOST_ROOMS


def test_render_knows_it(run):
    printed = json.loads(run("render", "--to", "stub", "--https"))
    assert (printed["platform"], printed["native"]["zone"]) == ("stub", "TARGET")
    assert {"ports": "tcp/443", "block": "0.0.0.0/0"} in printed["native"]["stub_lines"]
    assert json.loads(run("render", "--to", "stub", "--args", "args.yaml"))["native"]["zone"] == "north"


def test_its_argument_is_checked(run, tmp_path):
    (tmp_path / "args.yaml").write_text("stub: {zon: north}\n")
    assert "stub.zon: unknown key" in run("rules", "--args", "args.yaml", code=2)


def test_the_exposure_shows_its_baseline(run):
    assert "the stub's own ICMP" in run("exposure", "--args", "args.yaml")


def test_lint_knows_what_its_machines_are(run, tmp_path):
    (tmp_path / "livekit.yaml").write_text("port: 7880\nkeys: {key: secret}\n")
    (tmp_path / "args.yaml").write_text("livekit_config: livekit.yaml\nstub: {zone: north}\n")
    assert "on stub that is a private address" in run("lint", "--args", "args.yaml")


def test_lint_reports_what_it_cannot_hold(run, tmp_path):
    blocks = [f"198.51.{first}.{last}/32" for first in range(10) for last in range(0, 60, 5)]
    given = {"https": True, "stub": {}, "clients": {"cidrs": blocks}}
    (tmp_path / "args.yaml").write_text(json.dumps(given))
    assert "stub refuses: at most 100 lines" in run("lint", "--args", "args.yaml", code=1)


def test_compare_reads_its_listing_named_or_not(run, tmp_path):
    (tmp_path / "firewall.json").write_text(json.dumps(FIREWALL))
    named = run("compare", "firewall.json", "--from", "stub", "--https", code=1)
    assert named == run("compare", "firewall.json", "--https", code=1)
    assert "tcp/6379" in named
    refused = run("compare", "firewall.json", "--https", "--import", "import.json", code=2)
    assert "--import: nobody imports a stub" in refused
    (tmp_path / "firewall.json").write_text("{}")
    assert "stubctl show" in run("compare", "firewall.json", "--https", code=2)


def test_explain_names_its_rules(run):
    assert "on stub: line tcp/443" in run("explain", "203.0.113.7", "tcp/443", "--args", "args.yaml")


def test_a_change_of_arguments_is_compared_there(run, tmp_path):
    (tmp_path / "new.yaml").write_text('stub: {zone: "north"}\n')
    told = run("diff", "args.yaml", "new.yaml")
    assert 'subgraph n0 ["stub"]' in told
    assert "narrower" in told
    assert "tcp/443" in told


def preview(*lines: dict[str, str]) -> dict[str, object]:
    urn = "urn:pulumi:dev::other::stub:index/firewall:Firewall::edge"
    state = {"urn": urn, "type": "stub:index/firewall:Firewall", "custom": True, "inputs": {"lines": list(lines)}}
    return {"steps": [{"op": "create", "urn": urn, "newState": state}]}


def test_review_reads_its_resources(run, tmp_path):
    (tmp_path / "preview.json").write_text(json.dumps(preview(*FIREWALL["stub_lines"])))
    told = run("review", "preview.json")
    assert "Redis on tcp/6379 is open to the internet" in told


def test_the_component_makes_it_and_has_its_output(components):
    program = """
import pulumi
from pulumi.runtime.mocks import Mocks, set_mocks

class Cloud(Mocks):
    def new_resource(self, args):
        return args.name, dict(args.inputs)
    def call(self, args):
        return {}

set_mocks(Cloud())
from livekit_firewall import LiveKitFirewall

@pulumi.runtime.test
def check():
    made = LiveKitFirewall("lk", {"https": True, "stub": {"zone": "north"}})
    assert "stub_firewall_id" in made.outputs()
    return made.stub_firewall_id.apply(print)

check()
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(components)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == "stub-north\n", done.stderr
