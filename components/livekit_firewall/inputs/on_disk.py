"""The files of a work tree that differ from a commit, by their bytes on disk: no filters, attributes or index flags."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath

from .files import UnreadableError, read_parts
from .git import Git

LINK, FILE, PROGRAM, SUBMODULE = "120000", "100644", "100755", "160000"

Listing = Mapping[str, tuple[str, str]]
"""Path from the top of the work tree to (mode, object id)."""


def listed(git: Git, commit: str) -> Listing:
    """Every entry of a commit: files, links and submodules."""
    return _parsed(entries(git.text, git.folder, commit), 2)


@lru_cache(2)
def entries(text: str, folder: Path, commit: str) -> bytes:
    """`ls-tree` of a commit, with sizes; kept, since a hash names the same for ever.

    Args:
        text: the revisions as the user wrote them, for messages.
    """
    return Git(text, folder).read("ls-tree", "-r", "-z", "--long", "--full-tree", commit)


def _parsed(output: bytes, id_at: int) -> dict[str, tuple[str, str]]:
    found = {}
    for line in output.split(b"\0"):
        head, _, name = line.partition(b"\t")
        if name:
            words = head.decode().split()
            found[os.fsdecode(name)] = (words[0], words[id_at])
    return found


def object_id(content: bytes, like: str) -> str:
    """The id of a file's content, by the same hash as the id `like` (SHA-1 or SHA-256)."""
    return id_of([content], len(content), like)


def id_of(parts: Iterable[bytes], size: int, like: str) -> str:
    """`object_id` for content in parts, of `size` bytes together."""
    made = hashlib.sha256() if len(like) == 64 else hashlib.sha1(usedforsecurity=False)
    made.update(b"blob %d\0" % size)
    for part in parts:
        made.update(part)
    return made.hexdigest()


def changed_on_disk(git: Git, old: Listing) -> frozenset[str]:
    """The paths below `git.folder` that differ from a commit, including new files that are not ignored.

    Raises:
        ConfigurationError: git fails.
    """
    top = git.folder
    index = _parsed(git.read("ls-files", "-z", "--stage"), 1)
    # Absent from a sparse checkout: compared by the index.
    skipped = {
        os.fsdecode(line[2:]) for line in git.read("ls-files", "-z", "-t").split(b"\0") if line.startswith(b"S ")
    }
    unknown = {
        os.fsdecode(name).rstrip("/")
        for name in git.read("ls-files", "-z", "--others", "--exclude-standard").split(b"\0")
        if name
    }
    has_modes = os.name != "nt" and git.run("config", "--type=bool", "core.fileMode").stdout.strip() != b"false"
    found = set()
    for path in old.keys() | index.keys() | unknown:
        is_there = os.path.lexists(top / path) and not _is_behind_link(top, path)
        if path in skipped and not is_there:
            differs = old.get(path) != index.get(path)
        elif path not in old:
            differs = is_there
        else:
            differs = not is_there or not _is_same(git, path, *old[path], has_modes=has_modes)
        if differs:
            found.add(path)
    return frozenset(found)


def _is_behind_link(top: Path, path: str) -> bool:
    return any((top / one).is_symlink() for one in PurePosixPath(path).parents)


def _is_same(git: Git, path: str, mode: str, id_: str, *, has_modes: bool) -> bool:
    file = git.folder / path
    try:
        status = file.lstat()
        if mode == SUBMODULE:
            return stat.S_ISDIR(status.st_mode) and _is_same_submodule(git, file, id_)
        if mode == LINK:
            return stat.S_ISLNK(status.st_mode) and object_id(os.fsencode(file.readlink()), id_) == id_
        if not stat.S_ISREG(status.st_mode):
            return False
        if has_modes and bool(status.st_mode & stat.S_IXUSR) is not (mode == PROGRAM):
            return False
        return id_of(read_parts(file, status.st_size), status.st_size, id_) == id_
    except (OSError, UnreadableError):
        return False


def _is_same_submodule(git: Git, folder: Path, id_: str) -> bool:
    """Whether a submodule is not checked out, or is at that commit without changes."""
    if not os.path.lexists(folder / ".git"):
        return not any(folder.iterdir())
    inner = Git(git.text, folder)
    if Path(inner.line("rev-parse", "--show-toplevel")).resolve() != folder.resolve():
        return False
    head = inner.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    return head.stdout.decode().strip() == id_ and not changed_on_disk(inner, listed(inner, id_))
