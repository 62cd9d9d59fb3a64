"""The nft table: what it hooks into, that it touches nothing else, that it goes with its owner, and what is said when
there can be none.

What needs nft runs in a network namespace of its own, which ends with the program.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from livekit_firewall.probe.listener import nft_session as module
from livekit_firewall.probe.listener.divert import DivertTable
from livekit_firewall.probe.listener.nft_session import ENVIRONMENT, CannotDivert

COMPONENTS = Path(__file__).resolve().parents[2] / "components"
SELECTOR, REPLY = bytes.fromhex("0a1b2c3d4e5f6071"), bytes.fromhex("ffeeddccbbaa9988")
SOCKETS = {"udp4": 40001, "udp6": 40002, "tcp4": 40003, "tcp6": 40004}

in_namespace = pytest.mark.needs("linux", "nft", "ip", "unshare")

# What every program below begins with; it prints one JSON value.
START = """
import json, os, signal, socket, subprocess, sys, time
from livekit_firewall.model.ports import Protocol
from livekit_firewall.probe.listener.divert import DivertTable
from livekit_firewall.probe.listener.nft_session import ENVIRONMENT, CannotDivert, NftSession

selector, reply, SOCKETS = json.loads(os.environ["GIVEN"])
SELECTOR, REPLY = bytes.fromhex(selector), bytes.fromhex(reply)
REST = bytes(15) + bytes([1]) + bytes(16)

def run(*command, stdin=""):
    ran = subprocess.run(command, input=stdin, capture_output=True, text=True, env=ENVIRONMENT, timeout=30)
    assert ran.returncode == 0, (command, ran.stderr)
    return ran.stdout

def nft(*words, stdin=""):
    return run("nft", *words, stdin=stdin)

def divert(seconds=300, selector=SELECTOR):
    return DivertTable(selector, REPLY, SOCKETS, time.time() + seconds)

def until(seen):
    deadline = time.monotonic() + 20
    while not seen():
        assert time.monotonic() < deadline, nft("list", "ruleset")
        time.sleep(0.02)

