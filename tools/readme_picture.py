"""The picture in the README, between its markers, as the program draws it."""

from datetime import datetime, timezone
from pathlib import Path

import yaml

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.reports.exposure.origin import Origin
from livekit_firewall.reports.exposure.picture import fenced, mermaid_of
from marked import with_part

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
EXAMPLE = ROOT / "examples" / "behind_load_balancer.yaml"
BEGIN = "<!-- output of livekit-firewall exposure --mermaid --args examples/behind_load_balancer.yaml -->\n"
DATE = datetime(2026, 1, 1, tzinfo=timezone.utc)
END = "<!-- end of the picture -->\n"


def readme() -> str:
    """The README with the picture as it should be."""
    arguments = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    deployment = read_deployment(arguments, EXAMPLE.parent)
    name = EXAMPLE.relative_to(ROOT).as_posix()
    picture = mermaid_of(deployment, Origin(name, (name, *deployment.files), DATE).line)
    return with_part(README, BEGIN, fenced(picture), END)
