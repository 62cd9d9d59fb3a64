"""The policy pack, as the Pulumi engine starts it."""

import sys
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent


def find_package() -> None:
    """Have `livekit_firewall` importable: a copy beside this file, that of a clone, or an installed one."""
    # the engine starts this file in more than one way, not all of which put its folder first
    sys.path.insert(0, str(HERE))
    for folder in (HERE, HERE.parent / "components"):
        if (folder / "livekit_firewall").is_dir():
            sys.path.insert(0, str(folder))
            return
    if find_spec("livekit_firewall") is None:
        sys.exit(
            "the policy pack needs the package livekit_firewall: start it from a clone of the repository, copy "
            f"components/livekit_firewall into {HERE}, or name the package in {HERE / 'requirements.txt'}"
        )


if __name__ == "__main__":
    find_package()

    from pulumi_policy import PolicyPack

    from livekit_policies.pack import NAME, policies

    PolicyPack(NAME, policies())  # serves until the engine ends it
