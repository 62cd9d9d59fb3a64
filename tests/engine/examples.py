"""The programs of examples/, each with what its README has people type.

A README has the sections `## Run`, `## Change` and `## Remove`. Of the commands in their `sh` blocks, those that set
configuration (`together`), edit a file, compare or import are run as they stand, by a shell in a copy of the folder;
the others are what the harness does itself (`OURS`), and one that is neither is an error.

What is expected of a program is in `examples/NAME.yaml` beside this file:

    made:       how many resources of each type there are, components and the firewall's rules included
    allowed:    what the machines' roles may do, each action with its resource's name in the program and its conditions
    admitted:   what each security group of AWS admits, by its name in the program, and what Google Cloud,
                DigitalOcean, Azure and Hetzner Cloud do, under `gcp`, `digitalocean`, `azure` and `hetzner`
    changed:    the calls that the documented change leads to, `Create Instance NAME`, in any order
    renewed:    the calls that a renewed certificate leads to, if the README has a section for it
    replaced:   the calls for machines that another livekit.yaml leads to, in order, if the README has a section for it
    outputs:    the names of the stack's outputs
    secrets:    what must stand nowhere as it is but in the configuration of a provider's call
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from .project import ROOT, Project

EXPECTED = Path(__file__).with_name("examples")
STACK = "dev"

RUN = re.compile(r"(pulumi config set|pulumi import|sed -i|livekit-firewall compare|aws ec2) ")
OURS = re.compile(
    r"(cd examples/[a-z0-9-]+|python3? -m venv \.venv|\. \.venv/bin/activate|pip install -r requirements\.txt"
    r"|pulumi (stack init dev|preview|up|destroy|stack rm dev)( --yes)?|livekit-firewall .+)"
)
SETTING = re.compile(r"(pulumi config set(?: --path)?)(?: (--secret))? ((?!-)[^<> ]+) ([^<>' -][^<> ]*|'[^']*')$")
"""A value that is set in the command itself."""
PRIVATE_KEY = "a-private-key"
HOME = {
    ".ssh/id_ed25519": PRIVATE_KEY,
    "turn.example.org/fullchain.pem": "a certificate",
    "turn.example.org/privkey.pem": PRIVATE_KEY,
}
"""What the home of who types has in it; each time that a section is typed, certificates are newer ones."""

NEEDED = ("Run", "Sizes", "Cost", "Change", "Remove")
"""The sections of a README."""
MORE, RENEW = "Change livekit.yaml", "Renew the certificate"
"""Those that it may have."""


@dataclass(frozen=True)
class Example:
    """One program of examples/."""

    name: str

    @property
    def folder(self) -> Path:
        return ROOT / "examples" / self.name

    @cached_property
    def readme(self) -> str:
        return (self.folder / "README.md").read_text(encoding="utf-8")

    @cached_property
    def sections(self) -> dict[str, str]:
        parts = re.split(r"^## (.+)\n", self.readme, flags=re.MULTILINE)
        return dict(zip(parts[1::2], parts[2::2], strict=True))

    @cached_property
    def expected(self) -> dict[str, Any]:
        found: dict[str, Any] = yaml.safe_load((EXPECTED / f"{self.name}.yaml").read_text(encoding="utf-8"))
        return found

    def find_package(self, project: Project, languages: Callable[[], list[Path]]) -> None:
        """A program in YAML names the package by a path, and needs the language host that `languages` gives."""
        program = project.folder / "Pulumi.yaml"
        text = program.read_text(encoding="utf-8")
        if "runtime: yaml" in text:
            program.write_text(text.replace("../../components", str(ROOT / "components")), encoding="utf-8")
            project.environment["PATH"] = os.pathsep.join([str(languages()[0].parent), project.environment["PATH"]])

    def commands(self, section: str) -> list[str]:
        """The lines of the section's blocks, without prompts; a line that ends with a backslash goes on."""
        blocks = re.findall(r"^```sh\n(.*?)^```", self.sections[section], re.DOTALL | re.MULTILINE)
        return [line for block in blocks for line in block.replace("\\\n", "").splitlines() if line.strip()]

    def type_in(self, section: str, project: Project) -> None:
        """Run what a user types, but for what the harness does itself."""
        typed = [line.partition("  #")[0].strip() for line in self.commands(section)]
        assert [line for line in typed if not RUN.match(line) and not OURS.fullmatch(line)] == []
        answers = {line: f"{line} || [ $? = 1 ]" for line in typed if line.startswith("livekit-firewall")}
        run = together([answers.get(line, line) for line in typed if RUN.match(line)])
        script = "\n".join(["set -eu", *run])
        home = project.folder / ".home"
        for name, text in HOME.items():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_text(f"{text}, of {section}\n" if name.endswith(".pem") else text, encoding="utf-8")
        environment = {**project.environment, "PULUMI_NON_INTERACTIVE": "true", "HOME": str(home)}
        subprocess.run(["bash", "-c", script], cwd=project.folder, env=environment, check=True, timeout=120)


def together(lines: list[str]) -> Iterator[str]:
    """The lines, with several in a row that each set a value as one: to start the CLI is most of what each costs."""
    for command, group in groupby(lines, _setting):
        several = list(group)
        if not command or len(several) == 1:
            yield from several
            continue
        values = [SETTING.sub(lambda one: f"{one[2] or '--plaintext'} {one[3]}={one[4]}", line) for line in several]
        yield " ".join([command.replace("set", "set-all"), *values])


def _setting(line: str) -> str:
    """The words before what is set; none for another command."""
    found = SETTING.match(line)
    return found[1] if found else ""


PROGRAMS = [Example(path.parent.name) for path in sorted((ROOT / "examples").glob("*/Pulumi.yaml"))]
EXAMPLES = [one for one in PROGRAMS if one.name != "aws-adopt-existing"]
"""Those that begin with nothing; of the other, test_example_adopts.py."""


def kept_by_clouds(project: Project) -> dict[str, list[str]]:
    """What the fake clouds still have, by type."""
    found: dict[str, list[str]] = {}
    for file in project.clouds.glob("*.json"):
        store = project.account(file.stem)
        if file.stem not in ("orders", "held"):
            found |= {token: ids for token in store.types() if token != "numbers" and (ids := sorted(store.all(token)))}
    return found
