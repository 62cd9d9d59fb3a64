"""`make up`, `make preview`, `make destroy`: sets up what the stack needs, then runs Pulumi on it.

The stack `local` keeps its state in this folder (.state) and asks nothing; the user's own Pulumi login and
settings are neither needed nor touched. Every other stack is the user's own: their login, their credentials,
Pulumi's questions.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from bootstrap import login, plugins, pulumi_cli, stack_file
from bootstrap.environment import Environment
from bootstrap.progress import SetupError
from setup import ROOT, report, set_up

STATE = ROOT / ".state"
# Pulumi adds an encryption salt to a file of a stack that has none. So that no committed file changes, a stack whose
# file is committed without one is created from a copy of the project here, and runs with a copy of its file.
PROJECT = STATE / "project"

# What matters of the outputs is shown afterwards: as Pulumi shows them, they are hundreds of lines.
QUIET = ["--suppress-outputs", "--suppress-permalink=true"]
# No cloud plugin is wanted on the stack local, so the engine must not look for those of installed SDKs.
LOCAL_OPTIONS = {
    "up": ["--yes", "--skip-preview", "--skip-plugin-pre-install"],
    "preview": ["--skip-plugin-pre-install"],
    "destroy": ["--yes", "--skip-preview"],
}
YES = ("--yes", "-y")


class PulumiError(Exception):
    """A pulumi command failed and has said why."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(f"pulumi ended with exit code {code}")


class Pulumi:
    """The CLI as one stack needs it."""

    def __init__(self, stack: str) -> None:
        environment = Environment(ROOT)
        cli = environment.cli_root.read_text(encoding="utf-8").strip()
        self.stack = stack
        self._variables = variables(stack, environment, cli)

    def run(self, *arguments: str, cwd: Path | None = None) -> None:
        command = ["pulumi", *arguments, "--stack", self.stack]
        done = subprocess.run(command, cwd=cwd or ROOT, env=self._variables, check=False)
        if done.returncode != 0:
            raise PulumiError(done.returncode)

    def told(self, *arguments: str) -> Any:
        """The JSON that a command prints."""
        command = ["pulumi", *arguments, "--stack", self.stack]
        done = subprocess.run(command, cwd=ROOT, env=self._variables, stdout=subprocess.PIPE, check=False)
        if done.returncode != 0:
            raise PulumiError(done.returncode)
        return json.loads(done.stdout)


def variables(stack: str, environment: Environment, cli: str) -> dict[str, str]:
    # .venv/bin comes first: a language host built from source finds the interpreter only through PATH.
    found = dict(os.environ)
    found["PATH"] = os.pathsep.join([str(environment.bin), cli, os.environ.get("PATH", os.defpath)])
    found["VIRTUAL_ENV"] = str(environment.folder)
    found["PULUMI_SKIP_UPDATE_CHECK"] = "true"
    if stack == "local":
        for name in ("PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE_FILE", "PULUMI_STACK"):
            found.pop(name, None)
        found["PULUMI_HOME"] = str(STATE / "pulumi-home")
        found["PULUMI_BACKEND_URL"] = STATE.as_uri()
        found["PULUMI_CONFIG_PASSPHRASE"] = ""  # the stack holds no secrets
    return found


def get_ready(stack: str) -> None:
    """Installs what the stack needs. A stack without a file, and a missing login, end it as early as they can."""
    clouds = stack_file.clouds(stack_file.path_of(ROOT, stack))
    if stack != "local":
        cli, _ = pulumi_cli.find()
        if cli is None:
            set_up([], cli=True)
            cli, _ = pulumi_cli.find()
        if cli is not None:
            login.require(cli, ROOT, variables(stack, Environment(ROOT), str(cli)))
    set_up(clouds, cli=True)


def require_plugins(stack: str) -> None:
    """Fetches the plugins of the stack's clouds; `local` asks none. Raises SetupError where one cannot be had."""
    if stack == "local":
        return
    clouds = stack_file.clouds(stack_file.path_of(ROOT, stack))
    environment = Environment(ROOT)
    cli = environment.cli_root.read_text(encoding="utf-8").strip()
    plugins.require(environment, clouds, variables(stack, environment, cli), stack)


def prepare(pulumi: Pulumi) -> list[str]:
    """Creates the stack where it does not exist; returns the options to run it with."""
    file, is_local = stack_file.path_of(ROOT, pulumi.stack), pulumi.stack == "local"
    options: list[str] = []
    if is_local or stack_file.is_committed_unsealed(file):
        copy = PROJECT / "stacks" / file.name
        is_there = copy.exists()
        stack_file.copy(file, copy)
        if not (is_local and is_there):
            shutil.copyfile(ROOT / "Pulumi.yaml", PROJECT / "Pulumi.yaml")
            pulumi.run("stack", "select", "--create", cwd=PROJECT)
        options = ["--config-file", str(copy)]
    if not is_local:
        # `select` is what creates at need; it changes no more than which stack is the current one.
        pulumi.run("stack", "select", "--create")
    return options


