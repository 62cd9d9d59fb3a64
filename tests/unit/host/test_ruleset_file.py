"""The file of a host's ruleset as a resource: written, refused, kept, and the provider that Pulumi runs as text."""

from __future__ import annotations

import asyncio
import base64
import errno
import os
import pickle
import stat
import subprocess
import sys
from pathlib import Path

import grpc
import pytest

from livekit_firewall.host import ruleset_file
from livekit_firewall.model.rules import RuleSet
from livekit_firewall.platforms.nftables import render as nftables

from ..platforms.test_nftables import MEDIA


@pytest.fixture
def provider() -> ruleset_file.RulesetFileProvider:
    return ruleset_file.RulesetFileProvider()


@pytest.fixture
def accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruleset_file, "judge", lambda ruleset: "accepted by nft -c")


def fake_nft(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    for name in ("nft", "unshare"):
        (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def ours(rest: str) -> str:
    """What a file that livekit-firewall wrote looks like to the provider: its first line says so."""
    return f"{nftables.render(MEDIA).splitlines()[0]}\n{rest}\n"


ONE, TWO, EDITED = ours("one"), ours("two"), ours("edited")

INSTEAD = "move it away, or set host.path to another file"
POSSIBLE = "make that possible, or set host.path to another file"
FOREIGN = f"is a file that livekit-firewall did not write: {INSTEAD}"


def refused(provider: ruleset_file.RulesetFileProvider, path: Path | str) -> list[tuple[str, str]]:
    """What Check, and so a preview, has against that path."""
    failures = provider.check({}, {"path": str(path), "content": ONE, "check": None}).failures
    return [(one.property, one.reason) for one in failures]


@pytest.mark.needs("linux")
class TestTheFile:
    def test_is_written_whole_and_readable_by_all(self, provider, tmp_path, accepted):
        path = tmp_path / "a" / "b" / "host.nft"
        news = provider.check({}, {"path": str(path), "content": ONE, "check": None}).inputs
        made = provider.create(news)
        assert made.id == str(path)
        assert made.outs == {"path": str(path), "content": ONE, "check": "accepted by nft -c"}
        assert path.read_text(encoding="utf-8") == ONE
        assert stat.S_IMODE(path.stat().st_mode) == 0o644
        assert [one.name for one in path.parent.iterdir()] == ["host.nft"]

    def test_may_have_a_name_as_long_as_names_can_be(self, provider, tmp_path, accepted):
        path = tmp_path / ("n" * 255)
        assert refused(provider, path) == []
        provider.create({"path": str(path), "content": ONE, "check": "x"})
        assert path.read_text(encoding="utf-8") == ONE

    def test_stays_as_it_is_when_writing_fails(self, provider, tmp_path, monkeypatch):
        path = tmp_path / "host.nft"
        path.write_text(ONE, encoding="utf-8")
        full = OSError(errno.ENOSPC, "No space left on device", "a temporary name")
        monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(full))
        state = {"path": str(path), "content": TWO, "check": "x"}
        for step in (lambda: provider.create(state), lambda: provider.update("id", state, state)):
            with pytest.raises(ruleset_file.Stopped) as caught:
                step()
            assert str(caught.value) == f"host.path: {path} cannot be written: No space left on device; {POSSIBLE}"
        assert {one.name: one.read_text(encoding="utf-8") for one in tmp_path.iterdir()} == {"host.nft": ONE}

    def test_is_updated_in_place_and_replaced_at_another_path(self, provider, tmp_path):
        path = tmp_path / "host.nft"
        state = {"path": str(path), "content": ONE, "check": "x"}
        path.write_text(ONE, encoding="utf-8")

        def differs(**news: str) -> tuple[bool | None, list[str] | None]:
            result = provider.diff("id", state, {**state, **news})
            return result.changes, result.replaces

        assert differs() == (False, [])
        assert differs(content=TWO) == (True, [])
        assert differs(check="y") == (True, [])
        assert differs(path=str(tmp_path / "other.nft")) == (True, ["path"])
        (tmp_path / "link").symlink_to(tmp_path)
        assert differs(path=str(tmp_path / "link" / "host.nft")) == (True, [])  # the same file
        path.write_text(EDITED, encoding="utf-8")
        assert differs() == (True, [])
        path.unlink()
        assert differs() == (True, [])
        assert provider.update("id", state, state).outs == state
        assert path.read_text(encoding="utf-8") == ONE

    def test_is_missed_by_a_refresh_when_gone_and_read_when_changed(self, provider, tmp_path):
        path = tmp_path / "host.nft"
        state = {"path": str(path), "content": ONE, "check": "x", "__provider": "…"}
        assert provider.read("id", state).id == ""
        path.write_text(EDITED, encoding="utf-8")
        found = provider.read("id", state)
        assert (found.id, found.outs) == ("id", {"path": str(path), "content": EDITED, "check": "x"})

    def test_is_deleted_also_when_it_is_gone_already(self, provider, tmp_path, capfd):
        path = tmp_path / "folder" / "host.nft"
        path.parent.mkdir()
        path.write_text(EDITED, encoding="utf-8")
        for _ in range(2):
            provider.delete("id", {"path": str(path)})
            assert not path.exists()
        path.parent.rmdir()
        path.parent.write_text("", encoding="utf-8")  # a file, where its folder was
        provider.delete("id", {"path": str(path)})
        assert capfd.readouterr().err == ""

    def test_that_cannot_be_written_is_refused_before_anything_is(self, provider, tmp_path, accepted):
        (tmp_path / "file").write_text("", encoding="utf-8")
        (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
        assert refused(provider, tmp_path) == [("path", f"is a directory: {INSTEAD}")]
        with pytest.raises(ValueError, match="embedded null") as null:  # each Python has its own words for it
            os.lstat("a\0b")
        for path, reason in (
            (tmp_path / "file" / "host.nft", f"cannot be created: {tmp_path}/file is not a directory"),
            (tmp_path / "nowhere" / "a" / "host.nft", f"cannot be created: {tmp_path}/nowhere is not a directory"),
            (tmp_path / ("n" * 256), "cannot be written: File name too long"),
            ("a\0b", f"cannot be written: {null.value}"),
            # Not even root can, and the kernel says so only when asked to.
            ("/proc/nope/host.nft", "cannot be created: no file can be made in /proc: No such file or directory"),
        ):
            assert refused(provider, path) == [("path", f"{reason}; {POSSIBLE}")]
        assert sorted(one.name for one in tmp_path.iterdir()) == ["file", "nowhere"]

    def test_that_can_be_written_leaves_no_trace_of_being_asked(self, provider, tmp_path, accepted):
        assert refused(provider, tmp_path / "a" / "host.nft") == []
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.needs("root")
    def test_in_a_folder_of_another_user_is_refused(self):
        """As nobody, in a process of its own: root may write anywhere."""
        program = (
            "import os, sys\n"
            "names = {}\n"
            "exec(sys.stdin.read(), names)\n"
            "os.setgid(65534)\n"
            "os.setuid(65534)\n"
            "print(names['unwritable']('/etc/nope/host.nft'))\n"
        )
        source = Path(ruleset_file.__file__).read_text(encoding="utf-8")
        ran = subprocess.run([sys.executable, "-c", program], input=source, capture_output=True, text=True, check=False)
        told = f"cannot be created: no file can be made in /etc: Permission denied; {POSSIBLE}\n"
        assert ran.stdout == told, ran.stderr


@pytest.mark.needs("linux")
class TestAForeignFile:
    """It is somebody's: a path may be mistyped, and may lead to another thing than when it was created."""

    @pytest.mark.parametrize("content", ["", "precious\n", "#\n" + ONE, ONE[:40]])
    def test_is_refused_at_a_preview_already(self, provider, tmp_path, accepted, content):
        path = tmp_path / "precious"
        path.write_text(content, encoding="utf-8")
        assert refused(provider, path) == [("path", FOREIGN)]

    def test_is_not_followed_or_waited_for_where_it_is_no_file(self, provider, tmp_path, accepted):
        (tmp_path / "host.nft").write_text(ONE, encoding="utf-8")
        (tmp_path / "link").symlink_to("host.nft")
        os.mkfifo(tmp_path / "pipe")
        assert refused(provider, tmp_path / "link") == [("path", f"is a symbolic link: {INSTEAD}")]
        assert refused(provider, tmp_path / "pipe") == [("path", f"is not a regular file: {INSTEAD}")]

    def test_is_not_overwritten_even_if_it_came_after_the_check(self, provider, tmp_path):
        path = tmp_path / "precious"
        path.write_text("precious\n", encoding="utf-8")
        state = {"path": str(path), "content": ONE, "check": "x"}
        assert provider.diff("id", state, state).changes
        for step in (lambda: provider.create(state), lambda: provider.update("id", state, state)):
            with pytest.raises(ruleset_file.Stopped) as caught:
                step()
            assert str(caught.value) == f"host.path: {path} {FOREIGN}"
        assert path.read_text(encoding="utf-8") == "precious\n"

    def test_is_left_by_a_destroy_which_says_so(self, provider, tmp_path, capfd):
        path = tmp_path / "precious"
        path.write_text("precious\n", encoding="utf-8")
        provider.delete("id", {"path": str(path)})
        assert path.read_text(encoding="utf-8") == "precious\n"
        told = f"{path} is left as it is: it is a file that livekit-firewall did not write\n"
        assert capfd.readouterr().err == told

    def test_is_never_taken_into_the_state(self, provider, tmp_path):
        path = tmp_path / "precious"
        path.write_text("precious\n", encoding="utf-8")
        assert provider.read("id", {"path": str(path), "content": ONE, "check": "x"}).id == ""

    def test_is_recognised_by_the_first_line_that_every_ruleset_has(self):
        for rules in (RuleSet(), MEDIA):
            assert nftables.render(rules).encode().startswith(ruleset_file.OURS)
        assert ruleset_file.OURS.decode() == "# Who may reach this LiveKit host, written by livekit-firewall"


@pytest.mark.needs("linux")
class TestNftJudgesTheFile:
    def test_its_refusal_is_reported_and_nothing_is_written(self, provider, tmp_path, monkeypatch):
        fake_nft(tmp_path, monkeypatch, 'grep -q probe || { echo "line 3: syntax error" >&2; exit 1; }')
        path = tmp_path / "host.nft"
        failures = provider.check({}, {"path": str(path), "content": "nonsense", "check": None}).failures
        assert [(one.property, one.reason) for one in failures] == [
            ("", "nft refuses the ruleset, nothing was written: line 3: syntax error")
        ]
        assert not path.exists()

    @pytest.mark.needs("nft", "unshare")
    def test_the_real_one_does(self):
        assert ruleset_file.judge(nftables.render(MEDIA)) == "accepted by nft -c"
        with pytest.raises(ruleset_file.Refused, match="syntax error"):
            ruleset_file.judge("table inet livekit { nonsense }\n")

    def test_that_it_is_not_installed_is_reported(self, monkeypatch):
        monkeypatch.setattr(ruleset_file.shutil, "which", lambda name, path: None)
        assert ruleset_file.judge("") == "not checked: nft is not installed"

    def test_that_unshare_is_not_installed_is_reported(self, monkeypatch):
        monkeypatch.setattr(ruleset_file.shutil, "which", lambda name, path: {"nft": "/sbin/nft"}.get(name))
        monkeypatch.setattr(ruleset_file.os, "geteuid", lambda: 1000)
        assert ruleset_file.judge("") == "not checked: unshare is not installed, and nft -c needs root"

    @pytest.mark.parametrize("user", [0, 1000])
    def test_that_it_may_not_ask_the_kernel_is_no_refusal(self, user, tmp_path, monkeypatch):
        fake_nft(tmp_path, monkeypatch, 'echo "Operation not permitted" >&2; exit 1')
        monkeypatch.setattr(ruleset_file.os, "geteuid", lambda: user)
        assert ruleset_file.judge("nonsense") == "not checked: Operation not permitted"


class TestTheProviderIsPickledAsText:
    def pickled(self) -> bytes:
        from pulumi.dynamic.dynamic import serialize_provider

        return base64.b64decode(serialize_provider(ruleset_file.RulesetFileProvider()))

    def test_the_same_on_every_run_and_in_every_place(self):
        """What changed it would show as a change of the resource."""
        here = str(Path(ruleset_file.__file__).parent)
        assert self.pickled() == self.pickled()
        assert here.encode() not in self.pickled()

    def test_it_works_where_this_package_cannot_be_imported(self, tmp_path):
        """Pulumi unpickles it in a process of its own, which knows nothing of `components/`."""
        (tmp_path / "provider").write_bytes(self.pickled())
        program = (
            "import pathlib, pickle, sys\n"
            "sys.modules['livekit_firewall'] = None\n"  # every import of it now fails, installed or not
            "provider = pickle.loads(pathlib.Path('provider').read_bytes())\n"
            "print(provider.create({'path': 'host.nft', 'content': 'one', 'check': 'x'}).outs)\n"
        )
        clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        ran = subprocess.run(
            [sys.executable, "-c", program], cwd=tmp_path, env=clean, capture_output=True, text=True, check=False
        )
        assert ran.stdout == "{'path': 'host.nft', 'content': 'one', 'check': 'x'}\n", ran.stderr
        assert (tmp_path / "host.nft").read_text(encoding="utf-8") == "one"

    def test_pulumi_reports_what_stopped_it_in_one_line_and_anything_else_with_a_traceback(self, tmp_path):
        """In the process that Pulumi runs it in: what the call fails with is what the user reads."""
        from pulumi.runtime import rpc
        from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

        precious = tmp_path / "precious"
        precious.write_text("precious", encoding="utf-8")

        def answer(stub: provider_pb2_grpc.ResourceProviderStub, **props: str) -> str:
            encoded = base64.b64encode(self.pickled()).decode()
            wired = asyncio.run(rpc.serialize_properties({"__provider": encoded, **props}, {}))
            with pytest.raises(grpc.RpcError) as caught:
                stub.Create(provider_pb2.CreateRequest(properties=wired), timeout=30)
            return str(caught.value.details())

        command = [sys.executable, "-m", "pulumi.dynamic", "127.0.0.1:1"]
        environment = {**os.environ, "PULUMI_PROJECT": "test"}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
            try:
                with grpc.insecure_channel(f"127.0.0.1:{int(process.stdout.readline())}") as channel:
                    stub = provider_pb2_grpc.ResourceProviderStub(channel)
                    stopped = answer(stub, path=str(precious), content=ONE, check="x")
                    assert stopped == f"host.path: {precious} {FOREIGN}"
                    assert answer(stub, path=str(precious)).startswith("Traceback (most recent call last):")
            finally:
                process.kill()

    def test_it_loads_in_this_process_too(self):
        assert type(pickle.loads(self.pickled())).__name__ == "RulesetFileProvider"  # noqa: S301 (our own)
