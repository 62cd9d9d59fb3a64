"""The set-up scripts in tools/: which sections and which Pulumi CLI they choose, and when they install again.

Not proven here: that pip, the official installer and Go succeed. `make up` and .ci/run do that.
"""

import contextlib
import functools
import io
import itertools
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from importlib import metadata
from pathlib import Path
from typing import ClassVar

import pytest
from packaging.requirements import Requirement

import lock
import new_stack
import setup
import stack
from bootstrap import environment, login, plugins, progress, pulumi_cli, sections, stack_file, versions
from bootstrap.environment import Environment
from bootstrap.progress import Progress, SetupError, StepError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[2]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


REQUIREMENTS = """\
# a word above the first section
# --- base
pulumi==1 \\
    --hash=sha256:aa
# --- aws
pulumi-aws==2 \\
    --hash=sha256:bb
# --- test
pytest==3 \\
    --hash=sha256:cc
"""


@functools.cache
def is_by_extra(asking: str, name: str) -> bool:
    """Whether a distribution asks for another only with one of its extras, which "via" does not tell apart."""
    try:
        texts = metadata.requires(asking) or ()
    except metadata.PackageNotFoundError:
        return False
    found = [one for one in map(Requirement, texts) if normal(one.name) == normal(name)]
    return bool(found) and all("extra ==" in str(one.marker) for one in found)


class TestASelectionOfSections:
    def test_holds_the_lines_of_its_sections_and_no_others(self):
        split = sections.split(REQUIREMENTS)
        assert split["aws"] == "pulumi-aws==2 \\\n    --hash=sha256:bb\n"
        assert list(split) == ["base", "aws", "test"]

    def test_always_has_base_first(self):
        assert sections.select(sections.split(REQUIREMENTS), ["test"]) == ["base", "test"]

    def test_keeps_the_order_of_the_file_whatever_was_asked_first(self):
        assert sections.select(sections.split(REQUIREMENTS), ["test", "aws"]) == ["base", "aws", "test"]

    def test_of_an_unknown_name_is_refused_by_that_name(self):
        with pytest.raises(sections.SectionError, match="no section gcp "):
            sections.select(sections.split(REQUIREMENTS), ["gcp"])

    def test_refuses_a_file_with_a_section_twice(self):
        with pytest.raises(sections.SectionError, match="'aws' twice"):
            sections.split(REQUIREMENTS + "# --- aws\n")


SHARING = (
    REQUIREMENTS
    + """\
# --- bench
# and of other sections: pulumi-aws, pytest
bench==4 \\
    --hash=sha256:dd
"""
)


