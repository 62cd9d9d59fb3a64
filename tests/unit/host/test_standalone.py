"""Applying a ruleset, as far as it needs no kernel; the rest is in tests/e2e/test_host_applied.py."""

from __future__ import annotations

import os
import pickle
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.host import standalone as live
from livekit_firewall.host.applied import provider, ssh_admits
from livekit_firewall.host.standalone import boot, logins, machine, sockets, ssh, steps
from livekit_firewall.host.standalone import neighbours as neighbouring
from livekit_firewall.host.standalone.logins import Listening, Login
from livekit_firewall.host.standalone.machine import Machine
from livekit_firewall.host.standalone.stopped import Stopped
from livekit_firewall.model.addresses import Packet
from livekit_firewall.model.ports import Protocol
from livekit_firewall.model.rules import RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.nftables import render as nftables

from ..readers import nftables as reader
from ..strategies import few_examples, judged

COMPONENTS = Path(live.__file__).parents[3]
pytestmark = pytest.mark.needs("linux")


class TestWhatIsAdmitted:
    @few_examples
    @given(judged(), st.sampled_from([22, 2222]))
    def test_is_what_the_ruleset_in_force_admits(self, case: tuple[RuleSet, Packet], port: int) -> None:
        """The judge reads the text; what the provider compares was made of the rules."""
        rules, packet = case
        admits = ssh_admits(rules, ssh_port=port, ipv6=True)
        text = nftables.render(rules, ssh_port=port)
        for asked in {packet.port, port}:
            first = Packet(packet.source, Protocol.TCP, asked)
            said = ssh.admitted(admits, str(packet.source), asked)
            assert said == (reader.admits_native(text, first, baseline=True) or packet.source.is_loopback)

    def test_without_ipv6_ssh_is_open_over_ipv4_alone(self) -> None:
        assert ssh_admits(RuleSet(), ssh_port=22, ipv6=False) == [{"cidr": "0.0.0.0/0", "first": 22, "last": 22}]
        assert Service.SSH not in {rule.service for rule in RuleSet()}


FROM_OPERATORS = [{"cidr": "192.0.2.0/24", "first": 22, "last": 22}]
LOGIN = Login("192.0.2.7", 50000, "203.0.113.1", 22, 1.0)


class TestSshNeverCloses:
    @pytest.mark.parametrize(
        ("login", "servers", "told"),
        [
            (LOGIN, [Listening("::", 22)], ""),
            (None, [Listening("::", 22)], ""),
            (None, [], ""),
            (None, [Listening("0.0.0.0", 2222), Listening("0.0.0.0", 22)], ""),
            (Login("127.0.0.1", 1, "127.0.0.1", 22, 1.0), [Listening("::", 22)], ""),
            (Login("198.51.100.1", 1, "203.0.113.1", 22, 1.0), [Listening("::", 22)], "would cut the login"),
            (Login("192.0.2.7", 1, "203.0.113.1", 2222, 1.0), [Listening("::", 22)], "admits from nowhere"),
            (None, [Listening("::", 2222)], "would close SSH to everybody: sshd listens on tcp/2222"),
            (None, [Listening("2001:db8::1", 22)], "would close SSH to everybody"),
        ],
    )
    def test_a_ruleset_that_would_cut_it_is_refused(self, login: Any, servers: Any, told: str) -> None:
        found = "; ".join(ssh.problems(FROM_OPERATORS, login, servers))
        assert (told in found) if told else found == ""


