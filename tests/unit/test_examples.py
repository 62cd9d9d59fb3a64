"""The programs of examples/ register what they say, under Pulumi's mocks."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pulumi
import pytest

ROOT = Path(__file__).parents[2]


# the SDK warns of its own deprecated parts when it is imported
@pytest.mark.filterwarnings("ignore:This resource is deprecated:DeprecationWarning")
def test_the_ruleset_goes_over_ssh_as_stdin_and_is_kept_only_after_it_was_loaded(
    engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT / "examples" / "host-over-ssh")
    given = {"address": "203.0.113.10", "hostKey": "not-a-key", "privateKey": "not-a-key"}
    pulumi.runtime.set_all_config({f"{pulumi.get_project()}:{key}": value for key, value in given.items()}, [])
    made = engine.run(lambda: runpy.run_path("__main__.py"))
    loaded, kept = (made["command:remote:Command", name].inputs for name in ("loaded", "kept"))
    # a secret, since it holds the key
    assert loaded["connection"]["value"]["host"] == "203.0.113.10"
    assert "table inet livekit {" in loaded["stdin"]
    assert kept["stdin"] == loaded["stdin"]
    assert loaded["create"] == loaded["update"]
    assert "delete" not in loaded, "the table goes with what keeps it"
    assert "nft delete table inet livekit" in kept["delete"]
