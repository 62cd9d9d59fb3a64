"""What the first job of the workflow accepts: the event, and what it installs."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from .workflows import PARSED, ROOT

HASH = "0123456789abcdef" * 2 + "01234567"
INSTALLED = (
    ".", "./tools/firewall", "livekit-firewall==0.1.0", "livekit-firewall[aws]==0.1.0", "a.b-c==1!2.0+local",
    f"git+https://github.com/o/livekit-firewall@{HASH}", f"git+ssh://git@host/o/r.git@{HASH}#subdirectory=x",
    f"livekit-firewall @ git+https://host/o/r@{HASH}", f"https://github.com/o/r/archive/{HASH}.zip",
    f"https://host/livekit_firewall-0.1.0-py3-none-any.whl#sha256={'0' * 64}",
)  # fmt: skip
REFUSED = (
    "", " ", "livekit-firewall", "livekit-firewall>=0.1.0", "livekit-firewall==0.*", "livekit-firewall~=0.1",
    "livekit-firewall==0.1.0 evil", "livekit-firewall==", "evil\nlivekit-firewall==0.1.0", "livekit-firewall===x",
    "git+https://github.com/o/r", "git+https://github.com/o/r@main", "git+https://github.com/o/r@v1.0",
    f"git+https://github.com/o/r@{HASH[:12]}", f"git+https://github.com/o/r@{HASH}x", f"git+http://host/o/r@{HASH}",
    "https://host/a.whl", "https://github.com/o/r/archive/main.zip", f"http://host/archive/{HASH}.zip", "..", "../x",
    "--index-url=https://evil", "-r x", "--editable=.", "livekit-firewall; touch evil", "$(touch evil)==1",
)  # fmt: skip


def install(tmp_path: Path, event: str | None, what: str) -> tuple[int, str, str]:
    """Runs the first job's step: its exit code, what pip was given, and what was printed."""
    (step,) = (one for one in PARSED["preview.yml"]["jobs"]["touched"]["steps"] if one.get("name") == "Install")
    (tmp_path / "python").write_text('#!/bin/sh\nfor last; do :; done\nprintf %s "$last" > asked\n')
    (tmp_path / "python").chmod(0o755)
    given = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "INSTALL": what}
    if event is not None:
        given["GITHUB_EVENT_NAME"] = event
    done = subprocess.run(
        ["bash", "-e", "-c", step["run"]],
        cwd=tmp_path,
        env=given,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    asked = tmp_path / "asked"
    return done.returncode, asked.read_text() if asked.exists() else "", done.stdout + done.stderr


@pytest.mark.parametrize("what", INSTALLED)
def test_what_cannot_become_another_program_is_installed(tmp_path: Path, what: str) -> None:
    assert install(tmp_path, "pull_request", what) == (0, what, "")


@pytest.mark.parametrize("what", REFUSED)
def test_what_may_become_another_program_is_refused(tmp_path: Path, what: str) -> None:
    code, asked, said = install(tmp_path, "pull_request", what)
    assert (code, asked) == (2, "")
    assert said.startswith("::error::install must be a URL with a commit's full hash, a path")
    assert [path.name for path in tmp_path.iterdir()] == ["python"]


@pytest.mark.parametrize(
    "event", ["pull_request_target", "push", "workflow_dispatch", "merge_group", "issue_comment", "schedule", "", None]
)
def test_another_event_than_a_pull_request_is_refused_with_a_sentence(tmp_path: Path, event: str | None) -> None:
    code, asked, said = install(tmp_path, event, ".")
    assert (code, asked) == (2, "")
    assert said.startswith("::error::this workflow compares a pull request with its base: call it with `on: pull_req")
    assert said.rstrip().endswith(f"not on {event or 'an unknown event'}")


def test_no_job_runs_before_the_first_has_accepted_the_event_and_what_is_installed() -> None:
    jobs = PARSED["preview.yml"]["jobs"]
    steps = jobs["touched"]["steps"]
    assert next(step.get("name") for step in steps if "run" in step) == "Install"
    for name, job in jobs.items():
        assert name == "touched" or "touched" in job["needs"]
    assert not re.search(r"always\(\)|failure\(\)", json.dumps(jobs))
    assert "!cancelled() && needs.touched.result == 'success'" in jobs["comment"]["if"]


NAMED = r"livekit[-_]firewall(?:\[[\w,-]*\])?"
UNCLAIMED = re.compile(
    r"(?:pip[3x]? install|pipx (?:run|inject)|uvx|uv (?:pip |tool )?(?:install|run|add)|(?:poetry|pdm) add)"
    rf"[^\n#&|;]*[ '\"=]{NAMED}(?![\w./\[-])(?!\s*@)"
    rf"|{NAMED}\s*[=~>]=|^{NAMED}$|^\s*(?:install|LIVEKIT_FIREWALL): {NAMED}\s*$",
    re.MULTILINE,
)


@pytest.mark.parametrize(
    "text",
    [
        "pip install livekit-firewall", "python -m pip install -U 'livekit-firewall[aws]'", "uvx livekit-firewall lint",
        "pipx install livekit-firewall", "uv add livekit-firewall", "livekit-firewall>=0.1", "livekit-firewall",
        "    install: livekit-firewall==0.1.0", '    "livekit-firewall>=0.1",',
    ],
)  # fmt: skip
def test_a_name_that_the_index_would_look_up_is_found(text: str) -> None:
    assert UNCLAIMED.search(text)


@pytest.mark.parametrize(
    "text",
    [
        "pip install '.[aws]'", "pip install 'livekit-firewall[aws] @ git+https://HOST/OWNER/REPOSITORY@COMMIT'",
        "pip install ./dist/livekit_firewall-0.1.0-py3-none-any.whl", 'name = "livekit-firewall"',
        "livekit-firewall lint", "pip install . && livekit-firewall-x",
    ],
)  # fmt: skip
def test_another_source_than_an_index_is_not(text: str) -> None:
    assert not UNCLAIMED.search(text)


def test_nothing_names_a_package_of_the_index_that_nobody_has_claimed() -> None:
    """Whoever claims the name first would be installed: all that git tracks, but for the tests."""
    given = PARSED["preview.yml"]["on"]["workflow_call"]["inputs"]["install"]
    assert (given["required"], given.get("default")) == ("true", None)
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    read = [ROOT / name for name in names.split("\0") if name and not name.startswith("tests/")]
    assert len(read) > 400
    for file in read:
        if file.is_file() and b"\0" not in (content := file.read_bytes()):
            found = UNCLAIMED.search(content.decode("utf-8"))
            assert not found, (file, found and found[0])