def send(data, port, here="127.0.0.1"):
    with socket.socket(socket.AF_INET6 if ":" in here else socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.sendto(data, (here, port))

def noted(one, name):
    return sorted([address, port] for address, ports in one._list(name).items() for port in ports)
def knock(port, here="127.0.0.1", of=None):
    with socket.socket(socket.AF_INET6 if ":" in here else socket.AF_INET) as one:
        one.bind((of or here, 0))
        one.setblocking(False)
        one.connect_ex((here, port))
        time.sleep(0.05)
"""
LINK = 'run("ip", "link", "set", "lo", "up")\n'
GIVEN = {
    **ENVIRONMENT,
    "PYTHONPATH": str(COMPONENTS),
    "GIVEN": json.dumps([SELECTOR.hex(), REPLY.hex(), SOCKETS]),
}

FOREIGN = """
table inet filter {
    set blocked { type ipv4_addr; elements = { 192.0.2.1 } }
    chain input {
        type filter hook input priority filter; policy drop;
        iif "lo" accept
        udp dport 50000-60000 accept comment "media"
    }
}
table ip nat {
    chain PREROUTING {
        type nat hook prerouting priority dstnat; policy accept;
        tcp dport 8443 redirect to :443
    }
}
"""


EARLY = """
table ip early {
    chain c {
        type filter hook prerouting priority -400; policy accept;
        udp dport 50001-50002 drop
    }
}
"""


def program(text: str, **env: str) -> Any:
    """What the program prints, run as root of a network namespace of its own."""
    ran = subprocess.run(
        ["unshare", "--map-root-user", "--net", sys.executable, "-c", START + LINK + text],
        capture_output=True, text=True, timeout=120, check=False,
        env={**GIVEN, **env},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@in_namespace
def test_the_table_hooks_in_at_three_places_and_is_gone_when_it_is_closed():
    found = program("""
one = divert()
listed = json.loads(nft("-j", "list", "table", "inet", one.name))["nftables"]
text, pid = nft("list", "table", "inet", one.name), os.getpid()
one.close()
one.close()
print(json.dumps([one.name, pid, listed, text, nft("list", "ruleset")]))
""")
    name, pid, listed, text, left = found
    assert name == f"livekit_probe_{pid}_{SELECTOR.hex()[:8]}"
    chains = {entry["chain"]["name"]: entry["chain"] for entry in listed if "chain" in entry}
    hooked = {
        one: tuple(chain[key] for key in ("type", "hook", "prio", "policy"))
        for one, chain in chains.items()
        if "hook" in chain
    }
    assert hooked == {
        "arrive": ("filter", "prerouting", -500, "accept"),
        "divert": ("filter", "prerouting", -90, "accept"),
        "answer": ("filter", "output", -500, "accept"),
    }
    assert set(chains) - set(hooked) == {"note_udp", "note_tcp", "divert_udp", "forwarded_tcp", "divert_tcp"}
    assert "flags owner" in text
    assert f"@th,64,64 {int.from_bytes(SELECTOR, 'big'):#x} " in text
    assert left == ""


@in_namespace
def test_nft_checks_the_table_without_a_complaint():
    checked = program("""
said, run_command = [], NftSession.run
NftSession.run = lambda self, command: (said.append(command), run_command(self, command))
one = divert()
one.close()
print(json.dumps([len(said), nft("-c", "-f", "-", stdin=said[0] + "\\n"), nft("list", "ruleset")]))
""")
    assert checked == [1, "", ""]


@in_namespace
def test_other_tables_and_the_switches_of_forwarding_are_as_they_were_before_meanwhile_and_after():
    found = program(f"""
def state(without=""):
    tables = [line for line in nft("list", "tables").splitlines() if not (without and without in line)]
    switches = run("sysctl", "-a", "--pattern", "forward|rp_filter|route_localnet|accept_local")
    rules = run("ip", "rule") + run("ip", "-6", "rule") + run("ip", "route", "show", "table", "all")
    return [[nft("-s", "list", *line.split()) for line in tables], switches, rules]

nft("-f", "-", stdin={FOREIGN!r})
before = state()
one = divert()
one.admit("127.0.0.1", [7881], 300)
one.settle()
one.trace([50001], Protocol.UDP)
meanwhile = state(one.name)
one.close()
print(json.dumps([before, meanwhile, state()]))
""")
    before, meanwhile, after = found
    assert len(before[0]) == 2
    assert before == meanwhile == after


@in_namespace
@pytest.mark.parametrize("victim", ["nft", "we"])
def test_the_table_is_gone_when_its_owner_is_killed(victim):
    """Nobody is left who could tidy up, so the kernel does; with us goes the pipe that keeps nft alive."""
    assert program(f"""
inner = subprocess.Popen(
    [sys.executable, "-c", {START!r} + "one = divert(); print(one._nft.process.pid, flush=True); time.sleep(100)"],
    stdout=subprocess.PIPE, text=True, env=dict(os.environ),
)
owner = int(inner.stdout.readline())
before = nft("list", "tables")
os.kill(owner if {victim!r} == "nft" else inner.pid, signal.SIGKILL)
until(lambda: nft("list", "ruleset") == "")
inner.kill()
inner.wait()
print(json.dumps([before.count("livekit_probe_"), nft("list", "ruleset")]))
""") == [1, ""]


@in_namespace
def test_a_query_to_a_table_that_was_lost_is_an_error():
    told = program("""
one, told = divert(), []
os.kill(one._nft.process.pid, signal.SIGKILL)
until(lambda: nft("list", "ruleset") == "")
for ask in (
    lambda: (one.admit("127.0.0.1", [7881], 300), one.settle()),
    lambda: one.trace([7881], Protocol.TCP),
    lambda: one.arrived("udp4", "127.0.0.1", 0),
):
    try:
        told.append(repr(ask()))
    except CannotDivert as why:
        told.append(str(why))
one.close()
print(json.dumps(told))
""")
    # no empty set, which would say that nothing came
    assert [one.startswith("nft has ended") for one in told] == [True] * 3, told


@in_namespace
@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kolkata", "<+14>-14"])
def test_the_rules_stop_matching_at_the_expiry_in_every_time_zone(zone):
    """nft reads the time as the local one."""
    assert program(
        """
found = {}
for name, seconds in (("over", -5), ("on", 60)):
    one = divert(seconds)
    send(SELECTOR + REST, 50001)
    found[name] = noted(one, "udp4")
    one.close()
print(json.dumps(found))
""",
        TZ=zone,
    ) == {"over": [], "on": [["127.0.0.1", 50001]]}


@in_namespace
def test_only_what_begins_with_the_selector_and_tcp_of_the_admitted_checker_is_noted():
    found = program("""
one = divert()
send(SELECTOR + REST, 50001)
send(SELECTOR + REST, 50002, "::1")
send(SELECTOR + REST[:16], 50003)
send(SELECTOR[:7], 50004)
send(SELECTOR[:7] + bytes(33), 50005)
send(bytes(8) + SELECTOR, 50006)
knock(7001)
one.admit("127.0.0.1", [7001, 7002, 7003], 300)
one.settle()
knock(7002)
knock(7004)
knock(7003, "::1")
knock(7003, of="127.0.0.9")
one.admit("::1", [7005], 300)
one.settle()
knock(7001)
knock(7005, "::1")
names = [f"{kind}{family}" for kind in ("udp", "tcp", "translated", "forwarded") for family in (4, 6)]
print(json.dumps({name: noted(one, name) for name in names}))
one.close()
""")
    assert found == {
        "udp4": [["127.0.0.1", 50001], ["127.0.0.1", 50003]],
        "udp6": [["::1", 50002]],
        "tcp4": [["127.0.0.1", 7001], ["127.0.0.1", 7002]],
        "tcp6": [["::1", 7005]],
        "translated4": [],
        "translated6": [],
        "forwarded4": [],
        "forwarded6": [],
    }


@in_namespace
def test_a_second_run_has_a_table_of_its_own():
    assert program("""
one, other = divert(), divert(selector=REPLY)
send(SELECTOR + REST, 50001)
send(REPLY + REST, 50002)
found = [noted(one, "udp4"), noted(other, "udp4")]
one.close()
send(REPLY + REST, 50003)
print(json.dumps([*found, noted(other, "udp4")]))
other.close()
""") == [
        [["127.0.0.1", 50001]],
        [["127.0.0.1", 50002]],
        [["127.0.0.1", 50002], ["127.0.0.1", 50003]],
    ]


@in_namespace
def test_what_arrived_is_of_one_checker_and_not_listed_anew_for_each_question():
    assert program("""
one, listed = divert(), []
real = one._list
one._list = lambda name: listed.append(name) or real(name)
send(SELECTOR + REST, 50001)
found = [sorted(one.arrived("udp4", address, 0)) for address in ("127.0.0.1", "127.0.0.9")]
one._arrivals.clear()
send(SELECTOR + REST, 50002)
print(json.dumps([*found, sorted(one.arrived("udp4", "127.0.0.1", 0)), listed]))
one.close()
""") == [[50001], [], [50001, 50002], ["udp4", "udp4"]]


@in_namespace
def test_a_set_that_is_full_says_nothing_of_what_did_not_arrive():
    """Else a port that the host drops would count as stopped before the host."""
    assert (
        program("""
from livekit_firewall.probe.listener import divert as module
module.NOTES = 2
one = divert()
for port in (50001, 50002, 50003):
    send(SELECTOR + REST, port)
try:
    print(json.dumps(sorted(one.arrived("udp4", "127.0.0.1", 0))))
except CannotDivert as why:
    print(json.dumps(str(why)))
one.close()
""")
        == "more packets came than one run can note: start it anew, with fewer checkers at a time"
    )


@in_namespace
def test_a_trace_reports_the_ports_that_it_was_asked_for():
    said = program(
        """
nft("-f", "-", stdin=os.environ["EARLY"])
one = divert()
one.trace([50001], Protocol.UDP)
send(SELECTOR + REST, 50001)
send(SELECTOR + REST, 50002)
said = ""
def heard():
    global said
    said += one.traces()
    return "(verdict drop)" in said
until(heard)
one.close()
print(json.dumps(said))
""",
        EARLY=EARLY,
    )
    assert "ip early c rule udp dport 50001-50002 drop (verdict drop)" in said
    assert "dport 50002 " not in said


@pytest.mark.needs("linux", "root", "nft")
def test_without_the_right_the_error_says_that_root_is_needed():
    """A user without any capability."""
    text = """
os.setgid(65534)
os.setuid(65534)
try:
    divert()
except CannotDivert as why:
    print(why)
"""
    ran = subprocess.run(
        [sys.executable, "-c", START + text], capture_output=True, text=True, timeout=60, check=False, env=GIVEN
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == "nft needs root (CAP_NET_ADMIN)\n"


# Programs that are called nft and are not

ANSWERS = '#!/bin/sh\nwhile read -r line; do case "$line" in list*) echo "$line";; *) echo "%s";; esac; done\n'


def refusal(monkeypatch, folder: Path, script: str | None) -> str:
    """The message of CannotDivert where this is the only nft."""
    if script is not None:
        (folder / "nft").write_text(script, encoding="utf-8")
        (folder / "nft").chmod(0o755)
    monkeypatch.setattr(module, "ENVIRONMENT", {**ENVIRONMENT, "PATH": str(folder), "FOLDER": str(folder)})
    with pytest.raises(CannotDivert) as refused:
        DivertTable(SELECTOR, REPLY, SOCKETS, time.time() + 300)
    return str(refused.value)


def test_a_machine_without_nft_is_shown_the_package_to_install(monkeypatch, tmp_path):
    assert refusal(monkeypatch, tmp_path, None) == "nft is not installed (package nftables)"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Error: cache initialization failed: Operation not permitted", "nft needs root (CAP_NET_ADMIN)"),
        ("Error: Could not process rule: Operation not permitted", "nft needs root (CAP_NET_ADMIN)"),
        ("netlink: Error: Unable to initialize Netlink socket: Protocol not supported", "this kernel has no nftables"),
        (
            "Error: Could not process rule: No such file or directory",
            "this kernel lacks a part of nftables that is needed (nft_tproxy, nft_socket or nft_ct)",
        ),
        ("Error: syntax error, unexpected junk", "Error: syntax error, unexpected junk"),
        ("Error: " + "x" * 500, "Error: " + "x" * 193),
    ],
)
def test_what_nft_complains_of_is_reported_in_a_line(monkeypatch, tmp_path, said, told):
    assert refusal(monkeypatch, tmp_path, ANSWERS % said) == told


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("#!/bin/sh\nread -r line; echo; echo 'out of tune'; exit 1\n", "nft has ended: out of tune"),
        ("#!/bin/sh\nread -r line\n", "nft has ended: it said nothing"),
        (
            "#!/bin/sh\nread -r line; echo 'Unable to initialize Netlink socket: Protocol not supported'; exit 1\n",
            "this kernel has no nftables",
        ),
    ],
)
def test_an_nft_that_ends_is_reported_with_its_output(monkeypatch, tmp_path, script, told):
    assert refusal(monkeypatch, tmp_path, script) == told


def test_an_nft_that_ends_before_the_first_command_is_reported(monkeypatch, tmp_path):
    assert refusal(monkeypatch, tmp_path, "#!/bin/sh\nexit 3\n").startswith("nft has ended")


def test_an_nft_that_cannot_be_started_is_reported(monkeypatch, tmp_path):
    script = "#!/no/such/interpreter\n"
    assert refusal(monkeypatch, tmp_path, script) == "nft cannot be started: No such file or directory"
    assert refusal(monkeypatch, tmp_path, "\0\0") == "nft cannot be started: Exec format error"


def test_an_nft_that_hangs_is_reported_and_ended(monkeypatch, tmp_path):
    monkeypatch.setattr(module, "PATIENCE", 0.6)
    monkeypatch.setattr(module, "END_PATIENCE", 0.2)
    script = '#!/bin/sh\necho $$ > "$FOLDER/pid"\nexec /bin/sleep 1000\n'
    assert refusal(monkeypatch, tmp_path, script) == "nft did not answer within 1 s"
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text(encoding="utf-8")), 0)


def test_an_nft_that_never_ends_its_answer_is_reported(monkeypatch, tmp_path):
    monkeypatch.setattr(module, "PATIENCE", 0.6)
    monkeypatch.setattr(module, "END_PATIENCE", 0.2)
    script = '#!/bin/sh\nread -r line; read -r line; printf "Error: half a line"; exec /bin/sleep 1000\n'
    assert refusal(monkeypatch, tmp_path, script) == "nft did not answer within 1 s"
