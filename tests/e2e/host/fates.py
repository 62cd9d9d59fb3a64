"""What becomes of first packets under rulesets: `fates.py < TRIALS`, the judge of what is read of a host's firewall.

stdin: {"ports": ["tcp/443", …], "sources": ["203.0.113.50", …], "trials": [[[ARGV, STDIN], …], …]}: each trial's
commands load a ruleset, and the last prints what is read. For each trial one line of stdout: {"printed": its output,
"admitted": [[SOURCE, PORT], …]}; a command that fails ends it all.

Two network namespaces with a wire between. The client sends SYN or a datagram from every source to every port, from a
port never used before, then a frame that no chain sees. One wire and one processor carry all in order: once the frame
is there, each datagram is in its socket or dropped, and each SYN answered or not. So nothing is waited for.

Stands alone: it runs by `python -I`, as root.
"""

import ctypes
import errno
import itertools
import json
import os
import socket
import struct
import subprocess
import sys

SERVER = {4: "203.0.113.1", 6: "2001:db8:113::1"}
LINK, MAC = "lk0", {"server": "02:00:00:00:00:01", "client": "02:00:00:00:00:02"}
FENCE = 0x88B5  # IEEE 802 local experimental
ETH_P_ALL, CLONE_NEWNET, SO_RCVBUFFORCE = 3, 0x40000000, 33
PATIENCE = 20.0
ESTABLISHED = 1  # net/tcp_states.h


def family(address):
    return 6 if ":" in address else 4


def kind(port):
    protocol, _, number = port.partition("/")
    return socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM, int(number)


class Space:
    """A network namespace, which lives as long as this does."""

    libc = ctypes.CDLL(None, use_errno=True)

    def __init__(self):
        if self.libc.unshare(CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "unshare")
        self.fd = os.open("/proc/self/ns/net", os.O_RDONLY)

    def enter(self):
        if self.libc.setns(self.fd, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")


def run(*command, stdin=""):
    ran = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=60, check=False)
    if ran.returncode:
        raise SystemExit(f"{' '.join(command)}: {ran.stderr}\n{stdin}")
    return ran.stdout


class Wire:
    def __init__(self, ports, sources):
        self.ports, self.sources = ports, sources
        # one processor: the kernel queues packets of a virtual wire by the one that they are sent on
        processors = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {processors[os.getpid() % len(processors)]})
        self.server = Space()
        server_pid_fd = f"/proc/{os.getpid()}/fd/{self.server.fd}"
        self.client = Space()
        run("ip", "link", "add", LINK, "type", "veth", "peer", "name", LINK, "netns", server_pid_fd)
        self._wire("client", sources, SERVER.values())
        self.mine = self._tap()
        self.server.enter()
        self._wire("server", SERVER.values(), sources)
        self.theirs = self._tap()
        self.listening = {port: self._listen(port) for port in ports}
        self.used = {protocol: itertools.count(20_000) for protocol in ("tcp", "udp")}

    def _wire(self, end, here, there):
        other = MAC["client" if end == "server" else "server"]
        lines = ["link set lo up", f"link set {LINK} address {MAC[end]}", f"link set {LINK} up"]
        lines += [f"addr add {one}/{32 if family(one) == 4 else 128} dev {LINK} nodad" for one in here]
        lines += [f"-{which} route add default dev {LINK}" for which in (4, 6)]
        # nobody asks for neighbours, so that no ruleset decides whether one is found
        lines += [f"neigh add {one} lladdr {other} dev {LINK} nud permanent" for one in there]
        for line in lines:
            run("ip", *line.replace(" nodad", "" if "." in line and ":" not in line else " nodad").split())

    def _tap(self):
        one = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        # it hears all of a trial before it is read
        one.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 16_000_000)
        one.bind((LINK, ETH_P_ALL))
        one.settimeout(PATIENCE)
        return one

    def _listen(self, port):
        how, number = kind(port)
        one = socket.socket(socket.AF_INET6, how)
        one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind(("::", number))
        if how == socket.SOCK_STREAM:
            one.listen(128)
        one.setblocking(False)
        return one

    def fence(self, sender, receiver, target):
        frame = bytes.fromhex(MAC[target].replace(":", "")) + bytes(6) + struct.pack("!H", FENCE) + bytes(46)
        sender.send(frame)
        while True:
            data, (_, protocol, *_) = receiver.recvfrom(100)
            if protocol == FENCE and data[:6] == frame[:6]:
                return

    def admitted(self):
        """The pairs of source and port that get through."""
        self.client.enter()
        tried = [(source, port, self._send(source, port)) for source in self.sources for port in self.ports]
        self.fence(self.mine, self.theirs, "server")
        self.fence(self.theirs, self.mine, "client")
        through = [(source, port) for source, port, one in tried if port.startswith("tcp") and is_open(one)]
        for port, listening in self.listening.items():
            through += [(source, port) for source in self._came(port, listening)]
        for _, _, one in tried:
            one.close()
        self.server.enter()
        return through

    def _send(self, source, port):
        how, number = kind(port)
        one = socket.socket(socket.AF_INET6 if family(source) == 6 else socket.AF_INET, how)
        one.setblocking(False)
        one.bind((source, next(self.used[port[:3]]) % 40_000 + 20_000))
        if how == socket.SOCK_STREAM:
            # closed by a reset, without a flow that lingers
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            one.connect_ex((SERVER[family(source)], number))
        else:
            one.sendto(port.encode(), (SERVER[family(source)], number))
        return one

    def _came(self, port, listening):
        """The sources of what a socket has received; of connections nothing, which the client knows."""
        while True:
            try:
                if port.startswith("tcp"):
                    listening.accept()[0].close()
                else:
                    data, (source, *_) = listening.recvfrom(100)
                    if data.decode() == port:
                        yield source.removeprefix("::ffff:")
            except BlockingIOError:
                return
            except OSError:
                continue  # an error that is left of a connection


def is_open(one):
    """Whether SYN was answered; what is reset or refused afterwards met a rule for later packets."""
    state = one.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
    return state == ESTABLISHED or one.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == errno.ECONNRESET


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    wire = Wire(asked["ports"], asked["sources"])
    for trial in asked["trials"]:
        printed = [run(*argv, stdin=text) for argv, text in trial]
        print(json.dumps({"printed": printed[-1], "admitted": wire.admitted()}), flush=True)
