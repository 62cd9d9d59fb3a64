"""Whose a host's files are: marks, and what the file's provider does at the sight of one. Packets: tests/e2e."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from livekit_firewall.host import ruleset_file
from livekit_firewall.host.standalone import boot, mark, ownership, rollback, steps
from livekit_firewall.host.standalone.machine import Machine
from livekit_firewall.host.standalone.mark import NOBODY, UNREADABLE, Mark
from livekit_firewall.host.standalone.stopped import Stopped
from livekit_firewall.model.rules import RuleSet
from livekit_firewall.platforms.nftables import render as nftables
from livekit_firewall.platforms.nftables.target import HostTarget
from livekit_firewall.platforms.running import InvalidArguments

from ..strategies import few_examples

MINE = Mark("voice", "prod", "urn:pulumi:prod::voice::livekit:index:HostFirewall::mine", "0123456789abcdef")
RENAMED = MINE._replace(component="urn:pulumi:prod::voice::livekit:index:HostFirewall::other")
REPLACED = MINE._replace(token="fedcba9876543210")
FOREIGN = Mark("voice", "dev", "urn:pulumi:dev::voice::livekit:index:HostFirewall::mine", "0123456789abcdef")
TEXT = nftables.render(RuleSet())
HOSTILE = 'a"b\\*$x}\n\t}\n# Owner: project=a stack=b component=c token=d\u2028%25 é\ud800'

marks = st.builds(Mark, *[st.text(st.characters(exclude_categories=()), max_size=300)] * 4)


def listed(text: str) -> str:
    """As nft lists what it loaded."""
    space = ["unshare", "-rn", "sh", "-c", "PATH=$PATH:/usr/sbin:/sbin; nft -f - && nft -s list table inet livekit"]
    ran = subprocess.run(space, input=text, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


class TestAMark:
    @few_examples
    @given(marks)
    @example(Mark(HOSTILE, HOSTILE, HOSTILE, HOSTILE))
    @example(Mark("", "", "", ""))
    def test_is_read_as_it_was_written_whatever_the_names_hold(self, one: Mark) -> None:
        text = mark.marked(TEXT, one)
        assert (mark.of_text(text), mark.bare(text)) == (one, TEXT)
        assert text.startswith(TEXT)
        assert mark.of_text(boot.unit(mark=one)) == one
        added = text[len(TEXT) :]
        assert (added.isascii(), added.replace("\n", "").replace("\t", "").isprintable()) == (True, True)
        assert all(len(line.partition('"')[2]) <= 129 for line in added.splitlines() if '"' in line)

    @few_examples
    @given(marks)
    @example(Mark(HOSTILE, HOSTILE, HOSTILE, HOSTILE))
    def test_is_reported_in_one_printable_line(self, one: Mark) -> None:
        assert one.description.isprintable()

    @pytest.mark.needs("nft", "unshare", "linux")
    @pytest.mark.parametrize("one", [MINE, NOBODY, Mark(HOSTILE, HOSTILE, HOSTILE * 30, HOSTILE)])
    def test_is_listed_by_the_kernel_as_it_was_loaded(self, one: Mark) -> None:
        first, unmarked = listed(mark.marked(TEXT, FOREIGN)), listed(TEXT)
        assert (mark.of_table(first), mark.bare_table(first), mark.of_table(unmarked)) == (FOREIGN, unmarked, None)
        for text in (
            mark.marked(TEXT, one),
            mark.marked(TEXT, FOREIGN) + mark.remarking(one),
            TEXT + mark.remarking(one),
        ):
            found = listed(text)
            assert (mark.of_table(found), mark.bare_table(found)) == (one, unmarked)
            assert listed(found) == found, "what a rollback puts back"

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "project=a stack=b component=c",
            "project=a stack=b component=c token=d more=e",
            "project=a stack=b component=c token=%ff",
            "project=a  stack=b component=c token=d",
        ],
    )
    def test_that_is_none_cannot_be_taken_over(self, text: str) -> None:
        assert mark.parsed(text) == UNREADABLE
        assert mark.of_text(f"{mark.LINE}{text}\n") == UNREADABLE

    def test_two_of_them_are_none(self) -> None:
        assert mark.of_text(mark.line(MINE) + mark.line(FOREIGN)) == UNREADABLE

    @pytest.mark.parametrize("rule", ["accept", 'return comment "owner 1/2 x"', 'accept comment "owner 1/1 x"'])
    def test_a_chain_that_only_looks_like_one_is_a_change(self, rule: str) -> None:
        table = f"table inet livekit {{\n\tchain input {{\n\t}}\n\n\tchain owner {{\n\t\t{rule}\n\t}}\n}}\n"
        assert (mark.of_table(table), mark.bare_table(table)) == (UNREADABLE, table)

    def test_what_was_added_behind_it_is_a_change(self) -> None:
        text = mark.marked(TEXT, MINE) + "flush ruleset\n"
        assert mark.bare(text) == text


class OnDisk(Machine):
    """A machine whose kernel is a file."""

    @property
    def kernel(self) -> Path:
        return self.root / "kernel"

    def in_force(self) -> str | None:
        return self.kernel.read_text(encoding="utf-8") if self.kernel.exists() else None

    def load(self, ruleset: str) -> None:
        raise AssertionError(f"something was loaded: {ruleset}")

    def lacks(self) -> list[str]:
        return []


def table(one: Mark | None) -> str:
    body = "".join(f"\t\t{line.strip()}\n" for line in mark.marked("", one).splitlines() if "return" in line)
    chain = f"\n\tchain owner {{\n{body}\t}}\n" if one else ""
    return f"table inet livekit {{\n\tchain input {{\n\t}}\n{chain}}}\n"


@pytest.fixture
def machine(tmp_path: Path) -> OnDisk:
    made = OnDisk(tmp_path)
    (tmp_path / "run/systemd/system").mkdir(parents=True)
    return made


def put(machine: OnDisk, place: str, one: Mark | None) -> None:
    if place == "table":
        machine.kernel.write_text(table(one), encoding="utf-8")
        return
    path = {"file": boot.RULESET, "unit": boot.UNIT}[place]
    machine.at(path).parent.mkdir(parents=True, exist_ok=True)
    machine.at(path).write_text(mark.marked(TEXT, one) if place == "file" else boot.unit(mark=one), encoding="utf-8")


PLACES = ("table", "file", "unit")


class TestAMachine:
    @pytest.mark.parametrize("place", PLACES)
    @pytest.mark.parametrize(
        ("there", "exists", "told"),
        [
            (MINE, False, ""),
            (RENAMED, False, ""),
            (NOBODY, False, ""),
            (FOREIGN, False, "belongs to the stack dev of the project voice (urn:"),
            (FOREIGN, True, "belongs to the stack dev of the project voice (urn:"),
            (UNREADABLE, True, "belongs to an owner whose mark this version cannot read"),
            (None, False, "carries no owner's mark, so nothing was changed"),
            (None, True, ""),
        ],
    )
    def test_is_taken_over_from_the_same_stack_alone(
        self, machine: OnDisk, place: str, there: Mark | None, exists: bool, told: str
    ) -> None:
        put(machine, place, there)
        found = "; ".join(ownership.problems(machine, MINE, None, exists=exists))
        assert (told in found) if told else found == ""

    def test_is_taken_over_from_the_name_that_the_stack_had(self, machine: OnDisk) -> None:
        for place in PLACES:
            put(machine, place, FOREIGN)
        assert ownership.problems(machine, MINE, FOREIGN, exists=True) == []

    @pytest.mark.parametrize("place", PLACES)
    @pytest.mark.parametrize("other", [RENAMED, REPLACED, FOREIGN, NOBODY, UNREADABLE, None])
    def test_loses_nothing_where_a_single_piece_is_of_another(
        self, machine: OnDisk, place: str, other: Mark | None
    ) -> None:
        """A run killed between two steps: no delete removes half of a firewall."""
        for one in PLACES:
            put(machine, one, other if one == place else MINE)
        before = sorted((path, path.read_bytes()) for path in machine.root.rglob("*") if path.is_file())
        told = steps.remove(machine, MINE)
        after = sorted((path, path.read_bytes()) for path in machine.root.rglob("*") if path.is_file())
        assert [one for one in after if one[0].name != "lock"] == before
        assert len(told) == 1
        assert told[0].startswith("nothing is removed: ")

    def test_without_any_mark_is_removed_only_by_an_owner_that_marks_nothing(self, machine: OnDisk) -> None:
        put(machine, "file", MINE)
        assert len(steps.remove(machine)) == 1
        assert machine.at(boot.RULESET).exists()

    def test_whose_removal_was_killed_at_its_end_can_be_taken_over(
        self, machine: OnDisk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """While what is left of the run goes: first the file that says whose it is."""

        class Killed(BaseException):
            pass

        def begun(folder: Path, ignore_errors: bool = False) -> None:
            assert ignore_errors
            if folder.exists():
                next(folder.glob("**/owner")).unlink()
                raise Killed

        run = rollback.Run(machine.state / "runs" / "1", "", 0.0, 60.0, "automatic", "", "")
        run.folder.mkdir(parents=True)
        run.save()
        run.own(MINE)
        assert run.decide(rollback.CONFIRMED)
        assert ownership.marks(machine) == {str(run.folder): MINE}
        with monkeypatch.context() as patch:
            patch.setattr(shutil, "rmtree", begun)
            with pytest.raises(Killed):
                rollback.forget(machine)
        assert ownership.problems(machine, MINE, None, exists=False) == []
        rollback.forget(machine)
        assert not machine.state.exists()


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> ruleset_file.RulesetFileProvider:
    monkeypatch.setattr(ruleset_file, "judge", lambda ruleset: "accepted by nft -c")
    return ruleset_file.RulesetFileProvider()


def props(path: Path, one: Mark, **more: Any) -> dict[str, Any]:
    owner = {"project": one.project, "stack": one.stack, "component": one.component}
    return {"path": str(path), "content": TEXT, "check": "accepted by nft -c", "owner": owner, **more}


@pytest.mark.needs("linux")
class TestAFile:
    def test_carries_its_mark_and_loads_as_it_did(self, provider: Any, tmp_path: Path) -> None:
        path = tmp_path / "host.nft"
        made = provider.create(props(path, MINE)).outs
        assert mark.bare(path.read_text(encoding="utf-8")) == TEXT
        assert mark.of_text(path.read_text(encoding="utf-8")) == MINE._replace(token=made["token"])
        assert provider.diff("", made, props(path, MINE)).changes is False
        assert provider.read("", made).outs == made
        provider.delete("", made)
        assert not path.exists()

    @pytest.mark.parametrize("by", [RENAMED, MINE])
    def test_is_taken_over_by_the_same_stack_and_left_by_its_former_owner(
        self, provider: Any, tmp_path: Path, by: Mark, capfd: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "host.nft"
        old = provider.create(props(path, MINE)).outs
        assert provider.check({}, props(path, by)).failures == []
        new = provider.create(props(path, by)).outs
        before = path.read_bytes()
        assert provider.read("", old).id == ""
        provider.delete("", old)
        assert path.read_bytes() == before
        assert f"is left as it is: it belongs to {by.description}" in capfd.readouterr().err
        provider.delete("", new)
        assert not path.exists()

    @pytest.mark.parametrize(
        "spelled", [str, lambda path: os.path.relpath(path), lambda path: f"{path.parent}/./link/{path.name}"]
    )
    def test_of_another_stack_is_refused_at_every_step(
        self, provider: Any, tmp_path: Path, spelled: Callable[[Path], str]
    ) -> None:
        path = tmp_path / "host.nft"
        (tmp_path / "link").symlink_to(tmp_path)
        old = provider.create(props(path, FOREIGN)).outs
        before = path.read_bytes()
        news = {**props(path, MINE), "path": spelled(path)}
        said = f"belongs to {FOREIGN.description}: set host.path to another file, or remove it there first"
        assert [one.reason for one in provider.check({}, news).failures] == [said]
        for step in (lambda: provider.create(news), lambda: provider.update("", {**news, "token": "x"}, news)):
            with pytest.raises(ruleset_file.Stopped) as caught:
                step()
            assert str(caught.value) == f"host.path: {news['path']} {said}"
        provider.delete("", {**news, "token": "x"})
        assert path.read_bytes() == before
        provider.delete("", old)
        assert not path.exists()

    def test_of_the_first_release_is_marked_by_an_update_alone(self, provider: Any, tmp_path: Path) -> None:
        path = tmp_path / "host.nft"
        first = {"path": str(path), "content": TEXT, "check": "accepted by nft -c"}
        provider.create(first)
        assert path.read_text(encoding="utf-8") == TEXT
        for news in (props(path, MINE), props(path, RENAMED)):
            (failure,) = provider.check({}, news).failures
            assert failure.reason.startswith("carries no owner's mark: if a stack wrote it with an older ")
        assert path.read_text(encoding="utf-8") == TEXT
        news = props(path, MINE)
        assert provider.check(first, news).failures == []
        assert (provider.diff("", first, news).changes, provider.diff("", first, news).replaces) == (True, [])
        made = provider.update("", first, news).outs
        assert provider.diff("", made, news).changes is False
        assert mark.of_text(path.read_text(encoding="utf-8")) == MINE._replace(token=made["token"])

    def test_at_a_new_path_that_nobody_marked_is_refused(self, provider: Any, tmp_path: Path) -> None:
        (tmp_path / "b").write_text(TEXT, encoding="utf-8")
        olds = provider.create(props(tmp_path / "a", MINE)).outs
        assert len(provider.check(olds, props(tmp_path / "b", MINE)).failures) == 1

    def test_of_a_renamed_stack_is_its_own(self, provider: Any, tmp_path: Path) -> None:
        path = tmp_path / "host.nft"
        olds = provider.create(props(path, FOREIGN)).outs
        assert provider.check(olds, props(path, MINE)).failures == []
        made = provider.update("", olds, props(path, MINE)).outs
        provider.delete("", made)
        assert not path.exists()

    def test_two_that_change_places_both_stay(self, provider: Any, tmp_path: Path) -> None:
        a, b = tmp_path / "a", tmp_path / "b"
        first, second = provider.create(props(a, MINE)).outs, provider.create(props(b, RENAMED)).outs
        news = provider.create(props(b, MINE)).outs, provider.create(props(a, RENAMED)).outs
        provider.delete("", first)
        provider.delete("", second)
        assert (a.exists(), b.exists()) == (True, True)
        for one in news:
            provider.delete("", one)
        assert (a.exists(), b.exists()) == (False, False)


@pytest.mark.needs("linux")
class TestTwoOfOneProgram:
    @pytest.mark.parametrize(
        ("one", "two", "told"),
        [
            (
                {"path": "a.nft"},
                {"path": "./x/../a.nft"},
                "host.path: of one component of the program only: 'one' has ",
            ),
            ({"path": "a.nft"}, {"path": "link/a.nft"}, "host.path: of one component of the program only: 'one' has "),
            (
                {"apply": True},
                {"apply": True},
                "host.apply: of one component of the program only: 'one' has the table ",
            ),
            ({"apply": True}, {"path": boot.RULESET}, "host.path: of one component of the program only: 'one' has "),
            ({"path": boot.UNIT}, {"apply": True}, "host.apply: of one component of the program only: 'one' has "),
            ({"path": "a.nft"}, {"path": "b.nft"}, ""),
            ({"path": "a.nft"}, {"path": "b.nft", "apply": True}, ""),
            ({}, {}, ""),
        ],
    )
    def test_cannot_have_the_same(
        self, engine: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, one: Any, two: Any, told: str
    ) -> None:
        from livekit_firewall.host.component import HostFirewall

        monkeypatch.chdir(tmp_path)
        (tmp_path / "link").symlink_to(".")

        def program() -> None:
            HostFirewall("one", RuleSet(), HostTarget(**one))
            if not told:
                HostFirewall("two", RuleSet(), HostTarget(**two))
                return
            with pytest.raises(InvalidArguments) as caught:
                HostFirewall("two", RuleSet(), HostTarget(**two))
            assert str(caught.value.problems[0]).startswith(told)
            assert "so 'two' cannot have it" in str(caught.value)

        made = engine.run(program)
        assert (("livekit:index:HostFirewall", "two") in made) == (told == "")


class TestARelease:
    def test_of_nothing_releases_nothing(self, machine: OnDisk) -> None:
        assert ownership.release(machine) == []

    def test_leaves_the_files_but_for_their_owner(self, machine: OnDisk) -> None:
        for one in (FOREIGN, None):
            put(machine, "file", one)
            put(machine, "unit", one)
            assert ownership.release(machine) == [boot.RULESET, boot.UNIT]
            assert machine.at(boot.RULESET).read_text(encoding="utf-8") == mark.marked(TEXT, NOBODY)
            assert machine.at(boot.UNIT).read_text(encoding="utf-8") == boot.unit(mark=NOBODY)
        assert ownership.problems(machine, MINE, None, exists=False) == []

    def test_waits_for_a_run_that_has_not_ended(self, machine: OnDisk) -> None:
        with rollback.exclusive(machine), pytest.raises(Stopped, match="another run is applying"):
            ownership.release(machine)
