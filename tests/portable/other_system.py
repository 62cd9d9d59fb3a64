"""Runs commands, as this system has them or with what another one lacks taken away.

    python other_system.py SYSTEM     with a JSON list of command lines on standard input

SYSTEM is `here`, `win32` or `darwin`. Prints a JSON list of [exit code, standard output, standard error]. Not imitated:
the sockets and the event loop of that system, nor its file system.
"""

from __future__ import annotations

import importlib.abc
import io
import json
import os
import sys
from typing import Any, NoReturn

LACKS = {
    "win32": {
        "modules": "fcntl grp pty pwd resource syslog termios tty",
        "os": "O_CLOEXEC O_DIRECTORY O_NOCTTY O_NOFOLLOW O_NONBLOCK chown fork getegid geteuid getgid getpgid getuid "
        "killpg mkfifo sched_getaffinity setsid sysconf uname",
        "signal": "SIGALRM SIGHUP SIGKILL SIGPIPE SIGQUIT SIGUSR1 SIGUSR2 alarm pthread_sigmask setitimer",
        "socket": "AF_NETLINK AF_PACKET CMSG_LEN CMSG_SPACE IP_RECVERR MSG_ERRQUEUE SO_REUSEPORT",
        "select": "epoll poll",
    },
    "darwin": {
        "modules": "spwd",
        "os": "pipe2 sched_getaffinity",
        "signal": "sigtimedwait",
        "socket": "AF_NETLINK AF_PACKET IP_RECVERR MSG_ERRQUEUE",
        "select": "epoll",
    },
}
"""Of each system: modules, and names of modules, that Python has not there."""


class _Hidden(importlib.abc.MetaPathFinder):
    def __init__(self, names: frozenset[str]) -> None:
        self.names = names

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        if fullname in self.names:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)


def become(system: str) -> None:
    # the standard library asks for the system while it is loaded, and would look for that system's own modules
    import asyncio
    import importlib.metadata
    import select
    import shutil
    import signal
    import socket
    import ssl
    import subprocess
    import tempfile
    import urllib.request

    import click.testing

    loaded: tuple[Any, ...] = (
        asyncio,
        importlib.metadata,
        shutil,
        ssl,
        subprocess,
        tempfile,
        urllib.request,
        click.testing,
    )
    assert all(loaded)
    lacks = {kind: names.split() for kind, names in LACKS[system].items()}
    hidden = frozenset(lacks.pop("modules"))
    for name in hidden:
        sys.modules.pop(name, None)
    sys.meta_path.insert(0, _Hidden(hidden))
    for module in (os, signal, socket, select):
        for name in lacks[module.__name__]:
            if hasattr(module, name):
                delattr(module, name)
    sys.platform = system


def stream(system: str) -> io.TextIOWrapper:
    """A file to which output goes, with the encoding and the ends of lines that Windows gives it."""
    if system == "win32":
        return io.TextIOWrapper(io.BytesIO(), encoding="cp1252", newline="\r\n")
    return io.TextIOWrapper(io.BytesIO())


def ran(system: str, words: list[str]) -> tuple[object, str, str]:
    from livekit_firewall.cli.group import main

    out, err, before = stream(system), stream(system), (sys.stdout, sys.stderr)
    sys.stdout, sys.stderr = out, err
    code: object = None
    try:
        main(words)
    except SystemExit as end:
        code = end.code
    finally:
        sys.stdout, sys.stderr = before
    for one in (out, err):
        one.flush()
    return code, *(one.buffer.getvalue().decode() for one in (out, err))  # type: ignore[attr-defined]


def run_all() -> NoReturn:
    system = sys.argv[1]
    commands = json.load(sys.stdin)
    if system != "here":
        become(system)
    print(json.dumps([ran(system, words) for words in commands]))
    sys.exit(0)


if __name__ == "__main__":
    run_all()
