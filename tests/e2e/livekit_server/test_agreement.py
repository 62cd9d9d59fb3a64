"""livekit-server itself judges how its configuration is read: it is started with each of some 250 files.

The newest server that can be built here reads all of them, older ones a part, `make soak` all.

What it binds is held against the listeners that we derive from the same file, both ways, family by family; which
files it refuses, against those that we refuse or flag. A disagreement is a mistake here, or stands in one of the
tables below with its reason, and then has to stay one.

Not proven here: the ports that open on demand (the ICE range, relays), which need calls.
"""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from livekit_firewall.settings.schemas import CONFIRMED
from tests.sampling import is_soak

from .cases import cases, drawn
from .derived import Derived, derive
from .lab import Lab, Outcome

pytestmark = pytest.mark.needs("linux", "root", "netns", "ss", "livekit-server")

CASES = cases()
DRAWN = 150
IS_SOAK = is_soak()

# Files that livekit-server refuses, and that we accept: the file alone does not tell.
UNKNOWABLE = {
    "bind_addresses: not of this host": "which addresses a host has is not in its file",
    "keys: none": "keys may come from LIVEKIT_KEYS, and a file without them is usual",
    "turn: tls with a certificate that is not there": "the path is the server's, which may be another machine",
    "redis: nobody answers": "whether Redis answers is not in the file",
}

# Files that livekit-server starts with, and that we refuse: no rules can be right for them, or nobody means them.
STRICTER = {
    "port: 0": "it takes any free port, another one at each start",
    "port: a float": "it drops what follows the point",
    "rtc.udp_port: ends too large": "it would fail on a machine with more processors",
    "rtc.udp_port: from 0": "it takes this for unset, and the default range",
    "turn: off, but with a port too large": "it cannot start once TURN is on",
    "turn: relays backwards": "it relays from any port from 0 to 65535",
    "turn: half of the relays": "it replaces the half that is written, and relays from 30000-40000",
    "ice: port_range_start: 50100": "it takes any free port, unbounded",
    "ice: port_range_start: 50100, development: true": "likewise",
    "ice: udp_port: 0, port_range_start: 50100": "likewise",
    "ice: udp_port: 0, port_range_start: 50100, development: true": "likewise",
}

# Findings of severity error on files that livekit-server starts with: it runs, and its users are worse off.
RUNS_BUT_WRONG = {
    "binds-nothing": "nobody reaches the API",
    "half-range": "the end that is written has no effect",
    "node-ip-announced": "an older server announces a text that is no address",
    "overlap": "it is one port on different addresses, and a rule opens it on all of them",
    "turn-tls-unreachable": "no client reaches TURN/TLS, as it is told port 443 with TLS",
    "udp-port-ignored": "the port that is written has no effect",
}

# Of the cases, every so many is tried with an older server, and as many drawn files; `make soak` tries all of them.
OLDER = {"1.9.11": 3, "1.7.2": 5, "1.5.3": 5}

Judge = Callable[[str], tuple[Outcome, Derived]]


