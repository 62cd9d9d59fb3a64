"""The picture in the README, between its markers, as the program draws it."""

from pathlib import Path

import yaml

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.reports.exposure.picture import fenced, mermaid_of
from marked import with_part

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
EXAMPLE = ROOT / "examples" / "behind_load_balancer.yaml"
BEGIN = "<!-- written by tools/readme_picture.py -->\n"
END = "<!-- end of the picture -->\n"


def readme() -> str:
    """The README with the picture as it should be."""
    arguments = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    picture = mermaid_of(read_deployment(arguments, EXAMPLE.parent))
    return with_part(README, BEGIN, fenced(picture), END)
