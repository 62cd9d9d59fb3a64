"""Many stacks from one table: review them, update them in waves, remove them.

    python fleet.py review      what an update would change, all stacks in one report
    python fleet.py up          wave after wave, up to the first wave in which a stack failed
    python fleet.py destroy     the last wave first
    python fleet.py write       the files that other engines run the same stacks by

Exit code 0: every stack is as it should be. 1: a stack is not, or `--fail-on` is met. 2: the table, what a row sets, or
an option is wrong, and nothing was done. 130: interrupted; what had begun was finished, nothing else was begun.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import elsewhere
from journal import DONE, Journal, done_in
from msgspec import structs
from pulumi.automation import CommandError
from rich.console import Console
from rich.table import Table as Grid
from table import HERE, PROJECT, Row, Table, TableError, judge, read, without_row, write_stacks
from updates import Outcome, Updates, first_line

STYLES = dict.fromkeys(("changed", "would change"), "green") | {"unchanged": "", "failed": "red", "locked": "yellow"}
INTERRUPTED = Event()


class Display:
    """For people a line per stack and a table at the end; with `as_json` a line of JSON per stack, begun and ended."""

    def __init__(self, as_json: bool, stacks: int, journal: Journal) -> None:
        self.as_json, self.stacks, self.ended, self.journal = as_json, stacks, 0, journal
        self.console = Console(quiet=as_json)

    def line(self, event: str, **values: object) -> None:
        line = self.journal.line(event, **values)
        if self.as_json:
            sys.stdout.write(line)  # whole, beside those of other threads
            sys.stdout.flush()

    def begin(self, row: Row) -> None:
        self.line("begun", stack=row.name, wave=row.wave)

    def end(self, one: Outcome) -> None:
        self.ended += 1
        self.line("ended", **structs.asdict(one))
        text = f"{self.ended}/{self.stacks} {one.stack}: {one.result} in {one.seconds:.1f} s"
        self.console.print(text, style=STYLES[one.result], markup=False, highlight=False)

    def table(self, outcomes: list[Outcome]) -> None:
        grid = Grid("stack", "wave", "result", "resources", "seconds", "error")
        for one in outcomes:
            changes = ", ".join(f"{op} {count}" for op, count in sorted(one.changes.items()))
            cells = (one.stack, str(one.wave), one.result, changes, f"{one.seconds:.1f}", one.error)
            grid.add_row(*cells, style=STYLES.get(one.result, "dim"))
        self.console.print(grid)


def run_waves(
    waves: list[list[Row]], command: Callable[[Row], Outcome], workers: int, display: Display, stops: bool,
    done: Collection[str] = (),
) -> list[Outcome]:  # fmt: skip
    """A stack that fails leaves the others of its wave alone. With `stops` the waves behind it are not begun.

    Args:
        done: the stacks that an earlier run has done.
    """
    outcomes: list[Outcome] = []

    def run(row: Row) -> Outcome:
        if row.name in done:
            return Outcome(row.name, row.wave, "done before")
        if INTERRUPTED.is_set() or is_over:
            return Outcome(row.name, row.wave, "not started")
        display.begin(row)
        outcome = command(row)
        display.end(outcome)
        return outcome

    with ThreadPoolExecutor(workers) as pool:
        for wave in waves:
            is_over = stops and any(one.result not in DONE for one in outcomes)
            outcomes += pool.map(run, wave)
    display.table(outcomes)
    return outcomes


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=("review", "up", "destroy", "write"))
    parser.add_argument("--table", type=Path, default=HERE / "fleet.yaml")
    parser.add_argument("--only", nargs="+", metavar="STACK", help="these stacks alone")
    parser.add_argument("--workers", type=int, default=4, metavar="N", help="stacks at a time (4)")
    parser.add_argument("--json", action="store_true", help="lines of JSON instead of text")
    parser.add_argument("--refresh", action="store_true", help="read what is there before, as after a failure")
    parser.add_argument(
        "--resume", type=Path, nargs="?", const=Path(), metavar="LOG",
        help="up: not what the last run has done, or the run whose lines of JSON are in LOG",
    )  # fmt: skip
    parser.add_argument("--fail-on", choices=("wider", "risk", "any"), help="review: exit code 1")
    asked = parser.parse_args()
    if asked.workers < 1:
        parser.error("--workers must be at least 1")
    if (asked.fail_on and asked.action != "review") or (asked.resume and asked.action != "up"):
        parser.error("--fail-on is of review, --resume of up")
    if asked.only and asked.action == "write":
        parser.error("write takes no --only: jobs, waves and prerequisites are of all rows")
    return asked


def main() -> int:
    asked = parse()
    own = asked.table.with_suffix(".jsonl")
    try:
        table = read(asked.table, asked.only)
        if asked.action != "destroy":
            judge(table, asked.table)
        done = done_in(own if asked.resume == Path() else asked.resume) if asked.resume else {}
    except (TableError, OSError, ValueError) as error:
        print(f"fleet.py: {error}", file=sys.stderr)
        return 2
    if asked.action == "write":
        write_stacks(table, asked.table.name)
        elsewhere.write(table)
        remove_without_row(table, asked.table.name, lambda: Updates(table))
        return 0
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: INTERRUPTED.set())
    try:
        updates = Updates(table, refresh=asked.refresh)
    except (CommandError, OSError) as error:
        print(f"fleet.py: Pulumi: {first_line(str(error))}", file=sys.stderr)
        return 2
    write_stacks(table, asked.table.name)
    if asked.action == "up" and not asked.only:
        remove_without_row(table, asked.table.name, lambda: updates)
    os.chdir(PROJECT)  # where Pulumi runs a program: a path in the settings begins there
    waves = table.waves()
    is_done = {row.name for row in table.stacks if row.name in done and updates.digest(row) == done[row.name]}
    command = {"review": updates.preview, "up": updates.up, "destroy": updates.destroy}[asked.action]
    journal = Journal(own, asked.action, goes_on=asked.resume is not None)
    display = Display(asked.json, sum(map(len, waves)) - len(is_done), journal)
    order = waves[::-1] if asked.action == "destroy" else waves
    outcomes = run_waves(order, command, asked.workers, display, asked.action != "review", is_done)
    code = int(any(one.result not in DONE for one in outcomes))
    if asked.action == "review":
        code = max(code, review([one.stack for one in outcomes if one.result in DONE], asked.fail_on, display))
        if missing := [one.stack for one in outcomes if one.result not in DONE]:
            print(f"fleet.py: not in the report, since they have no preview: {', '.join(missing)}", file=sys.stderr)
    return 130 if INTERRUPTED.is_set() else code


def remove_without_row(table: Table, source: str, connect: Callable[[], Updates]) -> None:
    """The files of stacks whose rows are gone; not that of a stack which has resources, nor one of somebody else."""
    for name, path, is_ours in without_row({row.name for row in table.stacks}, source):
        told = f"not removed: it has no row in {source}, but fleet.py did not write it from there"
        try:
            if is_ours and connect().stands(name):
                told = f"its row is gone, its stack still stands: `pulumi destroy --stack {name}` in program/ first"
            elif is_ours:
                path.unlink()
                told = "removed, since its row is gone"
        except (CommandError, OSError) as error:
            told = f"not removed: its row is gone, and Pulumi cannot say if its stack stands: {first_line(str(error))}"
        print(f"fleet.py: {path.name}: {told}", file=sys.stderr)


def review(stacks: list[str], fail_on: str | None, display: Display) -> int:
    """One report of all previews."""
    if not stacks:
        return 1
    options = ["--format", "json" if display.as_json else "text", *(["--fail-on", fail_on] if fail_on else [])]
    files = [str(Updates.previews / f"{name}.json") for name in stacks]
    command = [sys.executable, "-m", "livekit_firewall.cli", "review", *options, *files]
    done = subprocess.run(command, check=False, text=True, stdout=subprocess.PIPE if display.as_json else None)
    if done.stdout:
        display.line("review", **json.loads(done.stdout))
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
