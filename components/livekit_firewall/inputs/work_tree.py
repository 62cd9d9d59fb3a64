"""Finds the work tree of a folder, and refuses a git directory that is among the files of a work tree.

A pull request may commit the files of a bare repository (`HEAD`, `config`, `objects`, `refs`). In that folder, git
would use its history in place of the real one, and its configuration, which can name commands. Git has
`safe.bareRepository` against that since 2.38; this check does not depend on git's version.
"""

from __future__ import annotations

import os
from pathlib import Path

from .files import UnreadableError, read_bytes
from .git import Git, wrong

REMEDY = "take it out of there, or compare two folders: diff OLD NEW"


def work_tree(text: str, folder: Path) -> Path:
    """The top of the work tree that contains `folder`, with links resolved.

    Args:
        text: the revisions as the user wrote them, for messages.

    Raises:
        ConfigurationError: `folder` is in no work tree; `folder` or a parent is a folder that git would read as a
            bare repository; git reports another top; the git directory or its objects are among the files of a work
            tree; or another repository tracks files in the repository's folder.
    """
    if not folder.is_dir():
        raise wrong(text, str(folder), "must be a folder")
    top = _nearest(text, folder.resolve())
    git = Git(text, folder)
    named, common, own = _folders(git)
    if named.resolve() != top:
        expected = f"must be the repository around {folder}"
        raise wrong(text, str(named), expected, "does core.worktree lead elsewhere?")
    for one in (own.resolve(), common.resolve(), *_objects(text, common.resolve())):
        if _is_content(one, top):
            raise wrong(text, str(one), "a git directory must not lie among the files of a work tree", REMEDY)
    _refuse_nested(text, top)
    return top


def _folders(git: Git) -> list[Path]:
    """The top of the work tree, the git directory that work trees share, and the work tree's own git directory."""
    options = ("--show-toplevel", "--git-common-dir", "--absolute-git-dir")
    lines = git.line("rev-parse", *options).split("\n")
    if len(lines) != len(options):  # a path with a line feed
        lines = [git.line("rev-parse", one) for one in options]
    return [git.folder / one for one in lines]


def _nearest(text: str, folder: Path) -> Path | None:
    """The nearest folder upwards with `.git`; None without one.

    In each folder git looks for `.git` first, then whether the folder itself is a git directory, which is refused.
    """
    for one in (folder, *folder.parents):
        if os.path.lexists(one / ".git"):
            return one
        if is_git_directory(one):
            raise wrong(text, str(one), "a folder of files must not be a git directory as well", REMEDY)
    return None


def is_git_directory(folder: Path) -> bool:
    """Whether git may read the folder itself as a repository (setup.c, is_git_directory), valid or not."""
    there = [os.path.lexists(folder / name) for name in ("HEAD", "commondir", "objects", "refs")]
    return there[0] and (there[1] or all(there[2:]))


def _objects(text: str, common: Path) -> list[Path]:
    """The folders from which objects are read, including those in `info/alternates`."""
    found = [(common / "objects").resolve()]
    for folder in found:
        file = folder / "info/alternates"
        if not os.path.exists(file):  # noqa: PTH110 (Path.exists raises where the folder may not be searched)
            continue
        try:
            lines = read_bytes(file, 100_000).splitlines()
        except UnreadableError as error:
            raise wrong(text, str(file), f"{error.expected} ({error.got})", error.hint) from None
        named = [os.fsdecode(line) for line in lines if line and not line.startswith(b"#") and b"\0" not in line]
        found += [one for name in named if (one := (folder / name).resolve()) not in found and len(found) < 100]
    return found


def _is_content(directory: Path, top: Path) -> bool:
    """Whether a git directory is among the files of a work tree, tracked or not, and not within its `.git`."""
    for around in directory.parents:
        link = around / ".git"
        if not os.path.lexists(link):
            continue
        if link == directory or link in directory.parents:
            return False
        # A bare repository in a folder of work trees, which has a `.git` file that names it: not a work tree itself.
        named = _named(link)
        return around == top or named is None or (named != directory and named not in directory.parents)
    return False


def _named(link: Path) -> Path | None:
    """The folder that a file `.git` names; None if it names none, or is no file."""
    try:
        text = os.fsdecode(read_bytes(link, 10_000))
    except UnreadableError:
        return None
    key, _, path = text.partition("gitdir:")
    return (link.parent / path.strip("\r\n ")).resolve() if not key and path.strip() and "\0" not in path else None


def _refuse_nested(text: str, top: Path) -> None:
    """Refuses a repository within another one that tracks files there. A submodule is allowed."""
    for outer in top.parents:
        if os.path.lexists(outer / ".git") and _is_top(git := Git(text, outer)):
            inside = top.relative_to(outer).as_posix()
            listed = git.read("--literal-pathspecs", "ls-files", "-z", "--stage", "--", inside)
            head = git.run("--literal-pathspecs", "ls-tree", "-z", "--full-tree", "HEAD", inside)
            tracked = [*listed.split(b"\0"), *(head.stdout if head.returncode == 0 else b"").split(b"\0")]
            if any(entry and not entry.startswith(b"160000 ") for entry in tracked):
                raise wrong(text, str(top / ".git"), f"must not be where the repository {outer} has files", REMEDY)
            return


def _is_top(git: Git) -> bool:
    """Whether the folder with a `.git` is the top of a work tree: the `.git` may be invalid, or its repository bare."""
    done = git.run("rev-parse", "--show-toplevel")
    if done.returncode == 0:
        return Path(os.fsdecode(done.stdout).removesuffix("\n")).resolve() == git.folder
    if b"not a git repository" not in done.stderr and b"must be run in a work tree" not in done.stderr:
        git.fail(("rev-parse",), done)
    return False
