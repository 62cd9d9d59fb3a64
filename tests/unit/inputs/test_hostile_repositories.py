"""Attacks by repositories: their content tries to run a command or to hide a change.

Each attack runs `touched` and `diff` with the real git, and checks that no command ran and that the change is reported.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livekit_firewall.cli.group import main
from livekit_firewall.inputs import work_tree as checks
from livekit_firewall.inputs.git import SETTINGS, environment
from livekit_firewall.inputs.revisions import changed_files, parse_span, trees
from livekit_firewall.inputs.work_tree import work_tree
from livekit_firewall.model.errors import ConfigurationError

from ..git_repository import ALONE, Repository
from ..strategies import LENGTH

CLOSED = "config:\n  livekit-firewall:operators: {cidrs: [203.0.113.0/24]}\n"
OPENED = "config:\n  livekit-firewall:operators: {cidrs: [203.0.113.0/24, 0.0.0.0/1]}\n"
PROJECT = {
    "infra/Pulumi.yaml": "name: livekit-firewall\nruntime: python\n",
    "infra/Pulumi.prod.yaml": CLOSED,
    "infra/__main__.py": "1",
}
STACK = "infra/Pulumi.prod.yaml"


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ALONE.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def ran(tmp_path: Path) -> Path:
    """The file that an attack's command creates."""
    return tmp_path / "ran"


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    made = Repository(tmp_path_factory.mktemp("repository"))
    made.commit(PROJECT)
    made.git("checkout", "--quiet", "-b", "change")
    made.commit({STACK: OPENED})
    return made


