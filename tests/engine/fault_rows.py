"""Rows of the fault matrix: one call of create, update or destroy goes wrong, and what docs/recovery.md says is done.

    matrix = Matrix(project, PLATFORMS["gcp"])
    matrix.observe()                                runs each command once, and remembers what is wanted after it
    matrix.run(Row("update", 0, Fault.REFUSED))     the first call of the update

A matrix is one project. Its rows follow each other as the commands do, create, update, destroy and again: what one row
leaves is what the next begins with, and a command that no row is for runs as usual.
"""

from __future__ import annotations

import json
import re
import shlex
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

import yaml
from click.testing import CliRunner

from livekit_firewall.cli.group import cli

from . import admitted, listings
from .fakes.ec2 import EGRESS, GROUP, INGRESS, rules
from .fakes.faults import Fault, Order
from .inline import KILLED, Inline
from .project import Call, Run

PHASES = ("create", "update", "destroy")
REFUSAL = "Error 403: forbidden by a test"
LOCKED = "the stack is currently locked"
WAIT = re.compile(r"try again in (\d+) s")
CUT_OFF = "failed to load checkpoint"


@dataclass(frozen=True)
class Row:
    """Which call of a phase, counted from 0, goes wrong and how. The outcome does not depend on the call's place in the
    log, which is another on every run.
    """

    phase: str
    call: int
    fault: Fault

    def __str__(self) -> str:
        return f"{self.phase}, call {self.call}: {self.fault}"


@dataclass(frozen=True)
class Platform:
    """What the rows of a platform need to know.

    Attributes:
        stack: an example.
        cloud: the name of its plugin.
        old, new: the configuration of create, and what changes for update.
        stands: what admits something in the account, by id: all of it, whether the state knows it or not.
        listing: what the vendor's command prints.
        remove: an orphan, as its command does.
    """

    stack: str
    cloud: str
    old: dict[str, Any]
    new: dict[str, Any]
    stands: Callable[[Inline, Any], dict[str, Any]]
    listing: Callable[[Inline, Any], object] | None = None
    remove: Callable[[Inline, str], None] | None = None


def _of_store(token: str) -> Callable[[Inline, Any], dict[str, Any]]:
    cloud = {admitted.GOOGLE: "gcp", admitted.AZURE: "azure-native"}.get(token, token.partition(":")[0])
    return lambda project, _: project.account(cloud).all(token)


def _by_amazon(project: Inline, amazon: Any) -> dict[str, Any]:
    """The rules of the groups with the component's name; an empty group that nobody is in admits nothing."""
    groups = [one["GroupId"] for one in _groups(amazon)]
    return {id_: one for group in groups for way in (INGRESS, EGRESS) for id_, one in rules(amazon, group, way).items()}


def _groups(amazon: Any) -> list[dict[str, Any]]:
    found = amazon.describe_security_groups()["SecurityGroups"]
    return [one for one in found if one["GroupName"].startswith("livekit-aws-security-group-")]


def _list_amazon(project: Inline, amazon: Any) -> object:
    held = [one["id"] for one in project.resources().get(GROUP, [])]
    return listings.by_aws(amazon, *held) if held else None


PLATFORMS = {
    "aws": Platform(
        "aws-example", "aws",
        {"turn": None, "operators": None, "ipv6": False, "load_balancer": {"cidrs": ["198.51.100.0/24"]},
         "aws": {"vpc_id": "vpc-0123456789abcdef0", "tags": {"team": "one"}}},
        {"tcp_port": 7900, "aws.tags": {"team": "two"}},
        _by_amazon, _list_amazon,
    ),
    "gcp": Platform(
        "gcp-example", "gcp",
        {"udp_port": None, "ipv6": False},
        {"tcp_port": 7900, "operators.cidrs": ["203.0.113.0/25"]},
        _of_store(admitted.GOOGLE), lambda project, _: listings.by_gcloud(project),
        lambda project, id_: project.account("gcp").drop(admitted.GOOGLE, id_),
    ),
    "digitalocean": Platform(
        "digitalocean-example", "digitalocean", {}, {"ipv6": False},
        _of_store(admitted.DIGITALOCEAN), lambda project, _: listings.by_doctl(project),
        lambda project, id_: project.account("digitalocean").drop(admitted.DIGITALOCEAN, id_),
    ),
    "hetzner": Platform(
        "hetzner-example", "hcloud",
        {"hetzner.labels": {"of": "one"}}, {"ipv6": False, "hetzner.labels": {"of": "two"}},
        _of_store(admitted.HETZNER), lambda project, _: listings.by_hcloud(project),
        lambda project, id_: project.account("hcloud").drop(admitted.HETZNER, id_),
    ),
    "azure": Platform(
        "azure-example", "azure-native", {"sip": None, "trunks": None}, {"tcp_port": 7900},
        _of_store(admitted.AZURE), lambda project, _: listings.by_az(project),
    ),
}  # fmt: skip


