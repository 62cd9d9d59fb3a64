"""Chains of a host in three values; judged packet by packet by whoever may decide it."""

from __future__ import annotations

import ipaddress

from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.effective.evaluate import MAY_ADMIT, Unread
from livekit_firewall.model.addresses import Cidr
from livekit_firewall.model.packets import EVERYBODY, PacketSet
from livekit_firewall.model.ports import PortRange, Protocol
from livekit_firewall.platforms.nftables.chains import MAY_EITHER, BaseChain, Step, Verdict, walked
from livekit_firewall.platforms.nftables.network_sources import as_from_network
from livekit_firewall.platforms.nftables.reach import (
    ALWAYS,
    SOURCE_PORT,
    Reach,
    either,
    exactly,
    perhaps,
)

from ..strategies import pick

PORTS = range(1, 6)
ALL = PacketSet.box([PortRange.tcp(1, 5)], EVERYBODY)
STRANGER = ipaddress.ip_address("203.0.113.7")
NAMES = ("a", "b", "c")
WITH_WHY = (Verdict.DIVERT, Verdict.EITHER, Verdict.UNKNOWN)


def ports(*chosen: int) -> PacketSet:
    return PacketSet.box([PortRange.tcp(port) for port in chosen], EVERYBODY)


@st.composite
def steps(draw: st.DrawFn, deeper: tuple[str, ...]) -> Step:
    may = set(draw(st.lists(st.sampled_from(PORTS), max_size=5)))
    sure = {port for port in may if draw(st.booleans())}
    reach = Reach(ports(*may), ports(*sure), ("a guess",)) if sure != may else exactly(ports(*may))
    verdicts = [one for one in Verdict if deeper or one not in (Verdict.JUMP, Verdict.GOTO)]
    verdict = pick(draw, verdicts)
    chain = pick(draw, deeper) if verdict in (Verdict.JUMP, Verdict.GOTO) else ""
    return Step("one", verdict, reach, "x", chain, "luck" if verdict in WITH_WHY else "")


@st.composite
def hosts(draw: st.DrawFn) -> tuple[dict[str, list[Step]], list[BaseChain]]:
    chains = {name: draw(st.lists(steps(NAMES[at + 1 :]), max_size=4)) for at, name in enumerate(NAMES)}
    sees = st.sampled_from([ALWAYS, exactly(ports(1, 2, 3)), perhaps("the wire", ports(1, 2, 3))])
    first = BaseChain("a", "a", draw(st.booleans()), draw(sees))
    return chains, [first, BaseChain("b", "b", draw(st.booleans()))][: draw(st.integers(1, 2))]


def ends(chains, name, port):
    """Every end that a packet may come to in a chain: accept, drop, divert, or None where it leaves the chain."""
    found = set()
    for step in chains[name]:
        if not step.reach.may.holds(STRANGER, Protocol.TCP, port):
            continue
        inner = {
            Verdict.ACCEPT: {"accept"},
            Verdict.DROP: {"drop"},
            Verdict.RETURN: {None},
            Verdict.DIVERT: {"divert"},
            Verdict.UNKNOWN: {"divert"},
            Verdict.EITHER: {"accept", "drop"},
        }.get(step.verdict) or ends(chains, step.chain, port)
        if step.verdict is Verdict.JUMP:
            found |= inner - {None}
            if None in inner:
                continue
        else:
            found |= inner
        if step.reach.sure.holds(STRANGER, Protocol.TCP, port):
            return found
    return found | {None}


def fates(chains, base, port):
    open_, shut = True, False
    for chain in base:
        found = {"drop" if not chain.accepts else "accept"} if None in (of := ends(chains, chain.key, port)) else set()
        found |= of - {None}
        if not chain.sees.may.holds(STRANGER, Protocol.TCP, port):
            continue
        if not chain.sees.is_exact:
            found.add("accept")
        if "divert" in found:
            return {True, False}
        shut = shut or "drop" in found
        if "accept" not in found:
            open_ = False
            break
    return {True, False} if open_ and shut else {open_}


@given(hosts())
def test_each_packet_is_what_every_reading_of_the_chains_says(host):
    chains, base = host
    found = walked("any", chains, base)
    for port in PORTS:
        possible = fates(chains, base, port)
        assert found.admitted.holds(STRANGER, Protocol.TCP, port) == (possible == {True})
        assert found.unknown.holds(STRANGER, Protocol.TCP, port) == (len(possible) == 2)
    assert bool(found.unknown) == bool(found.unread)


def host(*steps: Step, accepts: bool = False):
    return walked("h", {"i": steps}, [BaseChain("i", "filter i", accepts)])


def test_a_doubt_names_its_match_and_what_it_depends_on():
    found = host(Step("#1", Verdict.ACCEPT, exactly(ports(1)) & perhaps("the interface"), "iifname x tcp dport 1"))
    assert (found.admitted, found.unknown) == (PacketSet(), ports(1))
    assert found.unread == (
        Unread("#1", f"accepts by `iifname x tcp dport 1`, which depends on the interface; {MAY_ADMIT}"),
    )


