"""A few of the previews in `tests/previews/`, made anew: those that are committed are what the engine prints."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .previews.make import CHANGED_ONLY, FIXTURES, write
from .previews.tables import CHANGES
from .project import ROOT

pytestmark = pytest.mark.needs("pulumi", "moto")

SAMPLES = {
    # One state each, so that it is deployed once; operations of every kind.
    "aws": ("component-renamed", "destroyed", "load-balancer-by-identity", "unknown-balancer-added"),
    "gcp": ("media-widened", "other-machines", "refused-by-the-component"),
    "digitalocean": ("clients-restricted", "foreign-hostile"),
    "azure": ("foreign-alone-opened", "foreign-api-upgraded", "foreign-secret-source"),
    "hetzner": ("foreign-hostile", "foreign-last-rule", "private-load-balancer"),
    "host": ("other-file", "media-widened"),
}


def by_command(platform: str, into: Path, cli: Path) -> None:
    command = [sys.executable, "-m", "tests.engine.previews", "--on", platform, "--into", str(into)]
    done = subprocess.run(
        [*command, *SAMPLES[platform]],
        cwd=ROOT,
        env={**os.environ, "LIVEKIT_FIREWALL_PULUMI_ROOT": str(cli)},
        check=False,
        text=True,
        timeout=300,
        capture_output=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("platform", SAMPLES)
def test_a_preview_made_anew_is_the_committed_one_byte_for_byte(platform: str, cli: Path, tmp_path: Path) -> None:
    """Of one platform as `make previews` does it, of the others in the process of the tests, which has all loaded."""
    if platform == "host":
        by_command(platform, tmp_path, cli)
    else:
        write(platform, SAMPLES[platform], tmp_path, cli)
    made = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / platform).iterdir()}
    named = list(SAMPLES[platform])
    named += [name + CHANGED_ONLY for name in named if CHANGES[platform, name].changed_only]
    assert made.keys() == {f"{name}.json" for name in named}
    for name, text in made.items():
        committed = (FIXTURES / platform / name).read_text(encoding="utf-8")
        assert text == committed, f"run `make previews`, and look at what changed in {platform}/{name}"