class TestASectionThatNeedsAPinOfAnother:
    def test_has_it_with_its_hashes_whatever_else_is_selected(self):
        split = sections.split(SHARING)
        whole = sections.complete(split)
        assert whole["bench"] == split["bench"] + (
            "pulumi-aws==2 \\\n    --hash=sha256:bb\npytest==3 \\\n    --hash=sha256:cc\n"
        )
        assert {name: whole[name] for name in ("base", "aws", "test")} == sections.split(REQUIREMENTS)

    def test_has_every_version_of_it(self):
        forked = "a==1 ; python_full_version < '3.11' \\\n    --hash=sha256:aa\na==2 \\\n    --hash=sha256:ab\n"
        text = (
            f"# --- base\n# --- test\n{forked}# --- bench\n# and of other sections: a\nb==1 \\\n    --hash=sha256:bb\n"
        )
        assert sections.complete(sections.split(text))["bench"].endswith(forked)

    def test_is_refused_if_nothing_pins_it(self):
        with pytest.raises(sections.SectionError, match="pins no pulumi-gcp, which the section 'bench' needs"):
            sections.complete(sections.split(SHARING.replace("pulumi-aws, pytest", "pulumi-gcp")))

    def test_is_installed_again_when_that_pin_has_changed(self, tmp_path: Path):
        found = []
        for text in (SHARING, SHARING.replace("sha256:cc", "sha256:ce")):
            (tmp_path / "requirements.txt").write_text(text, encoding="utf-8")
            (tmp_path / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
            found.append(Environment(tmp_path).missing(["bench"])["bench"])
        assert found[0] != found[1]


class TestTheCommittedRequirements:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")

    def test_have_the_sections_that_the_scripts_name_in_that_order(self):
        assert tuple(sections.split(self.text)) == sections.SECTIONS

    def test_pin_and_hash_every_distribution(self):
        lines = [line for line in self.text.splitlines() if line and not line.startswith("#")]
        named = [i for i, line in enumerate(lines) if not line.startswith("    ")]
        assert named
        for i in named:
            assert re.match(r"^[\w.-]+==[^\s;]+( ;.*)? \\$", lines[i]), lines[i]
            assert re.match(r"^    --hash=sha256:[0-9a-f]{64}", lines[i + 1]), lines[i]

    def test_name_no_distribution_in_two_sections(self):
        seen: dict[str, str] = {}
        for section, text in sections.split(self.text).items():
            for name in set(re.findall(r"^([\w.-]+)==", text, re.MULTILINE)):
                assert seen.setdefault(name, section) == section, name

    @pytest.mark.parametrize("count", range(len(sections.SECTIONS)))
    def test_have_all_that_a_selection_needs_whichever_it_is(self, count):
        """Each distribution says who asks for it: who is installed has all that it asks for."""
        whole = sections.complete(sections.split(self.text))
        names = {name: {sections.name_of(line) for line in sections.blocks(text)} for name, text in whole.items()}
        asks: dict[str, set[str]] = {}
        for block in sections.blocks(self.text).values():
            for line in block.splitlines():
                if line.startswith("    # via "):
                    for asking in line.removeprefix("    # via ").split(", "):
                        if not is_by_extra(asking, sections.name_of(block)):
                            asks.setdefault(asking, set()).add(sections.name_of(block))
        assert asks["pulumi-command"] >= {"parver", "pulumi"}
        assert set(asks) <= set().union(*names.values())
        for chosen in itertools.combinations(sections.SECTIONS[1:], count):
            installed = names["base"].union(*(names[section] for section in chosen))
            lacking = {one: asks[one] - installed for one in installed & set(asks) if asks[one] - installed}
            assert not lacking, chosen

    @pytest.mark.parametrize("section", sections.SECTIONS)
    def test_have_what_the_installed_distributions_themselves_ask_for(self, section):
        """The same by the metadata of what is installed here, from the ranges in pyproject.toml on."""
        whole = sections.complete(sections.split(self.text))
        pinned = {normal(sections.name_of(line)) for line in sections.blocks(whole["base"] + whole[section])}
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        todo = [(Requirement(text), "") for text in lock.inputs(section, project)]
        assert todo
        seen = set()
        while todo:
            wanted, extra = todo.pop()
            if wanted.marker is not None and not wanted.marker.evaluate({"extra": extra}):
                continue
            assert normal(wanted.name) in pinned
            for one in ("", *wanted.extras):
                if (wanted.name, one) in seen:
                    continue
                seen.add((wanted.name, one))
                with contextlib.suppress(metadata.PackageNotFoundError):  # of another section than the tests need
                    todo += [(Requirement(text), one) for text in metadata.requires(wanted.name) or ()]

    def test_of_the_tests_take_the_lowest_end_of_every_range(self):
        """Else `.ci/ranges lowest-direct` has nothing to install."""
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        ours = [project["project"]["dependencies"], *project["project"]["optional-dependencies"].values()]
        ends = {
            normal(one.name): next(end.version for end in one.specifier if end.operator == ">=")
            for one in map(Requirement, itertools.chain(*ours))
        }
        of_tests = {normal(one.name): one.specifier for one in map(Requirement, project["dependency-groups"]["test"])}
        assert {name for name in ends.keys() & of_tests if ends[name] not in of_tests[name]} == set()

    def test_put_nothing_into_base_that_an_extra_brings(self):
        base = sections.split(self.text)["base"]
        assert "click==" in base
        assert not re.search(r"^(pulumi|grpcio|cryptography|aioice|sipmessage)\b", base, re.MULTILINE)

    def test_put_no_cloud_sdk_into_the_section_of_pulumi(self):
        pulumi = sections.split(self.text)["pulumi"]
        assert "pulumi==" in pulumi
        assert not re.search(r"^pulumi[-_]", pulumi, re.MULTILINE)

    @pytest.mark.parametrize("cloud", sections.CLOUDS)
    def test_have_pulumi_in_the_section_of_each_cloud(self, cloud):
        assert "\npulumi==" in sections.complete(sections.split(self.text))[cloud]

    def test_name_no_place_to_fetch_from(self):
        assert "://" not in self.text
        assert "index-url" not in self.text


ALL_CLOUDS = [*sections.CLOUDS]


class TestAStackGetsTheSdkOfItsTargetsOnly:
    @pytest.mark.parametrize(
        ("stack", "clouds"),
        [
            ("local", []),
            ("aws-example", ["aws"]),
            ("gcp-example", ["gcp"]),
            ("digitalocean-example", ["digitalocean"]),
            ("azure-example", ["azure"]),
            ("hetzner-example", ["hetzner"]),
        ],
    )
    def test_in_the_committed_files(self, stack, clouds):
        assert stack_file.clouds(stack_file.path_of(ROOT, stack)) == clouds

    @pytest.mark.parametrize(
        ("text", "clouds"),
        [
            ("config:\n  livekit-firewall:azure: {}\n  livekit-firewall:aws:\n    vpc_id: a\n", ["aws", "azure"]),
            ("config:\n  aws:region: eu-central-1\n  livekit-firewall:host: {}\n", []),
            ("config:\n  # livekit-firewall:aws: {}\n  livekit-firewall:host: {} # livekit-firewall:gcp:\n", []),
            ('config:\n  "livekit-firewall:gcp": {network: a}\n', ["gcp"]),
            ("config: {livekit-firewall:host: {}, livekit-firewall:digitalocean: {tags: [a]}}\n", ["digitalocean"]),
            ("config:\n  livekit-firewall:aws_notes: a\n", []),
            ("config:\n  my-livekit-firewall:aws: a\n", []),
            ("config:\n  gcp:\n    network: a\n", ["gcp"]),  # Pulumi takes a key without namespace for the project's
            ("\ufeffconfig:\r\n  livekit-firewall:aws:\r\n    vpc_id: a\r\n", ["aws"]),
        ],
    )
    def test_whatever_else_it_says_and_however_it_is_written(self, tmp_path: Path, text, clouds):
        (tmp_path / "Pulumi.production.yaml").write_text(text, encoding="utf-8", newline="")
        assert stack_file.clouds(tmp_path / "Pulumi.production.yaml") == clouds

    @pytest.mark.parametrize(
        ("target", "clouds"), [("", ALL_CLOUDS), ("config:\n  livekit-firewall:gcp: {}\n", ["gcp"])]
    )
    def test_or_all_when_only_an_imported_environment_can_name_them(self, tmp_path: Path, target, clouds):
        (tmp_path / "Pulumi.a.yaml").write_text(f"environment:\n  - acme/production\n{target}", encoding="utf-8")
        assert stack_file.clouds(tmp_path / "Pulumi.a.yaml") == clouds


class TestAStackName:
    @pytest.fixture
    def root(self, tmp_path: Path) -> Path:
        (tmp_path / "stacks").mkdir()
        for name in ("aws-example", "production", "local"):
            (tmp_path / "stacks" / f"Pulumi.{name}.yaml").write_text("config: {}\n", encoding="utf-8")
        return tmp_path

    @pytest.mark.parametrize("name", ["production", "acme/production", "organization/livekit-firewall/production"])
    def test_stands_for_the_file_that_pulumi_would_read(self, root: Path, name):
        assert stack_file.path_of(root, name) == root / "stacks" / "Pulumi.production.yaml"

    def test_without_a_file_is_refused_with_those_that_have_one(self, root: Path):
        with pytest.raises(SetupError) as refused:
            stack_file.path_of(root, "nope")
        assert str(refused.value) == (
            "there is no stacks/Pulumi.nope.yaml; stacks: local, aws-example, production\n"
            "For one of your own: make stack NAME=nope FROM=aws-example (or another of these)."
        )

    @pytest.mark.parametrize(
        "name",
        ["", "../x y", "../production", "a/b/c/production", "/production", "x;id", "a\nb", "--help", "production\n"],
    )
    def test_that_pulumi_could_not_have_is_refused_as_it_was_written(self, root: Path, name):
        with pytest.raises(SetupError) as refused:
            stack_file.path_of(root, name)
        assert str(refused.value) == (
            f"{name!r} is not a stack's name: expected letters, digits, '.', '_' and '-', at most "
            "ORGANIZATION/PROJECT/ before it; stacks: local, aws-example, production"
        )

    @pytest.mark.parametrize("name", ["nope", "../x y", "$(id)'\""])
    def test_is_refused_by_make_before_anything_is_installed(self, tmp_path: Path, name):
        copy = tmp_path / "checkout"
        shutil.copytree(ROOT / "tools", copy / "tools", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(ROOT / "stacks", copy / "stacks")
        shutil.copy(ROOT / "Makefile", copy)
        made = subprocess.run(
            ["make", "up", f"PYTHON={sys.executable}"],
            cwd=copy,
            # without what a make around these tests hands down, which prints the folders that it enters
            env={**{key: os.environ[key] for key in os.environ if not key.startswith("MAKE")}, "STACK": name},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert made.returncode == 2
        assert ("there is no stacks/Pulumi.nope.yaml" if name == "nope" else f"{name!r} is not") in made.stderr
        assert made.stdout == ""
        assert not (copy / ".venv").exists()


class TestAStackOfOnesOwn:
    @pytest.fixture
    def root(self, tmp_path: Path) -> Path:
        shutil.copytree(ROOT / "stacks", tmp_path / "stacks")
        return tmp_path

    def test_begins_as_another(self, root: Path):
        made = new_stack.create(root, "mine", "aws-example")
        assert made == root / "stacks" / "Pulumi.mine.yaml"
        assert made.read_text(encoding="utf-8") == (root / "stacks" / "Pulumi.aws-example.yaml").read_text("utf-8")

    def test_has_a_file_of_its_own_where_the_other_writes_one_and_no_key_of_its_secrets(self, root: Path):
        other = root / "stacks" / "Pulumi.local.yaml"
        other.write_text("encryptionsalt: v1:abc\n" + other.read_text("utf-8"), encoding="utf-8")
        made = new_stack.create(root, "acme/mine", "local").read_text("utf-8")
        assert "    path: build/mine.nft\n" in made
        assert "salt" not in made

    def test_does_not_take_secrets(self, root: Path):
        other = root / "stacks" / "Pulumi.local.yaml"
        other.write_text("config:\n  livekit-firewall:aws:\n    vpc_id:\n      secure: v1:abc\n", encoding="utf-8")
        with pytest.raises(SetupError, match=r"^Pulumi\.local\.yaml holds secrets, which only that stack can decrypt"):
            new_stack.create(root, "mine", "local")
        assert not (root / "stacks" / "Pulumi.mine.yaml").exists()

    @pytest.mark.parametrize(
        ("name", "source", "said"),
        [
            ("", "local", "a stack needs a name: make stack NAME=mine FROM=aws-example"),
            ("../x", "local", "'../x' is not a stack's name"),
            ("mine", "nope", "there is no stacks/Pulumi.nope.yaml"),
            ("local", "aws-example", "stacks/Pulumi.local.yaml is there already: make up STACK=local, or another NAME"),
        ],
    )
    def test_is_refused_without_a_trace(self, root: Path, name, source, said):
        before = {path: path.read_bytes() for path in root.rglob("*.yaml")}
        with pytest.raises(SetupError) as refused:
            new_stack.create(root, name, source)
        assert str(refused.value).startswith(said)
        assert {path: path.read_bytes() for path in root.rglob("*.yaml")} == before

    def test_has_no_file_where_nobody_is_logged_in(self, root: Path, monkeypatch, capsys):
        monkeypatch.setattr(new_stack, "ROOT", root)
        monkeypatch.setenv("NAME", "mine")
        monkeypatch.setenv("FROM", "aws-example")

        def refuse(_name: str) -> None:
            raise SetupError("Pulumi is not logged in")

        monkeypatch.setattr(stack, "get_ready", refuse)
        monkeypatch.setattr(setup.signal, "signal", lambda *_: None)
        assert new_stack.main() == 1
        assert capsys.readouterr() == ("", "\nPulumi is not logged in\n")
        assert not (root / "stacks" / "Pulumi.mine.yaml").exists()


class TestWhatAnUpdateShows:
    @pytest.mark.parametrize(
        ("action", "name", "options", "expected"),
        [
            ("up", "prod", [], []),
            ("up", "prod", ["--yes"], ["--skip-preview"]),
            ("destroy", "prod", ["-y"], ["--skip-preview"]),
            ("up", "prod", ["--yes", "--skip-preview"], []),
            ("preview", "prod", ["--diff"], []),
            ("up", "local", [], ["--yes", "--skip-preview", "--skip-plugin-pre-install"]),
        ],
    )
    def test_a_preview_is_for_whoever_is_asked(self, action, name, options, expected):
        assert stack.standard_options(action, name, options) == expected

    @pytest.mark.parametrize(
        ("action", "name", "options", "refused"),
        [
            ("up", "prod", [], True),
            ("destroy", "prod", ["--diff"], True),
            ("up", "prod", ["--yes"], False),
            ("preview", "prod", [], False),
            ("up", "local", [], False),
        ],
    )
    def test_a_question_that_nobody_can_answer_is_not_asked(self, monkeypatch, action, name, options, refused):
        monkeypatch.setattr("sys.stdin", io.StringIO())
        if not refused:
            stack.refuse_no_answer(action, name, options)
            return
        with pytest.raises(SetupError, match=f"make {action} STACK=prod ARGS=--yes$"):
            stack.refuse_no_answer(action, name, options)


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for the CLI is a shell script")
class TestTheLogin:
    """It is looked at before a gigabyte of SDKs is installed for a stack that nobody could run."""

    def pulumi(self, folder: Path, script: str) -> Path:
        fake_pulumi(folder, "v3.259.0")
        (folder / "pulumi").write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        return folder

    def test_that_is_there_is_asked_for_without_a_question_to_the_user(self, tmp_path: Path):
        asked = tmp_path / "asked"
        login.require(self.pulumi(tmp_path / "bin", f'echo "$@" >{asked}'), tmp_path, dict(os.environ))
        assert asked.read_text(encoding="utf-8") == "whoami --non-interactive\n"

    @pytest.mark.parametrize("on_path", [True, False])
    def test_that_is_missing_is_told_with_the_command_to_make_one(self, tmp_path: Path, monkeypatch, on_path):
        folder = self.pulumi(tmp_path / "my bin", "echo 'error: PULUMI_ACCESS_TOKEN must be set' >&2; exit 3")
        monkeypatch.setenv("PATH", f"{folder if on_path else tmp_path}{os.pathsep}{os.environ['PATH']}")
        command = "pulumi" if on_path else f"'{folder / 'pulumi'}'"
        with pytest.raises(SetupError) as refused:
            login.require(folder, tmp_path, dict(os.environ))
        assert str(refused.value) == (
            "Pulumi is not logged in, or cannot reach where it keeps its state "
            "(error: PULUMI_ACCESS_TOKEN must be set).\n"
            f"Run: {command} login            # state on Pulumi's service, or give the URL of your bucket\n"
            f" or: {command} login --local    # state in your home folder, with a passphrase of yours\n"
            "and then this again. STACK=local needs no login, nor do `livekit-firewall exposure` and `diff`."
        )

    def test_that_cannot_be_told_in_time_is_told_as_such(self, tmp_path: Path, monkeypatch):
        monkeypatch.setattr(login, "SECONDS", 0.2)
        folder = self.pulumi(tmp_path / "bin", "exec sleep 20")
        with pytest.raises(SetupError, match=r"\(no answer within 0\.2 s\)"):
            login.require(folder, tmp_path, dict(os.environ))

    @pytest.mark.parametrize(
        ("name", "steps"),
        [("local", [["set up", []]]), ("gcp-example", [["login"], ["set up", ["gcp"]]])],
    )
    def test_comes_before_the_installation_and_is_not_needed_for_the_stack_local(self, monkeypatch, name, steps):
        taken: list[list[object]] = []
        monkeypatch.setattr(stack.pulumi_cli, "find", lambda: (Path("bin"), ""))
        monkeypatch.setattr(stack.login, "require", lambda *_: taken.append(["login"]))
        monkeypatch.setattr(stack, "set_up", lambda wanted, *, cli: taken.append(["set up", wanted]))
        stack.get_ready(name)
        assert taken == steps

    def test_comes_after_the_cli_where_that_is_missing_but_before_the_sdk(self, monkeypatch):
        taken: list[list[object]] = []
        found = iter([(None, ""), (Path("bin"), "")])
        monkeypatch.setattr(stack.pulumi_cli, "find", lambda: next(found))
        monkeypatch.setattr(stack.login, "require", lambda *_: taken.append(["login"]))
        monkeypatch.setattr(stack, "set_up", lambda wanted, *, cli: taken.append(["set up", wanted]))
        stack.get_ready("aws-example")
        assert taken == [["set up", []], ["login"], ["set up", ["aws"]]]


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for the CLI is a shell script")
class TestAPlugin:
    """Of the provider that talks to a cloud. The engine would tell of a missing one in thirty lines."""

    @pytest.fixture
    def made(self, tmp_path: Path, monkeypatch) -> tuple[Environment, dict[str, str]]:
        root = tmp_path / "checkout"
        sdk = root / ".venv" / "lib" / "python3.11" / "site-packages" / "pulumi_acme_cloud"
        sdk.mkdir(parents=True)
        (sdk / "pulumi-plugin.json").write_text('{"resource": true, "name": "acme", "version": "7.1.0"}')
        (root / "requirements.txt").write_text(
            "# --- base\n# --- cloud\npulumi-acme-cloud==7.1.0 \\\n    --hash=sha256:0\n"
        )
        monkeypatch.setattr(plugins.sections, "split", lambda text: {"cloud": text})
        monkeypatch.setattr(plugins, "LOGS", tmp_path / "logs")
        folder = tmp_path / "bin"
        folder.mkdir()
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
        return Environment(root), {"PATH": os.environ["PATH"], "PULUMI_HOME": str(tmp_path / "home")}

    def command(self, made: tuple[Environment, dict[str, str]], script: str) -> None:
        file = Path(made[1]["PATH"].split(os.pathsep)[0], "pulumi")
        file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        file.chmod(0o755)

    def test_is_fetched_in_the_version_of_the_sdk(self, made, tmp_path: Path):
        self.command(made, f'echo "$@" >{tmp_path}/asked')
        plugins.require(made[0], ["cloud"], made[1], "prod")
        assert (tmp_path / "asked").read_text() == "plugin install resource acme 7.1.0\n"

    @pytest.mark.parametrize("place", ["home/plugins/resource-acme-v7.1.0/x", "bin/pulumi-resource-acme"])
    def test_that_is_there_is_not(self, made, tmp_path: Path, place):
        file = tmp_path / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("#!/bin/sh\n")
        file.chmod(0o755)
        self.command(made, "exit 9")
        plugins.require(made[0], ["cloud"], made[1], "prod")

    def test_that_cannot_be_had_is_one_message_with_what_works_without(self, made):
        self.command(
            made, "echo 'error downloading provider: Get \"https://x\": dial tcp: lookup x: no such host'; exit 1"
        )
        with pytest.raises(SetupError) as refused:
            plugins.require(made[0], ["cloud"], made[1], "organization/prod")
        first, *lines = str(refused.value).splitlines()
        assert first == (
            "Pulumi's plugin acme 7.1.0, which talks to the cloud, is not here and could not be fetched "
            "(dial tcp: lookup x: no such host)."
        )
        command = '"$(cat .venv/pulumi-root)/pulumi" plugin install resource acme 7.1.0'
        assert lines[:3] == [
            f"Where it can be: {command}; a file of it goes with --file.",
            "With neither plugin nor credentials:",
            "  .venv/bin/livekit-firewall exposure --stack prod            # who could reach what",
        ]
        assert len(lines) == 5


class TestAFailedUpdate:
    """The next one reads what is there before: the state may hold what was asked."""

    GOOD: ClassVar = {"kind": "update", "result": "succeeded", "environment": {}}
    READ: ClassVar = {**GOOD, "environment": {"pulumi.flag.refresh": "true"}}
    FAILED: ClassVar = {**GOOD, "result": "failed"}

    @pytest.mark.parametrize(
        ("history", "resources", "more", "expected"),
        [
            ([], [], {}, []),
            ([GOOD], [{}], {}, []),
            ([FAILED], [], {}, ["--refresh"]),
            ([FAILED, READ], [], {}, ["--refresh"]),
            ([{**FAILED, "result": "in-progress"}], [], {}, ["--refresh"]),
            ([{**FAILED, "kind": "destroy"}], [], {}, ["--refresh"]),
            # one without it says "updated" and may have sent nothing
            ([GOOD, {**GOOD, "kind": "resource-import"}, FAILED], [], {}, ["--refresh"]),
            ([READ, FAILED], [], {}, []),
            ([GOOD, {**GOOD, "kind": "refresh"}, FAILED], [], {}, []),
            ([GOOD, {**GOOD, "kind": "destroy"}, FAILED], [], {}, []),
            ([GOOD], [{"initErrors": ["Error 403"]}], {}, ["--refresh"]),
            ([GOOD], [], {"pending_operations": [{"type": "updating"}]}, ["--refresh"]),
            ([READ], None, {"pending_operations": None}, []),
        ],
    )
    def test_is_seen_in_the_history_or_in_the_state(self, history, resources, more, expected):
        state = {"version": 3, "deployment": {"resources": resources, **more}}
        assert stack.refresh_options(history, state) == expected

    @pytest.mark.parametrize(("action", "name"), [("up", "prod"), ("preview", "prod"), ("up", "local")])
    def test_ends_in_what_to_run(self, monkeypatch, capsys, action, name):
        """And where the one before failed, it passes --refresh."""
        ran: list[tuple[str, ...]] = []

        class Pulumi:
            stack = name

            def __init__(self, _stack: str) -> None:
                pass

            def told(self, *asked: str) -> object:
                return [TestAFailedUpdate.FAILED] if "history" in asked else {}

            def run(self, *arguments: str) -> None:
                ran.append(arguments)
                raise stack.PulumiError(255)

        monkeypatch.setattr(stack.signal, "signal", lambda *_: None)  # the test's own process keeps its handler
        monkeypatch.setattr(stack, "Pulumi", Pulumi)
        monkeypatch.setattr(stack, "prepare", lambda _pulumi: [])
        assert stack.run(action, name, ["--yes"]) == 255
        assert ran[0][0] == action
        assert ran[0][-2:] == ("--refresh", "--yes")
        out, err = capsys.readouterr()
        assert f"the last update of {name} failed" in out
        assert ("recover LISTING --stack prod" in err) == (action == "up" and name == "prod")
        assert ("exposure --stack prod" in err) == (name == "prod")

    def test_a_stack_without_a_state_has_none(self):
        assert stack.refresh_options([], {"version": 3}) == []


class TestTheCliIsWanted:
    """What installs it, and what it runs programs with, is in the section `pulumi`."""

    @pytest.mark.parametrize(("cli", "names"), [(True, {"base", "pulumi", "project"}), (False, {"base", "project"})])
    def test_so_is_pulumi(self, monkeypatch, tmp_path: Path, cli, names):
        (tmp_path / "requirements.txt").write_text(SHARING.replace("--- aws", "--- pulumi"), encoding="utf-8")
        (tmp_path / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
        installed: list[set[str]] = []
        monkeypatch.setattr(setup, "ROOT", tmp_path)
        monkeypatch.setattr(setup.pulumi_cli, "find", lambda: (tmp_path, ""))
        monkeypatch.setattr(Environment, "create", lambda *_: None)
        monkeypatch.setattr(Environment, "remember_cli", lambda *_: None)
        monkeypatch.setattr(Environment, "install", lambda _self, _progress, missing: installed.append(set(missing)))
        setup.set_up([], cli=cli)
        assert set().union(*installed) == names
        assert installed[0] == names - {"project"}


class TestWhatIsInstalledAlready:
    def test_is_not_installed_again(self):
        texts = {"base": "pulumi==1\n", "project": "[project]\n"}
        installed = {name: sections.fingerprint(text) for name, text in texts.items()}
        assert environment.outdated(texts, installed) == {}

    def test_is_installed_again_when_its_text_has_changed(self):
        installed = {"base": sections.fingerprint("pulumi==1\n"), "aws": sections.fingerprint("x==1\n")}
        assert environment.outdated({"base": "pulumi==2\n", "aws": "x==1\n"}, installed) == {"base": "pulumi==2\n"}

    @pytest.fixture
    def checkout(self, tmp_path: Path) -> Environment:
        (tmp_path / "requirements.txt").write_text(REQUIREMENTS, encoding="utf-8")
        (tmp_path / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
        made = Environment(tmp_path)
        made.python.parent.mkdir(parents=True)
        made.python.touch()
        return made

    def mark_installed(self, made: Environment, *names: str) -> None:
        texts = made.missing(names)
        made._record({name: sections.fingerprint(text) for name, text in texts.items()})

    def test_leaves_the_folder_behind_a_link_alone(self, checkout: Environment, tmp_path: Path):
        theirs = checkout.folder.rename(tmp_path / "theirs")
        checkout.folder.symlink_to(theirs)
        with pytest.raises(SetupError) as refused:
            checkout.create(Progress(tmp_path))
        assert str(refused.value) == (
            f".venv is a link to {theirs}, whose environment is not this checkout's; remove the link"
        )
        assert (theirs / "bin" / "python").exists()

    def test_is_known_in_the_next_run(self, checkout: Environment):
        assert list(checkout.missing(["aws"])) == ["base", "aws", "project"]
        self.mark_installed(checkout, "aws")
        assert Environment(checkout.root).missing(["aws"]) == {}
        assert list(checkout.missing(["test"])) == ["test"]

    def test_counts_for_nothing_under_another_python(self, checkout: Environment, monkeypatch):
        self.mark_installed(checkout)
        monkeypatch.setattr(environment.platform, "python_version", lambda: "3.99.0")
        assert list(checkout.missing([])) == ["base", "project"]

    def test_counts_for_nothing_when_the_checkout_has_moved(self, checkout: Environment, tmp_path: Path):
        self.mark_installed(checkout)
        moved = checkout.root.rename(tmp_path.parent / f"{tmp_path.name}-moved")
        assert list(Environment(moved).missing([])) == ["base", "project"]

    def test_counts_for_nothing_when_its_interpreter_is_gone(self, checkout: Environment):
        self.mark_installed(checkout)
        checkout.python.unlink()
        assert list(checkout.missing([])) == ["base", "project"]

    def test_is_forgotten_when_the_stamp_is_damaged(self, checkout: Environment):
        self.mark_installed(checkout)
        checkout._stamp.write_text("{", encoding="utf-8")
        assert list(checkout.missing([])) == ["base", "project"]


class TestAVersion:
    @pytest.mark.parametrize(
        ("text", "version"),
        [
            ("v3.259.0\n", (3, 259, 0)),
            ("3.238.1-alpha.1700000000+abc", (3, 238, 1)),
            ("go1.26\n", (1, 26, 0)),
            ("go1.25.11", (1, 25, 11)),
            ("", None),
            ("pulumi: command not found", None),
        ],
    )
    def test_is_read_from_what_the_tool_prints(self, text, version):
        assert versions.parse(text) == version

    def test_is_pinned_in_go_mod_and_nowhere_else(self):
        pinned = versions.cli_version()
        assert re.fullmatch(r"v3\.\d+\.\d+", pinned)
        for script in [*(ROOT / "tools").rglob("*.py"), ROOT / "Makefile", ROOT / ".ci" / "run"]:
            assert pinned.removeprefix("v") not in script.read_text(encoding="utf-8"), script

    def test_that_is_pinned_would_itself_be_accepted(self):
        version = versions.parse(versions.cli_version())
        assert version is not None
        assert pulumi_cli.unusable(version, has_host=True) is None

    def test_is_found_in_a_block_and_in_a_line_of_its_own(self):
        assert versions.required("a/b", "require (\n\ta/b/c v0.1.0\n\ta/b v1.2.3 // indirect\n)\n") == "v1.2.3"
        assert versions.required("a/b", "require a/b v1.2.4\n") == "v1.2.4"

    def test_that_go_mod_lacks_is_an_error(self):
        with pytest.raises(SetupError, match="requires no a/b"):
            versions.required("a/b", "require a/b/c v1.2.4\n")


def fake_pulumi(folder: Path, says: str, *, host: bool = True) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    command = folder / "pulumi"
    command.write_text(f"#!/bin/sh\necho {says}\n", encoding="utf-8")
    command.chmod(0o755)
    if host:
        (folder / "pulumi-language-python").touch()
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for the CLI is a shell script")
class TestThePulumiCli:
    @pytest.fixture(autouse=True)
    def nothing_of_this_machine(self, tmp_path: Path, monkeypatch):
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        monkeypatch.setenv("PATH", str(tmp_path / "path"))

    def test_on_path_is_used_when_it_is_new_enough(self, tmp_path: Path):
        folder = fake_pulumi(tmp_path / "path", "v3.238.0")
        assert pulumi_cli.find() == (folder, "using the Pulumi CLI 3.238.0 on PATH")

    def test_on_path_is_passed_over_when_it_is_too_old(self, tmp_path: Path):
        fake_pulumi(tmp_path / "path", "v3.237.9")
        assert pulumi_cli.find() == (None, "the Pulumi CLI on PATH is 3.237.9, older than 3.238.0")

    def test_on_path_is_passed_over_when_it_cannot_run_python(self, tmp_path: Path):
        fake_pulumi(tmp_path / "path", "v3.259.0", host=False)
        assert pulumi_cli.find() == (None, "the Pulumi CLI on PATH comes without pulumi-language-python")

    def test_on_path_is_passed_over_when_it_does_not_run(self, tmp_path: Path):
        (fake_pulumi(tmp_path / "path", "v3.259.0") / "pulumi").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
        assert pulumi_cli.find() == (None, "the Pulumi CLI on PATH does not say its version")

    def test_of_an_earlier_run_serves_where_path_has_none(self):
        folder = fake_pulumi(pulumi_cli.built_folder() / "bin", "v0.0.0")
        assert pulumi_cli.find()[0] == folder

    def test_appears_in_the_cache_only_when_it_is_complete(self):
        def fail_halfway() -> None:
            with pulumi_cli._becoming(pulumi_cli.built_folder()) as new:
                fake_pulumi(new / "bin", "v0.0.0")
                assert pulumi_cli.find()[0] is None
                raise SetupError("stopped")

        with pytest.raises(SetupError, match="stopped"):
            fail_halfway()
        assert list(pulumi_cli.cache_folder().iterdir()) == []

    def test_that_another_checkout_has_just_put_there_is_as_good(self):
        with pulumi_cli._becoming(pulumi_cli.built_folder()) as new:
            fake_pulumi(new / "bin", "v0.0.0")
            fake_pulumi(pulumi_cli.built_folder() / "bin", "v0.0.1")
        assert pulumi_cli.version_of(pulumi_cli.built_folder() / "bin" / "pulumi") == (0, 0, 1)

    def test_without_any_source_is_an_error_that_says_what_to_install(self):
        said = pulumi_cli.no_way_out("name not known")
        assert "3.238.0" in said
        assert "(name not known)" in said
        assert f"Go {versions.show(versions.go_needed())} or newer" in said


class TestAStep:
    def test_that_fails_shows_the_end_of_its_log_and_where_it_lies(self, tmp_path: Path):
        lines = "for i in range(99): print('line', i)"
        with Progress(tmp_path) as steps, pytest.raises(StepError) as failed:
            steps.run("compiling", [sys.executable, "-c", f"{lines}\nraise SystemExit(3)"])
        assert str(failed.value).startswith("compiling: failed with exit code 3\n")
        assert "line 98" in str(failed.value)
        assert "line 9\n" not in str(failed.value)
        assert str(tmp_path / "compiling.log") in str(failed.value)

    def test_that_takes_too_long_is_ended(self, tmp_path: Path):
        with Progress(tmp_path) as steps, pytest.raises(StepError, match=r"took longer than 0 s") as failed:
            steps.run("waiting", [sys.executable, "-c", "import time; time.sleep(60)"], timeout=0.2)
        assert failed.value.timed_out

    def test_is_ended_with_its_children_when_the_set_up_is_left(self, tmp_path: Path):
        beat = tmp_path / "beat"
        failures: list[StepError] = []

        def wait() -> None:
            try:
                steps.run("waiting", ["sh", "-c", f"(while :; do echo >>{beat}; sleep 0.02; done) & wait"])
            except StepError as error:
                failures.append(error)

        with Progress(tmp_path) as steps:
            thread = threading.Thread(target=wait)
            thread.start()
            while not beat.exists():
                time.sleep(0.01)
        thread.join(10)
        assert len(failures) == 1
        beats = beat.stat().st_size
        time.sleep(0.2)
        assert beat.stat().st_size == beats

    def test_that_is_running_is_named_with_its_time_again_and_again(self, tmp_path: Path, monkeypatch, capsys):
        monkeypatch.setattr(progress, "QUIET_INTERVAL", 0.05)
        monkeypatch.setattr(progress, "QUIET_AT_FIRST", 0.0)
        with Progress(tmp_path) as steps:
            steps.run("compiling", [sys.executable, "-c", "import time; time.sleep(0.5)"])
        said = capsys.readouterr().out.splitlines()
        assert said[0] == "compiling ..."
        assert said.count("compiling: 0 s") >= 2

    def test_says_how_far_it_is_where_its_log_tells(self, tmp_path: Path, monkeypatch, capsys):
        monkeypatch.setattr(progress, "QUIET_INTERVAL", 0.05)
        monkeypatch.setattr(progress, "QUIET_AT_FIRST", 0.0)
        program = "import time; print('go: downloading x\\nfmt\\nos', flush=True); time.sleep(0.5)"
        with Progress(tmp_path) as steps:
            how_far = progress.counted("^(?!go: ).", "packages", 1683)
            steps.run("compiling", [sys.executable, "-c", program], how_far=how_far)
        assert "compiling: 0 s, 2 of at most 1,683 packages" in capsys.readouterr().out.splitlines()
