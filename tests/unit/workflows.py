"""The workflows and the example for GitLab, parsed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = {path.name: path for path in sorted((ROOT / ".github/workflows").glob("*.y*ml"))}
DOCUMENT = ROOT / "docs/preview-in-ci.md"


def read(text: str) -> dict[str, Any]:
    # BaseLoader: to YAML 1.1 `on` is true
    loaded: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 (builds texts only)
    return loaded


PARSED = {name: read(path.read_text()) for name, path in WORKFLOWS.items()}


def blocks(text: str) -> list[str]:
    return re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
