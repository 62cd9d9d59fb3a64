"""The host's ruleset applied to a machine: real kernel, real connections, real kills."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from livekit_firewall.host.applied import ssh_admits
from livekit_firewall.host.standalone import boot, steps
from livekit_firewall.model.addresses import Cidr, Peer
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.rules import Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.nftables import render as nftables

from .host.lab import OPERATOR, OPERATOR6, SERVER, SSHD, STRANGER, Lab

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns")

OLD = RuleSet.of([Rule(PortRange.udp(3478), Peer.anywhere(), Service.TURN_UDP)])
NEW = RuleSet.of([Rule(PortRange.udp(50000, 60000), Peer.anywhere(), Service.ICE_UDP)])

STATE = "/var/lib/livekit-firewall"

OTHERS = """\
table inet other {
	counter kept { packets 7 bytes 700; }
	chain forward { type filter hook forward priority filter; policy drop; counter name kept; }
}
table ip livekit {
	chain alike {
	}
}
"""


def wanted(rules: RuleSet = NEW, ssh_port: int = 22, **more: Any) -> dict[str, Any]:
    ruleset = nftables.render(rules, ssh_port=ssh_port)
    admits = ssh_admits(rules, ssh_port=ssh_port, ipv6=True)
    return {"ruleset": ruleset, "ssh_admits": admits, "timeout": 60, **more}


def only(block: str) -> RuleSet:
    """SSH from that block alone."""
    return RuleSet.of([*NEW, Rule(PortRange.tcp(22), Peer.of(Cidr.parse(block)), Service.SSH)])


def shut() -> dict[str, Any]:
    """A ruleset that shuts SSH, with a description that says otherwise: what only a real connection tells."""
    return {**wanted(), "ruleset": nftables.render(NEW, ssh_port=2222)}


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    made = Lab(tmp_path)
    try:
        made.run("nft", "-f", "-", stdin=OTHERS)
        yield made
    finally:
        made.close()


@pytest.fixture
def old(lab: Lab) -> str:
    """The machine with a ruleset in force that was applied, confirmed and kept."""
    ran = lab.ran(*lab.command(wanted(OLD, confirm="automatic")))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return lab.table()


def loaded_as(lab: Lab, rules: RuleSet) -> str:
    """How nft lists what a rule set renders to."""
    text = nftables.render(rules)
    space = ["unshare", "--net", "sh", "-c", "nft -f - && nft -s list table inet livekit"]
    return lab.run(*space, stdin=text)


def apply_by(lab: Lab, session: Any, given: dict[str, Any]) -> None:
    """Start it, and return when it waits for confirmation."""
    session.send(*lab.command(given))
    lab.until(lambda: lab.status()["in_force"] == "waiting for confirmation")


class TestConfirmedByANewLogin:
    def test_it_stays_and_is_kept_for_the_next_boot(self, lab: Lab) -> None:
        lab.systemd()
        others = lab.run("nft", "-a", "list", "table", "inet", "other") + lab.run(
            "nft", "list", "table", "ip", "livekit"
        )
        first = lab.login()
        apply_by(lab, first, wanted())
        waiting = lab.status()
        assert waiting["by"].startswith(f"{OPERATOR} ")
        assert waiting["until"] - waiting["since"] == 60
        assert lab.read(boot.RULESET) is None, "not before it is confirmed"
        assert lab.login().run(*lab.cli("host", "confirm")) == (0, "confirmed: the ruleset stays\n")
        code, told = first.ended()
        assert code == 0
        assert told.splitlines()[0] == (
            "the ruleset is loaded; within 60 s run `livekit-firewall host confirm` as root in a new login, or what "
            "was in force before is put back"
        )
        assert lab.table() == loaded_as(lab, NEW)
        assert lab.read(boot.RULESET) == nftables.render(NEW)
        assert lab.read(boot.UNIT) == boot.unit(lab.run("sh", "-c", "command -v nft").strip())
        assert lab.run("readlink", "-f", boot.LINK).strip() == boot.UNIT
        now = lab.status()
        assert (now["in_force"], now["last"], now["until"]) == ("as applied", "confirmed", None)
        assert now["persistence"] == "loaded at boot by livekit-firewall.service"
        after = lab.run("nft", "-a", "list", "table", "inet", "other") + lab.run(
            "nft", "list", "table", "ip", "livekit"
        )
        assert after == others

    def test_a_login_that_was_open_before_proves_nothing(self, lab: Lab) -> None:
        before, first = lab.login(), lab.login()
        apply_by(lab, first, wanted())
        code, told = before.run(*lab.cli("host", "confirm"))
        assert (code, "this login is older than the ruleset" in told) == (2, True), told
        assert lab.status()["in_force"] == "waiting for confirmation"

    def test_a_job_of_the_login_that_applies_it_proves_nothing(self, lab: Lab) -> None:
        first = lab.login()
        confirm = " ".join(lab.cli("host", "confirm"))
        session = "sh", "-c", f"{' '.join(lab.command(wanted(timeout=3)))} & sleep 1.5; {confirm}; wait"
        _, told = first.run(*session)
        assert "this is the login that applied the ruleset" in told
        assert "nobody confirmed the ruleset within 3 s" in told

    def test_a_console_may_confirm_and_so_may_a_job_of_no_login(self, lab: Lab) -> None:
        first = lab.login()
        apply_by(lab, first, wanted())
        assert lab.run(*lab.cli("host", "confirm")) == "confirmed: the ruleset stays\n"
        assert first.ended()[0] == 0

    def test_with_nothing_to_confirm_it_says_so(self, lab: Lab, old: str) -> None:
        ran = lab.ran(*lab.cli("host", "confirm"))
        assert (ran.returncode, ran.stderr) == (2, "Error: no ruleset waits for confirmation\n")

    def test_what_is_in_force_already_is_not_loaded_again(self, lab: Lab, old: str) -> None:
        handles = lab.run("nft", "-a", "list", "table", "inet", "livekit")
        ran = lab.ran(*lab.command(wanted(OLD)))
        assert (ran.returncode, ran.stdout) == (0, "\n")
        assert lab.run("nft", "-a", "list", "table", "inet", "livekit") == handles

    def test_a_login_from_the_machine_itself_proves_nothing(self, lab: Lab) -> None:
        apply_by(lab, lab.login(), wanted())
        for source in ("127.0.0.1", SERVER):
            command = [sys.executable, "-I", str(SSHD), "login", source, source, "22"]
            asked = json.dumps(lab.cli("host", "confirm")) + "\n"
            code, told = json.loads(lab.ran(*command, stdin=asked).stdout.splitlines()[1])
            assert code == 2
            assert told == (
                f"Error: this login comes from the machine itself ({source}), which proves nothing; confirm the "
                "ruleset from a new login over the network\n"
            )

    def test_where_the_disk_is_read_only_it_is_not_confirmed(self, lab: Lab) -> None:
        apply_by(lab, lab.login(), wanted())
        lab.run("sh", "-c", f"mount --bind {STATE} {STATE} && mount -o remount,ro,bind {STATE}")
        code, told = lab.login().run(*lab.cli("host", "confirm"))
        assert code == 2
        assert told.startswith(f"Error: not confirmed: {STATE}/runs/")
        assert told.endswith("/decision: Read-only file system; it will be rolled back\n")

    def test_after_the_next_boot_nothing_waits(self, lab: Lab) -> None:
        lab.ran(*lab.command(wanted()), KILLED_AT="loaded")
        lab.run("sh", "-c", f'sed -i \'s/"boot": .*/"boot": "another"/\' {STATE}/runs/*/run.json')
        lab.run("nft", "delete", "table", "inet", "livekit")
        ran = lab.ran(*lab.cli("host", "confirm"))
        assert ran.returncode == 2
        assert ran.stderr.startswith("Error: no ruleset waits for confirmation: the machine was started again")


class TestConfirmedByNobody:
    def test_what_was_in_force_is_put_back_and_the_run_fails(self, lab: Lab, old: str) -> None:
        ran = lab.ran(*lab.command(wanted(timeout=1)))
        assert ran.returncode == 1
        assert ran.stdout.splitlines()[1] == (
            "nobody confirmed the ruleset within 1 s; the ruleset was rolled back: what was in force before is in "
            "force again"
        )
        assert lab.table() == old
        assert lab.read(boot.RULESET) == nftables.render(OLD)
        assert lab.ran(*lab.cli("host", "confirm")).stderr == (
            "Error: no ruleset waits for confirmation; the last one was rolled back\n"
        )

    def test_where_nothing_was_in_force_nothing_is(self, lab: Lab) -> None:
        assert lab.ran(*lab.command(wanted(timeout=1))).returncode == 1
        assert lab.table() == ""
        assert lab.read(boot.RULESET) is None

    def test_who_is_locked_out_cannot_confirm(self, lab: Lab) -> None:
        first = lab.login()
        apply_by(lab, first, {**shut(), "timeout": 5})
        assert not lab.login().is_in
        assert first.ended()[0] == 1
        assert lab.login().is_in

    def test_the_timer_of_systemd_does_it_too(self, lab: Lab, old: str) -> None:
        lab.systemd()
        assert lab.ran(*lab.command(wanted(timeout=1))).returncode == 1
        assert lab.table() == old
        asked = (lab.read("/run/systemd/log") or "").split("--on-active=1s --timer-property=AccuracySec=1s")
        assert len(asked) == 2, asked


def ways(lab: Lab, family: str) -> list[str]:
    """Rules and routes; link-local ones come by themselves, once the kernel has looked for duplicates."""
    told = lab.run("ip", family, "rule") + lab.run("ip", family, "route", "show", "table", "all")
    return [line for line in told.splitlines() if "fe80::" not in line]


class TestConfirmedByAConnection:
    @pytest.mark.parametrize("source", [OPERATOR, OPERATOR6])
    def test_from_the_address_of_the_login(self, lab: Lab, source: str) -> None:
        before = [ways(lab, family) for family in ("-4", "-6")]
        links = lab.run("ip", "link")
        code, told = lab.login(source).run(*lab.command(wanted(confirm="automatic")))
        assert code == 0, told
        assert lab.status()["in_force"] == "as applied"
        assert before == [ways(lab, family) for family in ("-4", "-6")]
        assert lab.run("ip", "link") == links

    @pytest.mark.parametrize("block", ["203.0.113.50/32", "198.51.100.0/28", "2001:db8:7::/64"])
    def test_without_a_login_from_an_address_that_the_rules_admit(self, lab: Lab, block: str) -> None:
        ran = lab.ran(*lab.command(wanted(only(block), confirm="automatic")))
        assert ran.returncode == 0, ran.stdout
        assert lab.table() == loaded_as(lab, only(block))

    @pytest.mark.parametrize("source", [OPERATOR, OPERATOR6])
    def test_that_does_not_get_in_puts_back_what_was_in_force(self, lab: Lab, old: str, source: str) -> None:
        code, told = lab.login(source).run(*lab.command({**shut(), "confirm": "automatic"}))
        assert code == 1
        assert told.startswith(f"a new connection from {source} to SSH at ")
        assert told.endswith("the ruleset was rolled back: what was in force before is in force again\n")
        assert lab.table() == old

    def test_that_another_table_drops_does_so_too(self, lab: Lab, old: str) -> None:
        session = lab.login()
        chain = "type filter hook input priority 10; policy accept; ct state new tcp dport 22 drop;"
        lab.run("nft", "-f", "-", stdin=f"table inet ufwish {{\nchain input {{\n{chain}\n}}\n}}\n")
        code, told = session.run(*lab.command(wanted(confirm="automatic")))
        assert (code, lab.table()) == (1, old), told

    def test_needs_a_server_of_ssh_to_connect_to(self, lab: Lab) -> None:
        lab.stop(lab.ssh)
        ran = lab.ran(*lab.command(wanted(confirm="automatic")))
        assert ran.stdout == (
            "host.confirm: automatic has nothing to test, since no sshd listens on this machine; use manual\n"
        )
        assert lab.table() == ""


class TestSshNeverCloses:
    def test_a_ruleset_that_cuts_the_login_is_refused(self, lab: Lab, old: str) -> None:
        code, told = lab.login().run(*lab.command(wanted(only("198.51.100.0/24"))))
        assert code == 1
        assert told == (
            f"the ruleset would cut the login that applies it: SSH from {OPERATOR} to tcp/22, which it admits from "
            f"198.51.100.0/24; set operators.ssh_port to 22, and have {OPERATOR} in operators.cidrs\n"
        )
        assert lab.table() == old

    def test_the_port_is_the_one_that_sshd_listens_on(self, lab: Lab) -> None:
        lab.stop(lab.ssh)
        lab.sshd(2222, "0.0.0.0")
        ran = lab.ran(*lab.command(wanted()))
        assert ran.stdout == (
            "the ruleset would close SSH to everybody: sshd listens on tcp/2222; set operators.ssh_port to 2222\n"
        )
        code, told = lab.login(port=2222).run(*lab.command(wanted(ssh_port=2222, confirm="automatic")))
        assert code == 0, told
        assert lab.login(STRANGER, SERVER, 2222).is_in

    def test_the_port_may_be_held_by_systemd(self, lab: Lab) -> None:
        lab.stop(lab.ssh)
        lab.systemd()
        (lab.folder / "bin" / "systemctl").write_text(
            '#!/bin/sh\n[ "$*" = "show --property=ActiveState,Listen ssh.socket" ] || exit 0\n'
            "printf 'Listen=[::]:2222 (Stream)\\nActiveState=active\\n'\n"
        )
        ran = lab.ran(*lab.command(wanted()))
        assert ran.stdout == (
            "the ruleset would close SSH to everybody: sshd listens on tcp/2222; set operators.ssh_port to 2222\n"
        )
        ran = lab.ran(*lab.command(wanted(ssh_port=2222, timeout=1)))
        assert "nobody confirmed" in ran.stdout
        assert steps.NO_SERVER not in ran.stdout

    def test_that_no_server_was_found_is_reported(self, lab: Lab) -> None:
        lab.stop(lab.ssh)
        assert steps.NO_SERVER in lab.ran(*lab.command(wanted(timeout=1))).stdout.splitlines()


class TestKilled:
    @pytest.mark.parametrize("step", ["checked", "staged", "armed", "loaded"])
    def test_before_it_is_confirmed_the_old_ruleset_is_in_force_in_the_end(self, lab: Lab, old: str, step: str) -> None:
        ran = lab.ran(*lab.command(wanted(timeout=1)), KILLED_AT=step)
        assert ran.returncode == -9
        assert lab.table() == (loaded_as(lab, NEW) if step == "loaded" else old)
        lab.until(lambda: lab.table() == old)
        assert lab.read(boot.RULESET) == nftables.render(OLD)

    def test_the_next_run_puts_back_the_old_one_first_and_says_so(self, lab: Lab, old: str) -> None:
        lab.ran(*lab.command(wanted()), KILLED_AT="loaded")
        ran = lab.ran(*lab.command(wanted(OLD, confirm="automatic")))
        assert ran.returncode == 0
        assert "an earlier run did not end" in ran.stdout
        assert "the ruleset that was in force before it was put back" in ran.stdout

    def test_it_may_still_be_confirmed_and_the_next_run_keeps_it(self, lab: Lab, old: str) -> None:
        lab.ran(*lab.command(wanted()), KILLED_AT="loaded")
        told = lab.login().run(*lab.cli("host", "confirm"))[1]
        assert told.endswith("nobody waited for this, so run `pulumi up` again to keep it\n")
        assert lab.ran(*lab.command(wanted())).returncode == 0
        assert lab.table() == loaded_as(lab, NEW)
        assert lab.read(boot.RULESET) == nftables.render(NEW)

    @pytest.mark.parametrize("step", ["confirmed", "kept"])
    def test_after_it_is_confirmed_the_new_one_stays(self, lab: Lab, old: str, step: str) -> None:
        lab.ran(*lab.command(wanted(confirm="automatic", timeout=1)), KILLED_AT=step)
        assert lab.table() == loaded_as(lab, NEW)
        lab.run("sleep", "2")  # the timer
        assert lab.table() == loaded_as(lab, NEW)
        assert lab.ran(*lab.command(wanted())).returncode == 0
        assert lab.read(boot.RULESET) == nftables.render(NEW)


def nft_that(lab: Lab, does: str) -> None:
    """A stand-in for nft that does something else for its Nth load from stdin, which `$n` counts."""
    nft = lab.run("sh", "-c", "command -v nft").strip()
    (lab.folder / "bin").mkdir(exist_ok=True)
    text = (
        '#!/bin/sh\nnft=NFT\n[ "$*" = "-f -" ] || exec $nft "$@"\nn=$(($(cat /run/count 2>/dev/null || echo 0) + 1))\n'
    )
    text = text.replace("NFT", nft) + f'echo $n >/run/count\n{does}\nexec $nft "$@"\n'
    (lab.folder / "bin" / "nft").write_text(text, encoding="utf-8")
    (lab.folder / "bin" / "nft").chmod(0o755)


FAILS = 'echo "Cannot allocate memory" >&2; exit 1'
NO_ROOM = "i=0; while : 2>/dev/null >x$i; do i=$((i+1)); done"


def test_what_was_loaded_though_nft_failed_is_put_back(lab: Lab, old: str) -> None:
    nft_that(lab, "[ $n != 1 ] || { $nft -f -; kill -9 $$; }")
    ran = lab.ran(*lab.command(wanted()))
    assert ran.stdout == (
        "nft refuses the ruleset: it ended with -9; the ruleset was rolled back: what was in force before is in force "
        "again\n"
    )
    assert lab.table() == old


class TestPuttingBackFails:
    @pytest.mark.parametrize("does", ["kill -9 $PPID; exit 1", FAILS])
    def test_at_once_and_the_timer_does_it(self, lab: Lab, old: str, does: str) -> None:
        nft_that(lab, f"[ $n != 2 ] || {{ {does}; }}")
        ran = lab.ran(*lab.command({**shut(), "confirm": "automatic", "timeout": 8}))
        assert ran.returncode == (1 if does == FAILS else -9)
        if does == FAILS:
            assert ran.stdout.endswith(
                "what was in force before could not be put back: Cannot allocate memory; the timer tries on, and until "
                "it succeeds the new ruleset is in force\n"
            )
        lab.until(lambda: lab.table() == old)

    def test_of_what_was_confirmed_and_cannot_be_kept_and_the_timer_does_it(self, lab: Lab, old: str) -> None:
        nft_that(lab, f"[ $n != 2 ] || {{ {FAILS}; }}")
        first = lab.login()
        apply_by(lab, first, wanted())
        lab.run("mv", "/etc/livekit-firewall", "/etc/elsewhere")
        lab.run(*lab.cli("host", "confirm"))
        code, told = first.ended()
        assert (code, "and until it succeeds the new ruleset is in force" in told) == (1, True), told
        lab.until(lambda: lab.table() == old)

    @pytest.mark.parametrize(
        "after", [f"cd {STATE}; {NO_ROOM}", f"mount --bind {STATE} {STATE}; mount -o remount,ro,bind {STATE}"]
    )
    @pytest.mark.parametrize("killed", ["", "loaded"])
    def test_where_no_file_can_be_made_any_more_it_does_not(self, lab: Lab, after: str, killed: str) -> None:
        lab.run("sh", "-c", f"mkdir -p {STATE} && mount -t tmpfs -o nr_inodes=40,size=1m none {STATE}")
        once = f"$nft -f - || exit 1; ({after}) 2>/dev/null; exit 0"
        if killed:
            once = f"$nft -f - || exit 1; ({after}) 2>/dev/null; kill -9 $PPID; exit 0"
        nft_that(lab, f"[ $n != 1 ] || {{ {once}; }}")
        ran = lab.ran(*lab.command(wanted(timeout=2)))
        if not killed:
            assert ran.returncode == 1
            assert ran.stdout.endswith("; the ruleset was rolled back: what was in force before is in force again\n")
            assert lab.table() == ""
        assert "nothing was loaded" not in ran.stdout
        assert lab.ran("touch", f"{STATE}/more").returncode != 0
        lab.until(lambda: lab.table() == "")


class TestARunThatDidNotEnd:
    def test_for_want_of_a_timer_is_over(self, lab: Lab) -> None:
        lab.systemd()
        run = lab.folder / "bin" / "systemd-run"
        works = run.read_text(encoding="utf-8")
        run.write_text("#!/bin/sh\necho Failed to connect to bus >&2; exit 1\n", encoding="utf-8")
        ran = lab.ran(*lab.command(wanted()))
        assert (ran.returncode, "Failed to connect to bus" in ran.stdout) == (1, True)
        lab.run("nft", "-f", "-", stdin=nftables.render(OLD))
        by_hand = lab.table()
        run.write_text(works, encoding="utf-8")
        ran = lab.ran(*lab.command(wanted(timeout=1)))
        assert "did not end" not in ran.stdout
        assert lab.table() == by_hand

    def test_leaves_a_table_that_it_did_not_load_and_says_so_even_if_the_next_one_fails(self, lab: Lab) -> None:
        lab.ran(*lab.command(wanted()), KILLED_AT="loaded")
        lab.run("nft", "-f", "-", stdin=nftables.render(OLD))
        by_hand = lab.table()
        ran = lab.ran(*lab.command(wanted(timeout=1)))
        assert ran.returncode == 1
        assert (
            "the table inet livekit is not the one that it loaded, and was left as it is\nnobody confirmed"
            in ran.stdout
        )
        assert lab.table() == by_hand

    def test_is_waited_for_while_its_timer_may_act_on_what_it_did_not_note(self, lab: Lab) -> None:
        nft_that(lab, "[ $n != 1 ] || { $nft -f -; kill -9 $PPID; exit 0; }")
        lab.ran(*lab.command(wanted()))
        before = lab.table()
        ran = lab.ran(*lab.command(wanted(OLD)))
        assert (ran.returncode, "and its timer may yet act; try again in " in ran.stdout) == (1, True)
        assert lab.table() == before


class TestWhatCannotBeDone:
    def test_a_ruleset_that_nft_refuses(self, lab: Lab, old: str) -> None:
        ran = lab.ran(*lab.command({**wanted(), "ruleset": "table inet livekit { nonsense }"}))
        assert ran.returncode == 1
        assert ran.stdout.startswith("nft refuses the ruleset, nothing was loaded: ")
        assert lab.table() == old

    def test_a_ruleset_that_the_kernel_takes_back_after_the_check(self, lab: Lab, old: str) -> None:
        """A stand-in for nft that fails to load anything but the old ruleset."""
        nft = lab.run("sh", "-c", "command -v nft").strip()
        (lab.folder / "bin").mkdir()
        (lab.folder / "bin" / "nft").write_text(
            f'#!/bin/sh\n[ "$*" != "-f -" ] || {{ echo "Operation not supported" >&2; exit 1; }}\nexec {nft} "$@"\n'
        )
        (lab.folder / "bin" / "nft").chmod(0o755)
        ran = lab.ran(*lab.command(wanted(timeout=1)))
        assert ran.returncode == 1
        assert ran.stdout == (
            "nft refuses the ruleset: Operation not supported; nothing was loaded, what was in force before is in "
            "force\n"
        )
        assert lab.table() == old

    @pytest.mark.parametrize("place", ["/etc/livekit-firewall", "/var/lib/livekit-firewall"])
    def test_a_full_disk(self, lab: Lab, place: str) -> None:
        lab.run("mkdir", "-p", place)
        lab.run("mount", "-t", "tmpfs", "-o", "size=4k", "none", place)
        lab.ran("dd", "if=/dev/zero", f"of={place}/fill", "bs=4k", "count=4")
        ran = lab.ran(*lab.command(wanted(timeout=1)))
        assert ran.returncode == 1
        assert "No space left on device" in ran.stdout, ran.stdout + ran.stderr
        assert "not loaded" in ran.stdout or "nothing was loaded" in ran.stdout
        assert lab.table() == ""
        assert lab.read(boot.RULESET) is None

    def test_a_disk_that_fills_up_after_the_check_for_it(self, lab: Lab, old: str) -> None:
        """The folder of the ruleset is taken away while it waits: the renaming fails."""
        first = lab.login()
        apply_by(lab, first, wanted())
        lab.run("mv", "/etc/livekit-firewall", "/etc/elsewhere")
        lab.run(*lab.cli("host", "confirm"))
        code, told = first.ended()
        assert code == 1
        assert "the ruleset could not be kept for the next boot" in told
        assert told.endswith("the ruleset was rolled back: what was in force before is in force again\n")
        assert lab.table() == old
        assert lab.read("/etc/elsewhere/host.nft") == nftables.render(OLD)

    def test_files_of_somebody_else(self, lab: Lab) -> None:
        lab.run("mkdir", "/etc/livekit-firewall")
        lab.run("sh", "-c", f"echo precious > {boot.RULESET}")
        ran = lab.ran(*lab.command(wanted()))
        assert ran.stdout == (
            f"{boot.RULESET} is a file that livekit-firewall did not write; move it away, livekit-firewall writes its "
            "own there\n"
        )
        assert lab.table() == ""

    def test_two_at_once(self, lab: Lab) -> None:
        first = lab.login()
        apply_by(lab, first, wanted())
        ran = lab.ran(*lab.command(wanted(OLD)))
        assert ran.stdout.startswith("another run is applying a ruleset to this machine")
        assert lab.status()["in_force"] == "waiting for confirmation"

    def test_without_nft_or_root(self, lab: Lab) -> None:
        command = lab.command(wanted())
        code = "import shutil, runpy, sys; shutil.which = lambda *a, **k: None; "
        code += f"sys.argv = {command[1:]!r}; runpy.run_path(sys.argv[0], run_name='__main__')"
        ran = lab.ran(command[0], "-c", code)
        assert ran.stdout == "host.apply needs nft on this machine; install the package nftables\n"
        drop = "import os, sys; os.setgid(65534); os.setuid(65534); os.execv(sys.argv[1], sys.argv[1:])"
        lab.run("chmod", "-R", "a+rX", str(lab.folder))
        ran = lab.ran(command[0], "-c", f"import os; os.chdir('/'); {drop}", *command)
        if ran.stdout:  # the interpreter may be where nobody may read
            assert ran.stdout.startswith("host.apply needs root on this machine (got uid 65534)")


def remove(lab: Lab) -> list[str]:
    code = "import json; from livekit_firewall.host.standalone import machine, steps; "
    return json.loads(lab.run(lab.cli()[0], "-c", code + "print(json.dumps(steps.remove(machine.Machine())))"))  # type: ignore[no-any-return]


class TestRemoved:
    def test_nothing_is_left_but_what_is_of_others(self, lab: Lab) -> None:
        lab.systemd()
        before = lab.run("nft", "list", "ruleset"), lab.run("find", "/etc/systemd", "/var/lib")
        assert lab.ran(*lab.command(wanted(confirm="automatic"))).returncode == 0
        assert remove(lab) == []
        assert lab.run("nft", "list", "ruleset") == before[0]
        found = [one for one in lab.run("find", "/etc/systemd", "/var/lib").splitlines() if one not in before[1]]
        assert set(found) <= {"/etc/systemd/system/sysinit.target.wants"}
        assert lab.ran("ls", "/etc/livekit-firewall").returncode != 0

    def test_a_file_that_was_replaced_is_left_and_reported(self, lab: Lab, old: str) -> None:
        lab.run("sh", "-c", f"echo mine > {boot.RULESET}")
        assert remove(lab) == [f"{boot.RULESET} is left as it is: it is a file that livekit-firewall did not write"]
        assert lab.read(boot.RULESET) == "mine\n"
        assert lab.table() == ""

    def test_nothing_is_removed_where_not_all_can_be(self, lab: Lab) -> None:
        lab.systemd()
        assert lab.ran(*lab.command(wanted(confirm="automatic"))).returncode == 0
        before = lab.table()
        lab.run("sh", "-c", "mount --bind /etc/livekit-firewall /etc/livekit-firewall")
        lab.run("mount", "-o", "remount,ro,bind", "/etc/livekit-firewall")
        asked = lab.read("/run/systemd/log")
        code = "from livekit_firewall.host.standalone import machine, steps; steps.remove(machine.Machine())"
        ran = lab.ran(lab.cli()[0], "-c", code)
        assert ran.stderr.splitlines()[-1].endswith(
            f"Stopped: nothing was removed: {boot.RULESET}: Read-only file system"
        )
        assert (lab.table(), lab.read("/run/systemd/log")) == (before, asked)
        assert lab.read(boot.UNIT) is not None
        assert lab.status()["persistence"] == boot.PERSISTENT

    def test_what_was_removed_before_it_failed_is_reported(self, lab: Lab) -> None:
        lab.systemd()
        assert lab.ran(*lab.command(wanted(confirm="automatic"))).returncode == 0
        code = (
            "from livekit_firewall.host.standalone import boot, machine, steps; "
            "boot.try_removal = lambda _: None; steps.remove(machine.Machine())"
        )
        lab.run("sh", "-c", "mount --bind /etc/livekit-firewall /etc/livekit-firewall")
        lab.run("mount", "-o", "remount,ro,bind", "/etc/livekit-firewall")
        told = lab.ran(lab.cli()[0], "-c", code).stderr.splitlines()[-1].partition("Stopped: ")[2]
        assert told == (
            f"{boot.NAME} was stopped, and the table inet livekit with it; {boot.LINK} is removed; {boot.UNIT} is "
            f"removed; {boot.RULESET} cannot be removed: Read-only file system; mend that and remove it again"
        )


class TestStatus:
    def test_in_words(self, lab: Lab) -> None:
        assert lab.run(*lab.cli("host", "status")).splitlines()[0] == "in force:    not loaded"
        apply_by(lab, lab.login(), wanted())
        lines = lab.run(*lab.cli("host", "status")).splitlines()
        assert lines[0] == "in force:    waiting for confirmation"
        assert lines[1].startswith("applied:     ")
        assert f"UTC by SSH {OPERATOR} " in lines[1]
        assert re.search(r"UTC \(in \d+ s\) for `livekit-firewall host confirm` in a new login$", lines[2])
        assert lines[3].startswith("at boot:     not persistent: ")

    def test_of_a_machine_with_other_firewalls(self, lab: Lab) -> None:
        chain = "type filter hook input priority 0; policy drop"
        lab.run("nft", "-f", "-", stdin=f"table inet walls {{\nchain mine {{\n{chain}\n}}\n}}\n")
        assert [one["name"] for one in lab.status()["neighbours"]] == ["input"]


class TestDrift:
    @pytest.mark.parametrize(
        ("change", "state"),
        [
            ("nft flush ruleset", "not loaded"),
            ("nft add rule inet livekit input tcp dport 6379 accept", "changed since"),
        ],
    )
    def test_is_reported_and_repaired(self, lab: Lab, old: str, change: str, state: str) -> None:
        assert lab.status()["in_force"] == "as applied"
        lab.run(*change.split())
        assert lab.status()["in_force"] == state
        assert lab.ran(*lab.command(wanted(OLD, confirm="automatic"))).returncode == 0
        assert (lab.table(), lab.status()["in_force"]) == (old, "as applied")
