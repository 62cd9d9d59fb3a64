"""The catalogue: every finding that any command can show, as one table of data.

Ids never change their meaning. `tests/unit/reports/test_lint.py` holds that each id raised anywhere is here and
that each id here can be raised; `docs/findings.md` is written from this table.
"""

from __future__ import annotations

from .catalogue_access import ACCESS
from .catalogue_containers import CONTAINERS
from .catalogue_files import FILES
from .catalogue_server import SERVER
from .catalogue_services import SERVICES
from .catalogue_stops import STOPS
from .entry import Entry

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
