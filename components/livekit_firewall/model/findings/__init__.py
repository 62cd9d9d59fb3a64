"""The catalogue: every finding that any command can show, as one table of data.

What is known of a finding before it is found stands here and nowhere else: whoever raises one says where and what,
and its remedy comes from here by its id (`remedy`). Ids never change their meaning. `tests/unit/reports/test_lint.py`
holds that each id raised anywhere is here and that each id here can be raised; `docs/findings.md` is written from it.
"""

from __future__ import annotations

from .access import ACCESS
from .containers import CONTAINERS
from .entry import Entry
from .files import FILES
from .server import SERVER
from .services import SERVICES
from .stops import STOPS

GROUPS: dict[str, tuple[Entry, ...]] = {
    "What the services refuse": STOPS,
    "What a file is": FILES,
    "livekit-server": SERVER,
    "SIP, ingress, egress, plugNmeet, Kubernetes": SERVICES,
    "Containers, flags and variables": CONTAINERS,
    "The configuration against its firewall": ACCESS,
}
"""The entries under the heading that they have in the documentation."""

CATALOGUE: dict[str, Entry] = {entry.id: entry for group in GROUPS.values() for entry in group}
"""Every finding by its id."""


def remedy(id: str) -> str:
    """What to do about a finding, as errors and findings have it: in the middle of a line, without marks of code."""
    fix = CATALOGUE[id].fix
    return (fix[0].lower() + fix[1:]).rstrip(".").replace("`", "")
