"""Scenarios on trial: whether those whom the rules are for get through.

with running(lab, scenario):                        # livekit-server, or whatever else listens there
    lab.firewall(scenario.text, **scenario.given)
    with participants(lab, case, "alice", "bob") as clients: ...
    answered(lab, cases)                            # [True, ...]: those of a kind other than "call"
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from livekit_firewall.model.addresses import Family
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.rules import RuleSet
from tests.e2e.livekit_server import certificate
from tests.e2e.probe.lab import CLIENT as HOST
from tests.e2e.probe.lab import CLIENT6 as HOST6
from tests.e2e.probe.lab import TRAFFIC
from tests.e2e.probe.remains import pids

from .cases import Case, address, rules_of
from .lab import BALANCER, NODE, SERVER, SERVER6, Change, Client, Lab, token
from .scenarios import DOMAIN, Scenario

ICE_SERVERS, SERVICES, TURN = (Path(__file__).with_name(f"{name}.py") for name in ("ice_servers", "services", "turn"))
EVERYTHING = ("udp/1-65535", "tcp/1-65535")
SERVERS = {Family.IPV4: SERVER, Family.IPV6: SERVER6}
HOSTS = {Family.IPV4: HOST, Family.IPV6: HOST6}
TUNNEL_PORT = 3478
BEHIND_PROXY = 7880
NOBODY = 2.0
"""Seconds after which a packet that has not come is taken never to come."""


def sample(ports: PortRange) -> list[int]:
    """Both ends, and the middle."""
    return sorted({ports.first, (ports.first + ports.last) // 2, ports.last})


def load(lab: Lab, scenario: Scenario, change: Change | None = None) -> RuleSet:
    """The firewall of the scenario, loaded."""
    return lab.firewall(scenario.text, change, **scenario.given)


@contextmanager
def running(lab: Lab, scenario: Scenario, cases: Sequence[Case] = ()) -> Iterator[None]:
    """What listens on the server, with whatever these cases want to be answered by."""
    lab.reset()
    certificate.write(lab.folder)
    with ExitStack() as stack:
        if scenario.text:
            stack.enter_context(lab.livekit(scenario.text))
        if scenario.proxy:
            _start(lab, stack, lab.server, "ready", TURN, "tunnel", "", str(scenario.port), SERVER, str(BEHIND_PROXY))
        echoes = {
            f"{one.rule.ports.protocol}/{port}"
            for one in cases
            if one.need.kind == "echo"
            for port in sample(one.rule.ports)
        }
        if echoes:
            stack.enter_context(lab.serve(*sorted(echoes)))
        asked = sorted({(one.rule.service.value, str(one.rule.ports)) for one in cases if one.need.kind == "ask"})
        words = [word for service, ports in asked if service in ("sip", "rtmp") for word in (service, ports)]
        if words:
            _start(lab, stack, lab.server, "ready", SERVICES, "serve", *words)
        yield


def _start(lab: Lab, stack: ExitStack, space: str, said: str, *command: str | Path) -> str:
    program = lab.start(space, sys.executable, *(str(word) for word in command))
    stack.callback(program.kill)
    program.until(lambda: said in program.stdout)
    return str(program.stdout)


def restrict(lab: Lab, case: Case) -> None:
    """Puts the client into its network: one family, and no more of it than the need's network lets out."""
    let_out = [one.format(own=case.rule.ports, api=f"{case.scenario.port}") for one in case.need.network] or EVERYTHING
    lab.cloud(ipv4=let_out if case.family is Family.IPV4 else (), ipv6=let_out if case.family is Family.IPV6 else ())


@contextmanager
def joining(lab: Lab, case: Case, *names: str) -> Iterator[list[Client]]:
    """Participants on their way into the room, under the condition of the case."""
    host = SERVERS[case.family] if case.scenario.proxy else address(BALANCER, case.family, SERVERS)
    with ExitStack() as stack:
        option = _with_tunnel(lab, stack, case, host) if case.need.tls_at else case.need.option
        restrict(lab, case)
        yield [
            stack.enter_context(lab.join(name, *option.split(), host=host, port=case.scenario.port)) for name in names
        ]


def _with_tunnel(lab: Lab, stack: ExitStack, case: Case, host: str) -> str:
    here, there = HOSTS[case.family], address(case.need.tls_at, case.family, SERVERS)
    username, credential = credentials(lab, host, case.scenario.port)
    where = [here, str(TUNNEL_PORT), there, str(case.rule.ports.first), DOMAIN, str(lab.folder / "turn.pem")]
    _start(lab, stack, lab.client, "ready", TURN, "tunnel", *where)
    url = f"turn:[{here}]:{TUNNEL_PORT}" if ":" in here else f"turn:{here}:{TUNNEL_PORT}"
    return f"{case.need.option} --turn {url}?transport=tcp {username} {credential}"


