"""The file of a stack, `stacks/Pulumi.NAME.yaml`: whether there is one, and which cloud SDKs it needs.

It is read before anything is installed, so without a YAML library: a target that is named too many costs the
installation of an SDK, one too few would fail at the program's import.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from bootstrap.progress import SetupError
from bootstrap.sections import CLOUDS

_PART = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"
_NAME = re.compile(rf"(?:{_PART}/){{0,2}}({_PART})")

# `livekit-firewall:aws:`, quoted or not, in a block or in braces; or `aws:` alone at the start of a line, which
# Pulumi takes for a key of the project. `aws:region:` is the provider's own.
_TARGET = re.compile(r"(?:(?<![\w-])livekit-firewall:|^[ \t]+[\"']?)(\w+)[\"']?[ \t]*:(?=\s|$)", re.MULTILINE)
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*")
_IMPORT = re.compile(r"^environment[ \t]*:", re.MULTILINE)

SEALED = re.compile(r"^(?:encryptionsalt|encryptedkey|secretsprovider):.*\n?", re.MULTILINE)
"""How the secrets of one stack are encrypted."""


def path_of(root: Path, stack: str) -> Path:
    """The file that Pulumi reads for `NAME`, `ORGANIZATION/NAME` or `ORGANIZATION/PROJECT/NAME`.

    Raises SetupError for another text, and for a name without a file.
    """
    name = require_name(root, stack)
    if name not in written(root):
        raise SetupError(
            f"there is no stacks/Pulumi.{name}.yaml; stacks: {', '.join(written(root))}\n"
            f"For one of your own: make stack NAME={name} FROM=aws-example (or another of these)."
        )
    return root / "stacks" / f"Pulumi.{name}.yaml"


def written(root: Path) -> list[str]:
    """The stacks that have a file, `local` first."""
    names = [path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in root.glob("stacks/Pulumi.*.yaml")]
    return sorted(names, key=lambda name: (name != "local", name))


def is_committed_unsealed(path: Path) -> bool:
    """Whether git has the file, and it does not say how the stack's secrets are encrypted."""
    if SEALED.search(path.read_text(encoding="utf-8-sig", errors="replace")):
        return False
    command = ["git", "ls-files", "--error-unmatch", "--", path.name]
    try:
        return subprocess.run(command, cwd=path.parent, capture_output=True, check=False).returncode == 0
    except OSError:  # no git
        return False


def copy(path: Path, to: Path) -> None:
    """Copies the file, and keeps what the former copy says of how secrets are encrypted, if the file does not."""
    text = path.read_text(encoding="utf-8")
    if to.exists() and not SEALED.search(text):
        kept = SEALED.findall(to.read_text(encoding="utf-8"))
        text = "".join([text.rstrip("\n") + "\n", *kept])
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(text, encoding="utf-8")


def require_name(root: Path, stack: str) -> str:
    """The last part of a stack's name.

    Raises SetupError for a text that is none.
    """
    name = _NAME.fullmatch(stack)
    if name is None:
        raise SetupError(
            f"{stack!r} is not a stack's name: expected letters, digits, '.', '_' and '-', at most "
            f"ORGANIZATION/PROJECT/ before it; stacks: {', '.join(written(root))}"
        )
    return name[1]


def clouds(path: Path) -> list[str]:
    """The clouds that the file names as targets, all when an environment that it imports may name them."""
    text = _COMMENT.sub("", path.read_text(encoding="utf-8-sig", errors="replace"))
    targets = set(_TARGET.findall(text)) & {*CLOUDS, "host"}
    if not targets and _IMPORT.search(text):
        return list(CLOUDS)
    return [cloud for cloud in CLOUDS if cloud in targets]
