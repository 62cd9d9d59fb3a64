"""Two revisions of a repository, read by git alone: no file outside is read, none is hidden, nothing is executed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from livekit_firewall.inputs import revisions
from livekit_firewall.inputs.revisions import Span, changed_files, parse_span, trees
from livekit_firewall.model.errors import ConfigurationError

from ..git_repository import ALONE, Repository


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ALONE.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="module")
def branched(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    made = Repository(tmp_path_factory.mktemp("repository"))
    made.commit({"a.yaml": "1", "sub/b.yaml": "1"})
    made.git("branch", "change")
    made.commit({"a.yaml": "2"})
    made.git("checkout", "--quiet", "change")
    made.commit({"sub/b.yaml": "2", "new.yaml": "1"})
    return made


@pytest.fixture
def repository(tmp_path: Path, branched: Repository, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository: main has the commits one and two; the branch `change` starts at one."""
    made = branched.copy(tmp_path / "repository")
    monkeypatch.chdir(made.path)
    return made


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.parts
    }


def refused(text: str, folder: Path | None = None) -> str:
    with pytest.raises(ConfigurationError) as caught:
        parse_span(text, folder)
    return str(caught.value).partition("\n")[2].strip()


def test_three_dots_begin_where_the_branch_left(repository: Repository) -> None:
    one, two, change = (repository.git("rev-parse", name) for name in ("main~1", "main", "change"))
    assert parse_span("main...change") == Span("main...change", one, change, repository.path)
    assert parse_span("main..change") == Span("main..change", two, change, repository.path)
    assert parse_span("main...") == Span("main...", one, change, repository.path)
    assert parse_span("..main") == Span("..main", change, two, repository.path)
    assert parse_span("main") == Span("main", two, None, repository.path)
    assert changed_files(parse_span("main...change")) == {"sub/b.yaml", "new.yaml"}
    assert changed_files(parse_span("main..change")) == {"a.yaml", "sub/b.yaml", "new.yaml"}


def test_the_trees_are_those_of_the_commits_and_are_gone_afterwards(repository: Repository) -> None:
    with trees(parse_span("main...change"), repository.path) as (old, new):
        assert files(old) == {"a.yaml": "1", "sub/b.yaml": "1"}
        assert files(new) == {"a.yaml": "1", "sub/b.yaml": "2", "new.yaml": "1"}
    assert not old.exists()
    assert not new.exists()


def test_one_revision_is_compared_with_the_working_tree(repository: Repository) -> None:
    repository.write({".gitignore": "ignored\n", "ignored": "1", "unknown.yaml": "1", "a.yaml": "9"})
    span = parse_span("change")
    assert changed_files(span) == {"a.yaml", "unknown.yaml", ".gitignore"}
    with trees(span, repository.path) as (old, new):
        assert new == repository.path
        assert (old / "a.yaml").read_text() == "1"


def test_a_folder_below_the_top_is_that_folder_in_both(repository: Repository) -> None:
    repository.commit({"later/c.yaml": "1"})
    with trees(parse_span("main...change", repository.path / "sub"), repository.path / "sub") as (old, new):
        assert (files(old), files(new)) == ({"b.yaml": "1"}, {"b.yaml": "2"})
        assert files(old.parent)["a.yaml"] == "1"
    with trees(parse_span("main...change"), repository.path / "later") as (old, new):
        assert not old.exists()
        assert files(new) == {"c.yaml": "1"}


def test_a_renamed_file_is_two_whatever_git_is_told_to_show(repository: Repository) -> None:
    repository.git("config", "diff.renames", "copies")
    repository.git("config", "diff.relative", "true")
    repository.git("mv", "sub/b.yaml", "sub/c.yaml")
    repository.commit({})
    assert changed_files(parse_span("HEAD~1..HEAD", repository.path / "sub")) == {"sub/b.yaml", "sub/c.yaml"}


def test_names_with_odd_characters_are_themselves(repository: Repository) -> None:
    odd = 'tab\tquote"line\nend ü.yaml'
    repository.commit({odd: "1"})
    span = parse_span("HEAD~1..HEAD")
    assert changed_files(span) == {odd}
    with trees(span, repository.path) as (_, new):
        assert (new / odd).read_text() == "1"


def test_attributes_neither_hide_a_file_nor_run_or_change_anything(repository: Repository) -> None:
    """With the attributes, `git archive` would omit the file, and a filter would run a command."""
    repository.git("config", "filter.evil.smudge", f"touch {repository.path}/ran")
    repository.git("config", "diff.evil.textconv", f"touch {repository.path}/ran")
    lines = "a.yaml export-ignore\nsub/b.yaml export-subst filter=evil diff=evil eol=crlf\n"
    repository.commit({".gitattributes": lines, "sub/b.yaml": "$Format:%H$\n"})
    span = parse_span("HEAD~1..HEAD")
    assert changed_files(span) == {".gitattributes", "sub/b.yaml"}
    with trees(span, repository.path) as (_, new):
        assert (new / "a.yaml").read_text() == "1"
        assert (new / "sub/b.yaml").read_bytes() == b"$Format:%H$\n"
    assert not (repository.path / "ran").exists()


