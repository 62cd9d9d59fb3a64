"""The Pulumi resource behind `HostFirewall`: a file that holds a ruleset which nft accepts.

Pulumi runs a dynamic provider in a process of its own, from what the program pickled; there this package
need not be importable (`__main__.py` of a clone finds it, that process does not), and what the state holds
may be years old when it is used to delete. So this module imports nothing of the package but `standalone.mark` and
`standalone.stopped`, and a provider pickles as the *source text* of the three, which run one after the other: the
same on every run, machine and version of Python, while pickled byte code is none of that and would show a change of
`__provider` at every move.
"""

import inspect
import os
import secrets
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

if globals().get("__package__"):
    from .standalone.mark import NOBODY, Mark, bare, given, marked, of_text
    from .standalone.stopped import Stopped, show_stopped_as_text

SECONDS = 60
"""For one run of nft. A ruleset of 10,000 elements takes a tenth of a second."""

PROBE = "table inet livekit_probe\ndelete table inet livekit_probe\n"
"""Any nft that may check at all accepts this."""


OURS = b"# Who may reach this LiveKit host, written by livekit-firewall"
"""The beginning of `HEADER` in `platforms/nftables/language.py`, and so of every file that was written here."""

INSTEAD = "move it away, or set host.path to another file"
UNMARKED = (
    "if a stack wrote it with an older livekit-firewall, run `pulumi up` once with the component under its old name "
    "and parent, which marks it, and rename it after that; if none did, move it away"
)
POSSIBLE = "make that possible, or set host.path to another file"


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


def foreign(path: str) -> str:
    """What stands there that was not written here, as in `it is a directory`; "" if nothing does.

    No link is followed and nothing but a regular file opened: what is written here is one. Raises OSError.
    """
    try:
        mode = os.lstat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return ""
    for is_one, text in ((stat.S_ISDIR, "is a directory"), (stat.S_ISLNK, "is a symbolic link")):
        if is_one(mode):
            return text
    if not stat.S_ISREG(mode):
        return "is not a regular file"
    with Path(path).open("rb") as file:
        return "" if file.read(len(OURS)) == OURS else "is a file that livekit-firewall did not write"


def unwritable(path: str) -> str:
    """Why nothing can be written there, or "". Leaves nothing behind, since a preview asks as well."""
    try:
        other = foreign(path)
    except (OSError, ValueError) as error:  # ValueError: no path at all
        return f"cannot be written: {_why(error)}; {POSSIBLE}"
    if other:
        return f"{other}: {INSTEAD}"
    folder = Path(path).parent
    while not os.path.lexists(folder):
        folder = folder.parent
    if not folder.is_dir():
        return f"cannot be created: {folder} is not a directory; {POSSIBLE}"
    try:
        # Tried, as permissions do not tell all: root has every one, and yet can make no file in /proc.
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return f"cannot be created: no file can be made in {folder}: {_why(error)}; {POSSIBLE}"


def write(path: str, content: str) -> None:
    """Put the content there, readable by all, at once: a reader sees the old file or the new one.

    Raises Stopped rather than replace what was not written here: it may have come after the check.
    """
    other = foreign(path)
    if other:
        raise Stopped(f"host.path: {path} {other}: {INSTEAD}")
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".livekit-firewall.", dir=target.parent)
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


def read(path: str) -> "str | None":
    """The ruleset that stands there; None if none does. What was not written here is nobody's to show."""
    try:
        return None if foreign(path) else Path(path).read_bytes().decode("utf-8", "replace")
    except (FileNotFoundError, NotADirectoryError):
        return None


@contextmanager
def os_errors_as_stopped(path: str, done: str) -> "Iterator[None]":
    """Make Stopped of what the system says of a path, where the check could not foresee it."""
    try:
        yield
    except OSError as error:
        raise Stopped(f"host.path: {path} cannot be {done}: {_why(error)}; {POSSIBLE}") from None


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


