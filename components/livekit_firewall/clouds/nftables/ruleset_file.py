"""The Pulumi resource behind `HostFirewall`: a file that holds a ruleset which nft accepts.

Pulumi runs a dynamic provider in a process of its own, from what the program pickled; there this package
need not be importable (`__main__.py` of a clone finds it, that process does not), and what the state holds
may be years old when it is used to delete. So this module imports nothing of the package, and a provider
pickles as the *source text* of this module: the same on every run, machine and version of Python, while
pickled byte code is none of that and would show a change of `__provider` at every move.
"""

import inspect
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

SECONDS = 60
"""For one run of nft. A ruleset of 10,000 elements takes a tenth of a second."""

PROBE = "table inet livekit_probe\ndelete table inet livekit_probe\n"
"""Any nft that may check at all accepts this."""


class Refused(Exception):
    """nft does not accept the ruleset; the text is nft's."""


def judge(ruleset: str) -> str:
    """Ask nft, without loading anything: `accepted by nft -c`, or `not checked: ` and why not.

    As root of the host it is asked directly, otherwise in a user and network namespace of its own, which
    needs no privilege where the kernel allows those. Raises Refused.
    """
    # Debian keeps nft where the PATH of an ordinary user does not lead.
    where = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
    nft, unshare = shutil.which("nft", path=where), shutil.which("unshare", path=where)
    if nft is None:
        return "not checked: nft is not installed"
    ways = [[nft]] if os.geteuid() == 0 else []
    ways += [[unshare, "-rn", nft]] if unshare else []
    why = "unshare is not installed, and nft -c needs root"
    for way in ways:
        try:
            able = _nft(way, PROBE)
            answer = _nft(way, ruleset) if able.returncode == 0 else able
        except (OSError, subprocess.SubprocessError) as error:
            why = str(error)
            continue
        if able.returncode != 0:
            why = " ".join(able.stderr.split())[:300] or f"nft -c ended with {able.returncode}"
        elif answer.returncode != 0:
            raise Refused(answer.stderr.strip()[:2000] or f"nft -c ended with {answer.returncode}")
        else:
            return "accepted by nft -c"
    return f"not checked: {why}"


def _nft(way: "list[str]", ruleset: str) -> "subprocess.CompletedProcess[str]":
    # From stdin: the file does not exist before its content is accepted.
    return subprocess.run(
        [*way, "-c", "-f", "-"], input=ruleset, capture_output=True, text=True, timeout=SECONDS, check=False,
        env={**os.environ, "LC_ALL": "C"},
    )  # fmt: skip


def write(path: str, content: str) -> None:
    """Put the content there, readable by all, at once: a reader sees the old file or the new one."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)  # mkstemp's 0600 would hide it from whoever loads it
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    if hasattr(os, "O_DIRECTORY"):  # where a folder can be synced: the new name survives a crash as well
        folder = os.open(target.parent, os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def unwritable(path: str) -> str:
    """Why nothing can be written there, or "". Asked before anything is, to answer without a traceback."""
    target = Path(path)
    if target.is_dir():
        return "is a directory, must be a file"
    folder = target.parent
    while not folder.exists():
        folder = folder.parent
    if not folder.is_dir():
        return f"cannot be created: {folder} is not a directory"
    return "" if os.access(folder, os.W_OK | os.X_OK) else f"cannot be written: no permission in {folder}"


def read(path: str) -> "str | None":
    try:
        return Path(path).read_bytes().decode("utf-8", "replace")
    except (FileNotFoundError, NotADirectoryError):
        return None


class RulesetFileProvider(ResourceProvider):
    """Creates, updates in place, and deletes one file. Inputs and outputs are `path`, `content` and `check`."""

    serialize_as_secret_always = False  # it is this text, and no secret

    def __reduce__(self) -> "tuple[Any, ...]":
        # `eval` because it is what every Python has: the other side can import nothing of ours.
        source = inspect.getsource(sys.modules[__name__])
        run = "(lambda source, names: (exec(source, names), names['RulesetFileProvider']())[1])"
        return eval, (f"{run}({source!r}, {{'__name__': 'ruleset_file'}})",)

    def check(self, _olds: "dict[str, Any]", news: "dict[str, Any]") -> CheckResult:
        """Nft's refusal stops a preview already, as a problem of the resource and without a traceback."""
        problem = unwritable(news["path"])
        if problem:
            return CheckResult(news, [CheckFailure("path", problem)])
        try:
            verdict = judge(news["content"])
        except Refused as error:
            return CheckResult(news, [CheckFailure("", f"nft refuses the ruleset, nothing was written: {error}")])
        return CheckResult({**news, "check": verdict}, [])

    def create(self, props: "dict[str, Any]") -> CreateResult:
        write(props["path"], props["content"])
        return CreateResult(props["path"], _outputs(props))

    def diff(self, _id: str, olds: "dict[str, Any]", news: "dict[str, Any]") -> DiffResult:
        """Says yes or no itself, so that a newer text of this module is no change; looks at the disk, so that
        a file that was lost or edited is mended without a refresh.
        """
        changed = any(olds.get(key) != news[key] for key in ("path", "content", "check"))
        # Another spelling of one place is no replacement: deleting the old file would delete the new one.
        moved = os.path.realpath(olds["path"]) != os.path.realpath(news["path"])
        return DiffResult(changed or read(news["path"]) != news["content"], ["path"] if moved else [])

    def update(self, _id: str, _olds: "dict[str, Any]", news: "dict[str, Any]") -> UpdateResult:
        if read(news["path"]) != news["content"]:
            write(news["path"], news["content"])
        return UpdateResult(_outputs(news))

    def read(self, id_: str, props: "dict[str, Any]") -> ReadResult:
        content = read(props["path"])
        if content is None:
            return ReadResult("", {})
        return ReadResult(id_, {**_outputs(props), "content": content})

    def delete(self, _id: str, props: "dict[str, Any]") -> None:
        Path(props["path"]).unlink(missing_ok=True)


def _outputs(props: "dict[str, Any]") -> "dict[str, Any]":
    return {key: props[key] for key in ("path", "content", "check")}
