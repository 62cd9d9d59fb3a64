"""What Docker Compose's own loader makes of a project, and what we make of it, in the same shape."""

from __future__ import annotations

import json
import os
import subprocess
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from livekit_firewall.inputs.compose.environment import environment_of
from livekit_firewall.inputs.compose.model import Project, Published, Service
from livekit_firewall.inputs.compose.project import read_project
from livekit_firewall.model.errors import Report

FILES = ("compose.yaml", "compose.override.yaml")
Answer = dict[str, Any]


def write_project(folder: Path, texts: Mapping[str, str]) -> list[str]:
    """Writes the files of a sample; returns the compose files to be merged."""
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    return [name for name in FILES if name in texts]


def ours(folder: Path, files: Sequence[str]) -> Answer:
    report = Report()
    project = read_project(files, folder, report)
    services = {name: _ours(one, project, report) for name, one in project.services.items()} if project else {}
    return {"error": [str(one) for one in report.problems]} if report.problems else {"services": services}


def theirs(binary: Path, projects: Iterable[tuple[Path, Sequence[str]]]) -> list[Answer]:
    """The answers of the loader, in the order of the projects."""
    asked = [{"folder": str(folder), "files": [str(folder / one) for one in files]} for folder, files in projects]
    lines = "".join(json.dumps(one) + "\n" for one in asked)
    done = subprocess.run([binary], input=lines, capture_output=True, text=True, check=True, timeout=300)
    return [_theirs(json.loads(line)) for line in done.stdout.splitlines()]


def is_same(one: Answer, other: Answer) -> bool:
    return ("error" in one and "error" in other) or one == other


def _ours(one: Service, project: Project, report: Report) -> Answer:
    return {
        "image": one.image,
        "command": None if one.command is None else list(one.command),
        "entrypoint": None if one.entrypoint is None else list(one.entrypoint),
        "environment": {key: entry.value for key, entry in environment_of(one, project, report).items()},
        "ports": sorted({port for entry in one.ports for port in _ports(entry)}),
        "mounts": sorted((_relative(mount.source, project), mount.target) for mount in one.mounts if mount.source),
        "configs": sorted((mount.target, mount.source, mount.content or "") for mount in one.configs),
        "network_mode": one.network_mode,
    }


def _relative(path: str, project: Project) -> str:
    return os.path.relpath(path, project.folder.root) if path.startswith("/") else path


def _ports(one: Published) -> Iterable[tuple[int, str, str, str, str]]:
    for index in range(len(one.target)):
        host = "" if one.first is None else str(one.first + index) if one.is_fixed else f"{one.first}-{one.last}"
        yield one.target.first + index, host, str(one.target.protocol), one.address, one.mode


def _theirs(answer: Answer) -> Answer:
    for one in answer.get("services", {}).values():
        ports = [port for port in one["ports"] if port["protocol"] != "sctp"]
        keys = ("target", "published", "protocol", "host_ip", "mode")
        one["ports"] = sorted({tuple(port[key] for key in keys) for port in ports})
        one["mounts"] = sorted((mount["source"], mount["target"]) for mount in one["mounts"])
        one["configs"] = sorted((mount["target"], mount["file"], mount["content"]) for mount in one["configs"])
        one["environment"] = one["environment"] or {}
    return answer
