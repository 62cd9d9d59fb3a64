"""All changes, by platform and name."""

from __future__ import annotations

from tests.targets import TARGETS

from .change import VERDICTS, Change
from .foreign_aws import AWS
from .foreign_azure import AZURE
from .foreign_digitalocean import DIGITALOCEAN
from .foreign_gcp import GCP
from .foreign_hetzner import HETZNER
from .ours import OURS

PLATFORMS = (*TARGETS,)

CHANGES: dict[tuple[str, str], Change] = {}
for change in (*OURS, *AWS, *GCP, *DIGITALOCEAN, *AZURE, *HETZNER):
    key = change.platform, change.name
    assert key not in CHANGES, f"two changes are called {key}"
    assert change.platform in PLATFORMS, change.platform
    assert change.expected.verdict in VERDICTS, change.expected.verdict
    CHANGES[key] = change
