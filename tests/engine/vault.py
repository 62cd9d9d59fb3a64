"""A vault that keeps nothing secret, on a socket in a folder of its own, for as long as this process lives.

By default the key of a stack's secrets is derived from a passphrase, in a million rounds at each command: a third of
what a command costs. A vault is asked for it.
"""

from __future__ import annotations

import atexit
import json
import threading
from functools import cache
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingMixIn, UnixStreamServer
from tempfile import mkdtemp

PROVIDER = "hashivault://test"
SEALED = "vault:v1:"


class _Handler(BaseHTTPRequestHandler):
    """What Vault's transit engine answers: https://developer.hashicorp.com/vault/api-docs/secret/transit."""

    def do_PUT(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if "plaintext" in asked:
            data = {"ciphertext": SEALED + asked["plaintext"]}
        else:
            data = {"plaintext": asked["ciphertext"].removeprefix(SEALED)}
        body = json.dumps({"data": data}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self) -> str:
        return "a socket"

    def log_message(self, format: str, *args: object) -> None:
        pass


class _Server(ThreadingMixIn, UnixStreamServer):
    daemon_threads = True


@cache
def environment() -> dict[str, str]:
    """What tells the CLI where it is."""
    folder = Path(mkdtemp())
    socket = folder / "vault"
    server = _Server(str(socket), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    atexit.register(lambda: (socket.unlink(), folder.rmdir()))
    return {"VAULT_SERVER_URL": f"unix://{socket}", "VAULT_SERVER_TOKEN": "any"}
