"""Edits of a deployment on all platforms at once, each `up` in its worst lawful order, judged call by call.

The fakes hold every create back until all updates are done, and carry out the last one first; the engine deletes last.
What is admitted after each call is what the cloud says when it is asked. `make soak` walks through every edit, `make
test` through some at a stride.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from livekit_firewall.host.standalone.mark import bare
from livekit_firewall.model.packets import PacketSet
from livekit_firewall.platforms.registry import PLATFORMS, AnyPlatform
from tests.sampling import is_soak
from tests.unit.orders import reader_of
from tests.unit.readers.area import ADDRESSES, Area

from .accounts import furnish
from .edits import BALANCERS, EXISTING, NAMED, OTHER_VPC, UIDS, VPC, State, states, wanted
from .project import Call, Deploy, Project

pytestmark = pytest.mark.needs("pulumi", "moto")

IS_SOAK = is_soak()
STOPS = (0, 20, 26, 40, 46)
"""Where `make test` stops on the way: after so many edits."""

USER = "user-of-"
USERS: dict[str, tuple[str, dict[str, Any]]] = {
    "aws": ("pulumi_aws.ec2.NetworkInterface", {
        "subnet_id": "SUBNET", "security_groups": [{"output": "NAME.aws_security_group_id"}],
    }),
    "azure": ("pulumi_azure_native.resources.ResourceGroup", {
        "tags": {"network": {"output": "NAME.azure_network_security_group_id"}},
    }),
}  # fmt: skip
"""Where it is up to a machine which firewall it has: a resource that names one, as a machine would."""

FILES = ("host.nft", "moved/host.nft")
"""Of the host, the one that is left for the other first."""


ALL = list(states())
LEGS = [ALL[start : start + 14] for start in range(0, len(ALL) - 1, 13)] if IS_SOAK else [[ALL[at] for at in STOPS]]
"""Each is walked in a stack of its own; where one ends the next begins."""

CASES = [(number, one.edit, argument) for number, leg in enumerate(LEGS) for one in leg[1:] for argument in one.given]


class Walk:
    """All platforms in one stack, and what each of their clouds has, from edit to edit.

    What does not converge at once is seen as what is admitted at the end, or by the preview at the end of the leg.
    """

    def __init__(self, project: Project, subnet: str) -> None:
        self.project = project
        self.subnet = subnet
        self.given: dict[str, dict[str, Any]] = {}
        self.there: dict[str, Call] = {}
        self.told = 0
        self.wrong: dict[tuple[str, str], list[str]] = {}

    def go(self, state: State) -> None:
        self.given |= state.given
        self._write(state)
        stuck = []
        with watched(self.project.folder) as moments:
            try:
                self.project.up("--parallel", "100")  # as many as may be held back
            except AssertionError as error:
                stuck.append(str(error))
        calls = self.project.calls()[self.told :]
        self.told += len(calls)
        for platform in (one for one in PLATFORMS if one.argument in self.given):
            found = _wrong_files(platform, moments) if platform.is_on_node else self._wrong(platform, calls)
            self.wrong[state.edit, platform.argument] = [*found, *stuck]

    def _write(self, state: State) -> None:
        program: list[Any] = []
        for argument, mine in self.given.items():
            name = f"{state.name}-{argument}"
            was = [f"{state.was}-{argument}"] if state.was else []
            program.append(["livekit_firewall.LiveKitFirewall", name, mine, *was])
            if argument in USERS:
                kind, values = USERS[argument]
                text = json.dumps(values).replace("NAME", name).replace("SUBNET", self.subnet)
                program.append([kind, f"{USER}{argument}", json.loads(text)])
        (self.project.folder / "resources.json").write_text(json.dumps(program), encoding="utf-8")

    def _wrong(self, platform: AnyPlatform, calls: list[Call]) -> Iterator[str]:
        user = f"{USER}{platform.argument}"
        own = [call for call in calls if call.name == user or is_own(platform, call)]
        yield from (f"{call.method} of {call.name} is refused: {call.refused}" for call in own if call.refused)
        methods = [call.method for call in own]
        if "Delete" in methods and {*methods[methods.index("Delete") :]} != {"Delete"}:
            yield f"a deletion is not last: {methods}"
        for call in own:
            if (
                call.method == "Update"
                and call.name != user
                and call.type in platform.cut_by
                and "update" in platform.cut_by[call.type].operations
            ):
                yield f"{call.name} is modified"
        before = self._each(platform)
        moments = [("at first", Area.union(before.values()))]
        for call in own:
            key = f"{call.type} {call.id}"
            if call.method == "Delete":
                del self.there[key]
            else:
                self.there[key] = call
            moments.append((f"after {call.method} of {call.name}", Area.union(self._each(platform).values())))
        after = self._each(platform)
        yield from wrong_moments(moments, [(area, after.get(key, area)) for key, area in before.items()])
        ((_, new),) = moments[-1:]
        yield from not_as_wanted(platform, self.given[platform.argument], new)

    def _each(self, platform: AnyPlatform) -> dict[str, Area]:
        """What each resource admits; where a user names the firewall that it has, to this one."""
        read, user = reader_of(platform.name).area, f"{USER}{platform.argument}"
        found = {
            key: read(one.type, one.inputs | one.state) for key, one in self.there.items() if is_own(platform, one)
        }
        named = [str(value) for one in self.there.values() if one.name == user for value in _leaves(one.state)]
        if platform.argument not in USERS:
            return found
        mine = {key: area for key, area in found.items() if self.there[key].id in named}
        return {key: _of_the_user(mine.get(key) or _part(area, named)) for key, area in found.items()}


def is_own(platform: AnyPlatform, call: Call) -> bool:
    return call.type in platform.from_pulumi().TYPES and not call.name.startswith(USER)


def _leaves(value: Any) -> Iterator[Any]:
    several = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    if several is None:
        yield value
    else:
        yield from (leaf for one in several for leaf in _leaves(one))


def _part(area: Area, members: list[str]) -> Area:
    return Area({key: packets for key, packets in area.parts.items() if key[0] in members})


def _of_the_user(area: Area) -> Area:
    """Whatever group that is, itself as a source included."""
    return Area.union(
        Area({("the machine", "itself" if sender == member else sender): packets})
        for (member, sender), packets in area.parts.items()
    )


def wrong_moments(moments: list[tuple[str, Area]], each: list[tuple[Area, Area]]) -> Iterator[str]:
    """What is shut or opened on the way from the first to the last, of one member and of a machine that is all of them.

    Args:
        each: of each resource, what it admits before and after: it has one of the two at any time, in every order.
    """
    for shape in (lambda area: area, Area.of_all):
        old, new = (shape(area) for _, area in (moments[0], moments[-1]))
        for when, area in moments:
            if lost := (old & new) - shape(area):
                yield f"shut {when}:\n{lost}"
            if gained := shape(area) - (old | new):
                yield f"opened {when}:\n{gained}"
        always = Area.union(shape(before) & shape(after) for before, after in each)
        if lost := (old & new) - always:
            yield f"shut in another order:\n{lost}"


def not_as_wanted(platform: AnyPlatform, arguments: dict[str, Any], new: Area) -> Iterator[str]:
    """At the end, from addresses."""
    key = ("every member", ADDRESSES)
    there, needed = (area.of_all().parts.get(key, PacketSet()) for area in (new, wanted(platform, arguments)))
    if there != needed:
        yield f"not as wanted:\n{Area({key: needed})}\nbut\n{Area({key: there})}"


@contextmanager
def watched(folder: Path) -> Iterator[list[dict[str, str]]]:
    """What the host's files hold, each time that it is otherwise."""
    moments: list[dict[str, str]] = [_texts(folder)]
    done = Event()

    def watch() -> None:
        while not done.wait(0.003):
            now = _texts(folder) or _texts(folder)  # between the two the one may go and the other come
            if now != moments[-1]:
                moments.append(now)

    watcher = Thread(target=watch)
    watcher.start()
    try:
        yield moments
    finally:
        done.set()
        watcher.join()
        moments.append(_texts(folder))