def credentials(lab: Lab, host: str, port: int) -> tuple[str, str]:
    """Those for TURN that the server gives to who joins."""
    asked = (sys.executable, "-I", str(ICE_SERVERS), host, str(port), token("scout"))
    told = json.loads(lab.run(lab.client, *asked))
    return next((one["username"], one["credential"]) for one in told if one["username"])


def answered(lab: Lab, cases: Sequence[Case]) -> list[bool]:
    """Of each case, none of them a call, whether it is answered; AssertionError if only some of its ports answer."""
    lab.cloud()
    # TURN itself picks a port of the relay's range
    tries = [
        (case, port) for case in cases for port in sample(case.rule.ports)[: 1 if case.need.kind == "relay" else 3]
    ]
    by_kind: dict[str, Callable[[list[tuple[Case, int]]], list[bool]]] = {
        "echo": lambda some: lab.attempts([_place(case, port, case.need.who) for case, port in some]),
        "ask": lambda some: [said is not None for said in _ask(lab, [(one, port, one.need.who) for one, port in some])],
        "relay": lambda some: [relayed(lab, case) for case, _ in some],
    }
    found: dict[Case, set[bool]] = {case: set() for case in cases}
    for kind, attempt in by_kind.items():
        some = [one for one in tries if one[0].need.kind == kind]
        for (case, _), got_through in zip(some, patiently(attempt, some), strict=True):
            found[case].add(got_through)
    assert all(len(every) == 1 for every in found.values()), found
    return [every.pop() for every in found.values()]


def patiently(attempt: Callable[[list[tuple[Case, int]]], list[bool]], some: list[tuple[Case, int]]) -> list[bool]:
    """What does not answer is tried twice more: a program that is not scheduled on a busy machine is no firewall."""
    found = attempt(some) if some else []
    for _ in range(2):
        silent = [place for place, got_through in enumerate(found) if not got_through]
        again = attempt([some[place] for place in silent]) if silent else []
        for place, got_through in zip(silent, again, strict=True):
            found[place] = got_through
    return found


def come_first(lab: Lab, clients: Sequence[Client]) -> None:
    """The call's own programs go before all others of this machine: what delays it then is the network.

    Whatever else is busy here leaves a program waiting for seconds, with no packet lost. Where that is not allowed
    (CAP_SYS_NICE), they take their turns.
    """
    servers = [pid for pid in pids(lab.server) if Path(f"/proc/{pid}/exe").resolve() == lab.binary.resolve()]
    assert len(servers) == 1
    for pid in [*servers, *(one.pid for one in clients)]:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with suppress(PermissionError):
                os.sched_setscheduler(int(thread.name), os.SCHED_RR, os.sched_param(1))


def ask(lab: Lab, cases: Sequence[Case], who: str) -> list[str | None]:
    """What each service says to CLIENT or one of ROLES, None for nothing."""
    return _ask(lab, [(case, case.rule.ports.first, who) for case in cases])


def _ask(lab: Lab, asked: Sequence[tuple[Case, int, str]]) -> list[str | None]:
    questions = []
    for case, port, who in asked:
        where, protocol, number = _place(case, port, who)
        questions.append([case.rule.service.value, protocol, number, where])
    told = lab.run(lab.client, sys.executable, str(SERVICES), "ask", stdin=json.dumps(questions))
    return json.loads(told)  # type: ignore[no-any-return]


def _place(case: Case, port: int, who: str) -> tuple[str, str, int]:
    return address(who, case.family, SERVERS), case.rule.ports.protocol.value, port


def relayed(lab: Lab, case: Case) -> bool:
    """Whether the second node is the first to send to an address that TURN gave to a client, and is heard."""
    username, credential = credentials(lab, BALANCER, case.scenario.port)
    port = next(rule.ports.first for rule in rules_of(case.scenario.name) if rule.service == "turn-udp")
    with ExitStack() as stack:
        program = lab.start(
            lab.client, sys.executable, str(TURN), "relay", SERVER, str(port), username, credential, NODE
        )
        stack.callback(program.kill)
        program.until(lambda: "relayed" in program.stdout)
        (_, relay) = json.loads(program.stdout)["relayed"]
        assert case.rule.ports.first <= relay <= case.rule.ports.last
        until = time.monotonic() + NOBODY
        while "heard" not in program.stdout and time.monotonic() < until:
            lab.run(lab.client, sys.executable, "-I", "-S", str(TRAFFIC), "send", NODE, str(relay), "1", "1")
            time.sleep(0.2)
        return "heard" in program.stdout
