"""What can go wrong with one call, as a test orders it (`Store.order`), and what the plugin makes of it.

refused         the cloud says no, and nothing is done
answer lost     the cloud did it, and says so to nobody; the plugin asks as often again as the real one does
read refused    it is created, and the read that the plugin makes after that is refused
plugin killed, CLI killed
                by SIGKILL, before the call has its effect or after; who killed the CLI ends with it
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass
from enum import Enum
from typing import NoReturn

TIMED_OUT = "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"


class Fault(str, Enum):  # enum.StrEnum needs Python 3.11
    __str__ = str.__str__

    REFUSED = "refused"
    ANSWER_LOST = "answer lost"
    READ_REFUSED = "read refused"
    PLUGIN_KILLED_BEFORE = "plugin killed before"
    PLUGIN_KILLED_AFTER = "plugin killed after"
    CLI_KILLED_BEFORE = "CLI killed before"
    CLI_KILLED_AFTER = "CLI killed after"
    CHECKPOINT_CUT_OFF = "CLI killed after, checkpoint cut off"

    @property
    def kills(self) -> bool:
        return self not in (Fault.REFUSED, Fault.ANSWER_LOST, Fault.READ_REFUSED)

    @property
    def kills_cli(self) -> bool:
        return self.startswith("CLI")

    @property
    def is_unanswered(self) -> bool:
        """Whether the engine does not know what became of the call."""
        return self.kills or self is Fault.ANSWER_LOST

    @property
    def is_before(self) -> bool:
        """Whether the call has no effect."""
        return self is Fault.REFUSED or self.endswith("before")


@dataclass(frozen=True)
class Order:
    """What is to happen to the next `times` calls of a method for resources of a type.

    Attributes:
        type: the type token.
        name: a part of the logical name.
        method: `Create`, `Update` or `Delete`.
        message: of what is refused.
    """

    type: str
    name: str
    method: str
    fault: str = Fault.REFUSED
    message: str = ""
    times: int = 1

    def meets(self, token: str, name: str, method: str) -> bool:
        return bool(self.times) and (self.type, self.method) == (token, method) and self.name in name


def die(fault: Fault) -> NoReturn:
    """End this plugin as if it, or the CLI that started it, had been killed."""
    sys.stdout.flush()
    if fault.kills_cli:
        os.kill(os.getppid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
    raise SystemExit
