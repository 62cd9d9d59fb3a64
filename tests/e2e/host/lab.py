"""A machine to apply rulesets to, and a client: namespaces of network and mounts, all gone when the test ends.

The machine has an /etc of its own over the real one, which stays as it is, and /run, /var and /tmp of its own.
Its nft tables, addresses and routes are those of its namespace. `login` connects to a stand-in for sshd.
"""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema

ROOT = Path(__file__).resolve().parents[3]
SSHD = Path(__file__).with_name("sshd.py")
APPLY = Path(__file__).with_name("apply.py")
SCHEMA = ROOT / "docs" / "schemas" / "host-status.json"
SERVER, SERVER6 = "203.0.113.1", "2001:db8:113::1"
OPERATOR, OPERATOR6, STRANGER = "203.0.113.50", "2001:db8:113::50", "203.0.113.66"
PATIENCE = 20.0

MOUNTS = """\
mount -t tmpfs none /mnt && mkdir /mnt/upper /mnt/work /mnt/var /mnt/run
mount -t overlay none -o lowerdir=/etc,upperdir=/mnt/upper,workdir=/mnt/work /etc
mkdir /mnt/var/lib /mnt/var/tmp && mount --bind /mnt/var /var && mount --bind /mnt/run /run
mount -t sysfs none /sys 2>/dev/null
echo 0123456789abcdef0123456789abcdef > /etc/machine-id
rm -rf /etc/nftables.conf /etc/ufw
ip link set lo up
echo ready
exec cat
"""

SYSTEMD_RUN = """\
#!/bin/sh
echo "systemd-run $*" >>/run/systemd/log
for word; do case "$word" in --on-active=*) time=${word#--on-active=};; esac; done
while [ "${1#--}" != "$1" ]; do shift; done
setsid sh -c 'sleep "$1"; shift; exec "$@"' sh "${time%s}" "$@" </dev/null >/dev/null 2>&1 &
"""
SYSTEMCTL = '#!/bin/sh\necho "systemctl $*" >>/run/systemd/log\n'


def children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


