"""Real calls: a real livekit-server behind the firewall that is rendered for it, real clients behind a NAT."""

from livekit_firewall.settings.schemas import CONFIRMED

RELEASE = CONFIRMED["livekit"][-1]
"""Of the server that these tests run, by which its file has to be read."""
