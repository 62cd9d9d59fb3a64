"""What the package offers, and what importing it costs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import livekit_firewall
from livekit_firewall.platforms.registry import PLATFORMS

ROOT = Path(__file__).resolve().parents[2]


def loaded_after(program: str) -> set[str]:
    """The top-level modules, and the package's own, that a program has loaded."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{program}\nprint(*sys.modules)"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "components")},
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    names = done.stdout.split()
    return {name.partition(".")[0] for name in names} | {name for name in names if name.startswith("livekit_firewall")}


def test_every_public_name_is_there_and_listed_in_order() -> None:
    assert livekit_firewall.__all__ == sorted(livekit_firewall.__all__)
    for name in livekit_firewall.__all__:
        assert getattr(livekit_firewall, name).__name__ == name or name == "read_deployment"


def test_another_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="module 'livekit_firewall' has no attribute 'LiveKitFirewal'"):
        livekit_firewall.LiveKitFirewal  # noqa: B018 (reading it is the test)


def test_importing_the_package_loads_neither_pulumi_nor_a_platform() -> None:
    loaded = loaded_after("import livekit_firewall\nlivekit_firewall.RuleSet")
    assert loaded & {"pulumi", "grpc", "rich", "click"} == set()
    assert not [name for name in loaded if name.startswith("livekit_firewall.platforms.registry.")]


def test_importing_the_component_loads_pulumi_and_the_types_of_its_arguments_alone() -> None:
    """What derives and renders costs 45 ms, and is loaded where a component is made."""
    loaded = loaded_after("from livekit_firewall import LiveKitFirewall")
    own = {name for name in loaded if name.startswith("livekit_firewall.")}
    platforms = {f"platforms.{one.__module__.split('.')[2]}" for one in map(type, PLATFORMS)}
    types = {"audience_args", "firewall_args", "inputs.argument_types", "platforms.by_audience_args", "service_args"}
    types |= {f"{one}.args" for one in platforms}
    assert own == {f"livekit_firewall.{name}" for name in ("firewall", "inputs", "platforms", *platforms, *types)}
    assert loaded - own - loaded_after("import pulumi") - sys.stdlib_module_names == {"livekit_firewall"}


MADE = """
import asyncio
import pulumi
from livekit_firewall import LiveKitFirewall
class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args): return args.name, dict(args.inputs)
    def call(self, args): raise NotImplementedError(args.token)
asyncio.set_event_loop(asyncio.new_event_loop())  # Python 3.14 makes none by itself
pulumi.runtime.set_mocks(Mocks())
pulumi.runtime.test(lambda: LiveKitFirewall("media", {
    "aws": {"vpc_id": "vpc-0123456789abcdef0"},
    "gcp": {"network": "default", "target_tags": ["livekit"]},
    "digitalocean": {"tags": ["livekit"]},
    "azure": {"resource_group_name": "media"},
    "hetzner": {"server_ids": [1]},
}))()
"""


def test_a_component_on_every_cloud_loads_no_sdk() -> None:
    """It takes longer than all that the component does, and registers nothing else."""
    loaded = loaded_after(MADE)
    assert "pulumi" in loaded
    assert loaded & {one.sdk for one in PLATFORMS if one.sdk} == set()


def test_the_package_says_that_it_is_typed() -> None:
    assert (ROOT / "components" / "livekit_firewall" / "py.typed").read_text() == ""