@dataclass
class Matrix:
    """One project, and what `observe` saw.

    Attributes:
        amazon: a client of the emulator, where the platform is AWS.
        old: the stack's file for create.
        before: what stood in the account before; it is of other tests.
        wanted: after each command, what stands.
        calls: those of each command, sorted.
    """

    project: Inline
    platform: Platform
    amazon: Any = None
    old: str = ""
    before: set[str] = field(default_factory=set)
    wanted: dict[str, list[str]] = field(default_factory=dict)
    calls: dict[str, list[Call]] = field(default_factory=dict)

    def observe(self) -> None:
        """Run each command once, with nothing going wrong."""
        self.project.configure(self.platform.old)
        self.old = self.project.stack_file.read_text(encoding="utf-8")
        self.before = {*self.platform.stands(self.project, self.amazon)}
        for phase in PHASES:
            self.project.forget_calls()
            self.done(phase)
            self.wanted[phase] = self.standing()
            self.calls[phase] = sorted(self.project.calls(), key=lambda one: (one.method, one.type, one.name))

    def whole(self, fault: Fault) -> Iterator[Row | None]:
        """A row for each call; None where a phase has no more calls than another."""
        for at in zip_longest(*(range(len(self.calls[phase])) for phase in PHASES)):
            yield from (
                None if call is None else Row(phase, call, fault) for phase, call in zip(PHASES, at, strict=True)
            )

    def run_all(self, rows: Iterable[Row | None]) -> int:
        """Run rows, one per phase in the order of the phases; how many there were."""
        count = 0
        for at, row in enumerate(rows):
            if row is None:
                self.done(PHASES[at % 3])
            else:
                assert row.phase == PHASES[at % 3]
                self.run(row)
                count += 1
        return count

    def run(self, row: Row) -> None:
        call = self.calls[row.phase][row.call]
        what = f"{row} ({call.method} {call.name})"
        store = self.project.account(call.cloud)
        store.order(Order(call.type, call.name, call.method, row.fault, REFUSAL))
        first = self.attempted(row.phase)
        assert store.is_carried_out(), f"{what}: the call was not made\n{first.output}"
        assert (first.code == KILLED) == row.fault.kills_cli, f"{what}\n{first.output}"
        assert "Traceback" not in first.output, f"{what}\n{first.output}"
        if row.fault is Fault.CHECKPOINT_CUT_OFF:
            self.cut_off(at_its_end=bool(row.call % 2))
        try:
            self.check_between(row.phase)
            self.heal(row, call)
            self.check(row.phase)
        except AssertionError as error:
            raise AssertionError(f"{what}: {error}\nfirst: {first.output}") from error

    def cut_off(self, *, at_its_end: bool) -> None:
        """What the engine leaves when it is killed while it saves: half of the file, or nothing of its attributes."""
        file = self.project.checkpoint
        if at_its_end:
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
        else:
            file.with_name(f"{file.name}.attrs").write_bytes(b"")

    # --- the steps of docs/recovery.md

    def heal(self, row: Row, call: Call) -> None:
        if row.fault.kills_cli:
            self.unlock(row.phase)
        if row.phase == "destroy":
            self.done(row.phase, "--refresh")
            return
        if row.fault.is_unanswered and (row.fault.kills or call.method == "Create"):
            self.recover()
        self.done(row.phase, *(["--refresh"] if call.method == "Update" else []))

    def unlock(self, phase: str) -> None:
        """What Pulumi asks for before it begins again: its lock goes, and the file of a state that was cut off. The
        engine does that of its own as well, once in twenty to forty times that it is killed.
        """
        for _ in range(3):
            told = self.attempted(phase)
            assert told.code, told.output
            if LOCKED in told.output:
                assert "pulumi cancel" in told.output
                self.project.run("cancel", "--yes", "--stack", self.project.stack)
            else:
                assert CUT_OFF in told.output, told.output
                file = self.project.checkpoint
                if f"{CUT_OFF}: EOF" in told.output:  # of what lies beside it
                    file.with_name(f"{file.name}.attrs").unlink()
                else:
                    file.write_bytes(file.with_name(f"{file.name}.bak").read_bytes())
            if not self.project.is_locked and self.project.is_readable:
                return
        raise AssertionError("it is locked or cut off still")

    def recover(self) -> None:
        """What `livekit-firewall recover` prints is done, until it prints nothing more."""
        for _ in range(3):
            found = self.recovery()
            for one in found["orphans"]:
                assert one["verdict"] == "likely", one
                assert self.platform.remove, one
                self.platform.remove(self.project, one["id"])
            for step in found["steps"]:
                self._step(step, found["import"])
            if not found["steps"]:
                return

    def recovery(self) -> dict[str, Any]:
        """What the command finds, as JSON."""
        folder, listed = self.project.folder, self.platform.listing and self.platform.listing(self.project, self.amazon)
        if listed is None:  # without a group of its own in the state there is none that a rule could be in
            pending = ["pulumi refresh --clear-pending-creates"] if self.project.pending() else []
            return {"orphans": [], "steps": pending, "import": {}}
        arguments = {key: value for key, value in self.project.config().items() if ":" not in key}
        (folder / "arguments.yaml").write_text(yaml.safe_dump(arguments), encoding="utf-8")
        (folder / "state.json").write_text(self.project.exported(), encoding="utf-8")
        listing = listings.write(self.project, listed)
        given = ("--args", str(folder / "arguments.yaml"), "--state", str(folder / "state.json"))
        done = CliRunner().invoke(cli, ["recover", str(listing), *given, "--json"])
        assert done.exit_code in (0, 1), done.output
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def _step(self, step: str, imports: dict[str, Any]) -> None:
        program, command, *more = shlex.split(step)
        if command == "recover":
            return
        assert program == "pulumi"
        if command == "import":
            (self.project.folder / "import.json").write_text(json.dumps(imports), encoding="utf-8")
        self.project.run(command, *more, "--stack", self.project.stack, "--yes", "--skip-preview")

    # --- commands

    def done(self, phase: str, *more: str) -> None:
        done = self.attempted(phase, *more)
        if wait := WAIT.search(done.output):  # a host's run that was killed, and whose timer may yet roll back
            time.sleep(int(wait[1]) + 1)
            done = self.attempted(phase, *more)
        assert done.code == 0, done.output

    def attempted(self, phase: str, *more: str) -> Run:
        if phase == "create":
            self.project.stack_file.write_text(self.old, encoding="utf-8")
        elif phase == "update":
            self.project.configure(self.platform.new)
        command = ("destroy",) if phase == "destroy" else ("up", "--skip-plugin-pre-install")
        flags = ("--stack", self.project.stack, "--yes", "--skip-preview", "--suppress-outputs")
        return self.project.attempt(*command, *flags, *more)

    # --- what came of it

    def standing(self) -> list[str]:
        """What admits something, without ids: as often as it stands there."""
        found = self.platform.stands(self.project, self.amazon)
        return sorted(_content(one) for id_, one in found.items() if id_ not in self.before)

    def check_between(self, phase: str) -> None:
        """Whatever went wrong: nothing that neither the old nor the new rules have, and all that both have."""
        old, new = ({*self.wanted[one]} for one in (PHASES[PHASES.index(phase) - 1], phase))
        standing = {*self.standing()}
        assert standing <= old | new
        assert standing >= old & new

    def check(self, phase: str) -> None:
        """The wanted rules stand, and no others; the state is whole, and there is nothing left to do."""
        standing = self.standing()
        assert standing == self.wanted[phase]
        deployment = json.loads(self.project.exported())["deployment"]
        assert not deployment.get("pending_operations")
        if phase == "destroy":
            assert not deployment.get("resources")
            return
        assert not any("initErrors" in one for one in deployment["resources"])
        self.project.run("preview", "--stack", self.project.stack, "--skip-plugin-pre-install", "--expect-no-changes")


OWN = {"name", "networkSecurityGroupName", "SecurityGroupRuleId", "SecurityGroupRuleArn", "GroupId"}
"""What every run has anew."""


def _content(one: dict[str, Any]) -> str:
    return json.dumps({key: value for key, value in one.items() if key not in OWN}, sort_keys=True, default=str)
