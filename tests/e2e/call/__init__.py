"""Real calls: a real livekit-server behind the firewall that is rendered for it, real clients behind a NAT."""
