"""The ruleset of this very machine: loaded, confirmed or rolled back, kept for the next boot, removed.

Standard library alone, and no import of anything outside of this folder: Pulumi runs what is here in a process
that may know nothing of the package, from source text (see `packed`), and the state of a stack keeps that text
for years. The command `livekit-firewall host` imports the same modules.

    stopped      a step that cannot be done
    mark         whose a table or a file is, as text in it
    machine      files below a root, programs, what nft holds
    logins       who runs this, from where, by which connection; where sshd listens
    sockets      where systemd waits for SSH in place of sshd
    ssh          whether a ruleset would cut them
    rollback     a run: what was in force before, the timer that restores it, what was decided
    boot         the file and the unit that load the ruleset at boot
    ownership    whether this machine's ruleset is another owner's, and giving it up
    knock        a new connection to SSH through the loaded ruleset, as `confirm: automatic` makes it
    neighbours   other firewalls of the machine, and how the layers combine
    steps        apply, remove
    status       what is in force, by whom, and what else filters
    confirming   confirm
    provider     the same for Pulumi
"""

from pathlib import Path

MODULES = (
    "stopped",
    "mark",
    "machine",
    "logins",
    "sockets",
    "ssh",
    "rollback",
    "boot",
    "ownership",
    "knock",
    "neighbours",
    "steps",
    "status",
    "confirming",
    "provider",
)
"""In the order of their imports."""


def packed() -> "dict[str, str]":
    """The source text of each module, by name."""
    return {name: Path(__file__).with_name(f"{name}.py").read_text(encoding="utf-8") for name in MODULES}
