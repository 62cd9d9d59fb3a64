"""Two revisions of a git repository, as folders to read and as the list of files that differ.

    span = parse_span("main...HEAD")
    with trees(span, Path.cwd()) as (old, new):
        ...                                     # the working folder at both revisions

It runs only the `git` command, with fixed arguments and without a shell. Files come from the objects themselves
(`ls-tree`, `cat-file`), not from `git archive`: its `export-ignore` would let a change hide a file from its own
review, and its filters run programs.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from msgspec import Struct

from ..model.text import quoted
from .files import UnreadableError, read_bytes
from .git import Git, wrong
from .on_disk import changed_on_disk, entries, listed, object_id
from .work_tree import work_tree

MAX_FILES = 100_000
MAX_BYTES = 500_000_000
MAX_FILE = 10_000_000
"""The largest file that is extracted, in bytes. inputs/document.py refuses larger configurations."""
REVISION_LENGTH = 250


class Span(Struct, frozen=True):
    """Two revisions to compare.

    Attributes:
        text: the revisions as the user wrote them.
        old: the hash of the old commit.
        new: the hash of the new commit, or None for the working tree.
        top: the repository's top folder.
    """

    text: str
    old: str
    new: str | None
    top: Path


def parse_span(text: str, folder: Path | None = None) -> Span:
    """`A...B` (from their merge base to B), `A..B`, or `A` (to the working tree, including files that are not
    ignored). An empty side is HEAD.

    Args:
        text: the revisions; each is anything that git resolves to a commit.
        folder: a folder of the repository; the working folder by default.

    Raises:
        ConfigurationError: git is missing; `folder` is in no repository, or in one whose git directory is among the
            files of a work tree; a revision is unknown, ambiguous or looks like an option; or a shallow clone lacks
            the merge base.
    """
    folder = folder or Path.cwd()
    top = work_tree(text, folder)
    git = Git(text, top)
    dots = next((dots for dots in ("...", "..") if dots in text), None)
    if dots is None:
        return Span(text, _commit(git, text), None, top)
    left, right = text.split(dots, 1)
    if ".." in right:
        raise wrong(text, "", "must be A...B, A..B or A", "give two revisions")
    old, new = _commit(git, left or "HEAD"), _commit(git, right or "HEAD")
    return Span(text, _merge_base(git, old, new) if dots == "..." else old, new, top)


@contextmanager
def trees(span: Span, folder: Path) -> Iterator[tuple[Path, Path]]:
    """`folder` at both revisions, in either of which it may be absent. The working tree is `folder` itself; a commit
    is written to a temporary folder, which is removed afterwards.

    A commit's folder has regular files up to `MAX_FILE` and links whose targets are inside; submodules are left out.

    Raises:
        ConfigurationError: `folder` is not in the repository, or a revision has more than 100,000 files or 500 MB.
    """
    inside = _inside(span, folder)
    with tempfile.TemporaryDirectory(prefix="livekit-firewall-") as temporary:
        old, new = (Path(temporary).resolve() / name for name in ("old", "new"))
        _write(span, {old: span.old} if span.new is None else {old: span.old, new: span.new})
        yield old / inside, folder if span.new is None else new / inside


def changed_files(span: Span) -> frozenset[str]:
    """The paths that differ, relative to the repository's top, with slashes; a renamed file is two paths. If the new
    side is the working tree, untracked files that are not ignored are included.

    Modes and bytes are compared, in the working tree those on disk: no filter runs, and neither an attribute nor a
    flag of the index hides a file. So a file that a filter replaces (Git LFS) always differs.

    Raises:
        ConfigurationError: git fails.
    """
    git = Git(span.text, span.top)
    old = listed(git, span.old)
    if span.new is None:
        return changed_on_disk(git, old)
    new = listed(git, span.new)
    return frozenset(path for path in old.keys() | new.keys() if old.get(path) != new.get(path))


def is_checked_out(span: Span) -> bool:
    """Whether the new side is the commit that the working tree is at."""
    done = Git(span.text, span.top).run("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    return done.stdout.decode().strip() == span.new


def differs_on_disk(name: str | Path, commit: Path, disk: Path) -> bool:
    """Whether a file of a commit has other lines in the working tree; line ends, which git may convert, do not count.

    Args:
        commit, disk: the folders that `name` is relative to.
    """
    sides: list[list[bytes] | None] = []
    for folder in (commit, disk):
        try:
            sides.append(read_bytes(folder / name, MAX_FILE).splitlines())
        except UnreadableError:
            sides.append(None)
    return sides[0] is not None and sides[0] != sides[1]


def _inside(span: Span, folder: Path) -> PurePosixPath:
    try:
        return PurePosixPath(folder.resolve().relative_to(span.top.resolve()).as_posix())
    except ValueError:
        raise wrong(span.text, str(folder), f"must be a folder of the repository {span.top}") from None


def _commit(git: Git, revision: str) -> str:
    if revision.startswith("-") or not revision.isprintable() or len(revision) > REVISION_LENGTH:
        raise wrong(git.text, quoted(revision, 50), "must name a commit: a branch, a tag or a hash")
    # --end-of-options too, for text that a later git may read as an option
    done = git.run("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
    if done.returncode:
        hint = "is it fetched? in GitHub Actions: fetch-depth: 0 for actions/checkout, in GitLab CI: GIT_DEPTH: 0"
        raise wrong(git.text, quoted(revision, 250), "must name a commit that this clone has", hint)
    if b"is ambiguous" in done.stderr:
        # Git prefers a tag to a branch of the same name, and people may be allowed to push tags but not branches.
        hint = f"write it out: refs/heads/{revision}, refs/remotes/{revision} or refs/tags/{revision}"
        raise wrong(git.text, quoted(revision, 250), "must name one commit, not a tag and a branch", hint)
    return done.stdout.decode().strip()


def _merge_base(git: Git, old: str, new: str) -> str:
    done = git.run("merge-base", old, new)
    if done.returncode == 0:
        return done.stdout.decode().strip()
    if git.line("rev-parse", "--is-shallow-repository") == "true":
        hint = (
            "fetch the history: fetch-depth: 0 for actions/checkout, GIT_DEPTH: 0 in GitLab CI, git fetch --unshallow"
        )
        raise wrong(git.text, "a shallow clone", "must have the commit where both parted", hint)
    raise wrong(git.text, "two histories", "must have a commit in common", "compare them with two dots: A..B")


class _Entry(Struct, frozen=True):
    mode: str
    id: str
    size: int
    path: PurePosixPath
    root: Path  # of the folder that it is written to


LINK = "120000"
FILES = ("100644", "100755", "100664")


def _write(span: Span, commits: Mapping[Path, str]) -> None:
    """Writes the files of each commit below its folder, then the links, so that nothing is written through a link."""
    found = [entry for root, commit in commits.items() for entry in _files(span, commit, root)]
    links: dict[Path, list[tuple[Path, bytes]]] = {root: [] for root in commits}
    for entry, content in _contents(Git(span.text, span.top), found):
        path = entry.root / entry.path
        if entry.mode == LINK:
            links[entry.root].append((path, content))
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as stream:
            stream.write(content)
    for root in commits:
        root.mkdir(exist_ok=True)
        _link(root, links[root])


def _files(span: Span, commit: str, root: Path) -> list[_Entry]:
    found = _entries(entries(span.text, span.top, commit), root)
    if len(found) > MAX_FILES or sum(entry.size for entry in found) > MAX_BYTES:
        hint = "check both revisions out with git worktree, and compare the two folders"
        expected = f"must have at most {MAX_FILES:,} files and {MAX_BYTES // 1_000_000} MB"
        raise wrong(span.text, f"{len(found):,} files at {commit[:12]}", expected, hint)
    return found


def _entries(listing: bytes, root: Path) -> list[_Entry]:
    found = []
    for line in listing.split(b"\0"):
        head, _, name = line.partition(b"\t")
        if not name:
            continue
        mode, kind, id_, size_text = head.decode().split()
        size = int(size_text) if size_text.isdigit() else 0  # "BAD" for an object that the clone lacks
        path = PurePosixPath(os.fsdecode(name))
        # git creates no such names, but objects can contain them
        is_lawful = not path.is_absolute() and not {"..", ".git"} & {part.lower() for part in path.parts}
        if kind == "blob" and mode in (*FILES, LINK) and size <= MAX_FILE and is_lawful:
            found.append(_Entry(mode, id_, size, path, root))
    links = {entry.path for entry in found if entry.mode == LINK}
    return [entry for entry in found if links.isdisjoint(entry.path.parents)]


def _contents(git: Git, wanted: Sequence[_Entry]) -> Iterator[tuple[_Entry, bytes]]:
    """Each file's bytes, in order: `cat-file --batch` answers `ID blob SIZE`, the bytes, a line feed."""
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as answered:
        asked.write("".join(f"{entry.id}\n" for entry in wanted).encode())
        asked.seek(0)
        done = git.run("cat-file", "--batch", stdin=asked, stdout=answered)
        if done.returncode:
            git.fail(("cat-file",), done)
        answered.seek(0)
        for entry in wanted:
            head = answered.readline().decode(errors="replace").split()
            content = answered.read(entry.size)
            if head != [entry.id, "blob", str(entry.size)] or len(content) != entry.size or answered.read(1) != b"\n":
                hint = "fetch it again, without --filter"
                raise wrong(git.text, f"{entry.path} incomplete", "must be a whole clone", hint)
            if object_id(content, entry.id) != entry.id:
                raise wrong(git.text, f"{entry.path} with another hash", "must be a sound clone", "clone it again")
            yield entry, content


def _link(root: Path, links: Sequence[tuple[Path, bytes]]) -> None:
    """Creates the links whose targets are below `root`. Others are left out, and read as missing files."""
    made = []
    for path, content in links:
        target = os.fsdecode(content)
        if not target or "\0" in target or PurePosixPath(target).is_absolute():
            continue
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.symlink_to(target)
            made.append(path)
    # After all are created: a link may lead outside by way of another link.
    for path in made:
        with suppress(OSError, RuntimeError):
            found = path.resolve()
            if found.is_relative_to(root) and not found.is_symlink():  # a loop, which raises before Python 3.13
                continue
        path.unlink()
