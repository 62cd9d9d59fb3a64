"""The generated key trees, judged by the servers themselves: what their parser takes and what it refuses, key by key.

Each trial is a file with one key, right or wrong, at whatever depth. `livekit-server ports` parses the file as its
start does, and binds nothing. A sample here, twice 200 with each server in `make soak` (docs/versions.md has counts).
"""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from livekit_firewall.settings.schemas import CONFIRMED
from tests.sampling import is_soak

from .derived import derive
from .keys import Trial, drawn
from .lab import ENV, Lab

pytestmark = pytest.mark.needs("linux", "root", "netns", "ss", "older livekit-servers")

IS_SOAK = is_soak()
TRIALS = 400 if IS_SOAK else 80
KEYS = 'keys: {devkey: "a secret of more than thirty-two characters"}'

BY_TYPE = {"unknown-key", "invalid-value", "bind-addresses-invalid", "udp-port-invalid", "node-ip-invalid"}
"""What we find where the parser refuses a file."""

STRICTER = {
    "bind_addresses": "a number is no address",
    "rtc.node_ip": "announced as it is before 1.10.0, whatever it is",
    "rtc.ips": "a block is looked at when the server starts",
    "port": "0 is any free port",
    "rtc.tcp_port": "70000 is no port",
}
"""Keys of which we refuse values that the parser takes, as its start refuses them, or nobody means them."""

NOT_EXPANDED = ("egress.room", "egress.participant", "egress.tracks")
"""Messages of protobuf whose own fields the tables do not have: what is in them we let pass."""

FRACTIONS = ("1.7", "-0.5")
"""The server drops what follows the point of a port."""


@pytest.fixture(scope="module")
def lab(livekit_server: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with Lab(livekit_server, tmp_path_factory.mktemp("keys")) as made:
        yield made


@pytest.mark.parametrize("version", CONFIRMED["livekit"])
def test_a_key_is_taken_and_refused_as_we_say(version: str, livekit_servers: dict[str, Path], lab: Lab) -> None:
    taken = refused = 0
    wrong = []
    for trial in drawn(version, random.Random(version), TRIALS):
        text = trial.text if trial.text.startswith("keys:") else f"{trial.text}\n{KEYS}"
        said = parsed(livekit_servers[version], text, lab)
        is_refused = "could not parse config" in said
        derived = derive(text, lab.folder, version)
        ours = {problem.id for problem in derived.problems} | {error.id for error in derived.errors}
        taken, refused = taken + (not is_refused), refused + is_refused
        if not agrees(trial, is_refused, ours):
            wrong.append(
                f"{trial.text}: the server {'refuses' if is_refused else 'takes'} it, {sorted(ours)}: {said[:200]}"
            )
    assert wrong == []
    assert min(taken, refused) >= TRIALS // 3


def agrees(trial: Trial, is_refused: bool, ours: set[str]) -> bool:
    """What else we find in a file that the server takes, such as an empty list to bind, says what becomes of it."""
    if is_refused:
        return bool(ours & BY_TYPE) or trial.path.endswith(NOT_EXPANDED)
    is_stricter = trial.path.startswith(tuple(STRICTER)) or any(one in trial.text for one in FRACTIONS)
    return not ours & BY_TYPE or is_stricter


def parsed(server: Path, text: str, lab: Lab) -> str:
    """What `ports` says of a file, within the namespace, where nobody can be asked."""
    file = lab.folder / "trial.yaml"
    file.write_text(text, encoding="utf-8")
    command = ["ip", "netns", "exec", lab.server, str(server), "--config", str(file), "ports"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False, env=ENV)
    return ran.stdout + ran.stderr
