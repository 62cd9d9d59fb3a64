"""The package's extras (Pulumi, cloud SDKs, the probe's libraries), and the command that installs one.

The command names the source from which this package was installed. No package index has it, so a bare
`livekit-firewall[aws]` would install the package of whoever registers that name first.
"""

from __future__ import annotations

import shlex
from pathlib import Path

import msgspec
from msgspec import Struct

NAME = "livekit-firewall"
CLONE = Path(__file__).resolve().parents[3]
NOT_KNOWN = "git+https://HOST/OWNER/REPOSITORY@COMMIT"


class Folder(Struct, frozen=True):
    """`dir_info` of a package that was installed from a folder."""

    editable: bool = False


class Repository(Struct, frozen=True):
    """`vcs_info` of a package that was installed from a repository: its kind (`git`), and the commit."""

    vcs: str
    commit_id: str


class DirectUrl(Struct, frozen=True):
    """`direct_url.json`, which installers write for a package that is not from an index (PEP 610)."""

    url: str
    dir_info: Folder | None = None
    vcs_info: Repository | None = None
    subdirectory: str = ""

    def __str__(self) -> str:
        vcs = self.vcs_info
        url = f"{vcs.vcs}+{self.url}@{vcs.commit_id}" if vcs else self.url
        return f"{url}#subdirectory={self.subdirectory}" if self.subdirectory else url


def lacking(package: str, extra: str) -> str:
    """The missing package and its extra, as a phrase for an error text."""
    return f"needs the package {package} of {NAME}[{extra}]"


def install_line(extra: str) -> str:
    """The command that installs the extra from the source of the package itself."""
    from urllib.parse import urlsplit
    from urllib.request import url2pathname  # loads http and email: a tenth of the start of a command

    source = _source()
    if source and source.dir_info:
        editable = ["-e"] if source.dir_info.editable else []
        return _pip(*editable, f"{url2pathname(urlsplit(source.url).path)}[{extra}]")
    if not source and (CLONE / "pyproject.toml").is_file():
        return _pip(f"{CLONE}[{extra}]")
    return _pip(f"{NAME}[{extra}] @ {source or NOT_KNOWN}")


def _pip(*words: str) -> str:
    return shlex.join(["pip", "install", *words])


def _source() -> DirectUrl | None:
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        return msgspec.json.decode(distribution(NAME).read_text("direct_url.json") or "null", type=DirectUrl | None)
    except (PackageNotFoundError, msgspec.MsgspecError):
        return None