class TestALogin:
    def test_is_recognised_by_the_environment_of_this_process(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SSH_CONNECTION", "::ffff:192.0.2.7 50000 fe80::1%eth0 22")
        found = logins.login(Path("/proc"))
        assert found is not None
        assert (found.connection, found.since) == ("192.0.2.7 50000 fe80::1 22", None)

    @pytest.mark.parametrize("told", ["", "nonsense", "1 2 3", "a b c d"])
    def test_is_none_where_nothing_valid_is_given(self, monkeypatch: pytest.MonkeyPatch, told: str) -> None:
        monkeypatch.setenv("SSH_CONNECTION", told)
        monkeypatch.setattr(logins, "_told", lambda proc, pid: "")
        assert logins.login(Path("/proc")) is None

    def test_is_recognised_by_a_process_above_where_sudo_took_it_away(self) -> None:
        code = (
            "import pathlib; from livekit_firewall.host.standalone import logins; "
            "print(logins.login(pathlib.Path('/proc')).connection)"
        )
        command = ["env", "-u", "SSH_CONNECTION", sys.executable, "-c", code]
        # A shell that waits, so that it stays above.
        ran = subprocess.run(
            ["sh", "-c", '"$@"; exit $?', "sh", *command], capture_output=True, text=True, check=False,
            env={**os.environ, "SSH_CONNECTION": "192.0.2.7 50000 203.0.113.1 22", "PYTHONPATH": str(COMPONENTS)},
        )  # fmt: skip
        assert ran.stdout == "192.0.2.7 50000 203.0.113.1 22\n", ran.stderr

    def test_sockets_of_others_are_none_of_sshd(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            found = [one for _, one in logins._listening(Path("/proc")) if one.port == port]
            assert found == [Listening("127.0.0.1", port)]
            assert port not in {one.port for one in logins.listening(Path("/proc"))}


class TestSocketsOfSystemd:
    def test_are_recognised_by_its_words(self) -> None:
        told = (
            "Listen=[::]:22 (Stream)\nListen=0.0.0.0:2222 (Stream)\nListen=127.0.0.1:23 (Stream)\n"
            "Listen=/run/ssh.sock (Stream)\nListen=[::]:24 (Datagram)\nActiveState=active\n"
        )
        assert sockets.listed(told) == [Listening("::", 22), Listening("0.0.0.0", 2222)]
        assert sockets.listed("") == []


RULESET = """\
table ip filter {
	chain INPUT {
		type filter hook input priority filter; policy accept;
		counter jump ufw-before-input
	}

	chain DOCKER-USER {
		return
	}

	chain ufw-before-input {
	}
}
table inet firewalld {
	chain filter_INPUT {
		type filter hook input priority filter + 10; policy accept;
		reject with icmpx admin-prohibited
	}
}
table inet f2b-table {
	chain f2b-chain {
		type filter hook input priority filter - 1; policy accept;
		tcp dport 22 ip saddr @addr-set-sshd reject
	}
}
table inet mine {
	chain walls {
		type filter hook input priority filter; policy drop;
	}

	chain idle {
		type filter hook input priority filter; policy accept;
	}
}
table inet livekit {
	chain input {
		type filter hook input priority filter; policy drop;
	}
}
"""


class TestNeighbours:
    def found(self, monkeypatch: pytest.MonkeyPatch, root: Path, listed: str) -> dict[str, str]:
        monkeypatch.setattr(Machine, "must", lambda *_: listed)
        return neighbouring.neighbours(Machine(root))

    def test_are_recognised_by_their_chains(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        found = self.found(monkeypatch, tmp_path, RULESET)
        assert set(found) == {"docker", "ufw", "firewalld", "fail2ban", "input"}
        assert found["input"].startswith("another table filters `input` (inet mine walls): ")
        assert "never pass `input`" in found["docker"]

    def test_our_own_table_is_none(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        own = RULESET[RULESET.index("table inet livekit") :]
        assert self.found(monkeypatch, tmp_path, own) == {}

    def test_are_recognised_by_files_and_devices_too(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        for path, text in (
            ("etc/ufw/ufw.conf", "# ENABLED=no\nENABLED=yes\n"),
            ("etc/nftables.conf", "#!/usr/sbin/nft -f\n\nflush ruleset\n"),
            ("sys/class/net/docker0", ""),
        ):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, encoding="utf-8")
        assert set(self.found(monkeypatch, tmp_path, "")) == {"docker", "ufw", "nftables.service"}
        (tmp_path / "etc/ufw/ufw.conf").write_text("ENABLED=no\n", encoding="utf-8")
        assert "ufw" not in self.found(monkeypatch, tmp_path, "")

    def test_each_has_a_sentence(self) -> None:
        assert set(neighbouring.NOTES) == {"docker", "ufw", "firewalld", "fail2ban", "nftables.service", "input"}


class TestWhatAMachineLacks:
    def test_is_reported_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(machine.os, "geteuid", lambda: 1000)
        monkeypatch.setattr(machine.shutil, "which", lambda name, path: None)
        assert Machine().lacks() == [
            "host.apply needs root on this machine (got uid 1000); run pulumi as root, or use host.path",
            "host.apply needs nft on this machine; install the package nftables",
        ]

    def test_elsewhere_than_on_linux_that_is_all(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(machine.sys, "platform", "darwin")
        told = ["host.apply loads the ruleset on the machine that runs Pulumi, which must be Linux (darwin)"]
        assert Machine().lacks() == told
        assert steps.refusals(Machine(), steps.DesiredRuleset("", [])) == told

    def test_a_program_that_is_missing_stops_a_step(self) -> None:
        with pytest.raises(Stopped, match="nonsense-program is not installed"):
            Machine().run("nonsense-program")

    def test_its_mark_does_not_reveal_its_id(self, tmp_path: Path) -> None:
        assert Machine(tmp_path).mark == ""
        (tmp_path / "etc").mkdir()
        (tmp_path / "etc" / "machine-id").write_text("0123456789abcdef0123456789abcdef\n", encoding="ascii")
        mark = Machine(tmp_path).mark
        assert len(mark) == 16
        assert mark not in "0123456789abcdef0123456789abcdef"


class TestTheFilesForTheNextBoot:
    def test_are_all_renamed_or_none(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        here = Machine(tmp_path)
        first = nftables.render(RuleSet())
        (tmp_path / "run/systemd/system").mkdir(parents=True)
        monkeypatch.setattr(Machine, "program", lambda *_: "/usr/sbin/nft")
        boot.stage(here, first).commit()
        files = [here.at(path) for path in (boot.RULESET, boot.UNIT)]
        before = [file.read_text(encoding="utf-8") for file in files]
        assert boot.persistence(here, first) == boot.PERSISTENT
        replaced = Path.replace

        def full(self: Path, target: Path) -> Path:
            if target == here.at(boot.LINK) and self.name.endswith(".new"):
                raise OSError(28, "No space left on device", str(target))
            return replaced(self, target)

        staged = boot.stage(here, first + "# more\n")
        monkeypatch.setattr(Path, "replace", full)
        with pytest.raises(OSError, match="No space left"):
            staged.commit()
        assert [file.read_text(encoding="utf-8") for file in files] == before
        left = {one.name for one in tmp_path.rglob("*") if one.name.endswith((".new", ".old"))}
        assert left == set()
        assert boot.persistence(here, first) == boot.PERSISTENT

    @pytest.mark.parametrize(
        ("path", "make", "told"),
        [
            (boot.RULESET, lambda place: place.symlink_to("elsewhere"), "is a symbolic link"),
            (boot.RULESET, lambda place: place.mkdir(), "is not a regular file"),
            (boot.UNIT, lambda place: place.write_text("[Unit]\n"), "is a file that livekit-firewall did not write"),
            (boot.UNIT, lambda place: place.write_text(boot.unit() + "# edited\n"), ""),
            (boot.LINK, lambda place: place.symlink_to("/dev/null"), "is not a link to the unit"),
            (boot.LINK, lambda place: place.symlink_to(boot.UNIT), ""),
            (boot.LINK, lambda place: None, ""),
        ],
    )
    def test_of_somebody_else_are_reported(self, tmp_path: Path, path: str, make: Any, told: str) -> None:
        here = Machine(tmp_path)
        here.at(path).parent.mkdir(parents=True)
        make(here.at(path))
        assert boot.foreign(here, path) == told

    def test_are_recognised_by_the_first_line_that_each_has(self) -> None:
        assert nftables.render(RuleSet()).startswith(boot.OURS[boot.RULESET])
        assert boot.unit().startswith(boot.OURS[boot.UNIT])


class TestTheProviderIsPickledAsText:
    def test_the_same_on_every_run_and_in_every_place(self) -> None:
        assert pickle.dumps(provider()) == pickle.dumps(provider())
        assert str(Path(live.__file__).parent).encode() not in pickle.dumps(provider())

    def test_it_works_where_this_package_cannot_be_imported(self, tmp_path: Path) -> None:
        (tmp_path / "provider").write_bytes(pickle.dumps(provider()))
        program = (
            "import pathlib, pickle, sys\n"
            "sys.modules['livekit_firewall'] = None\n"
            "provider = pickle.loads(pathlib.Path('provider').read_bytes())\n"
            "sys.modules[type(provider).__module__].steps.refusals = lambda *_, **__: ['no']\n"
            "news = {'ruleset': '', 'ssh_admits': [], 'confirm': 'manual', 'timeout': 60.0}\n"
            "print([one.reason for one in provider.check({}, news).failures])\n"
            "print(pickle.dumps(provider) == pathlib.Path('provider').read_bytes())\n"
        )
        clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        ran = subprocess.run(
            [sys.executable, "-c", program], cwd=tmp_path, env=clean, capture_output=True, text=True, check=False
        )
        assert ran.stdout == "['no']\nTrue\n", ran.stderr

    def test_every_module_of_the_folder_is_in_it(self) -> None:
        files = {file.stem for file in Path(live.__file__).parent.glob("*.py")}
        assert set(live.MODULES) == files - {"__init__", "start"}