class RulesetFileProvider(ResourceProvider):
    """Creates, updates in place, and deletes one file.

    Inputs and outputs are `path`, `content`, `check` and `owner` (`project`, `stack`, `component`), whose mark follows
    the content in the file. Another output is the mark's `token`, which a replacement under the same URN has anew.
    """

    serialize_as_secret_always = False  # it is this text, and no secret

    def __reduce__(self) -> "tuple[Any, ...]":
        # `eval` because it is what every Python has: the other side can import nothing of ours.
        modules = (Stopped.__module__, Mark.__module__, __name__)
        sources = [inspect.getsource(sys.modules[name]) for name in modules]
        run = "(lambda sources, names: ([exec(one, names) for one in sources], names['RulesetFileProvider']())[1])"
        return eval, (f"{run}({sources!r}, {{'__name__': 'ruleset_file'}})",)

    def configure(self, _req: ConfigureRequest) -> None:
        """Called in Pulumi's process for dynamic providers only, once, before anything else."""
        show_stopped_as_text()

    def check(self, olds: "dict[str, Any]", news: "dict[str, Any]") -> CheckResult:
        """What stands there, and nft's refusal, stop a preview already, as a problem of the resource."""
        problem = unwritable(news["path"])
        if not problem:
            with os_errors_as_stopped(news["path"], "read"):
                problem = owned(news, olds)
        if problem:
            return CheckResult(news, [CheckFailure("path", problem)])
        if not isinstance(news["content"], str):  # at a preview, and not known before the update
            return CheckResult({**news, "check": news["content"]}, [])
        try:
            verdict = judge(news["content"])
        except Refused as error:
            return CheckResult(news, [CheckFailure("", f"nft refuses the ruleset, nothing was written: {error}")])
        return CheckResult({**news, "check": verdict}, [])

    def create(self, props: "dict[str, Any]") -> CreateResult:
        props = {**props, "token": secrets.token_hex(8)}
        with os_errors_as_stopped(props["path"], "written"):
            _stop(props["path"], owned(props, {}))
            write(props["path"], _text(props))
        return CreateResult(props["path"], _outputs(props))

    def diff(self, _id: str, olds: "dict[str, Any]", news: "dict[str, Any]") -> DiffResult:
        """Says yes or no itself, so that a newer text of this module is no change; looks at the disk, so that
        a file that was lost or edited is mended without a refresh.
        """
        changed = any(olds.get(key) != news.get(key) for key in ("path", "content", "check", "owner"))
        # Another spelling of one place is no replacement: deleting the old file would delete the new one.
        moved = os.path.realpath(olds["path"]) != os.path.realpath(news["path"])
        with os_errors_as_stopped(news["path"], "read"):
            changed = changed or read(news["path"]) != _text(olds)
        return DiffResult(changed, ["path"] if moved else [])

    def update(self, _id: str, olds: "dict[str, Any]", news: "dict[str, Any]") -> UpdateResult:
        news = {**news, "token": olds.get("token") or secrets.token_hex(8)}
        with os_errors_as_stopped(news["path"], "written"):
            _stop(news["path"], owned(news, olds))
            if read(news["path"]) != _text(news):
                write(news["path"], _text(news))
        return UpdateResult(_outputs(news))

    def read(self, id_: str, props: "dict[str, Any]") -> ReadResult:
        with os_errors_as_stopped(props["path"], "read"):
            content = read(props["path"])
        mark = of_text(content or "")
        if content is None or mark not in (None, NOBODY, given(props.get("owner"), props.get("token"))):
            return ReadResult("", {})  # nor what another component wrote
        return ReadResult(id_, {**_outputs(props), "content": bare(content)})

    def delete(self, _id: str, props: "dict[str, Any]") -> None:
        """Leaves what was not written here, and says so: Pulumi shows what its process prints to stderr."""
        path = props["path"]
        with os_errors_as_stopped(path, "deleted"):
            other = foreign(path) or _of_another(props)
            if other:
                print(f"{path} is left as it is: it {other}", file=sys.stderr, flush=True)
                return
            with suppress(FileNotFoundError, NotADirectoryError):
                Path(path).unlink()


def _outputs(props: "dict[str, Any]") -> "dict[str, Any]":
    marks = ("owner", "token") if props.get("owner") else ()
    return {key: props.get(key) for key in ("path", "content", "check", *marks)}


def _text(props: "dict[str, Any]") -> str:
    """What stands in the file."""
    return marked(props["content"], given(props.get("owner"), props.get("token")))


def owned(news: "dict[str, Any]", olds: "dict[str, Any]") -> str:
    """Why the file that stands there is another owner's, or "". Raises OSError.

    Args:
        olds: what the state has: what is at its own path is its own, also from a release that left no mark.
    """
    owner, was = given(news.get("owner"), ""), given(olds.get("owner"), "")
    text = read(news["path"])
    if text is None:
        return ""
    mark = of_text(text)
    is_own = bool(olds.get("path")) and os.path.realpath(olds["path"]) == os.path.realpath(news["path"])
    if mark is None:
        return "" if is_own or owner is None else f"carries no owner's mark: {UNMARKED}"
    stacks = [(one.project, one.stack) for one in (owner, was) if one]
    if mark == NOBODY or (mark.project, mark.stack) in stacks:
        return ""
    return f"belongs to {mark.description}: set host.path to another file, or remove it there first"


def _of_another(props: "dict[str, Any]") -> str:
    text = read(props["path"])
    if text is None:
        return ""
    mark = of_text(text)
    if mark == given(props.get("owner"), props.get("token")):
        return ""
    return f"belongs to {mark.description}" if mark else "carries no owner's mark"


def _stop(path: str, why: str) -> None:
    if why:
        raise Stopped(f"host.path: {path} {why}")
