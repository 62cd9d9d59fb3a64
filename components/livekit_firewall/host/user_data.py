"""A ruleset as cloud-init user data, for a machine that is still to be made.

cloud-init writes the ruleset and its unit at the first boot, before it installs packages, and starts the unit at
the end of that boot; later boots load the ruleset before the network is up. Needs systemd on the machine.
"""

from __future__ import annotations

from .standalone.boot import NAME, RULESET, UNIT, unit

HEAD = """\
#cloud-config
# The firewall of a LiveKit host, written by livekit-firewall. SSH is open as operators says, else to anywhere.
packages:
  - nftables
write_files:
"""

TAIL = f"""\
runcmd:
  - [systemctl, daemon-reload]
  - [systemctl, enable, --now, {NAME}]
"""


def cloud_config(ruleset: str) -> str:
    """`#cloud-config` that loads the ruleset at every boot.

    Clouds limit its size, AWS to 16 KB before base64; a ruleset with hundreds of blocks must be gzipped, which
    cloud-init reads as well.
    """
    return HEAD + _file(RULESET, ruleset) + _file(UNIT, unit()) + TAIL


def _file(path: str, text: str) -> str:
    # Indented by a number that YAML is told, as it could not tell it from a text that begins with a space.
    lines = "\n".join(f"      {line}" if line else "" for line in text.rstrip("\n").split("\n"))
    return f"  - path: {path}\n    permissions: '0644'\n    content: |2\n{lines}\n"
