"""`probe check` from another system than the server's: sockets, ICMP errors and limits as Python has them there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .test_commands import HERE, ROOT, SYSTEMS

FIRST = {system: 27101 + 20 * place for place, system in enumerate(SYSTEMS)}
"""Ports of its own for each, as two tests may run at once."""
MODULE = [sys.executable, "-m", "livekit_firewall.cli"]
GIVEN = {**os.environ, "PYTHONPATH": str(ROOT / "components")}


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_check_finds_what_a_listener_opened(system: str, tmp_path: Path) -> None:
    """Also what must be closed: nothing filters loopback."""
    first = FIRST[system]
    ports = ("--port", f"udp/{first}-{first + 2}", "--port", f"tcp/{first + 9}")
    listen = [*MODULE, "probe", "listen", "--no-nft", "--host", "127.0.0.1", *ports]
    with subprocess.Popen(listen, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=GIVEN) as server:
        assert server.stdout is not None
        token = re.search(r"TOKEN=(\S+)", server.stdout.readline())
        assert token
        try:
            words = ["probe", "check", "127.0.0.1", "--token", token[1], *ports, "--json"]
            done = subprocess.run(
                [sys.executable, HERE / "other_system.py", system],
                input=json.dumps([words]), env=GIVEN, capture_output=True, text=True, check=False, timeout=120,
            )  # fmt: skip
        finally:
            server.terminate()
    assert done.returncode == 0, done.stderr
    ((code, out, err),) = json.loads(done.stdout)
    assert code == 1, err
    found = json.loads(out)
    assert {row["verdict"] for row in found["ports"]} == {"reachable"}
    wanted = [(row["protocol"], row["first"], row["last"]) for row in found["ports"] if row["wanted"] == "open"]
    assert wanted == [("tcp", first + 9, first + 9), ("udp", first, first + 2)]


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_port_without_a_service_is_told_as_that(system: str) -> None:
    """Nothing listens: Windows tells an ICMP error as a reset, and macOS has no queue of errors."""
    words = ["probe", "check", "127.0.0.1", "--port", "tcp/27111", "--json"]
    done = subprocess.run(
        [sys.executable, HERE / "other_system.py", system],
        input=json.dumps([words]), env=GIVEN, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    ((code, out, err),) = json.loads(done.stdout)
    assert code in (0, 1), err
    (row,) = (row for row in json.loads(out)["ports"] if row["first"] == 27111)
    assert row["verdict"] == "nobody-listens"
