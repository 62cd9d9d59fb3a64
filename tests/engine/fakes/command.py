"""Commands that Pulumi runs over SSH. This one runs none: tests/e2e/test_host_over_ssh.py runs them on a machine."""

from __future__ import annotations

from typing import Any

from .shapes import Field, Refusal
from .store import Store

SHAPES: dict[str, dict[str, Field]] = {}
NAMED: dict[str, tuple[str, str]] = {}
RETRIES = 0
FORGOTTEN = ""


def defaults(token: str, settings: dict[str, str]) -> dict[str, Any]:
    return {}


def refusals(token: str, inputs: dict[str, Any]) -> list[Refusal]:
    return [("", f"unknown type {token}")]


class Account:
    """All that there is is described, in types/command.yaml."""

    def __init__(self, store: Store, settings: dict[str, str]) -> None:
        self.store = store
        self.settings = settings