class Session:
    """One connection to the machine's sshd."""

    def __init__(self, lab: Lab, source: str, target: str, port: int) -> None:
        self.process = lab.start(lab.client, sys.executable, "-I", str(SSHD), "login", source, target, str(port))
        self.greeting = json.loads(self._line())

    @property
    def is_in(self) -> bool:
        return self.greeting == "SSH-2.0-lab"

    def send(self, *command: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()

    def ended(self) -> tuple[int, str]:
        """Exit code and output of the command that was sent."""
        code, output = json.loads(self._line())
        return code, output

    def run(self, *command: str) -> tuple[int, str]:
        self.send(*command)
        return self.ended()

    def _line(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline()


class Lab:
    """Args:
    networks: names of network namespaces that are wired already, of the machine and of the client, in place of new
        ones. They outlive this, and so do their tables.
    """

    def __init__(self, folder: Path, networks: tuple[str, str] | None = None) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        of_server, of_client = networks or ("", "")
        self.started: list[subprocess.Popen[str]] = []
        self.ends: list[Callable[[], object]] = []
        sbin = f"{folder}/bin:{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
        self.environment = {**os.environ, "PATH": sbin, "LC_ALL": "C", "PYTHONPATH": str(ROOT / "components")}
        self.environment.pop("SSH_CONNECTION", None)
        try:
            self.server = self._space(of_server, "--mount-proc", "sh", "-c", MOUNTS)
            self.client = self._space(of_client, "sh", "-c", "ip link set lo up; echo ready; exec cat")
            if networks is None:
                self._wire()
            self.ssh = self.sshd()
        except BaseException:
            self.close()
            raise

    def _space(self, network: str, *command: str) -> list[str]:
        """What a command is preceded by to run in namespaces of its own; all processes there end with this one."""
        kinds = ["--net", "--mount", "--pid"]
        unshare = ["ip", "netns", "exec", network, "unshare", *kinds[1:]] if network else ["unshare", *kinds]
        holder = subprocess.Popen(
            [*unshare, "--fork", "--kill-child", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=self.environment,
        )
        self.started.append(holder)
        assert holder.stdout
        assert holder.stdout.readline() == "ready\n"
        (first,) = children(holder.pid)
        return ["nsenter", "--target", str(first), *kinds, "--"]

    def _wire(self) -> None:
        peer = self.client[2]
        lines = [f"link add eth0 type veth peer name eth0 netns {peer}", "link set eth0 up"]
        lines += [f"addr add {SERVER}/24 dev eth0", f"addr add {SERVER6}/64 dev eth0 nodad"]
        # Of the network alone: the other namespace is named by the id that its process has outside.
        self.run("ip", "-batch", "-", stdin="\n".join(lines) + "\n", space=[*self.server[:4], "--"])
        lines = [f"addr add {one}/24 dev eth0" for one in (OPERATOR, STRANGER)]
        lines += [f"addr add {OPERATOR6}/64 dev eth0 nodad", "link set eth0 up"]
        self.run("ip", "-batch", "-", stdin="\n".join(lines) + "\n", space=self.client)
        self.run("ip", "route", "add", "default", "via", OPERATOR)

    def sshd(self, port: int = 22, *address: str) -> subprocess.Popen[str]:
        process = self.start(self.server, sys.executable, "-I", str(SSHD), "serve", str(port), *address)
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        return process

    def systemd(self) -> None:
        """A stand-in: it notes what is asked of it in /run/systemd/log, and runs timers."""
        self.run("mkdir", "-p", "/run/systemd/system", "/etc/systemd/system")
        (self.folder / "bin").mkdir()
        for name, text in (("systemd-run", SYSTEMD_RUN), ("systemctl", SYSTEMCTL)):
            (self.folder / "bin" / name).write_text(text, encoding="utf-8")
            (self.folder / "bin" / name).chmod(0o755)

    @property
    def process(self) -> int:
        """The first process of the machine, by the id that it has outside."""
        return int(self.server[2])

    def close(self) -> None:
        for end in self.ends:
            end()
        for process in self.started:
            process.kill()  # the first two take along what runs in their namespaces
        for process in self.started:
            process.communicate()

    def stop(self, process: subprocess.Popen[str]) -> None:
        for child in children(process.pid):  # nsenter's
            os.kill(child, signal.SIGKILL)
        process.communicate()

    # Programs

    def start(self, space: list[str], *command: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*space, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=self.environment
        )
        self.started.append(process)
        return process

    def ran(self, *command: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """On the machine, by no login of SSH."""
        return subprocess.run(
            [*self.server, *command], input=stdin, capture_output=True, text=True, timeout=120, check=False,
            env={**self.environment, **environment},
        )  # fmt: skip

    def run(self, *command: str, stdin: str = "", space: list[str] | None = None) -> str:
        ran = subprocess.run(
            [*(space or self.server), *command], input=stdin, capture_output=True, text=True, timeout=60, check=False,
            env=self.environment,
        )  # fmt: skip
        assert ran.returncode == 0, f"{shlex.join(command)}: {ran.stderr}"
        return ran.stdout

    def login(self, source: str = OPERATOR, target: str = "", port: int = 22) -> Session:
        return Session(self, source, target or (SERVER6 if ":" in source else SERVER), port)

    # What is applied

    def command(self, wanted: dict[str, Any]) -> list[str]:
        """What applies this."""
        file = self.folder / f"wanted-{time.monotonic_ns()}.json"
        file.write_text(json.dumps(wanted), encoding="utf-8")
        return [sys.executable, str(APPLY), str(file)]

    def cli(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "livekit_firewall.cli", *arguments]

    def table(self) -> str:
        """`inet livekit`; "" if there is none."""
        return self.ran("nft", "-s", "list", "table", "inet", "livekit").stdout

    def read(self, path: str) -> str | None:
        ran = self.ran("cat", path)
        return ran.stdout if ran.returncode == 0 else None

    def status(self) -> dict[str, Any]:
        """`host status --json`, which is what its schema says at any time."""
        found: dict[str, Any] = json.loads(self.run(*self.cli("host", "status", "--json")))
        jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(found)
        return found

    def until(self, condition: Callable[[], object], patience: float = PATIENCE) -> None:
        ends = time.monotonic() + patience
        while not condition():
            assert time.monotonic() < ends, "it did not come to pass"
            time.sleep(0.05)
