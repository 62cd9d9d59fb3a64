"""`make smoke STACK=mine`: the firewall of a stack on the real thing: `up`, `probe check` from here, `destroy`.

For people with an account. It makes what the stack makes, which is no machine where the program is that of this
repository. It refuses a stack that has anything already, asks first (or takes SMOKE=STACK as the answer), and destroys
whatever comes before it fails. With HOST=ADDRESS, a machine that is behind this firewall, it tries the ports from here.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import stack
from bootstrap import stack_file
from bootstrap.environment import Environment
from bootstrap.progress import SetupError
from setup import ROOT, report

LONGEST_CHECK = 300.0
"""Seconds after which a check is given up, so that the firewall does not stay."""

PLAN = """\
This makes the firewall of stack {stack} in your account, {check}, and removes it again: some minutes.
What costs by the hour costs for as long as that takes; the program of this repository makes no machine.
If it is killed on the way, run: make destroy STACK={stack} ARGS=--yes"""

LEFT = """
The firewall of {stack} could not be removed, or not all of it: it stays, and may go on admitting, until this succeeds:
  make destroy STACK={stack} ARGS=--yes
Where the cloud says that it is in use, detach it from the machine first; docs/recovery.md has what else there is."""


def smoke(name: str, host: str, run: Callable[[str, str, list[str]], int] = stack.run) -> int:
    """The exit code of the first step that failed, and of `destroy` in any case where that failed."""
    code = 1
    try:
        code = run("up", name, ["--yes"])
        if code == 0 and host:
            code = check(name, host)
    finally:  # also after Ctrl-C
        left = run("destroy", name, ["--yes"])
        if left:
            print(LEFT.format(stack=name), file=sys.stderr, flush=True)
    return left or code


def check(name: str, host: str) -> int:
    """`probe check` from this machine; the token of a `probe listen` there is in LIVEKIT_FIREWALL_TOKEN, or none."""
    command = [str(Environment(ROOT).bin / "livekit-firewall"), "probe", "check", host, "--stack", name]
    try:
        return subprocess.run(command, cwd=ROOT, check=False, timeout=LONGEST_CHECK).returncode
    except subprocess.TimeoutExpired:
        print(f"the check of {host} took more than {LONGEST_CHECK:.0f} s and was given up", file=sys.stderr)
        return 1


def refuse_unasked(name: str, host: str) -> None:
    """Raises SetupError unless somebody says that it is meant."""
    print(PLAN.format(stack=name, check=f"tries {host} from here" if host else "checks no machine (no HOST=)"))
    given = os.environ.get("SMOKE", "")
    if not given and sys.stdin.isatty():
        given = input(f"Type {name} to go on: ").strip()
    if given != name:
        raise SetupError(f"nothing was made: say that it is meant by make smoke STACK={name} SMOKE={name}")


def refuse_used(name: str, told: Callable[..., object]) -> None:
    """Raises SetupError if the stack has resources: what it protects would be destroyed at the end."""
    state = told("stack", "export")
    deployment = (state.get("deployment") if isinstance(state, dict) else None) or {}
    held = [one["type"] for one in deployment.get("resources") or () if one["type"] != "pulumi:pulumi:Stack"]
    if held:
        raise SetupError(
            f"{name} has {len(held)} resources, which the end of a smoke test would destroy: take a stack of its own, "
            f"make stack NAME=smoke FROM={name}"
        )


def main() -> int:
    name, host = os.environ.get("STACK", ""), os.environ.get("HOST", "")

    def begin() -> None:
        stack_file.path_of(ROOT, name)
        refuse_unasked(name, host)
        stack.get_ready(name)
        stack.require_plugins(name)
        pulumi = stack.Pulumi(name)
        stack.prepare(pulumi)
        refuse_used(name, pulumi.told)

    try:
        return report(begin) or smoke(name, host)
    except stack.PulumiError as error:
        return error.code


if __name__ == "__main__":
    sys.exit(main())
