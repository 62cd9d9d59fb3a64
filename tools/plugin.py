"""Writes what the Pulumi package in components/ has beside its code, or with --check says whether it is up to date.

Its requirements.txt has the pins of the project's own, livekit_firewall/platforms/plugins.json the versions that those
have of the SDKs, and livekit_firewall/hosted/schema.json is made of the component's types.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from bootstrap.generated import keep
from bootstrap.sections import CLOUDS, blocks, name_of, split
from livekit_firewall.hosted.schema import schema

ROOT = Path(__file__).resolve().parents[1]
COMPONENTS = ROOT / "components"
HEADER = """\
# What the environment of the Pulumi package holds; `pulumi package add` installs it. Written by `make docs`.
"""


def main() -> int:
    return keep(written(), check="--check" in sys.argv)


def written() -> dict[Path, str]:
    """Each file, and what it holds."""
    pinned = split((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    return {
        COMPONENTS / "requirements.txt": HEADER + needed(pinned),
        COMPONENTS / "livekit_firewall" / "hosted" / "schema.json": _json(schema(version())),
        COMPONENTS / "livekit_firewall" / "platforms" / "plugins.json": _json(plugins(pinned)),
    }


def version() -> str:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return re.findall(r'^version = "(.+)"$', project, re.MULTILINE)[0]


def needed(pinned: Mapping[str, str]) -> str:
    """Pulumi, and what of the command's packages the component imports. No SDK: the CLI gets the plugin of each."""
    base = [text for line, text in blocks(pinned["base"]).items() if name_of(line) in ("msgspec", "pyyaml")]
    return re.sub(r"\n    # via .*", "", "\n".join([*base, pinned["pulumi"]]))


def plugins(pinned: Mapping[str, str]) -> dict[str, dict[str, str]]:
    found = {}
    for cloud in CLOUDS:
        (line,) = (line for line in blocks(pinned[cloud]) if name_of(line).startswith("pulumi-"))
        name, _, number = line.partition("==")
        found[name.replace("-", "_")] = {"version": number.strip()}
    return found


def _json(value: object) -> str:
    return json.dumps(value, indent=1) + "\n"


if __name__ == "__main__":
    sys.exit(main())
