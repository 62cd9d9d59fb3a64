"""`make stack NAME=mine FROM=aws-example`: a stack of one's own, whose file begins as that of another."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import stack
from bootstrap import stack_file
from bootstrap.progress import SetupError
from setup import ROOT, report

_SECRET = re.compile(r"^[ \t]*secure:", re.MULTILINE)
_PATH = re.compile(r"(?<=path: )[\"']?([\w./-]+\.nft)[\"']?")

DONE = """\
stacks/Pulumi.{name}.yaml is there, from {source}. Put in your own values (docs/configuration.md has all of them), then:
  make preview STACK={name}     # what would be created
  make up STACK={name}"""


def text_of(name: str, source: Path) -> str:
    """The new stack's file. A file that the other stack writes on this machine becomes one of its own.

    Raises:
        SetupError: the other one has secrets, which only it can decrypt.
    """
    text = source.read_text(encoding="utf-8")
    if _SECRET.search(text):
        raise SetupError(
            f"{source.name} holds secrets, which only that stack can decrypt: copy the file by hand without them, and "
            "set them anew with `pulumi config set --secret`"
        )
    return _PATH.sub(lambda found: str(Path(found[1]).with_name(f"{name}.nft")), stack_file.SEALED.sub("", text))


def create(root: Path, name: str, source: str) -> Path:
    """Writes the file, never over another.

    Raises:
        SetupError: no name, one that is taken, another stack that is none.
    """
    if not name:
        raise SetupError("a stack needs a name: make stack NAME=mine FROM=aws-example")
    origin = stack_file.path_of(root, source)
    stack_file.require_name(root, name)
    made = root / "stacks" / f"Pulumi.{name.rpartition('/')[2]}.yaml"
    text = text_of(name.rpartition("/")[2], origin)
    try:
        with made.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise SetupError(f"stacks/{made.name} is there already: make up STACK={name}, or another NAME") from None
    return made


def main() -> int:
    name, source = os.environ.get("NAME", ""), os.environ.get("FROM") or "local"

    def work() -> None:
        made = create(ROOT, name, source)
        try:
            stack.get_ready(name)
            # where it is to keep its state, and by which passphrase, is Pulumi's question to the user
            stack.prepare(stack.Pulumi(name))
        except BaseException:
            made.unlink()
            raise
        print("\n" + DONE.format(name=name, source=source))

    try:
        return report(work)
    except stack.PulumiError as error:
        return error.code


if __name__ == "__main__":
    sys.exit(main())
