"""Versions of Pulumi's SDKs: one that is not supported is told before anything is registered, and every input that a
component registers is an argument of the SDK that is installed, whichever of its range that is (`.ci/ranges`).
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from livekit_firewall import LiveKitFirewall
from livekit_firewall.inputs.extras import install_line
from livekit_firewall.platforms import running
from livekit_firewall.platforms.registry import PLATFORMS
from livekit_firewall.platforms.running import InvalidArguments
from livekit_firewall.platforms.versions import PULUMI, Versions

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[3]
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
CLOUDS = [platform for platform in PLATFORMS if platform.sdk]
EACH_CLOUD = pytest.mark.parametrize("platform", CLOUDS, ids=lambda one: one.argument)
TARGETS: dict[str, dict[str, Any]] = {
    "aws": {"vpc_id": "vpc-0123456789abcdef0", "region": "eu-west-1", "tags": {"a": "b"}},
    "gcp": {"network": "default", "project": "media-1", "target_tags": ["livekit"]},
    "digitalocean": {"tags": ["livekit"], "droplet_ids": [1], "load_balancer_uids": ["a-b"]},
    "azure": {"resource_group_name": "media", "location": "westeurope", "tags": {"a": "b"}},
    "hetzner": {"server_ids": [1], "label_selectors": ["app=livekit"], "labels": {"a": "b"}},
}

GROUP = "/subscriptions/0/resourceGroups/media/providers/Microsoft.Network/networkSecurityGroups/theirs"
FURTHER = {"azure": [{"network_security_group_id": GROUP}]}
"""What makes resources of other types."""


@pytest.mark.parametrize(
    ("version", "is_supported"),
    [
        ("7.0.0", True), ("7.51.1", True), ("7.100.0", True), ("7.0.0-alpha.1", True),
        ("6.83.4", False), ("8.0.0", False), ("8.0.0-alpha.1+dev", False), ("10.0.0", False), ("", False),
        ("unknown", False),
    ],
)  # fmt: skip
def test_a_version_is_supported_from_the_first_on_and_below_the_next_major(version: str, is_supported: bool) -> None:
    assert (version in Versions("7.0", "8")) is is_supported


@EACH_CLOUD
def test_an_extra_asks_for_the_versions_that_are_supported(platform: Any) -> None:
    sdk = platform.sdk.replace("_", "-"), platform.sdk_versions
    asked = [f"{name}>={versions.oldest},<{versions.next_major}" for name, versions in (("pulumi", PULUMI), sdk)]
    assert EXTRAS[platform.extra] == asked
    assert EXTRAS["pulumi"] == asked[:1]


@EACH_CLOUD
def test_an_sdk_that_is_missing_is_told_with_the_line_that_installs_it(
    engine: Any, monkeypatch: pytest.MonkeyPatch, platform: Any
) -> None:
    monkeypatch.setattr(running, "find_spec", lambda name: None if name == platform.sdk else find_spec(name))
    cloud, package = platform.argument, platform.sdk.replace("_", "-")

    def program() -> None:
        with pytest.raises(InvalidArguments) as caught:
            LiveKitFirewall("lk", {cloud: TARGETS[cloud]})
        assert [str(one) for one in caught.value.problems] == [
            f"{cloud}: needs the package {package} of livekit-firewall[{cloud}]; {install_line(cloud)}"
        ]

    assert engine.run(program) == {}


@EACH_CLOUD
@pytest.mark.parametrize("found", ["0.9.1", "99.0.0", "unknown"])
def test_another_version_of_an_sdk_is_told_with_the_line_that_installs_one(
    engine: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: Any, found: str
) -> None:
    told = {} if found == "unknown" else {"version": found}  # SDKs of long ago do not say it
    (tmp_path / "pulumi-plugin.json").write_text(json.dumps({"resource": True, "name": "x", **told}))
    spec = ModuleSpec(platform.sdk, None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(running, "find_spec", lambda name: spec if name == platform.sdk else find_spec(name))
    cloud, package, versions = platform.argument, platform.sdk.replace("_", "-"), platform.sdk_versions

    def program() -> None:
        with pytest.raises(InvalidArguments) as caught:
            LiveKitFirewall("lk", {cloud: TARGETS[cloud]})
        assert [str(one) for one in caught.value.problems] == [
            f"{cloud}: needs {package} {versions} (got {package} {found}); {install_line(cloud)}"
        ]

    assert engine.run(program) == {}


OLD = """
import importlib.metadata
import pulumi
known = importlib.metadata.version
importlib.metadata.version = lambda name: "3.231.0" if name == "pulumi" else known(name)
del pulumi.InputPropertiesError, pulumi.InputPropertyErrorDetails  # as in one of long ago
from livekit_firewall import LiveKitFirewall
for make in (LiveKitFirewall, lambda name: __import__("livekit_firewall").AwsFirewall(name)):
    try:
        make("livekit")
    except pulumi.RunError as error:
        print(error)
"""


def test_another_version_of_pulumi_is_told_where_a_component_is_made() -> None:
    done = subprocess.run(
        [sys.executable, "-c", OLD],
        env={**os.environ, "PYTHONPATH": str(ROOT / "components")},
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    said = f"livekit-firewall needs pulumi {PULUMI} (got 3.231.0); {install_line('pulumi')}\n"
    assert done.stdout == said * 2


def snake(key: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", lambda found: "_" + found[1].lower(), key).lower()


def arguments(token: str, sdk: str) -> set[str]:
    """Those that the SDK's class of a resource takes. Read, since importing all SDKs takes seconds."""
    (found,) = find_spec(sdk).submodule_search_locations
    _, module, name = token.split(":")
    folder = module.partition("/")[0]
    file = Path(found, *([] if folder == "index" else [folder]), f"{snake(name)}.py")
    tree = ast.parse(file.read_text(encoding="utf-8"))
    (made,) = (one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and one.name == "_internal_init")
    return {one.arg for one in made.args.args}


@EACH_CLOUD
def test_every_input_is_an_argument_of_the_sdk(engine: Any, platform: Any) -> None:
    cloud = platform.argument

    def program() -> None:
        for number, target in enumerate([TARGETS[cloud], *FURTHER.get(cloud, [])]):
            LiveKitFirewall(f"lk{number}", {"https": True, "sip": {}, "trunks": "anywhere", cloud: target})

    registered = [one for one in engine.run(program).values() if one.type in platform.made]
    assert {one.type for one in registered} == set(platform.made)
    for one in registered:
        assert {snake(key) for key in one.inputs} <= arguments(one.type, platform.sdk), one.name