LAST = 20
"""How many updates are looked at."""


def refresh_options(history: list[dict[str, Any]], state: dict[str, Any]) -> list[str]:
    """`--refresh` where an update failed or was killed, and nothing was read from the cloud since.

    The state then may hold what was asked in place of what is there: Google's provider would send nothing more, and an
    update that took effect though it failed would stay when the program goes back.

    Args:
        history: what `pulumi stack history --json` prints, the newest update first.
        state: what `pulumi stack export` prints.
    """
    deployment = state.get("deployment") or {}
    is_refused = any(one.get("initErrors") for one in deployment.get("resources") or ())
    if is_refused or deployment.get("pending_operations") or _failed_since_it_read(history):
        return ["--refresh"]
    return []


def _failed_since_it_read(history: list[dict[str, Any]]) -> bool:
    for one in history:
        if one.get("result") != "succeeded":
            return True
        if one.get("kind") in ("refresh", "destroy") or "pulumi.flag.refresh" in (one.get("environment") or {}):
            return False
    return False


def show(outputs: dict[str, object]) -> None:
    """What a person wants to know in the end: where the ruleset lies, and who can reach what."""
    path, check = outputs.get("host_ruleset_path"), outputs.get("host_ruleset_check")
    if path:
        print(f"\nruleset of this host: {shortened(str(path))}" + (f" ({check})" if check else ""))
    if outputs.get("exposure"):
        print(f"\n{str(outputs['exposure']).strip()}")


def shortened(path: str) -> str:
    """Relative to where the user stands, if it lies below."""
    try:
        return str(Path(path).relative_to(ROOT))
    except ValueError:
        return path


def run(action: str, stack: str, options: list[str]) -> int:
    # Ctrl-C reaches Pulumi as well, which then ends its step in good order and must not be killed meanwhile.
    signal.signal(signal.SIGINT, lambda *_: None)
    pulumi = Pulumi(stack)
    dots = [] if sys.stdout.isatty() else ["--suppress-progress"]  # in a log, only what changed is of interest
    standard = [*QUIET, *dots, *standard_options(action, stack, options)]
    try:
        own = prepare(pulumi)
        history = pulumi.told("stack", "history", "--json", "--page-size", str(LAST))
        again = refresh_options(history, pulumi.told("stack", "export"))
        if again:
            print(f"the last update of {stack} failed: this one reads what is there before (--refresh)", flush=True)
        pulumi.run(action, *own, *standard, *again, *options)
        if action == "up":
            show(pulumi.told("stack", "output", "--json"))
    except PulumiError as error:
        if stack != "local":
            after = BROKEN_OFF.format(action=action, stack=stack) if action != "preview" else ""
            print(f"{after}\n{plugins.without_a_cloud(stack)}", file=sys.stderr, flush=True)
        return error.code
    return 0


def standard_options(action: str, stack: str, options: list[str]) -> list[str]:
    """The preview before an update is for whoever is asked whether to go on."""
    if stack == "local":
        return LOCAL_OPTIONS[action]
    is_asked = action == "preview" or not set(YES) & set(options)
    return [] if is_asked or "--skip-preview" in options else ["--skip-preview"]


def refuse_no_answer(action: str, stack: str, options: list[str]) -> None:
    """Raises SetupError where Pulumi would ask, and nobody is there to answer."""
    if action != "preview" and stack != "local" and not set(YES) & set(options) and not sys.stdin.isatty():
        raise SetupError(
            f"make {action} asks before it changes anything, and there is no terminal to answer at: look at "
            f"make preview STACK={stack} first, then make {action} STACK={stack} ARGS=--yes"
        )


BROKEN_OFF = """
make {action} did not end well. The next one reads what is there before (--refresh). If something exists that it does
not know of (InvalidPermission.Duplicate, "already exists", an answer that was lost), this prints what imports it:
  .venv/bin/livekit-firewall recover LISTING --stack {stack} > import.json     # docs/recovery.md"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=LOCAL_OPTIONS)
    parser.add_argument("stack")
    wanted, options = parser.parse_known_args()

    def begin() -> None:
        stack_file.path_of(ROOT, wanted.stack)
        refuse_no_answer(wanted.action, wanted.stack, options)
        get_ready(wanted.stack)
        require_plugins(wanted.stack)

    return report(begin) or run(wanted.action, wanted.stack, options)


if __name__ == "__main__":
    sys.exit(main())
