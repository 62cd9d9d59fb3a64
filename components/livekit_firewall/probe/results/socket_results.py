"""What a check saw of one port."""

from __future__ import annotations

from ...model.text_enum import TextEnum


class UdpResult(TextEnum):
    """What became of the datagrams sent to a port. `failures.py` has the errors behind the words."""

    ANSWERED = "answered"
    """Anything came back from the port."""
    PORT_UNREACHABLE = "port unreachable"
    """ICMP port unreachable: it got to the host and nobody listens, or a firewall says so, as REJECT does unless
    told otherwise. They look the same."""
    PROHIBITED = "prohibited"
    """ICMP: administratively prohibited."""
    HOST_UNREACHABLE = "host unreachable"
    """ICMP host or network unreachable, or no neighbour answered. Without an error queue also ICMP prohibited."""
    NO_ROUTE = "no route"
    """This machine has no route to the address, or not its family. Nothing was sent."""
    SILENT = "silent"
    """Nothing came back, which says nothing of whether the port is open."""
    EXHAUSTED = "exhausted"
    """This machine could not send: out of descriptors, buffers or ports, or its firewall forbids. Not tested."""


class TcpResult(TextEnum):
    """What became of the attempts on a TCP port. `failures.py` has the errors behind the words."""

    ACCEPTED = "accepted"
    """Somebody accepted. A proxy that accepts for a dead service does so too, or one that then resets."""
    ANSWERED = "answered"
    """Our responder proved itself."""
    REFUSED = "refused"
    """RST: of the host, or of a firewall in its name. Without an error queue also ICMP port unreachable."""
    PROHIBITED = "prohibited"
    """ICMP: administratively prohibited, or port unreachable, which firewalls say of TCP and hosts do not."""
    HOST_UNREACHABLE = "host unreachable"
    """ICMP host or network unreachable, or no neighbour answered. Without an error queue also ICMP prohibited."""
    NO_ROUTE = "no route"
    """This machine has no route to the address, or not its family. Nothing was sent."""
    SILENT = "silent"
    """Nothing came back to any attempt."""
    EXHAUSTED = "exhausted"
    """This machine could not send: out of descriptors, buffers or ports, or its firewall forbids. Not tested."""
