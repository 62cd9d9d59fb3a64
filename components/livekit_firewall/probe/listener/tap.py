"""Our packets as they come off the wire, before the host's own firewall judges them (Linux, root).

A packet socket is served before the netfilter hooks (`__netif_receive_skb_core` in the kernel's net/core/dev.c), so
what the host drops is seen all the same. The kernel's filter lets through only UDP that begins with the selector.
"""

from __future__ import annotations

import ctypes
import socket
import struct

from msgspec import Struct

from ..wire.messages import HEAD, Kind

ETH_P_ALL, SO_ATTACH_FILTER, PACKET_OUTGOING = 0x0003, 26, 4
_UDP = 17


class CapturedPacket(Struct, frozen=True):
    """A packet as it arrived. `family` is 4 or 6, `port` the destination."""

    family: int
    source: str
    source_port: int
    destination: str
    port: int
    data: bytes


class Tap:
    """Attributes:
    socket: to wait on; non-blocking.

    Args:
        selector: 8 bytes that the payload begins with.
        every: also probes; False: control messages only, so that a sweep is not copied here.

    Raises OSError without CAP_NET_RAW, and where there are no packet sockets.
    """

    def __init__(self, selector: bytes, *, every: bool) -> None:
        if not hasattr(socket, "AF_PACKET"):
            raise OSError("this system has no packet sockets")
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))  # type: ignore[attr-defined,unused-ignore]
        try:
            self.socket.setblocking(False)
            attach_filter(self.socket, _program(selector, every))
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
            # whatever came before the filter was there
            while self.socket.recv(1):
                pass
        except BlockingIOError:
            pass
        except OSError:
            self.socket.close()
            raise

    def read(self) -> CapturedPacket | None:
        """The next packet; None when there is none for now. What makes no sense is left out."""
        while True:
            try:
                packet, address = self.socket.recvfrom(2048)
            except (BlockingIOError, InterruptedError):
                return None
            tapped = _parse(packet) if address[2] != PACKET_OUTGOING else None
            if tapped is not None:
                return tapped

    def close(self) -> None:
        self.socket.close()


Step = tuple[int, int, int, int]


def attach_filter(one: socket.socket, program: list[Step]) -> None:
    """Classic BPF on a socket: (code, jump if true, jump if false, operand) each."""
    code = b"".join(struct.pack("HBBI", *step) for step in program)
    memory = ctypes.create_string_buffer(code)
    # struct sock_fprog: a length, and a pointer at its natural place
    one.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HP", len(program), ctypes.addressof(memory)))


def _parse(packet: bytes) -> CapturedPacket | None:
    version = packet[0] >> 4 if packet else 0
    if version == 4 and len(packet) >= 28:
        start = (packet[0] & 15) * 4
        addresses = socket.inet_ntop(socket.AF_INET, packet[12:16]), socket.inet_ntop(socket.AF_INET, packet[16:20])
    elif version == 6 and len(packet) >= 48:
        start = 40
        addresses = socket.inet_ntop(socket.AF_INET6, packet[8:24]), socket.inet_ntop(socket.AF_INET6, packet[24:40])
    else:
        return None
    if len(packet) < start + 8:
        return None
    source_port, port, length, _ = struct.unpack_from("!HHHH", packet, start)
    data = packet[start + 8 : start + length]
    return CapturedPacket(version, addresses[0], source_port, addresses[1], port, data)


# classic BPF (linux/bpf_common.h)
_LOAD_HALF, _LOAD_BYTE = 0x28, 0x30
_LOAD_WORD_X, _LOAD_BYTE_X, _LOAD_X_HEADER = 0x40, 0x50, 0xB1
_LOAD_X, _EQUAL, _GREATER_EQUAL, _SET, _RETURN, _SHIFT = 0x01, 0x15, 0x35, 0x45, 0x06, 0x74


def _program(selector: bytes, every: bool) -> list[Step]:
    """IPv4 with or without options, unfragmented, or IPv6 without extension headers; UDP; the selector; the kind."""
    high, low = struct.unpack("!II", selector)
    payload = 8
    steps: list[tuple[str, int, int | str, int | str, int]] = [
        ("", _LOAD_BYTE, 0, 0, 0),
        ("", _SHIFT, 0, 0, 4),
        ("", _EQUAL, "four", 0, 4),
        ("", _EQUAL, 0, "no", 6),
        ("", _LOAD_BYTE, 0, 0, 6),
        ("", _EQUAL, 0, "no", _UDP),
        ("", _LOAD_X, 0, 0, 40),
        ("", _EQUAL, "payload", "payload", 0),
        ("four", _LOAD_BYTE, 0, 0, 9),
        ("", _EQUAL, 0, "no", _UDP),
        ("", _LOAD_HALF, 0, 0, 6),
        ("", _SET, "no", 0, 0x1FFF),
        ("", _LOAD_X_HEADER, 0, 0, 0),
        ("payload", _LOAD_WORD_X, 0, 0, payload),
        ("", _EQUAL, 0, "no", high),
        ("", _LOAD_WORD_X, 0, 0, payload + 4),
        ("", _EQUAL, 0, "no", low),
        ("", _LOAD_BYTE_X, 0, 0, payload + HEAD.size - 1),
        ("", _GREATER_EQUAL, 0, "no", Kind.PROBE if every else Kind.HELLO),
        ("", _RETURN, 0, 0, 2048),
        ("no", _RETURN, 0, 0, 0),
    ]
    at = {label: here for here, (label, *_) in enumerate(steps) if label}

    def jump(where: int | str, here: int) -> int:
        return at[where] - here - 1 if isinstance(where, str) else where

    return [(code, jump(yes, here), jump(no, here), value) for here, (_, code, yes, no, value) in enumerate(steps)]
