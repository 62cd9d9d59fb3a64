"""`python -m livekit_firewall.cli`."""

from . import main

main()
