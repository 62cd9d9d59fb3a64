"""A stand-in for sshd and its client: the same processes and sockets, without secrets.

    sshd.py serve PORT [ADDRESS]       listens; each connection gets a process of its own, named sshd as this one
    sshd.py login SOURCE TARGET PORT   one connection; each line of stdin is a command as JSON, each of stdout its end

Stands alone: it runs in namespaces by `python -I`.
"""

import json
import os
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

PATIENCE = 3.0  # seconds that a client waits for a connection


def serve(port: int, address: str = "::") -> None:
    Path("/proc/self/comm").write_text("sshd", encoding="ascii")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        server.bind((address, port))
        server.listen()
        print("ready", flush=True)
        while True:
            connection, peer = server.accept()
            if os.fork() == 0:
                server.close()
                with suppress(ConnectionError):
                    session(connection, f"{peer[0]} {peer[1]} {' '.join(map(str, connection.getsockname()[:2]))}")
                os._exit(0)
            connection.close()


def session(connection: socket.socket, told: str) -> None:
    with connection.makefile("rw", encoding="utf-8") as stream:
        stream.write("SSH-2.0-lab\n")
        stream.flush()
        for line in stream:
            ran = subprocess.run(
                json.loads(line),
                env={**os.environ, "SSH_CONNECTION": told},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            stream.write(json.dumps([ran.returncode, ran.stdout]) + "\n")
            stream.flush()


def login(source: str, target: str, port: int) -> None:
    try:
        connection = socket.create_connection((target, port), PATIENCE, (source, 0))
    except OSError as error:
        print(json.dumps(str(error)), flush=True)
        return
    connection.settimeout(None)
    with connection.makefile("rw", encoding="utf-8") as stream:
        print(json.dumps(stream.readline().strip()), flush=True)
        for line in sys.stdin:
            stream.write(line)
            stream.flush()
            print(stream.readline().strip(), flush=True)


if __name__ == "__main__":
    _, action, *given = sys.argv
    if action == "serve":
        serve(int(given[0]), *given[1:])
    else:
        login(given[0], given[1], int(given[2]))
