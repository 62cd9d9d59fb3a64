"""A client that asks whether ports answer: `knock.py TARGET SOURCE WITNESS`; each line of stdin is a port.

Each line of stdout is "open" or "shut". A port is shut if nothing came of it for 0.4 s, or for 0.1 s after the witness
answered, a port that is tried after it: one wire carries both, so what the port answers comes before what the witness
does, however busy the machine is.

Stands alone: it runs in namespaces by `python -I`.
"""

import select
import socket
import sys
import time

PATIENCE, AFTER_THE_WITNESS = 0.4, 0.1  # seconds


def knock(target: str, source: str, port: int) -> socket.socket:
    tried = socket.socket()
    tried.setblocking(False)
    tried.bind((source, 0))
    tried.connect_ex((target, port))
    return tried


def is_open(target: str, source: str, port: int, witness: int) -> bool:
    with knock(target, source, port) as asked, knock(target, source, witness) as other:
        ends, waits = time.monotonic() + PATIENCE, [asked, other]
        while True:
            _, ended, _ = select.select([], waits, [], max(0.0, ends - time.monotonic()))
            if asked in ended or not ended:
                return asked in ended and asked.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
            waits.remove(other)
            if other.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
                ends = min(ends, time.monotonic() + AFTER_THE_WITNESS)


if __name__ == "__main__":
    target, source, witness = sys.argv[1:]
    for line in sys.stdin:
        print("open" if is_open(target, source, int(line), int(witness)) else "shut", flush=True)
