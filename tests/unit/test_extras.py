"""The command without the extras: all of it but `probe` runs, and what is missing is named with its installation."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import livekit_firewall
from livekit_firewall.inputs import extras
from livekit_firewall.inputs.extras import install_line
from livekit_firewall.platforms.registry import NAMES, PLATFORMS

from .git_repository import Repository

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[2]
CLOUDS = [one for one in PLATFORMS if one.sdk]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
BROUGHT = ("pulumi", "grpc", "cryptography", "aioice", "sipmessage")
"""The modules of the extras."""

# Run by a process of its own, in which the modules are not to be found: as if they were not installed.
WITHOUT = f"""
import sys
from importlib.machinery import PathFinder

class Without(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        hidden = name.partition(".")[0] in {BROUGHT}
        return None if hidden else super().find_spec(name, path, target)

sys.meta_path = [Without if finder is PathFinder else finder for finder in sys.meta_path]
"""

RUN = """
import json, io
from contextlib import redirect_stdout, redirect_stderr
from livekit_firewall.cli import main

done = []
for words in json.load(sys.stdin):
    out, err = io.TextIOWrapper(io.BytesIO()), io.TextIOWrapper(io.BytesIO())
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main(words)
        except SystemExit as end:
            code = end.code
    for stream in (out, err):
        stream.flush()
        stream.seek(0)
    done.append([code, out.read(), err.read()])
print(json.dumps(done))
"""


def without(program: str, folder: Path, given: object = None) -> str:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT + program],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "components")},
        input=json.dumps(given), capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def runs(folder: Path, *lines: list[str]) -> list[tuple[int, str, str]]:
    """The exit code and the output of each command line."""
    return [tuple(one) for one in json.loads(without(RUN, folder, lines))]


GIVEN = ["--livekit", "livekit.yaml", "--https"]
STACK = "config:\n  livekit-firewall:host: {path: host.nft}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a project, a stack and a livekit.yaml, in which a commit changes the stack."""
    path = tmp_path_factory.mktemp("without") / "repository"
    repository = Repository(path)
    plain = {"Pulumi.yaml": "name: livekit-firewall\nruntime: python\n", "livekit.yaml": "port: 7880\n"}
    repository.commit({**plain, "Pulumi.prod.yaml": STACK})
    repository.commit({"Pulumi.prod.yaml": f"{STACK}  livekit-firewall:https: true\n"})
    return path


def test_every_command_shows_its_help(folder: Path) -> None:
    from livekit_firewall.cli.group import COMMANDS

    lines = [["--help"], *([name, "--help"] for name in COMMANDS)]
    lines += [["probe", "check", "--help"], ["probe", "listen", "--help"], ["host", "status", "--help"]]
    assert [(line, code) for line, (code, _, _) in zip(lines, runs(folder, *lines), strict=True) if code] == []


def test_every_command_but_probe_and_host_does_its_work(folder: Path) -> None:
    """Those two take their help above, and the contract that no module of the command imports Pulumi."""
    from livekit_firewall.cli.group import COMMANDS

    resources = [{"urn": "urn:pulumi:prod::media::pulumi:pulumi:Stack::media-prod", "type": "pulumi:pulumi:Stack"}]
    (folder / "state.json").write_text(json.dumps({"version": 3, "deployment": {"resources": resources}}))
    (folder / "listing.json").write_text("[]")
    (folder / "args.yaml").write_text("https: true\ngcp: {network: default, target_tags: [livekit]}\n")
    preview = str(ROOT / "tests" / "previews" / "aws" / "clients-restricted.json")
    firewall = str(ROOT / "tests" / "unit" / "firewalls" / "nftables-ours.json")
    lines = [
        *([name, *GIVEN] for name in ("ports", "rules", "exposure", "lint")),
        *([name, *GIVEN, "--json"] for name in ("ports", "rules", "exposure", "lint")),
        *(["render", "--to", to, *GIVEN] for to in NAMES),
        *(["exposure", *GIVEN, form] for form in ("--html", "--mermaid")),
        ["lint", *GIVEN, "--format", "sarif"],
        ["explain", "198.51.100.7", "tcp/7881", *GIVEN],
        ["compare", firewall, *GIVEN],
        *(["review", preview, "--format", form] for form in ("text", "markdown", "json")),
        ["diff", "HEAD~1...HEAD", "--stack", "prod"],
        ["touched", "HEAD~1...HEAD"],
        ["recover", "listing.json", "--state", "state.json", "--from", "gcp", "--args", "args.yaml"],
    ]
    assert {line[0] for line in lines} == set(COMMANDS) - {"probe", "host"}
    for line, (code, out, err) in zip(lines, runs(folder, *lines), strict=True):
        assert (code in (0, 1), "Traceback" in err, bool(out)) == (True, False, True), (line, code, err)


def test_probe_names_the_extra_and_the_line_that_installs_it(folder: Path) -> None:
    found = runs(folder, ["probe", "check", "192.0.2.1", *GIVEN], ["probe", "listen", *GIVEN])
    said = f"Error: the probe needs the package cryptography of livekit-firewall[probe]; {install_line('probe')}\n"
    assert found == [(2, "", said)] * 2


@pytest.mark.parametrize("name", ["LiveKitFirewall", "AwsFirewall", "HostFirewall", "LiveKitFirewallArgs"])
def test_what_needs_pulumi_is_an_import_error_that_says_what_to_install(tmp_path: Path, name: str) -> None:
    program = f"""
try:
    from livekit_firewall import {name}
except ImportError as error:
    print(error)
"""
    said = f"{name} needs the package pulumi of livekit-firewall[pulumi]; {install_line('pulumi')}\n"
    assert without(program, tmp_path) == said


NEED_PULUMI = {
    *("LiveKitFirewall", "LiveKitFirewallArgs", "InvalidArguments"),
    *(one.component.name for one in PLATFORMS),
}


def test_all_that_needs_no_pulumi_can_be_imported(tmp_path: Path) -> None:
    names = sorted(set(livekit_firewall.__all__) - NEED_PULUMI)
    assert without(f"from livekit_firewall import {', '.join(names)}", tmp_path) == ""


class TestTheLineThatInstalls:
    """What an installer wrote down of the package decides it."""

    @pytest.fixture
    def written(self, monkeypatch: pytest.MonkeyPatch):
        class Installed:
            text: str | None = None

            def read_text(self, name: str) -> str | None:
                assert name == "direct_url.json"
                return self.text

        installed = Installed()
        monkeypatch.setattr("importlib.metadata.distribution", lambda _name: installed)
        monkeypatch.setattr(extras, "CLONE", Path("nowhere"))
        return installed

    @pytest.mark.parametrize(
        ("written_down", "line"),
        [
            ({"url": "file:///srv/clone", "dir_info": {}}, "pip install '/srv/clone[aws]'"),
            ({"url": "file:///srv/clone", "dir_info": {"editable": True}}, "pip install -e '/srv/clone[aws]'"),
            ({"url": "file:///srv/a%20clone%27s", "dir_info": {}}, """pip install '/srv/a clone'"'"'s[aws]'"""),
            (
                {"url": "https://git.example.com/a/b", "vcs_info": {"vcs": "git", "commit_id": "3f0c"}},
                "pip install 'livekit-firewall[aws] @ git+https://git.example.com/a/b@3f0c'",
            ),
            (
                {
                    "url": "ssh://git@git.example.com/a/b",
                    "vcs_info": {"vcs": "git", "requested_revision": "main", "commit_id": "3f0c"},
                    "subdirectory": "firewall",
                },
                "pip install 'livekit-firewall[aws] @ git+ssh://git@git.example.com/a/b@3f0c#subdirectory=firewall'",
            ),
            (
                {"url": "https://example.com/a.whl", "archive_info": {"hash": "sha256=aa"}},
                "pip install 'livekit-firewall[aws] @ https://example.com/a.whl'",
            ),
        ],
    )
    def test_names_where_the_package_came_from(self, written, written_down, line):
        written.text = json.dumps(written_down)
        assert install_line("aws") == line

    @pytest.mark.parametrize("text", [None, "", "{", "[]", '{"url": 1}'])
    def test_names_no_index_where_nothing_is_known(self, written, text):
        written.text = text
        assert install_line("aws") == ("pip install 'livekit-firewall[aws] @ git+https://HOST/OWNER/REPOSITORY@COMMIT'")

    def test_names_the_clone_that_runs_uninstalled(self, written, monkeypatch):
        monkeypatch.setattr(extras, "CLONE", ROOT)
        assert install_line("probe") == f"pip install '{ROOT}[probe]'"


class TestTheExtrasOfTheProject:
    optional = PROJECT["optional-dependencies"]

    def test_are_these(self):
        assert sorted(self.optional) == sorted([*(one.extra for one in CLOUDS), "probe", "pulumi"])

    @pytest.mark.parametrize("cloud", CLOUDS, ids=lambda one: one.extra)
    def test_bring_the_same_pulumi_with_each_cloud(self, cloud):
        pulumi, sdk = self.optional[cloud.extra]
        assert [pulumi] == self.optional["pulumi"]
        assert sdk.startswith(f"pulumi-{cloud.package}>=")

    def test_refer_to_no_name_that_an_index_could_give_to_a_stranger(self):
        needed = [*PROJECT["dependencies"], *(text for texts in self.optional.values() for text in texts)]
        assert not [text for text in needed if text.startswith("livekit")]
        assert not [text for text in PROJECT["dependencies"] if text.startswith(BROUGHT)]
