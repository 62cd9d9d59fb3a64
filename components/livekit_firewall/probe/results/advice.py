"""What to change after a run, and where: as a rule in the platform's words, and as the key that causes it.

    for advice in advise(outcome, deployment):
        print(advice)      # AWS: the security group must admit udp/50000-60000 (ICE/UDP, rtc.port_range_start, ...

Each group of ports that is not as wanted has a cause; groups of one cause, whose sources are the same, share
an advice. Nothing is advised that opens a port to more than the configuration admits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from ...deployment.derive import Deployment
from ...model.addresses import Cidr
from .causes import AdviceContext, Cause, alike, causes_of, distinct, family_hint, keys_of, ports_of, two_ports
from .groups import Group, groups_of
from .remedies import ANY_HOST_FIREWALL, CLOUDS, CloudFirewall, and_words, commands, from_words, host_firewall
from .verdict import Outcome, ServiceAnswer


class Advice(Struct, frozen=True):
    """One thing to change.

    Attributes:
        text: what, as a sentence without a full stop.
        platform: where: the name of a target (aws, gcp, digitalocean, azure), `host`, or "" if it is not known.
        key: the configuration keys behind it, comma-separated, or "".
    """

    text: str
    platform: str = ""
    key: str = ""

    def __str__(self) -> str:
        name = CLOUDS[self.platform].name if self.platform in CLOUDS else self.platform
        return f"{name}: {self.text}" if name else self.text


def advise(outcome: Outcome, deployment: Deployment | None) -> tuple[Advice, ...]:
    """What to change, nothing twice; nothing at all if all is as wanted.

    Args:
        deployment: what the run was planned from; None for ports given by hand.
    """
    case = AdviceContext(groups_of(outcome.rows), deployment)
    by_cause: defaultdict[Cause, list[Group]] = defaultdict(list)
    for group in case.groups:
        for cause in causes_of(group, case):
            by_cause[cause].append(group)
    found = [advice for cause in Cause if cause in by_cause for advice in SAYS[cause](by_cause[cause], case)]
    return tuple(dict.fromkeys([*found, *_wrong_answers(outcome.answers, case)]))


def _cloud(groups: Sequence[Group], case: AdviceContext) -> Iterator[Advice]:
    for target, cloud in case.clouds().items():

        def besides(group: Group, cloud: CloudFirewall = cloud) -> tuple[str, str, str]:
            sources = from_words(case.blocks(group))
            return (
                two_ports(cloud.wording.one_range, group, case),
                sources,
                family_hint(cloud.wording.one_family, group, case),
            )

        for some in alike(groups, besides):
            fault, sources, hint = besides(some[0])
            render = f"; `livekit-firewall render --to {cloud.platform}` prints the rules"
            text = f"{fault}{cloud.wording.holder} {ports_of(some)} {sources}{render}{hint}"
            yield Advice(text, target, keys_of(some))


def _host(groups: Sequence[Group], case: AdviceContext) -> Iterator[Advice]:
    def besides(group: Group) -> tuple[str, str, tuple[Cidr, ...], str]:
        fault = two_ports("write {first}-{last}", group, case)
        return group.detail, fault, case.blocks(group), family_hint("its rules for {family} differ", group, case)

    for some in alike(groups, besides):
        detail, fault, blocks, hint = besides(some[0])
        dropped = f"`{detail}` drops them: " if detail else ""
        firewall = host_firewall(detail)
        name, how = (firewall.name, firewall.after) if firewall else ("the host's firewall", ANY_HOST_FIREWALL)
        # without blocks only ports given by hand may be opened to everybody
        may_open = firewall and (blocks or case.deployment is None)
        if firewall and may_open:
            how = "; ".join([*commands(firewall, [one.target.ports for one in some], blocks), *filter(None, [how])])
        text = (
            f"{dropped}{fault}{name} must admit {ports_of(some)} {from_words(blocks)}{': ' if how else ''}{how}{hint}"
        )
        yield Advice(text, "host", keys_of(some))


def _some_layer(groups: Sequence[Group], case: AdviceContext) -> Iterator[Advice]:
    platforms = [f"`livekit-firewall render --to {one.platform}`" for one in case.clouds().values()]
    render = f"{and_words([*platforms, '`--to nftables`'])} print the rules"
    for some in alike(groups, case.blocks):
        text = (
            f"{ports_of(some)} must be admitted {from_words(case.blocks(some[0]))} in front of the host and on it: "
            f"{render}, and `livekit-firewall probe listen` on the server reports which of the two blocks"
        )
        yield Advice(text, "", keys_of(some))


def _nobody(groups: Sequence[Group], _case: AdviceContext) -> Iterator[Advice]:
    ranges = [group for group in groups if len(group.target.ports) > 1]
    single = [group for group in groups if len(group.target.ports) == 1]
    if single:
        yield Advice(
            f"nothing listens on {ports_of(single)}: start the service, or see to which address and port it is bound",
            "host",
            keys_of(single),
        )
    if ranges:
        yield Advice(
            f"nothing listens on {ports_of(ranges)} at the moment: services bind ports of a range on demand; "
            "while `livekit-firewall probe listen` runs on the server, each of them is answered",
            "host",
            keys_of(ranges),
        )


def _open(groups: Sequence[Group], case: AdviceContext) -> Iterator[Advice]:
    for target, cloud in case.clouds().items():
        for some in alike(groups, case.who):
            yield Advice(
                f"remove what admits {ports_of(some)}{case.who(some[0])}{_named_by(cloud)}", target, keys_of(some)
            )


def _beside(groups: Sequence[Group], case: AdviceContext) -> Iterator[Advice]:
    for target, cloud in case.clouds().items():
        for some in alike(groups, lambda group: group.target.key):
            ports, key = and_words(distinct(f"{one.target.ports} ({one.target.reason})" for one in some)), keys_of(some)
            than = key or "what was asked for"
            text = f"the rule is wider than {than}: {ports} must be closed{_named_by(cloud)}"
            yield Advice(text, target, key)


def _other_protocol(groups: Sequence[Group], case: AdviceContext) -> Iterator[Advice]:
    for target, cloud in case.clouds().items():
        every = f" (not {cloud.wording.every_protocol})" if cloud.wording.every_protocol else ""
        for some in alike(groups, lambda group: group.target.key):
            ports = and_words(distinct(f"{one.target.ports} ({one.target.reason})" for one in some))
            text = f"the rule holds for all protocols: name one{every}, as {ports} must be closed{_named_by(cloud)}"
            yield Advice(text, target, keys_of(some))


def _named_by(cloud: CloudFirewall) -> str:
    return "; `livekit-firewall compare` finds the rule" if cloud.name else ""


BOUND_BY = {"port": "bind_addresses", "prometheus.port": "bind_addresses", "debug_handler.port": "bind_addresses"}
"""The key that says to which addresses livekit-server binds the port of a key (pkg/service/server.go)."""


DOCKER = "; what Docker publishes passes the host's firewall by, unless it is published on 127.0.0.1"


def _internal(groups: Sequence[Group], _case: AdviceContext) -> Iterator[Advice]:
    for some in alike(groups, lambda group: BOUND_BY.get(group.target.key)):
        key = BOUND_BY.get(some[0].target.key)
        text = f"bind {ports_of(some)} to loopback{f' ({key})' if key else ''} unless another machine needs it"
        yield Advice(text if key else text + DOCKER, "host", key or keys_of(some))


def _unreachable(groups: Sequence[Group], _case: AdviceContext) -> Iterator[Advice]:
    over = and_words(distinct(family.label for group in groups for family in group.families))
    yield Advice(f"the host is not reached over {over}: see that its address is right and that both sides have {over}")


SAYS: dict[Cause, Callable[[Sequence[Group], AdviceContext], Iterator[Advice]]] = {
    Cause.CLOUD: _cloud,
    Cause.HOST: _host,
    Cause.SOME_LAYER: _some_layer,
    Cause.NOBODY: _nobody,
    Cause.OPEN: _open,
    Cause.INTERNAL: _internal,
    Cause.BESIDE: _beside,
    Cause.OTHER_PROTOCOL: _other_protocol,
    Cause.UNREACHABLE: _unreachable,
}


def _wrong_answers(answers: Sequence[ServiceAnswer], case: AdviceContext) -> Iterator[Advice]:
    """For services whose port is open; where it is not, that is the reason."""
    for answer in answers:
        about = [one for one in case.groups if any(answer.ports.overlaps(ports) for ports in one.ports)]
        mine = [one for one in about if answer.family in one.families]
        if answer.ok or any(one.as_wanted is not True for one in mine):
            continue
        name = f"{answer.service.label} on {answer.ports}"
        yield Advice(f"{name} is reachable and does not answer as it should: {answer.says}", "host", keys_of(mine))
