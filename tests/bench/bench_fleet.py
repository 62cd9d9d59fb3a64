"""examples/fleet with many stacks on the fake of DigitalOcean, state in a folder: `make bench ARGS='-k fleet'`.

Beside it, in the same run, a driver that is nothing but four threads, each with `pulumi stack init` and `pulumi up`.
FLEET_SIZES=10,200 asks for other sizes than 10. What was seen stands in docs/benchmarks.md.
"""

import os
import resource
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread

import pytest
from tests.engine.conftest import cli  # noqa: F401 (a fixture)
from tests.engine.fakes import digitalocean
from tests.engine.test_fleet import Fleet, row
from tests.engine.vault import PROVIDER

SIZES = [int(size) for size in os.environ.get("FLEET_SIZES", "10").split(",")]
WORKERS = 4


def resident(process: int) -> int:
    """kB of a process; 0 when it has ended."""
    try:
        text = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("VmRSS")), 0)


def below(process: int) -> list[int]:
    found: list[int] = []
    try:
        for children in Path(f"/proc/{process}/task").glob("*/children"):  # of each thread
            found += map(int, children.read_text(encoding="utf-8").split())
    except OSError:  # one has ended meanwhile
        pass
    return found + [grandchild for child in found for grandchild in below(child)]


class Spent:
    """Seconds of the clock and of processor time, and the most memory that the children of this process had."""

    def __init__(self, run: Callable[[], object]) -> None:
        before, began, over = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter(), Event()
        self.driver = self.all = 0

        def watch() -> None:
            while not over.wait(0.5):
                children = below(os.getpid())
                self.driver = max(self.driver, *map(resident, children[:1]), 0)
                self.all = max(self.all, sum(map(resident, children)))

        watching = Thread(target=watch)
        watching.start()
        run()
        over.set()
        watching.join()
        self.clock, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        self.processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def __str__(self) -> str:
        memory = f"{self.all // 1024} MB in all at most"
        return f"{self.clock:.0f} s of the clock, {self.processor:.0f} s of processor time; {memory}"


@pytest.mark.parametrize("size", SIZES)
def bench_fleet(cli, tmp_path, capsys, size):  # noqa: F811
    def fleet(name):
        folder = tmp_path / name
        (folder / ".state").mkdir(parents=True)
        made = Fleet(folder, cli, f"file://{folder}/.state")
        rows = [row(f"node-{number}") for number in range(size)]
        for one in rows:
            made.account("digitalocean").put(digitalocean.TAG, one["name"], {"name": one["name"]})
        made.write(rows)
        return made, [one["name"] for one in rows]

    ours, names = fleet("ours")
    lines = [f"{size} stacks, {WORKERS} at a time"]
    for what, action in (("made", "up"), ("made again", "up"), ("reviewed", "review")):
        ended = []
        spent = Spent(lambda action=action, ended=ended: ended.append(ours.run(action, workers=WORKERS)))
        assert ended[0].code == 0, ended[0].errors
        assert len(ended[0].outcomes) == size
        each = f"{spent.clock / size:.2f} s and {spent.processor / size:.2f} s of processor time a stack"
        lines.append(f"{what}: {spent}, {spent.driver // 1024} MB of it fleet.py; {each}")

    plain, names = fleet("plain")
    plain.run("write", workers=WORKERS)
    environment = {**plain.environment, "PULUMI_BACKEND_URL": plain.backend}

    def up(name):
        for command in (
            ["stack", "init", name, f"--secrets-provider={PROVIDER}", "--no-select"],
            ["up", "--stack", name, "--yes", "--skip-preview", "--suppress-outputs"],
        ):
            subprocess.run(
                ["pulumi", *command, "--non-interactive"], cwd=plain.folder / "program", env=environment, check=True,
                capture_output=True,
            )  # fmt: skip

    def all_of_them():
        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(up, names))

    spent = Spent(all_of_them)
    lines.append(f"threads alone, made: {spent}; {spent.clock / size:.2f} and {spent.processor / size:.2f} s a stack")
    with capsys.disabled():
        print("", *lines, sep="\n  ")
