"""examples/fleet in a copy, with a table, a state and clouds of a test's own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from . import vault
from .fakes import digitalocean
from .fakes.store import FOLDER, Store
from .project import ROOT, _environment
from .running import Running

EXAMPLE = ROOT / "examples" / "fleet"
REGION = "eu-central-1"


def row(name: str, wave: int = 1, **settings: Any) -> dict[str, Any]:
    """A stack whose operators and target are its own, so that one which got another's would show."""
    number = sum(name.encode()) % 256
    target = settings or {"digitalocean": {"tags": [name]}}
    return {"name": name, "wave": wave, "settings": {"operators": {"cidrs": [f"203.0.113.{number}/32"]}, **target}}


@dataclass
class Ended:
    """How a run of fleet.py ended.

    Attributes:
        log: its lines of JSON.
        outcomes: those of the stacks, by name.
    """

    code: int
    log: Path
    lines: list[dict[str, Any]]
    errors: str
    outcomes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.outcomes = {line["stack"]: line for line in self.lines if line["event"] == "ended"}

    def results(self) -> dict[str, str]:
        return {name: line["result"] for name, line in self.outcomes.items()}


class Fleet:
    """A copy of the example with a table of the test's own."""

    def __init__(self, folder: Path, cli: Path, backend: str) -> None:
        self.folder = folder / "fleet"
        shutil.copytree(EXAMPLE, self.folder)
        shutil.rmtree(self.folder / "program" / "stacks")
        self.clouds = folder / "clouds"
        self.clouds.mkdir()
        self.backend = backend
        self.environment = {
            **_environment(folder, cli),
            "PYTHONPATH": str(ROOT / "components"),
            "AWS_ACCESS_KEY_ID": "any",
            "AWS_SECRET_ACCESS_KEY": "any",
            FOLDER: str(self.clouds),
        }
        self.runs, self.logs = 0, dict[int, Path]()
        self.plugins: Running | None = None

    def write(self, rows: list[dict[str, Any]]) -> None:
        table = {"backend": self.backend, "secrets": vault.PROVIDER, "stacks": rows}
        (self.folder / "fleet.yaml").write_text(yaml.safe_dump(table), encoding="utf-8")

    def run(self, *arguments: str, workers: int = 3) -> Ended:
        return self.ended(self.begin(*arguments, workers=workers))

    def begin(self, *arguments: str, workers: int = 3) -> subprocess.Popen[str]:
        """A run that goes on beside the test; `ended` waits for it. Plugins stay, but those that are to be killed."""
        self.runs += 1
        environment = self.environment
        if not self.account("any").is_to_kill():
            self.plugins = self.plugins or Running.start(self.clouds, environment)
            environment = {**environment, "PULUMI_DEBUG_PROVIDERS": self.plugins.plugins}
        with self._log(self.runs).open("w", encoding="utf-8") as file:
            begun = subprocess.Popen(
                [sys.executable, "fleet.py", *arguments, "--json", "--workers", str(workers)],
                cwd=self.folder, env=environment, stdout=file, stderr=subprocess.PIPE, text=True,
            )  # fmt: skip
        self.logs[begun.pid] = self._log(self.runs)
        return begun

    def ended(self, begun: subprocess.Popen[str]) -> Ended:
        _, errors = begun.communicate(timeout=3600)
        log = self.logs[begun.pid]
        lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
        return Ended(begun.returncode, log, lines, errors)

    def stop(self) -> None:
        """End the plugins."""
        if self.plugins is not None:
            self.plugins.stop()

    def _log(self, number: int) -> Path:
        return self.folder / f"run-{number}.jsonl"

    def pulumi(self, *arguments: str) -> None:
        environment = {**self.environment, "PULUMI_BACKEND_URL": self.backend}
        command = ["pulumi", *arguments, "--non-interactive"]
        subprocess.run(
            command, cwd=self.folder / "program", env=environment, check=True, capture_output=True, timeout=60
        )

    def account(self, cloud: str) -> Store:
        return Store(self.clouds, cloud)

    def operators(self) -> dict[str, list[str]]:
        """Who may reach SSH by each firewall of DigitalOcean, by its tag."""
        return {
            tag: [
                source
                for rule in firewall["inboundRules"]
                if rule.get("portRange") == "22"
                for source in rule["sourceAddresses"]
            ]
            for firewall in self.account("digitalocean").all(digitalocean.FIREWALL).values()
            for tag in firewall["tags"]
        }


def s3(emulator: str) -> Any:
    """A client of the emulator's S3."""
    import boto3

    return boto3.client(
        "s3", endpoint_url=emulator, region_name=REGION, aws_access_key_id="any", aws_secret_access_key="any"
    )


def s3_backend(emulator: str, bucket: str) -> str:
    """The address of a state in a bucket, which is made."""
    s3(emulator).create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    address = emulator.removeprefix("http://")
    return f"s3://{bucket}?region={REGION}&endpoint={address}&disableSSL=true&s3ForcePathStyle=true"


def keys(client: Any, bucket: str, below: str) -> list[str]:
    """The objects of a state below a folder of it."""
    return [one["Key"] for one in client.list_objects_v2(Bucket=bucket, Prefix=f".pulumi/{below}").get("Contents", [])]