@pytest.fixture(scope="module")
def lab(livekit_server: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with lab_of(livekit_server, tmp_path_factory) as made:
        yield made


@contextmanager
def lab_of(server: Path, folders: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = folders.mktemp("livekit-server")
    write_keys(folder)
    with Lab(server, folder) as made:
        yield made


@pytest.fixture(scope="module")
def judge(lab: Lab) -> Judge:
    """What the server does with a case, and what we derive; each case is tried once, when it is asked for."""
    return cache(lambda name: both(lab, CASES[name]))


def both(lab: Lab, text: str) -> tuple[Outcome, Derived]:
    text = text.replace("CERTIFICATE", str(lab.folder / "turn.pem")).replace("SECRET", str(lab.folder / "turn.key"))
    return lab.start(text), derive(text, lab.folder, version_of(lab))


def version_of(lab: Lab) -> str:
    return lab.binary.name.removeprefix("livekit-server-v")


def write_keys(folder: Path) -> None:
    """A file of API keys, which may be nobody else's to read, and a certificate for TURN/TLS."""
    keys = folder / "keys.yaml"
    keys.write_text('devkey: "a secret of more than thirty-two characters"\n', encoding="utf-8")
    keys.chmod(0o600)
    certificate = Path(__file__).with_name("certificate.py")
    subprocess.run([sys.executable, str(certificate), str(folder)], check=True, timeout=30)


@pytest.mark.parametrize("name", CASES)
def test_what_it_binds_is_what_we_derive(name: str, judge: Judge) -> None:
    outcome, derived = judge(name)
    if outcome.sockets is not None and derived.sockets is not None:
        assert derived.sockets == outcome.sockets


@pytest.mark.parametrize("name", CASES)
def test_what_it_refuses_we_refuse_or_flag_and_nothing_else(name: str, judge: Judge) -> None:
    outcome, derived = judge(name)
    if outcome.sockets is None:
        assert derived.objects != (name in UNKNOWABLE), outcome.said
        return
    assert [str(problem) for problem in derived.problems] == [] or name in STRICTER
    assert bool(derived.problems) == (name in STRICTER)
    assert {finding.id for finding in derived.errors} <= RUNS_BUT_WRONG.keys()


def test_whatever_is_drawn_at_random_is_read_alike(lab: Lab) -> None:
    """Settings that are right one by one, in combinations that nobody thought of."""
    dice = random.Random(20261113)
    for _ in range(DRAWN):
        text = drawn(dice)
        outcome, derived = both(lab, text)
        if outcome.sockets is None:
            assert derived.objects, f"{text}\n{outcome.said}"
        else:
            assert derived.problems == (), text
            assert derived.sockets == outcome.sockets, text
            assert {finding.id for finding in derived.errors} <= RUNS_BUT_WRONG.keys(), text


@pytest.mark.needs("older livekit-servers")
@pytest.mark.parametrize("version", OLDER)
def test_an_older_server_is_read_by_its_own_keys_and_defaults(
    version: str, livekit_servers: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> None:
    step = 1 if IS_SOAK else OLDER[version]
    dice = random.Random(version)
    drawings = {f"drawn: {index}": drawn(dice) for index in range(DRAWN // step)}
    chosen = {**{name: CASES[name] for name in list(CASES)[::step]}, **drawings}
    wrong = []
    with lab_of(livekit_servers[version], tmp_path_factory) as lab:
        for name, text in chosen.items():
            outcome, derived = both(lab, text)
            wrong += [f"{name}: {what}: {text} {outcome.said[-200:]}" for what in differences(name, outcome, derived)]
    assert wrong == []


def differences(name: str, outcome: Outcome, derived: Derived) -> Iterator[str]:
    if outcome.sockets is None:
        if derived.objects == (name in UNKNOWABLE):
            yield "refused"
        return
    if bool(derived.problems) != (name in STRICTER):
        yield f"started, and refused here: {[*map(str, derived.problems)]}"
    if derived.sockets not in (None, outcome.sockets):
        yield f"{outcome.sockets} and not {derived.sockets}"
    if not {finding.id for finding in derived.errors} <= RUNS_BUT_WRONG.keys():
        yield f"started, and objected to: {[*map(str, derived.errors)]}"


@pytest.mark.needs("older livekit-servers")
def test_the_servers_are_of_the_releases_that_our_findings_call_confirmed(livekit_servers: dict[str, Path]) -> None:
    assert sorted(livekit_servers) == sorted(CONFIRMED["livekit"])


def test_there_are_enough_cases_of_both_kinds(judge: Judge) -> None:
    started = [name for name in CASES if judge(name)[0].sockets is not None]
    assert len(started) >= 100
    assert len(CASES) - len(started) >= 50


def test_the_tables_of_differences_hold_nothing_that_does_not_occur(judge: Judge) -> None:
    assert {*UNKNOWABLE, *STRICTER} <= CASES.keys()
    started = [derived for outcome, derived in map(judge, CASES) if outcome.sockets is not None]
    found = {error.id for derived in started for error in derived.errors}
    assert found == RUNS_BUT_WRONG.keys() - {"node-ip-announced"}


def test_a_key_of_a_newer_server_is_reported_with_its_version(tmp_path: Path) -> None:
    newer = [name for name in CASES if name.startswith("a newer")]
    assert [derive(CASES[name], tmp_path, None).newer for name in newer] == [("1.13.8",), ("1.13.7",), ("1.13.6",)]
