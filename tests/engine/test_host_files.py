"""Whose the file of `host.path` is: components that are renamed, moved, replaced, doubled, of another stack, destroyed.

Wherever a name or a parent changes, the engine creates the new one first and deletes the old one last.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from livekit_firewall.host.standalone.mark import bare, of_text
from tests.sampling import sample

from .project import Deploy, Project

pytestmark = pytest.mark.needs("pulumi", "moto")

FIRST_RELEASE = Path(__file__).with_name("first_release.json.gz")
FILE = "pulumi-python:dynamic/livekit:RulesetFile"


def give(project: Project, *components: dict[str, Any]) -> None:
    (project.folder / "components.json").write_text(json.dumps(components), encoding="utf-8")


def one(name: str, path: str = "host.nft", **more: Any) -> dict[str, Any]:
    return {"name": name, "host": {"path": path}, **more}


def owner(file: Path) -> tuple[str, str]:
    """Stack and name; two empty texts for a file without a mark."""
    text = file.read_text(encoding="utf-8")
    assert bare(text).startswith("# Who may reach this LiveKit host, written by livekit-firewall")
    assert "policy drop" in text
    found = of_text(text)
    return (found.stack, found.component.rpartition("::")[2]) if found else ("", "")


def of_the_first_release(project: Project, *components: dict[str, Any]) -> None:
    give(project, *components)
    project.environment["FIRST_RELEASE"] = str(FIRST_RELEASE)
    project.up()
    del project.environment["FIRST_RELEASE"]


@pytest.fixture
def project(deploy: Deploy) -> Project:
    return deploy("dev", program="owners")


AFTER = {
    "renamed": one("new"),
    "renamed, with an alias": one("new", was="old"),
    "moved": one("old", parent="group"),
    "moved, with an alias": one("old", parent="group", was="old"),
    "renamed, with other rules": one("new", more={"port_range_start": 50000, "port_range_end": 59000}),
    "renamed, with another spelling": one("new", "x/../host.nft"),
    "renamed, through a link": one("new", "link/host.nft"),
}


WORDS = ("moved", "alias", "rules", "spelling", "link")


@pytest.mark.parametrize("change", sample(AFTER, lambda change: [word in change for word in WORDS]))
def test_under_another_urn_it_stays(project: Project, change: str) -> None:
    file = project.folder / "host.nft"
    (project.folder / "link").symlink_to(".")
    give(project, one("old"))
    project.up()
    assert owner(file) == ("dev", "old-host")
    give(project, AFTER[change])
    told = project.up().output
    assert owner(file) == ("dev", f"{AFTER[change]['name']}-host"), told
    assert ("is left as it is: it belongs to the stack dev" in " ".join(told.split())) == ("alias" not in change)
    project.up("--expect-no-changes")
    project.refresh("--expect-no-changes")
    project.destroy()
    assert not file.exists()


def test_replaced_it_stays(project: Project) -> None:
    give(project, one("old"))
    project.up()
    project.up("--expect-no-changes")
    told = project.up("--replace", project.resources()[FILE][0]["urn"]).output
    assert "replaced" in told
    assert owner(project.folder / "host.nft") == ("dev", "old-host"), told
    project.destroy()
    assert not (project.folder / "host.nft").exists()


@pytest.mark.parametrize("path", ["host.nft", "./x/../host.nft", "link/host.nft"])
def test_two_components_with_one_are_refused(project: Project, path: str) -> None:
    (project.folder / "link").symlink_to(".")
    give(project, one("one"), one("two", path))
    for told in (project.preview(fails=True).output, project.up(fails=True).output):
        said = " ".join(told.split())
        assert "host.path: of one component of the program only: 'one-host' in 'one' has " in said
        assert "so 'two-host' in 'two' cannot have it" in said
        assert "Traceback" not in told


def test_another_stack_is_refused_and_destroys_nothing(project: Project, deploy: Deploy) -> None:
    file = project.folder / "host.nft"
    give(project, one("old"))
    project.up()
    before = file.read_bytes()
    other = deploy("prod", program="owners")
    give(other, one("old", str(file)))
    for step in (other.preview, other.up):
        told = " ".join(step(fails=True).output.split())
        assert "belongs to the stack dev of the project host (urn:pulumi:dev::host::" in told
    give(other, one("old", "other.nft"))
    other.up()
    give(other, one("old", str(file)))
    other.up(fails=True)
    other.destroy()
    assert file.read_bytes() == before
    project.destroy()
    assert not file.exists()


def test_after_a_crash_between_create_and_delete_it_stays(project: Project) -> None:
    """The state knows the old name alone, as it was saved before the new one's create ended."""
    file = project.folder / "host.nft"
    give(project, one("old"))
    project.up()
    saved = project.folder / "state.json"
    saved.write_text(project.run("stack", "export").output, encoding="utf-8")
    assert json.loads(project.exported()) == json.loads(saved.read_text(encoding="utf-8"))
    give(project, one("new"))
    project.up()
    project.run("stack", "import", "--file", str(saved), "--force")
    project.destroy()
    assert owner(file) == ("dev", "new-host")
    project.up()
    project.up("--expect-no-changes")
    project.destroy()
    assert not file.exists()


class TestOfTheFirstRelease:
    def test_takes_one_update_in_place(self, project: Project) -> None:
        file = project.folder / "host.nft"
        of_the_first_release(project, one("old"))
        assert owner(file) == ("", "")
        content = file.read_text(encoding="utf-8")
        assert "1 updated" in project.up().output
        assert owner(file) == ("dev", "old-host")
        assert bare(file.read_text(encoding="utf-8")) == content
        project.up("--expect-no-changes")
        give(project, one("new"))
        project.up()
        assert owner(file) == ("dev", "new-host")

    @pytest.mark.parametrize("flag", ["--color=never", "--continue-on-error"])
    def test_stops_under_another_name(self, project: Project, flag: str) -> None:
        file = project.folder / "host.nft"
        of_the_first_release(project, one("old"))
        give(project, one("new"))
        for step in (project.preview, project.up):
            told = " ".join(step(*([flag] if step == project.up else []), fails=True).output.split())
            assert "carries no owner's mark: if a stack wrote it with an older livekit-firewall" in told
        assert owner(file) == ("", "")
        for name in ("old", "new"):
            give(project, one(name))
            project.up()
            assert owner(file) == ("dev", f"{name}-host")

    def test_is_marked_under_another_name_with_an_alias(self, project: Project) -> None:
        of_the_first_release(project, one("old"))
        give(project, one("new", was="old"))
        project.up()
        assert owner(project.folder / "host.nft") == ("dev", "new-host")

    def test_is_still_destroyed(self, project: Project) -> None:
        of_the_first_release(project, one("old"))
        project.destroy()
        assert not (project.folder / "host.nft").exists()
