"""Which stacks a change touches: by their own files, by the files that their arguments name, by the program."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any

from msgspec import Struct

from ..inputs.document import read_document
from ..inputs.project import Project, project_file, read_project, stack_files
from ..inputs.stack_config import TEXTS
from ..model.errors import ConfigurationError, Place, Problem, Report
from ..model.text import quoted
from ..settings.schemas.releases import file_of

# Folders that no program reads. Everything else in the project's folder may be the program, and counts.
HARMLESS_FOLDERS = frozenset(
    ".ci .circleci .devcontainer .github .gitlab .idea .vscode build doc docs examples test tests".split()
)
HARMLESS_FILES = (
    *("*.md", "*.rst", "*.adoc", "LICENSE*", "NOTICE*", "AUTHORS*", "CODEOWNERS", "Makefile"),
    *("*.png", "*.svg", "*.jpg", "*.gif", "test_*.py", "*_test.py", "conftest.py"),
    *(".gitignore", ".gitattributes", ".editorconfig", ".gitlab-ci.yml", ".pre-commit-config.yaml"),
)


class TouchedStack(Struct, frozen=True):
    """A stack that a change touches.

    Attributes:
        name: as in Pulumi.NAME.yaml.
        state: `changed`, or `added` or `removed` with its file (or as `stackConfigDir` begins or ceases to show it).
        because: the changed files, sorted, from the repository's top.
    """

    name: str
    state: str
    because: tuple[str, ...]

    @property
    def is_present(self) -> bool:
        """Whether it has a file after the change, so that it can be previewed."""
        return self.state != "removed"

    def as_json(self) -> dict[str, object]:
        return {"name": self.name, "state": self.state, "because": list(self.because)}


class _Stack(Struct, frozen=True):
    """A stack at one revision.

    Attributes:
        file: its own file.
        named: files and folders that its arguments name, and where its own file leads; None if it cannot be read.
    """

    file: PurePosixPath
    named: frozenset[PurePosixPath] | None


class _Project(Struct, frozen=True):
    """The Pulumi project at one revision.

    Attributes:
        stacks: by name.
        folder: where their files are looked for.
        programs: its own folder, and that of `main`.
    """

    stacks: Mapping[str, _Stack] = {}
    folder: PurePosixPath | None = None
    programs: frozenset[PurePosixPath] = frozenset()


def touched(project: str, old: Path, new: Path, changed: Iterable[str]) -> tuple[TouchedStack, ...]:
    """The stacks of the Pulumi project in the folder `project` that the change touches, by name.

    A stack whose file cannot be read may name anything, so it counts as touched. Files outside of the project's
    folder count only if a stack's arguments name them, or if `main` of Pulumi.yaml leads there.

    Args:
        project: the project's folder, from the repository's top; "." is the top.
        old: the repository's top before the change.
        new: and after.
        changed: the paths that differ, from the top.

    Raises:
        ConfigurationError: after the change no stack can be seen, and none was removed: Pulumi.yaml cannot be read,
            or its `stackConfigDir` leaves the repository or holds no stack's file.
    """
    paths = frozenset(PurePosixPath(name) for name in changed)
    before, after = _before(old, project), _project(new, project)
    _check_sees_stacks(before, after, paths)
    program = _program(paths, before, after)
    found = []
    for name in sorted({*before.stacks, *after.stacks}):
        sides = [side.stacks[name] for side in (before, after) if name in side.stacks]
        because = frozenset(path for path in paths if any(_reads(side, path) for side in sides))
        if name in after.stacks or sides[0].file not in paths:
            because |= program
        if because or (paths and any(side.named is None for side in sides)):
            state = "changed" if len(sides) == 2 else "added" if name in after.stacks else "removed"
            found.append(TouchedStack(name, state, tuple(sorted(map(str, because)))))
    return tuple(found)


def _check_sees_stacks(before: _Project, after: _Project, paths: frozenset[PurePosixPath]) -> None:
    """An empty list would read as "no stack is touched"."""
    removed = (stack.file for stack in before.stacks.values() if stack.file in paths)
    if not after.stacks and not any(file.parent == after.folder for file in removed):
        hint = "correct stackConfigDir; name stacks without a file to the job that runs once per stack"
        expected = "must hold the stacks' files Pulumi.NAME.yaml"
        raise _wrong("stackConfigDir", f"none in {quoted(str(after.folder), 200)}", expected, hint)


def _wrong(key: str, got: str, expected: str, hint: str = "") -> ConfigurationError:
    return ConfigurationError([Problem(Place(key, "Pulumi.yaml"), got, expected, hint)])


def _reads(stack: _Stack, path: PurePosixPath) -> bool:
    """Also what lies in a folder that is named, and a folder on the way that became a link or a submodule."""
    mine = (stack.file, *(stack.named or ()))
    return any(path == one or one in path.parents or path in one.parents for one in mine)


def _program(paths: frozenset[PurePosixPath], before: _Project, after: _Project) -> frozenset[PurePosixPath]:
    files = {stack.file for side in (before, after) for stack in side.stacks.values()}
    folders = before.programs | after.programs
    # What stacks named before the change: a change must not declare the program to be one stack's file. Nor is it
    # one if a stack names the program's own folder.
    named = {one for stack in before.stacks.values() for one in stack.named or ()}
    named -= {one for one in named if any(folder.is_relative_to(one) for folder in folders)}
    return frozenset(
        path
        for path in paths - files
        if any(_is_program(path, folder) for folder in folders)
        and not any(path == one or one in path.parents for one in named)
    )


def _is_program(path: PurePosixPath, folder: PurePosixPath) -> bool:
    if not path.is_relative_to(folder):
        return False
    inside = path.relative_to(folder)
    return not HARMLESS_FOLDERS & set(inside.parts[:-1]) and not any(
        fnmatchcase(inside.name, pattern) for pattern in HARMLESS_FILES
    )


def _before(top: Path, project: str) -> _Project:
    """What cannot be read before the change hides no stack that can be previewed: mending it changes Pulumi.yaml."""
    try:
        return _project(top, project)
    except ConfigurationError:
        return _Project()


def _project(top: Path, project: str) -> _Project:
    file = project_file(top / project) or top / project / "Pulumi.yaml"
    read = read_project(file, file.name)
    folder = _stacks_folder(top, project, read)
    return _Project(_stacks(top, project, folder, read), folder, _programs(top, project, read.main))


def _stacks_folder(top: Path, project: str, read: Project) -> PurePosixPath:
    """As it is written; where its links lead is in the repository as well."""
    found = _leading(top, project, read.stacks)
    if len(found) < 2 or (read.is_absolute and not (top / found[0]).is_dir()):
        raise _wrong("stackConfigDir", quoted(read.stacks, 200), "must be a folder of the repository")
    return found[0]


def _programs(top: Path, project: str, main: str) -> frozenset[PurePosixPath]:
    """`main` is a folder or a file; one that is built later is neither yet."""
    found = {PurePosixPath(project)}
    for one in _leading(top, project, main) if main else ():
        found |= {one} if (top / one).is_dir() else {one, one.parent}
    return frozenset(found)


def _stacks(top: Path, project: str, folder: PurePosixPath, read: Project) -> Mapping[str, _Stack]:
    found: dict[str, _Stack] = {}
    # a file that no stack's name fits counts as a part of the program
    for name, path in stack_files(top / folder, read.file.suffix):
        arguments = _arguments(path, read)
        named: frozenset[PurePosixPath] | None = None
        if arguments is not None:
            texts = _names(arguments)
            own = _leading(top, ".", str(folder / path.name))
            named = frozenset([*own, *(one for text in texts for one in _leading(top, project, text))])
        found[name] = _Stack(folder / path.name, named)
    return found


def _arguments(path: Path, project: Project) -> Mapping[str, Any] | None:
    document = read_document(path, str(path), Report())
    try:
        return project.own_arguments(document) if document else None
    except ConfigurationError:
        return None


def _names(arguments: Mapping[str, Any]) -> Iterable[str]:
    """The paths among a stack's arguments."""
    plugnmeet = arguments.get("plugnmeet")
    folder = plugnmeet.get("path") if isinstance(plugnmeet, dict) else plugnmeet
    compose, helm = _listed(arguments.get("compose")), _listed(arguments.get("helm"))
    # a compose file reads what lies beside it, and nothing above its folder
    beside = [str(PurePosixPath(compose[0]).parent)] if compose else []
    named = (*(arguments.get(key) for key in TEXTS), folder, *compose, *beside, *map(file_of, helm))
    return [text for text in named if isinstance(text, str) and text]


def _listed(value: object) -> list[str]:
    """A path, or a list of them."""
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str) and one]


def _leading(top: Path, project: str, text: str) -> Sequence[PurePosixPath]:
    """A path as it is written, then where its links lead, as far as that is in the repository."""
    if "\0" in text or Path(text).is_absolute():
        return ()
    written = PurePosixPath(os.path.normpath(PurePosixPath(project) / text))
    leads_to = Path(os.path.realpath(top / project / text))
    real = [PurePosixPath(leads_to.relative_to(top.resolve()))] if leads_to.is_relative_to(top.resolve()) else []
    return [one for one in (written, *real) if ".." not in one.parts]
