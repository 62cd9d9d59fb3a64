"""Which versions of the Pulumi CLI are good enough, and which one is fetched or built where there is none."""

from __future__ import annotations

import re
from pathlib import Path

from bootstrap.progress import SetupError

Version = tuple[int, int, int]

# The first with --skip-plugin-pre-install; without it the engine looks for the plugin of every SDK installed.
OLDEST_CLI: Version = (3, 238, 0)

MODULES = Path(__file__).resolve().parent.parent / "pulumi"
_PKG, _SDK = "github.com/pulumi/pulumi/pkg/v3", "github.com/pulumi/pulumi/sdk/v3"


def parse(text: str) -> Version | None:
    """The release in what `pulumi version` or `go env GOVERSION` prints; 1.26 is 1.26.0."""
    found = re.match(r"(?:v|go)?(\d+)\.(\d+)(?:\.(\d+))?", text.strip())
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else None


def show(version: Version) -> str:
    return ".".join(str(part) for part in version)


def cli_version() -> str:
    """The version pinned by tools/pulumi/cli/go.mod, with its v: no other place names it."""
    return required(_PKG, _go_mod("cli"))


def host_version() -> str:
    """The version of the language host that is built beside a CLI from source."""
    return required(_SDK, _go_mod("host"))


def go_needed() -> Version:
    return max(go_directive(_go_mod("cli")), go_directive(_go_mod("host")))


def required(module: str, go_mod: str) -> str:
    found = re.search(rf"^(?:require)?\s*{re.escape(module)} (v\S+)", go_mod, re.MULTILINE)
    if found is None:
        raise SetupError(f"a go.mod under tools/pulumi requires no {module}")
    return found[1]


def go_directive(go_mod: str) -> Version:
    found = re.search(r"^go (\S+)$", go_mod, re.MULTILINE)
    version = parse(found[1]) if found else None
    if version is None:
        raise SetupError("a go.mod under tools/pulumi has no go directive")
    return version


def _go_mod(module: str) -> str:
    return (MODULES / module / "go.mod").read_text(encoding="utf-8")
