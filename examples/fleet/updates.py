"""One command of Pulumi on one stack, by the Automation API, which does the work."""

import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Collection
from importlib.metadata import version
from time import monotonic
from typing import Any

from msgspec import Struct
from program.firewall import firewall
from pulumi.automation import ConcurrentUpdateError, EngineEvent, LocalWorkspace, OpType, OutputMap, Stack
from table import HERE, PROJECT, Row, Table

LOCKED = (
    "locked, {by}: when that has ended, run again; if it no longer runs, `pulumi cancel --stack {name} --yes`, then "
    "up --refresh"
)

STACK = "pulumi:pulumi:Stack"


class Outcome(Struct, frozen=True):
    """What became of a stack.

    Attributes:
        result: `changed`, `unchanged`, `failed`, `locked`, `not started` or `done before`; of a preview `would change`.
        changes: how many resources by what is done with them, without those that stay, and without the stack itself,
            which Pulumi counts as one: as many as a review shows.
        error: the first line of the first error.
        digest: see `Updates.digest`.
    """

    stack: str
    wave: int
    result: str
    changes: dict[str, int] = {}
    seconds: float = 0.0
    error: str = ""
    digest: str = ""


def _without_leftover(told: Any) -> None:
    """Where a resource fails, Pulumi's SDK (automation/_server.py, 3.259) may stop the event loop of a program before
    its coroutine has ended. Python removes that later and prints what its cleaning up raises then: the error itself
    has been told, and the next program has a loop of its own.
    """
    if getattr(told.object, "__name__", "") != "run_pulumi_func":
        sys.__unraisablehook__(told)


sys.unraisablehook = _without_leftover


class _Workspace(LocalWorkspace):
    """Without what a fleet does not need, since each is one more run of the CLI for every stack."""

    there: Collection[str] = ()
    """The stacks that were there in the beginning: they need not be selected, as every command names its stack."""

    def select_stack(self, stack_name: str) -> None:
        if stack_name not in self.there:
            super().select_stack(stack_name)

    def stack_outputs(self, stack_name: str) -> OutputMap:  # noqa: ARG002
        return {}


class Updates:
    """Commands on the stacks of a table. Each may run in a thread of its own.

    Raises:
        CommandError, OSError: there is no Pulumi CLI, or it is not logged in.
    """

    previews = HERE / "previews"

    def __init__(self, table: Table, refresh: bool = False) -> None:
        self.table = table
        self.options = {"color": "never", "suppress_outputs": True, "show_secrets": False, "refresh": refresh}
        # The program runs in this process: its libraries are loaded once, not once per stack.
        self.workspace = _Workspace(
            work_dir=str(PROJECT), program=firewall, secrets_provider=table.secrets or None,
            # a review judges a change by what stays beside it
            env_vars={"PULUMI_OPTION_SHOW_SAMES": "true", "PULUMI_SKIP_UPDATE_CHECK": "true", **table.environment()},
        )  # fmt: skip
        self.workspace.there = [one.name for one in self.workspace.list_stacks()]

    def up(self, row: Row) -> Outcome:
        return self._run(row, lambda stack, on_event: stack.up(on_event=on_event, **self.options))

    def destroy(self, row: Row) -> Outcome:
        return self._run(row, lambda stack, on_event: stack.destroy(on_event=on_event, **self.options))

    def preview(self, row: Row) -> Outcome:
        """Also writes what `pulumi preview --json` prints to previews/STACK.json."""

        def command(stack: Stack, on_event: Callable[[EngineEvent], None]) -> None:
            made = stack.preview(on_event=on_event, json=True, refresh=self.options["refresh"])
            self.previews.mkdir(exist_ok=True)
            (self.previews / f"{row.name}.json").write_text(made.stdout, encoding="utf-8")

        return self._run(row, command, "would change")

    def stands(self, name: str) -> bool:
        """Whether a stack has resources, by its state; raises CommandError where it cannot be read."""
        if name not in {one.rpartition("/")[2] for one in self.workspace.there}:
            return False
        return bool((self.workspace.export_stack(name).deployment or {}).get("resources"))

    def digest(self, row: Row) -> str:
        """Of a stack's configuration, the files that it names, program and version; "" where not all is known."""
        named = self.table.files(row)
        if named is None:
            return ""
        texts = [(PROJECT / name).read_bytes().hex() for name in ("firewall.py", *named)]
        made_from = [self.table.config(row), version("livekit-firewall"), *texts]
        return hashlib.sha256(json.dumps(made_from).encode()).hexdigest()[:16]

    def _run(
        self, row: Row, command: Callable[[Stack, Callable[[EngineEvent], None]], object], changed: str = "changed"
    ) -> Outcome:
        began, counts, errors = monotonic(), Counter[str](), list[str]()

        def on_event(event: EngineEvent) -> None:
            if event.summary_event:
                counts.update({str(op): count for op, count in event.summary_event.resource_changes.items()})
            if event.resource_pre_event and event.resource_pre_event.metadata.type == STACK:
                counts[OpType(event.resource_pre_event.metadata.op).value] -= 1
            if event.diagnostic_event and event.diagnostic_event.severity == "error":
                errors.append(first_line(event.diagnostic_event.message))

        def changes() -> dict[str, int]:
            return {op: count for op, count in counts.items() if op != "same" and count > 0}

        try:
            command(Stack.create_or_select(row.name, self.workspace), on_event)
            result = changed if changes() else "unchanged"
        except ConcurrentUpdateError as error:
            by = re.search(r"created by .*|Another update is currently in progress", str(error))
            result, errors = "locked", [LOCKED.format(name=row.name, by=by[0] if by else "by another update")]
        except Exception as error:  # noqa: BLE001  whatever it is, it must not end the others
            result = "failed"
            errors.append(first_line(str(error)))
        digest = self.digest(row)
        return Outcome(row.name, row.wave, result, changes(), monotonic() - began, next(iter(errors), ""), digest)


def first_line(text: str) -> str:
    """Of what a command printed, the line that names its error; with the next, where that is what it announces."""
    if killed := re.match(r"\s*code: -(\d+)", text):
        return f"Pulumi was ended by signal {killed[1]}; its lock may have stayed"
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    at = next((number for number, line in enumerate(lines) if "error: " in line), 0)
    told = " ".join(lines[at : at + 1 + "".join(lines[at : at + 1]).endswith(":")])
    return told.removeprefix("stderr: ").removeprefix("error: ")