def _texts(folder: Path) -> dict[str, str]:
    found = {}
    for name in FILES:
        with suppress(FileNotFoundError):
            found[name] = (folder / name).read_text(encoding="utf-8")
    return found


def _wrong_files(platform: AnyPlatform, moments: list[dict[str, str]]) -> Iterator[str]:
    """Every file that is there holds a whole ruleset, and one is there all the time."""
    read = reader_of(platform.name).area
    areas = [[(name, read("", {"content": bare(text)})) for name, text in now.items()] for now in moments]
    if not moments[0]:
        return
    ((_, old), *_), ((_, new), *_) = areas[0], areas[-1]
    for number, now in enumerate(areas):
        if not now:
            yield f"no file at moment {number} of {len(areas)}"
        yield from (
            fault for name, area in now for fault in wrong_moments([("", old), (name, area), ("", new)], [(area, area)])
        )


FURNISHED: tuple[dict[str, Any], ...] = (
    {"aws": {"vpc_id": VPC, "security_group_id": EXISTING, "load_balancer_security_group_ids": BALANCERS}},
    {"aws": {"vpc_id": OTHER_VPC}, "gcp": {"network": "other"}, "azure": {"resource_group_name": "other"}},
    {"azure": {"resource_group_name": "media"},
     "digitalocean": {"tags": ["livekit", "media"], "load_balancer_uids": UIDS}, "hetzner": {"server_ids": [7]}},
)  # fmt: skip
"""What the edits name."""


def _subnet(amazon: Any) -> str:
    found = amazon.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [VPC]}])["Subnets"]
    one = found[0] if found else amazon.create_subnet(VpcId=VPC, CidrBlock="10.0.7.0/24")["Subnet"]
    return str(one["SubnetId"])


@pytest.fixture(scope="module")
def walked(deploy: Deploy, amazon: Any) -> Callable[[int], Walk]:
    walks: dict[int, Walk] = {}

    def walk(leg: int) -> Walk:
        if leg not in walks:
            project = deploy("dev", "previewed")
            for targets in FURNISHED:
                furnish(project, amazon, targets)
            subnet = _subnet(amazon)
            walks[leg] = Walk(project, subnet)
            for state in LEGS[leg]:
                walks[leg].go(state)
                project.account("each of them").hold("Create")
            project.preview("--expect-no-changes")
        return walks[leg]

    return walk


@pytest.mark.parametrize(("leg", "edit", "argument"), CASES)
def test_is_right_after_every_call_of(walked: Callable[[int], Walk], leg: int, edit: str, argument: str) -> None:
    assert walked(leg).wrong.get((edit, argument)) == []


def test_walks_through_edits_of_every_platform() -> None:
    assert len(NAMED) >= 41
    assert {argument for _, _, argument in CASES} == {one.argument for one in PLATFORMS}
