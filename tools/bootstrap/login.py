"""Whether the user is logged in where Pulumi keeps the state of their stacks."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from bootstrap.progress import SetupError

SECONDS = 60.0


def require(cli: Path, project: Path, variables: Mapping[str, str]) -> None:
    """Asks the CLI in the folder `cli`; raises SetupError that says how to log in.

    The project counts, since Pulumi.yaml may name a backend, and so do variables such as PULUMI_BACKEND_URL.
    """
    command = [cli / "pulumi", "whoami", "--non-interactive"]
    try:
        asked = subprocess.run(
            command, cwd=project, env=variables, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise SetupError(_advice(cli, f"no answer within {SECONDS:g} s")) from None
    if asked.returncode != 0:
        said = (asked.stderr or asked.stdout).strip().splitlines()
        raise SetupError(_advice(cli, said[-1] if said else f"exit code {asked.returncode}"))


def _advice(cli: Path, reason: str) -> str:
    on_path = shutil.which("pulumi")
    command = "pulumi" if on_path and Path(on_path).parent == cli else shlex.quote(str(cli / "pulumi"))
    return (
        f"Pulumi is not logged in, or cannot reach where it keeps its state ({reason}).\n"
        f"Run: {command} login            # state on Pulumi's service, or give the URL of your bucket\n"
        f" or: {command} login --local    # state in your home folder, with a passphrase of yours\n"
        "and then this again. STACK=local needs no login, nor do `livekit-firewall exposure` and `diff`."
    )
