"""What becomes of packets under many rulesets, by fates.py: several of it at once, each with a wire of its own.

A ruleset costs no time to speak of, but the kernel lets whoever loads it wait until every processor has seen it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

FATES = Path(__file__).with_name("fates.py")
AT_ONCE = 4
Commands = Iterable[tuple[Sequence[str], str]]
Fate = tuple[str, set[tuple[str, str]]]


def judged(ports: Sequence[str], sources: Sequence[str], trials: Sequence[Commands]) -> list[Fate]:
    """Of each trial, in their order: what its last command printed, and the pairs of source and port that got through.

    Raises AssertionError with what a command complained of.
    """

    def judge(share: Sequence[Commands]) -> list[Any]:
        asked = json.dumps({"ports": ports, "sources": sources, "trials": share})
        command = [sys.executable, "-I", str(FATES)]
        ran = subprocess.run(command, input=asked, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
        found = [json.loads(line) for line in ran.stdout.splitlines()]
        assert len(found) == len(share)
        return found

    with ThreadPoolExecutor(AT_ONCE) as pool:
        shares = list(pool.map(judge, [trials[start::AT_ONCE] for start in range(AT_ONCE)]))
    found = [shares[place % AT_ONCE][place // AT_ONCE] for place in range(len(trials))]
    return [(one["printed"], set(map(tuple, one["admitted"]))) for one in found]
