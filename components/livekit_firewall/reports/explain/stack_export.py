"""Reads a stack's state from the Pulumi CLI, a saved file, or standard input."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from ...effective.resources import MAX_BYTES
from ...inputs.files import STDIN, UnreadableError, decoded, read_input
from ...model.text import printable
from .stack_rules import StackState, StateError, read_state

SECONDS = 120
"""For the CLI: a backend may be far away, and the state large."""

OTHERWISE = "or give the state itself: pulumi stack export > state.json, then --state state.json"


def saved_state(name: str) -> StackState:
    """The state in a file; `-` is standard input.

    Raises:
        StateError: the file cannot be read, or holds something else.
    """
    shown = "(standard input)" if name == STDIN else name
    try:
        content = read_input(name, MAX_BYTES)
    except UnreadableError as error:
        why = f"Is {error.got}" if error.got.startswith("a ") else error.got or error.expected
        raise StateError(f"--state {printable(shown)}: cannot be read: {why}") from None
    return read_state(_text(content), shown)


def _text(content: bytes) -> bytes:
    """As UTF-8, also where PowerShell wrote it; what is neither is left for the reader to refuse."""
    try:
        return decoded(content).encode()
    except ValueError:
        return content


def exported_state(stack: str, project: Path) -> StackState:
    """The state of a stack, asked of the Pulumi CLI as it is logged in. Secrets in it stay encrypted.

    Args:
        project: the folder of Pulumi.yaml.

    Raises:
        StateError: the CLI is missing, refuses, does not answer in `SECONDS`, or prints something else.
    """
    pulumi = shutil.which("pulumi")
    if pulumi is None:
        raise StateError(
            f"the state of {stack} needs the command pulumi, which is not installed: install it, {OTHERWISE}"
        )
    command = [pulumi, "stack", "export", f"--stack={stack}", "--non-interactive", "--color=never"]
    try:
        done = subprocess.run(
            command, cwd=project, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False,
            env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise StateError(
            f"the state of {stack}: pulumi stack export did not end within {SECONDS} s: "
            f"is its backend reachable? Try again, {OTHERWISE}"
        ) from None
    except OSError as error:
        raise StateError(
            f"the state of {stack}: pulumi cannot be run: {error.strerror}; correct that, {OTHERWISE}"
        ) from None
    if done.returncode != 0:
        raise StateError(_refusal(stack, done.returncode, done.stderr.decode("utf-8", "replace")))
    return read_state(done.stdout, "(pulumi stack export)")


REMEDIES = (
    ("no stack named", "see pulumi stack ls for the stacks there are; pulumi up makes this one"),
    ("login", "run pulumi login"),
    ("PULUMI_ACCESS_TOKEN", "run pulumi login"),
    ("passphrase", "set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE"),
)
"""By what the CLI says."""


def _refusal(stack: str, code: int, said: str) -> str:
    line = next((line for line in said.splitlines() if line.startswith("error:")), " ".join(said.split()))
    why = printable(line.removeprefix("error:").strip(), 300) or f"it ended with {code}"
    remedy = next((remedy for words, remedy in REMEDIES if words in why), "see what pulumi stack export says")
    return f"the state of {stack}: pulumi stack export: {why}; {remedy}, {OTHERWISE}"