@pytest.fixture
def repository(tmp_path: Path, harmless: Repository, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository: SSH is open to the operators on main, and to half the internet on the branch `change`."""
    made = harmless.copy(tmp_path / "clone")
    monkeypatch.chdir(made.path / "infra")
    return made


class Output:
    def __init__(self, code: object, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def run_command(capsys: pytest.CaptureFixture[str]) -> Callable[..., Output]:
    def call(*arguments: str) -> Output:
        with pytest.raises(SystemExit) as stopped:
            main(list(arguments))
        captured = capsys.readouterr()
        return Output(stopped.value.code, captured.out, captured.err)

    return call


BOTH = (("touched", "main...HEAD"), ("diff", "main...HEAD", "--stack", "prod"))


def assert_true(run_command: Callable[..., Output], new: str = "HEAD") -> None:
    """Asserts that both commands report the truth: the stack is touched, and its access is wider."""
    output = run_command("touched", f"main...{new}")
    assert (output.code, output.out) == (0, "prod\n"), output.err
    output = run_command("diff", f"main...{new}", "--stack", "prod", "--json")
    assert output.code == 0, output.err
    assert json.loads(output.out)["verdict"] == "wider"


def assert_refused(run_command: Callable[..., Output], *words: str) -> None:
    for command in BOTH:
        output = run_command(*command)
        assert (output.code, output.out) == (2, ""), command
        for word in words:
            assert word in output.err, (command, output.err)
        assert "Traceback" not in output.err


def test_the_change_is_reported_without_an_attack(repository: Repository, run_command: Callable[..., Output]) -> None:
    assert_true(run_command)


def forge(repository: Repository, ran: Path, at: str = "infra") -> Path:
    """Writes a bare repository into a folder of the work tree: its history has no change, objects are missing, and git
    would fetch them from a remote by a command."""
    made = Repository(repository.path.parent / "forged")
    made.commit({"Pulumi.yaml": PROJECT["infra/Pulumi.yaml"], "Pulumi.prod.yaml": OPENED})
    blob = made.git("rev-parse", "HEAD:Pulumi.prod.yaml")
    (made.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    folder = repository.path / at
    for name in ("HEAD", "objects", "refs"):
        source = made.path / ".git" / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    for one in ("refs/tags", "objects/info", "objects/pack"):  # git keeps no empty folders, and needs none of these
        shutil.rmtree(folder / one, ignore_errors=True)
    (folder / "config").write_text(
        "[core]\n\trepositoryformatversion = 1\n\tbare = false\n\tworktree = .\n"
        f"\tfsmonitor = {program(ran)}\n\thooksPath = .\n"
        '[extensions]\n\tpartialClone = origin\n[remote "origin"]\n\turl = .\n\tpromisor = true\n'
        f"\tuploadpack = {program(ran)} #\n"
    )
    return folder


def program(ran: Path) -> Path:
    made = ran.with_suffix(".sh")
    made.write_text(f"#!/bin/sh\necho ran >> {ran}\nexit 1\n")
    made.chmod(0o755)
    return made


@pytest.mark.parametrize("is_tracked", [True, False])
@pytest.mark.parametrize("is_known_to_git", [True, False])
def test_a_bare_repository_among_the_files_is_refused(
    repository: Repository,
    ran: Path,
    run_command: Callable[..., Output],
    monkeypatch: pytest.MonkeyPatch,
    is_tracked: bool,
    is_known_to_git: bool,
) -> None:
    folder = forge(repository, ran)
    if is_tracked:
        repository.git("--git-dir=.git", "--work-tree=.", "add", "--all", "--force")
        repository.git("--git-dir=.git", "--work-tree=.", "commit", "--quiet", "--message", "evil")
    # git before 2.38 has no safe.bareRepository, so only our own check protects
    if not is_known_to_git:
        others = tuple(one for one in SETTINGS if "bareRep" not in one)
        monkeypatch.setattr("livekit_firewall.inputs.git.SETTINGS", others)
    assert_refused(run_command, str(folder), "must not be a git directory as well", "compare two folders")
    assert not ran.exists()


def test_git_alone_refuses_it_as_well(repository: Repository, ran: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forge(repository, ran)
    monkeypatch.setattr(checks, "is_git_directory", lambda _: False)
    with pytest.raises(ConfigurationError, match="bare repository"):
        parse_span("main...HEAD", repository.path / "infra")
    assert not ran.exists()


@pytest.mark.matrix
@pytest.mark.parametrize("below", ["", "deep", "deep/er"])
@pytest.mark.parametrize("shape", ["whole", "commondir", "link"])
def test_whatever_its_shape_and_wherever_below_it_the_command_runs(
    repository: Repository,
    ran: Path,
    run_command: Callable[..., Output],
    monkeypatch: pytest.MonkeyPatch,
    below: str,
    shape: str,
) -> None:
    folder = forge(repository, ran)
    if shape == "commondir":  # as in the git directory of a worktree, whose other files are elsewhere
        (repository.path / "else").mkdir()
        for name in ("objects", "refs", "config"):
            shutil.move(folder / name, repository.path / "else" / name)
        (folder / "commondir").write_text("../else\n")
    if shape == "link":
        (folder / "HEAD").unlink()
        (folder / "HEAD").symlink_to("refs/heads/main")
    (folder / below).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(folder / below)
    assert_refused(run_command, str(folder))
    assert not ran.exists()


def test_a_folder_reached_by_a_link_is_the_folder_it_leads_to(
    repository: Repository, ran: Path, run_command: Callable[..., Output], monkeypatch: pytest.MonkeyPatch
) -> None:
    link = repository.path.parent / "link"
    link.symlink_to(repository.path / "infra")
    monkeypatch.chdir(link)
    monkeypatch.setenv("PWD", str(link))
    assert_true(run_command)
    forge(repository, ran)
    assert_refused(run_command, "must not be a git directory as well")
    assert not ran.exists()


def test_files_that_only_resemble_one_are_files(repository: Repository, run_command: Callable[..., Output]) -> None:
    repository.commit({"infra/HEAD": "1", "infra/config": "1", "infra/objects/a": "1", "infra/docs/refs": "1"})
    assert_true(run_command)


class TestAGitDirectory:
    """Git does not commit a `.git`, but a job's cache, an archive or a build step can write one."""

    def plant(self, repository: Repository, ran: Path) -> None:
        folder = forge(repository, ran, "infra")
        (folder / ".git").mkdir()
        for name in ("HEAD", "objects", "refs", "config"):
            shutil.move(folder / name, folder / ".git" / name)
        text = (folder / ".git/config").read_text()
        (folder / ".git/config").write_text(text.replace("worktree = .", "").replace("= 1\n\tbare", "= 1\n\tbare"))

    def test_where_another_repository_has_files_is_refused(
        self, repository: Repository, ran: Path, run_command: Callable[..., Output]
    ) -> None:
        self.plant(repository, ran)
        assert_refused(run_command, "must not be where the repository", str(repository.path))
        assert not ran.exists()

    def test_that_a_file_git_names_among_the_files_is_refused(
        self, repository: Repository, ran: Path, run_command: Callable[..., Output]
    ) -> None:
        (repository.path / "evil").mkdir()
        forge(repository, ran, "evil")
        (repository.path / "infra/.git").write_text("gitdir: ../evil\n")
        config = repository.path / "evil/config"
        config.write_text(config.read_text().replace("worktree = .", "worktree = ../infra"))
        assert_refused(run_command, "a git directory must not lie among the files of a work tree", "evil")
        assert not ran.exists()

    def test_that_is_invalid_does_not_lead_to_the_one_above(
        self, repository: Repository, run_command: Callable[..., Output]
    ) -> None:
        (repository.path / "infra/.git").mkdir()
        assert_refused(run_command, "must be the repository around")

    def test_whose_worktree_lies_elsewhere_is_refused(
        self, repository: Repository, tmp_path: Path, run_command: Callable[..., Output]
    ) -> None:
        repository.git("config", "core.worktree", str(tmp_path))
        assert_refused(run_command, "must be the repository around", "core.worktree")

    def test_whose_objects_lie_among_the_files_is_refused(
        self, repository: Repository, run_command: Callable[..., Output]
    ) -> None:
        (repository.path / "objects").mkdir()
        (repository.path / ".git/objects/info/alternates").write_text("../../objects\n")
        assert_refused(run_command, "a git directory must not lie among the files of a work tree")

    @pytest.mark.parametrize("kind", ["pipe", "large"])
    def test_whose_list_of_other_objects_cannot_be_read_is_refused(
        self, repository: Repository, run_command: Callable[..., Output], kind: str
    ) -> None:
        alternates = repository.path / ".git/objects/info/alternates"
        if kind == "pipe":
            os.mkfifo(alternates)
        else:
            alternates.write_text("# nothing\n" * 20_000)
        assert_refused(run_command, "alternates", "must be")

    def test_of_a_clone_with_a_reference_is_read(
        self,
        repository: Repository,
        tmp_path: Path,
        run_command: Callable[..., Output],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        subprocess.run(
            ["git", "clone", "--quiet", "--shared", "--branch=change", repository.path, tmp_path / "shared"],
            check=True,
            capture_output=True,
        )
        Repository(tmp_path / "shared", cloned=True).git("branch", "main", "origin/main")
        monkeypatch.chdir(tmp_path / "shared/infra")
        assert_true(run_command)

    def test_of_a_linked_worktree_is_read_wherever_it_lies(
        self,
        repository: Repository,
        tmp_path: Path,
        run_command: Callable[..., Output],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        for number, place in enumerate((tmp_path / "beside", repository.path / ".worktrees/inside")):
            repository.git("worktree", "add", "--quiet", "-b", f"w{number}", str(place), "change")
            monkeypatch.chdir(place / "infra")
            assert_true(run_command)

    def test_of_worktrees_of_a_bare_repository_is_read(
        self,
        repository: Repository,
        tmp_path: Path,
        run_command: Callable[..., Output],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """A usual layout: a bare repository `.bare`, and a file `.git` in the same folder that names it."""
        around = tmp_path / "around"
        around.mkdir()
        subprocess.run(
            ["git", "clone", "--quiet", "--bare", repository.path, around / ".bare"], check=True, capture_output=True
        )
        (around / ".git").write_text("gitdir: ./.bare\n")
        Repository(around, cloned=True).git("worktree", "add", "--quiet", "--detach", "main", "change")
        monkeypatch.chdir(around / "main/infra")
        assert_true(run_command)

    def test_of_a_submodule_is_read(
        self,
        repository: Repository,
        tmp_path: Path,
        run_command: Callable[..., Output],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        outer = Repository(tmp_path / "outer")
        outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(repository.path), "inner")
        outer.commit({"README.md": "1"})
        Repository(outer.path / "inner", cloned=True).git("branch", "main", "origin/main")
        monkeypatch.chdir(outer.path / "inner/infra")
        assert_true(run_command)

    def test_of_a_clone_in_a_folder_that_nobody_tracks_is_read(
        self, tmp_path: Path, repository: Repository, run_command: Callable[..., Output]
    ) -> None:
        Repository(tmp_path).commit({".gitignore": "clone\n", "dotfile": "1"})
        assert_true(run_command)

    def test_of_a_clone_below_a_git_folder_that_is_none_is_read(
        self, tmp_path: Path, repository: Repository, run_command: Callable[..., Output]
    ) -> None:
        (tmp_path / ".git").mkdir()
        assert_true(run_command)


VARIABLES = {
    "GIT_DIR": "{evil}",
    "GIT_WORK_TREE": "{evil}",
    "GIT_COMMON_DIR": "{evil}",
    "GIT_INDEX_FILE": "{evil}/index",
    "GIT_OBJECT_DIRECTORY": "{evil}/objects",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES": "{evil}/objects",
    "GIT_NAMESPACE": "evil",
    "GIT_REPLACE_REF_BASE": "refs/evil",
    "GIT_SHALLOW_FILE": "{evil}/shallow",
    "GIT_GRAFT_FILE": "{evil}/grafts",
    "GIT_EXTERNAL_DIFF": "{program}",
    "GIT_SSH": "{program}",
    "GIT_SSH_COMMAND": "{program}",
    "GIT_PAGER": "{program}",
    "GIT_ASKPASS": "{program}",
    "GIT_PROXY_COMMAND": "{program}",
    "GIT_CONFIG": "{evil}/config",
    "GIT_CONFIG_PARAMETERS": "'core.fsmonitor'='{program}'",
    "GIT_ATTR_SOURCE": "HEAD",
    "GIT_PREFIX": "evil/",
    "GIT_LITERAL_PATHSPECS": "0",
    "GIT_ICASE_PATHSPECS": "1",
    "GIT_IMPLICIT_WORK_TREE": "0",
    "GIT_DEFAULT_HASH": "sha256",
    "GIT_TRACE": "{evil}/trace",
}


@pytest.mark.matrix
@pytest.mark.parametrize(
    ("command", "told"), [(BOTH[0], "prod\n"), (("touched", "main"), "prod\n"), (BOTH[1], "wider: ")]
)
@pytest.mark.parametrize("name", [*VARIABLES, "all"])
def test_no_variable_selects_another_repository_or_runs_anything(
    repository: Repository,
    ran: Path,
    run_command: Callable[..., Output],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    command: tuple[str, ...],
    told: str,
) -> None:
    evil = repository.path.parent / "evil"
    evil.mkdir()
    for one in VARIABLES if name == "all" else [name]:
        monkeypatch.setenv(one, VARIABLES[one].format(evil=evil, program=program(ran)))
    output = run_command(*command)
    assert (output.code, output.out[: len(told)]) == (0, told), output.err
    assert not ran.exists()
    assert list(evil.iterdir()) == []


def test_of_a_configuration_in_the_environment_only_the_trusted_folders_stay() -> None:
    given_ = {
        "PATH": "/bin", "GIT_CONFIG_COUNT": "3",
        "GIT_CONFIG_KEY_0": "core.fsmonitor", "GIT_CONFIG_VALUE_0": "evil",
        "GIT_CONFIG_KEY_1": "safe.directory", "GIT_CONFIG_VALUE_1": "*",
        "GIT_CONFIG_KEY_2": "include.path", "GIT_CONFIG_VALUE_2": "evil",
        "GIT_CONFIG_GLOBAL": "/home/a/.gitconfig",
    }  # fmt: skip
    found = environment(given_)
    assert found["GIT_CONFIG_COUNT"] == "1"
    assert (found["GIT_CONFIG_KEY_0"], found["GIT_CONFIG_VALUE_0"]) == ("safe.directory", "*")
    assert found["GIT_CONFIG_GLOBAL"] == "/home/a/.gitconfig"
    assert "evil" not in found.values()
    for text in ("", "x", "-1", "9999999"):
        assert "GIT_CONFIG_COUNT" not in environment({"GIT_CONFIG_COUNT": text})


PROGRAMS = (
    "core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "core.gitProxy", "core.askPass",
    "core.alternateRefsCommand", "diff.external", "diff.evil.textconv", "diff.evil.command", "filter.evil.clean",
    "filter.evil.smudge", "filter.evil.process", "merge.evil.driver", "gpg.program", "pager.diff", "pager.ls-tree",
    "alias.ls-tree", "alias.rev-parse", "uploadpack.packObjectsHook", "remote.origin.uploadpack", "remote.origin.vcs",
    "credential.helper", "trailer.evil.command", "interactive.diffFilter", "submodule.sub.update",
)  # fmt: skip


def test_no_setting_attribute_or_hook_runs_anything(
    repository: Repository, ran: Path, run_command: Callable[..., Output]
) -> None:
    """The commands are in the repository's own configuration, the attributes in the pull request."""
    repository.write({
        ".gitattributes": "* filter=evil diff=evil merge=evil export-ignore ident working-tree-encoding=UTF-16\n",
        ".gitmodules": f'[submodule "sub"]\n\tpath = sub\n\turl = ext::{program(ran)}\n\tupdate = !{program(ran)}\n',
    })  # fmt: skip
    blobs = {
        name: repository.git("hash-object", "-w", "--no-filters", name) for name in (".gitattributes", ".gitmodules")
    }
    for name, blob in blobs.items():
        repository.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{name}")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},sub")
    tree = repository.git("write-tree")
    commit = repository.git("commit-tree", tree, "-p", "HEAD", "-m", "evil")
    for name in PROGRAMS:
        value = str(program(ran))
        repository.git("config", name, f"!{value}" if name.startswith(("alias.", "submodule.")) else value)
    repository.git("config", "filter.evil.required", "true")
    hooks = repository.path / ".git/hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-index-change", "reference-transaction", "post-checkout", "fsmonitor-watchman", "pre-auto-gc"):
        shutil.copy(program(ran), hooks / name)
    (repository.path / ".git/info/attributes").write_text("* filter=evil diff=evil\n")
    assert_true(run_command, commit)
    assert run_command("touched", "main").out == "prod\n"
    assert json.loads(run_command("diff", "main", "--stack", "prod", "--json").out)["verdict"] == "wider"
    assert not ran.exists()


def test_what_a_partial_clone_lacks_is_not_fetched(
    repository: Repository, ran: Path, run_command: Callable[..., Output]
) -> None:
    blob = repository.git("rev-parse", f"HEAD:{STACK}")
    (repository.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    for name, value in {
        "core.repositoryFormatVersion": "1", "extensions.partialClone": "origin", "remote.origin.promisor": "true",
        "remote.origin.url": ".", "remote.origin.uploadpack": str(program(ran)), "protocol.file.allow": "always",
        "protocol.ext.allow": "always",
    }.items():  # fmt: skip
        repository.git("config", name, value)
    output = run_command(*BOTH[1])
    assert (output.code, output.out) == (2, "")
    assert "main...HEAD" in output.err
    for url in (".", f"ext::{program(ran)}", "ssh://localhost/x", f"{program(ran).name}::x"):
        repository.git("config", "remote.origin.url", url)
        assert run_command(*BOTH[1]).code == 2
    assert not ran.exists()


class TestWhatHidesAChange:
    def test_flags_of_the_index_do_not(self, repository: Repository, run_command: Callable[..., Output]) -> None:
        repository.git("checkout", "--quiet", "main")
        repository.git("update-index", "--assume-unchanged", STACK)
        repository.git("update-index", "--skip-worktree", "infra/__main__.py")
        repository.write({STACK: OPENED, "infra/__main__.py": "2"})
        assert changed_files(parse_span("main")) == {STACK, "infra/__main__.py"}

    def test_a_sparse_checkout_is_no_change(self, repository: Repository) -> None:
        repository.commit({"large/a": "1", "large/b": "1"})
        repository.git("sparse-checkout", "set", "infra")
        assert not (repository.path / "large").exists()
        assert changed_files(parse_span("HEAD")) == frozenset()
        assert changed_files(parse_span("main")) == {STACK, "large/a", "large/b"}

    def test_a_filter_does_not(self, repository: Repository) -> None:
        repository.git("config", "filter.same.clean", f"git show main:{STACK}")
        (repository.path / ".git/info/attributes").write_text(f"{STACK} filter=same\n")
        assert changed_files(parse_span("main")) == {STACK}

    def test_replaced_objects_do_not(self, repository: Repository, run_command: Callable[..., Output]) -> None:
        repository.git("replace", "HEAD", "main")
        assert_true(run_command)

    def test_grafts_do_not(self, repository: Repository, run_command: Callable[..., Output]) -> None:
        """With grafts, main would no longer be an ancestor of HEAD, or HEAD would be an ancestor of main."""
        (repository.path / ".git/info/grafts").write_text(
            f"{repository.git('rev-parse', 'main')} {repository.git('rev-parse', 'HEAD')}\n"
        )
        assert_true(run_command)

    def test_a_tag_with_the_name_of_the_branch_is_refused(
        self, repository: Repository, run_command: Callable[..., Output]
    ) -> None:
        """Otherwise anyone who may push a tag could choose the base of the comparison."""
        repository.git("tag", "main", "change")
        assert_refused(run_command, "must name one commit, not a tag and a branch", "refs/heads/main")
        assert run_command("touched", "refs/heads/main...HEAD").out == "prod\n"

    def test_an_object_with_another_content_is_refused(
        self, repository: Repository, run_command: Callable[..., Output]
    ) -> None:
        new, old = (repository.git("rev-parse", f"{one}:{STACK}") for one in ("HEAD", "main"))
        objects = repository.path / ".git/objects"
        (objects / new[:2] / new[2:]).unlink()
        shutil.copy(objects / old[:2] / old[2:], objects / new[:2] / new[2:])
        output = run_command(*BOTH[1])
        assert (output.code, output.out) == (2, "")
        assert "another hash" in output.err or "incomplete" in output.err

    def test_a_submodule_counts_with_what_is_changed_in_it(self, repository: Repository, tmp_path: Path) -> None:
        other = Repository(tmp_path / "other")
        other.commit({"a": "1"})
        repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.path), "sub")
        repository.commit({})
        assert changed_files(parse_span("HEAD")) == frozenset()
        (repository.path / "sub/a").write_text("2")
        assert changed_files(parse_span("HEAD")) == {"sub"}
        repository.git("submodule", "--quiet", "deinit", "--force", "sub")
        assert changed_files(parse_span("HEAD")) == frozenset()


NAMES = st.sampled_from(["a", "b", "d/a", "d/e/b", "ü x"])
TEXTS = st.sampled_from(["", "1", "1\n", "1\r\n", "$Id: x$", "2"])


@settings(max_examples=5 * LENGTH, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(NAMES, TEXTS, max_size=4),
    st.dictionaries(NAMES, TEXTS, max_size=4),
    st.sampled_from(["", "* text=auto eol=lf\n", "* ident\n", "* -text\n"]),
)
def test_reported_changes_are_the_real_differences(
    tmp_path_factory: pytest.TempPathFactory, old: dict[str, str], new: dict[str, str], attributes: str
) -> None:
    """For a commit and for the working tree, with any attributes: the expectation compares the bytes."""
    made = Repository(tmp_path_factory.mktemp("any"))
    (made.path / ".git/info/attributes").write_text(attributes)
    first = made.commit({})
    blobs = {
        name: made.git("hash-object", "-w", "--stdin", "--no-filters", stdin=text.encode())
        for name, text in old.items()
    }
    for name, blob in blobs.items():
        made.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{name}")
    before = made.git("commit-tree", made.git("write-tree"), "-p", first, "-m", "old")
    for name, text in new.items():
        path = made.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    differs = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    assert changed_files(parse_span(before, made.path)) == differs
    with trees(parse_span(f"{first}..{before}", made.path), made.path) as (_, written):
        assert {
            p.relative_to(written).as_posix(): p.read_bytes().decode() for p in written.rglob("*") if p.is_file()
        } == old


@pytest.mark.parametrize("names", [["HEAD"], ["HEAD", "objects"], ["HEAD", "refs"], ["objects", "refs", "config"]])
def test_a_folder_is_none_unless_git_could_take_it_for_one(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / name).mkdir()
    assert not checks.is_git_directory(tmp_path)


def test_a_folder_in_no_repository_and_one_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="must be in a git repository"):
        work_tree("main", tmp_path)
    with pytest.raises(ConfigurationError, match="must be a folder"):
        work_tree("main", tmp_path / "missing")


def test_the_fake_repository_is_one_that_an_unguarded_git_follows(repository: Repository, ran: Path) -> None:
    """Otherwise the tests above would prove nothing."""
    folder = forge(repository, ran)
    done = subprocess.run(
        ["git", "-c", "safe.bareRepository=all", "cat-file", "--batch"],
        cwd=folder,
        input=b"HEAD:Pulumi.prod.yaml\n",
        env={name: value for name, value in os.environ.items() if name != "GIT_NO_LAZY_FETCH"},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode in (0, 128)
    assert ran.exists()
