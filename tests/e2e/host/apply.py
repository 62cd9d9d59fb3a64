"""Applies a ruleset as the provider does: `apply.py WANTED`, a file of JSON; killed at the step KILLED_AT, if set."""

import json
import os
import signal
import sys
from pathlib import Path

from livekit_firewall.host.standalone.machine import Machine
from livekit_firewall.host.standalone.mark import Mark
from livekit_firewall.host.standalone.steps import DesiredRuleset, apply
from livekit_firewall.host.standalone.stopped import Stopped

given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
given |= {key: Mark(*given[key]) for key in ("owner", "was") if given.get(key)}


def at(step: str) -> None:
    if step == os.environ.get("KILLED_AT"):
        os.kill(os.getpid(), signal.SIGKILL)


try:
    remarks = apply(Machine(), DesiredRuleset(**given), lambda text: print(text, flush=True), at)
except Stopped as why:
    print(why)
    sys.exit(1)
print("\n".join(remarks))