def test_a_link_is_kept_only_if_it_stays_inside(repository: Repository) -> None:
    (repository.path.parent / "secret").write_text("canary")
    repository.commit({
        "inside": "-> sub/b.yaml",
        "sub/up": "-> ../a.yaml",
        "absolute": "-> /etc/hostname",
        "outside": "-> ../../secret",
        "deep/er/here": "-> .",
        # its `..` are relative to the target of the other link
        "by-way": "-> deep/er/here/here/here/here/../../../../../../secret",
        "loop": "-> loop",
        "chain": "-> outside",
    })  # fmt: skip
    with trees(parse_span("HEAD~1..HEAD"), repository.path) as (_, new):
        links = {path.name for path in new.rglob("*") if path.is_symlink()}
        assert (new / "inside").read_text() == "2"
        assert (new / "sub/up").read_text() == "1"
        # a path through a removed link no longer reaches a file
        assert links - {"chain"} == {"inside", "up", "here"}
        assert not (new / "chain").exists()


def test_paths_that_git_itself_would_not_make_are_left_out(repository: Repository) -> None:
    blob = repository.git("hash-object", "-w", "--stdin", stdin=b"evil")
    link = repository.git("hash-object", "-w", "--stdin", stdin=b"..")

    def tree(lines: list[str]) -> str:
        return repository.git("mktree", stdin="".join(f"{line}\n" for line in lines).encode())

    inner = tree([f"100644 blob {blob}\tescaped"])
    # a folder named `..`, one named `.git`, and a name that is both a link and a folder
    raw = b"".join(
        mode + b" " + name + b"\0" + bytes.fromhex(id_)
        for mode, name, id_ in (
            (b"40000", b"..", inner), (b"40000", b".git", inner), (b"120000", b"both", link),
            (b"40000", b"both", inner), (b"100644", b"good", blob),
        )
    )  # fmt: skip
    outer = repository.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=raw)
    commit = repository.git("commit-tree", outer, "-m", "evil")
    with trees(parse_span(f"change..{commit}"), repository.path) as (_, new):
        assert files(new) == {"good": "evil"}
        assert not (new.parent / "escaped").exists()


def test_a_large_file_is_left_out_and_a_large_tree_is_refused(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({"large": "x" * 101})
    span = parse_span("HEAD~1..HEAD")
    monkeypatch.setattr(revisions, "MAX_FILE", 100)
    with trees(span, repository.path) as (_, new):
        assert "large" not in files(new)
    for limit, value in (("MAX_FILES", 2), ("MAX_BYTES", 2)):
        with monkeypatch.context() as patched:
            patched.setattr(revisions, limit, value)
            with pytest.raises(ConfigurationError, match="compare the two folders"), trees(span, repository.path):
                pass


def test_an_unknown_revision_is_reported_with_the_remedy(repository: Repository, tmp_path: Path) -> None:
    assert refused("main...nowhere") == (
        "- main...nowhere: must name a commit that this clone has (got 'nowhere'); is it fetched? in GitHub Actions: "
        "fetch-depth: 0 for actions/checkout, in GitLab CI: GIT_DEPTH: 0"
    )
    assert refused("HEAD:a.yaml").startswith("- HEAD:a.yaml: must name a commit that this clone has")
    assert refused("a...b...c").startswith("- a...b...c: must be A...B, A..B or A")
    outside = tmp_path / "outside"
    outside.mkdir()
    assert refused("main", outside) == (
        f"- main: must be in a git repository (got {outside}); go into the clone, or compare two folders"
    )
    span = parse_span("main")
    with pytest.raises(ConfigurationError, match="must be a folder of the repository"), trees(span, outside):
        pass


@pytest.mark.parametrize("text", ["--output=x", "main...--all", "-", "a\nb", "x" * 300, "\x1b[31m"])
def test_options_and_control_characters_are_no_revisions(text: str, repository: Repository) -> None:
    message = refused(text)
    assert "must name a commit: a branch, a tag or a hash" in message
    assert message.isprintable()
    assert not (repository.path / "x").exists()


def test_a_shallow_clone_is_refused_with_the_remedy(repository: Repository, tmp_path: Path) -> None:
    subprocess.run(
        ["git", "clone", "--quiet", "--depth=1", "--no-single-branch", repository.path.as_uri(), tmp_path / "shallow"],
        check=True,
        capture_output=True,
    )
    shallow = Repository(tmp_path / "shallow", cloned=True)
    assert refused("origin/main...HEAD", shallow.path) == (
        "- origin/main...HEAD: must have the commit where both parted (got a shallow clone); fetch the history: "
        "fetch-depth: 0 for actions/checkout, GIT_DEPTH: 0 in GitLab CI, git fetch --unshallow"
    )


def test_histories_without_a_common_commit_are_refused(repository: Repository) -> None:
    other = repository.git("commit-tree", repository.git("rev-parse", "HEAD^{tree}"), "-m", "apart")
    assert "must have a commit in common (got two histories); compare them with two dots" in refused(f"main...{other}")


def test_a_missing_git_is_reported(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    assert refused("main") == "- main: needs the command git, which is not on PATH; install git"


def test_an_incomplete_clone_is_not_read_as_a_smaller_one(repository: Repository) -> None:
    blob = repository.git("rev-parse", "HEAD:a.yaml")
    (repository.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(ConfigurationError, match="incomplete"), trees(parse_span("main..change"), repository.path):
        pass
