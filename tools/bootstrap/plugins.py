"""The plugins of Pulumi by which a stack talks to its clouds: there, fetched before the update, or one message.

Left to the engine, a plugin that cannot be fetched is told in thirty lines, in the middle of a preview.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from bootstrap import sections
from bootstrap.environment import Environment
from bootstrap.progress import Progress, SetupError, StepError

TIME_LIMIT = 900.0
LOGS = Path(__file__).resolve().parents[2] / ".state" / "logs"


class Plugin(NamedTuple):
    """Attributes:
    server: where it is fetched, "" for Pulumi's own.
    """

    name: str
    version: str
    server: str

    def is_there(self, variables: Mapping[str, str]) -> bool:
        """On PATH, or where the CLI keeps what it fetched."""
        home = Path(variables.get("PULUMI_HOME") or Path.home() / ".pulumi")
        kept = home / "plugins" / f"resource-{self.name}-v{self.version}"
        return kept.is_dir() or shutil.which(f"pulumi-resource-{self.name}", path=variables["PATH"]) is not None


def of(environment: Environment, clouds: Iterable[str]) -> list[Plugin]:
    """Those that the SDKs of these clouds name."""
    requirements = sections.split((environment.root / "requirements.txt").read_text(encoding="utf-8"))
    found = []
    for cloud in clouds:
        for sdk in re.findall(r"^(pulumi-[\w-]+)==", requirements[cloud], re.MULTILINE):
            for file in environment.folder.glob(
                f"lib/python*/site-packages/{sdk.replace('-', '_')}/pulumi-plugin.json"
            ):
                told = json.loads(file.read_text(encoding="utf-8"))
                found.append(Plugin(told["name"], told["version"], told.get("server", "")))
    return found


def require(environment: Environment, clouds: Iterable[str], variables: Mapping[str, str], stack: str) -> None:
    """Fetches those that are not there.

    Raises:
        SetupError: one cannot be had. It says what works without.
    """
    lacking = [plugin for plugin in of(environment, clouds) if not plugin.is_there(variables)]
    for plugin in lacking:
        with Progress(LOGS) as progress:
            command = ["pulumi", "plugin", "install", "resource", plugin.name, plugin.version]
            command += ["--server", plugin.server] if plugin.server else []
            title = f"fetching the plugin {plugin.name} {plugin.version}"
            try:
                progress.run(title, command, env=variables, timeout=TIME_LIMIT)
            except StepError as error:
                raise SetupError(_no_way_out(plugin, command, stack, error)) from None


def _no_way_out(plugin: Plugin, command: list[str], stack: str, error: StepError) -> str:
    lines = error.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    why = re.findall(r"(?:dial tcp|no such host|[45]\d\d HTTP error)[^\n]*", "\n".join(lines))
    return (
        f"Pulumi's plugin {plugin.name} {plugin.version}, which talks to the cloud, is not here and could not be "
        f"fetched ({(why or lines or [error.why])[-1].strip()}).\n"
        f'Where it can be: "$(cat .venv/pulumi-root)/pulumi" {" ".join(command[1:])}; a file of it goes with --file.\n'
        f"{without_a_cloud(stack)}\n"
        f"The whole log: {error.log}"
    )


def without_a_cloud(stack: str) -> str:
    """What a stack can be asked with neither a plugin nor credentials."""
    name = stack.rpartition("/")[2]
    return (
        "With neither plugin nor credentials:\n"
        f"  .venv/bin/livekit-firewall exposure --stack {name}            # who could reach what\n"
        f"  .venv/bin/livekit-firewall diff main...HEAD --stack {name}    # what a change does to it"
    )