def test_a_doubt_that_changes_nothing_is_not_told():
    found = host(Step("#1", Verdict.ACCEPT, perhaps("the interface"), "x"), accepts=True)
    assert (found.unknown, found.unread, [one.name for one in found.allow_rules]) == (
        PacketSet(), (), ["policy of filter i"],
    )  # fmt: skip


def test_a_source_port_lets_in_whoever_chooses_it():
    by_port = perhaps(SOURCE_PORT) & exactly(ports(1, 2))
    found = host(Step("#1", Verdict.ACCEPT, by_port), Step("#2", Verdict.ACCEPT, exactly(ports(2))))
    assert (found.admitted, found.partly, found.unknown) == (ports(2), ports(1), PacketSet())
    assert [(one.name, one.partly) for one in found.allow_rules] == [("#1", True), ("#2", False)]


def test_a_source_port_lets_nobody_in_for_sure_whom_a_doubt_may_drop_before():
    by_port = perhaps(SOURCE_PORT) & exactly(ports(1, 2))
    drop = Step("#1", Verdict.DROP, perhaps("the interface", ports(1)))
    found = host(drop, Step("#2", Verdict.ACCEPT, by_port))
    assert (found.admitted, found.partly, found.unknown) == (PacketSet(), ports(2), ports(1))


def test_a_source_port_lets_nobody_in_for_sure_who_may_have_left_the_chain():
    by_port, leaves = perhaps(SOURCE_PORT) & exactly(ports(1, 2)), perhaps("the interface", ports(1))
    chains = {
        "i": (Step("#1", Verdict.JUMP, ALWAYS, "", "c"),),
        "c": (Step("#2", Verdict.RETURN, leaves), Step("#3", Verdict.ACCEPT, by_port)),
    }
    found = walked("h", chains, [BaseChain("i", "filter i", accepts=False)])
    assert (found.admitted, found.partly, found.unknown) == (PacketSet(), ports(2), ports(1))


def test_a_source_port_lets_nobody_in_for_sure_where_the_match_has_another_doubt():
    found = host(Step("#1", Verdict.ACCEPT, perhaps("the interface", ports(1)) & perhaps(SOURCE_PORT)))
    assert (found.admitted, found.partly, found.unknown) == (PacketSet(), PacketSet(), ports(1))


def test_two_chains_that_each_want_a_source_port_may_want_different_ones():
    by_port = Step("#1", Verdict.ACCEPT, perhaps(SOURCE_PORT) & exactly(ports(1)))
    chains = {"a": (by_port,), "b": (by_port, Step("#2", Verdict.ACCEPT, exactly(ports(2))))}
    found = walked("h", chains, [BaseChain("a", "filter a", accepts=False), BaseChain("b", "filter b", accepts=False)])
    assert (found.admitted, found.partly, found.unknown) == (PacketSet(), PacketSet(), ports(1))
    assert [one.name for one in found.unread] == ["filter b"]


def test_a_source_port_lets_nobody_in_for_sure_who_may_have_left_the_chain_before():
    by_port = perhaps(SOURCE_PORT) & exactly(ports(1, 2))
    left = Step("#1", Verdict.RETURN, perhaps("the interface", ports(1)))
    found = host(left, Step("#2", Verdict.ACCEPT, by_port))
    assert (found.admitted, found.partly, found.unknown) == (PacketSet(), ports(2), ports(1))


def test_a_chain_that_is_not_there_may_do_anything():
    found = host(Step("#1", Verdict.JUMP, exactly(ports(1)), "", "ip filter gone"))
    assert found.unknown == ports(1)
    assert found.unread == (Unread("#1", f"leads to the chain ip filter gone, which is not there; {MAY_EITHER}"),)


def test_reaches_combine_in_three_values():
    one, other = exactly(ports(1, 2)), perhaps("a guess", ports(2, 3))
    assert (one & other) == Reach(ports(2), PacketSet(), ("a guess",))
    assert either([one, other]) == Reach(ports(1, 2, 3), ports(1, 2), ("a guess",))
    assert (~(one & other)).sure == (~exactly(ports(2))).sure
    assert either([one, perhaps("a guess", ports(2))]).is_exact


def box(*blocks: str) -> PacketSet:
    return PacketSet.box([PortRange.tcp(1)], map(Cidr.parse, blocks))


def test_sources_that_no_packet_from_the_network_has_count_as_those_on_both_sides_of_them():
    anywhere = box("0.0.0.0/0", "::/0")
    never = box("127.0.0.0/8", "224.0.0.0/4", "::1/128", "ff00::/8")
    assert as_from_network(anywhere - never) == anywhere == as_from_network(anywhere)
    assert as_from_network(anywhere - box("127.3.0.0/16")) == anywhere
    assert as_from_network(anywhere - never - box("10.0.0.0/8")) == anywhere - box("10.0.0.0/8")


def test_blocks_beside_them_stay_as_they_are():
    for block in ("fe00::/8", "126.0.0.0/8", "127.0.0.0/8", "ffff::/16", "::2/128"):
        assert as_from_network(box(block)) == box(block)
    anywhere = box("0.0.0.0/0")
    assert as_from_network(anywhere - box("126.0.0.0/7")) == anywhere - box("126.0.0.0/7")
