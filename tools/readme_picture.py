"""The picture in the README, between its markers, as the program draws it."""

from pathlib import Path

import yaml

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.reports.exposure.picture import fenced, mermaid_of

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
EXAMPLE = ROOT / "examples" / "behind_load_balancer.yaml"
BEGIN = "<!-- picture of examples/behind_load_balancer.yaml; `make docs` writes it -->\n"
END = "<!-- end of the picture -->\n"


def readme() -> str:
    """The README with the picture as it should be."""
    before, begin, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise SystemExit(f"README.md must hold the lines {BEGIN.strip()} and {END.strip()}")
    arguments = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    picture = mermaid_of(read_deployment(arguments, EXAMPLE.parent))
    return before + begin + fenced(picture) + end + after
