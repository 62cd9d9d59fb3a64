"""The command `review`: files, formats, exit codes; what it is about is tested in tests/unit/reports/review."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from livekit_firewall.cli.group import main
from tests.unit.reports.review.programs import digest, group, ingress, preview, stream

ROOT = Path(__file__).parents[3]
OWNER = group()
WEB = [OWNER, ingress(OWNER, "web")]
MORE = [*WEB, ingress(OWNER, "more", fromPort=8443, toPort=8443)]
REDIS = [*WEB, ingress(OWNER, "redis", fromPort=6379, toPort=6379)]
OTHER = [OWNER, ingress(OWNER, "other", fromPort=9999, toPort=9999)]

SIDES = {
    "no change": (WEB, WEB),
    "narrower": (MORE, WEB),
    "wider": (WEB, MORE),
    "moved": (OTHER, [OWNER, ingress(OWNER, "another", fromPort=9998, toPort=9998)]),
    "wider at a risk": (WEB, REDIS),
    "no change at a risk": (REDIS, REDIS),
    "narrower at a risk": ([*REDIS, ingress(OWNER, "x", fromPort=81, toPort=81)], REDIS),
}
CODES = {
    # fail-on: none, wider, risk, any
    "no change": (0, 0, 0, 0),
    "narrower": (0, 0, 0, 1),
    "wider": (0, 1, 0, 1),
    "moved": (0, 1, 0, 1),
    "wider at a risk": (0, 1, 1, 1),
    "no change at a risk": (0, 0, 1, 1),
    "narrower at a risk": (0, 0, 1, 1),
}

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(["review", *arguments])
        out, err = capsys.readouterr()
        code = stopped.value.code
        assert isinstance(code, int)
        return code, out, err

    return call


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "p.json"
    path.write_text(preview(*SIDES["wider"]))
    return path


@pytest.mark.parametrize("name", SIDES)
@pytest.mark.parametrize(("column", "fail_on"), list(enumerate([None, "wider", "risk", "any"])))
def test_the_exit_code_is_what_was_asked_for(run, file, name, column, fail_on):
    file.write_text(preview(*SIDES[name]))
    asked = ["--fail-on", fail_on] if fail_on else []
    for form in ("markdown", "text", "json"):
        code, out, err = run("p.json", "--format", form, *asked)
        assert (code, err) == (CODES[name][column], "")
        verdict = name.removesuffix(" at a risk")
        assert (json.loads(out)["verdict"] if form == "json" else out[: len(verdict)]) == verdict


def test_markdown_is_what_is_printed_unless_asked_otherwise(run, file):
    assert run("p.json") == run("p.json", "--format", "markdown")
    assert run("p.json", "--json") == run("p.json", "--format", "json")
    assert run("p.json")[1].startswith("wider: 1 added\n\n### `dev`: wider\n\n| Change |")
    assert run("p.json", "--format", "text")[1].startswith("wider: 1 added\n\ndev: wider\n")


def test_json_has_its_version_and_is_ascii(run, file):
    _, out, _ = run("p.json", "--json")
    assert out.isascii()
    assert json.loads(out)["version"] == 1


def test_the_limit_holds_for_markdown(run, file):
    file.write_text(
        preview(WEB, [*WEB, *(ingress(OWNER, f"r{n}", fromPort=n, toPort=n) for n in range(8000, 8300, 2))])
    )
    assert len(run("p.json")[1]) > 1500
    assert len(run("p.json", "--limit", "700")[1]) <= 700
    code, _, err = run("p.json", "--limit", "499")
    assert code == 2
    assert "499" in err


class TestWhereAPreviewComesFrom:
    def test_standard_input(self, run, monkeypatch):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(preview(*SIDES["wider"]).encode())))
        assert run("-")[:2] == (0, run_of(preview(*SIDES["wider"]), "(standard input)"))

    def test_the_event_stream(self, run, file):
        file.write_text(stream(digest(*SIDES["wider"])))
        assert run("p.json")[1].startswith("wider: 1 added")

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
    def test_another_encoding_as_windows_writes_it(self, run, file, encoding):
        told = preview(*SIDES["wider"]).replace("web", "wéb")
        mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
        file.write_bytes(mark + told.replace("\n", "\r\n").encode(encoding))
        assert run("p.json")[1].startswith("wider: 1 added")

    def test_a_named_pipe(self, run, tmp_path):
        """As a shell makes one for `review <(pulumi preview --json)`."""
        os.mkfifo(tmp_path / "pipe")
        writer = subprocess.Popen(
            [sys.executable, "-c", "import sys; open('pipe', 'w').write(sys.argv[1])", preview(*SIDES["wider"])],
            cwd=tmp_path,
        )
        assert run("pipe")[1].startswith("wider: 1 added")
        assert writer.wait(timeout=10) == 0


def run_of(text: str, name: str) -> str:
    from livekit_firewall.reports.review import review_texts
    from livekit_firewall.reports.review.markdown import markdown

    return markdown(review_texts([(name, text)]))


class TestWhatAPageIsAbout:
    def test_is_its_stack_its_project_and_its_file(self, run, file):
        about = "Stack `dev` of project `media`; preview `p.json`."
        assert about in run("p.json")[1].splitlines()
        assert f"  {about.replace('`', '')}" in run("p.json", "--format", "text")[1].splitlines()
        assert json.loads(run("p.json", "--json")[1])["stacks"][0]["origin"] == {
            "stack": "dev", "project": "media", "file": "p.json", "made": None,
        }  # fmt: skip

    def test_leaves_out_the_folder_of_the_file(self, run, file, tmp_path):
        """Where a job of CI keeps its files is new each time."""
        (tmp_path / "previews").mkdir()
        file.rename(tmp_path / "previews" / "p.json")
        assert "; preview `p.json`." in run(str(tmp_path / "previews" / "p.json"))[1]

    @pytest.mark.parametrize("form", ["markdown", "text"])
    def test_is_told_where_nothing_changes_too(self, run, file, form):
        file.write_text(preview(*SIDES["no change"]))
        assert "dev" in run("p.json", "--format", form)[1]

    def test_has_a_date_where_the_preview_has_one(self, run, file):
        file.write_text(stream(digest(*SIDES["wider"])).replace('"timestamp": 1,', '"timestamp": 1764452640,'))
        assert "Stack `dev` of project `media`; preview `p.json` of 2025-11-29 21:44 UTC." in run("p.json")[1]

    @pytest.mark.parametrize("time", ["0", "-1", "99999999999999999999", "null", '"x"', "true", "{}", "1.5"])
    def test_has_none_where_that_is_none(self, run, file, time):
        file.write_text(stream(digest(*SIDES["wider"])).replace('"timestamp": 1,', f'"timestamp": {time},'))
        assert json.loads(run("p.json", "--json")[1])["stacks"][0]["origin"]["made"] is None


class TestSeveral:
    def test_stacks_are_one_page(self, run, tmp_path):
        for name, sides in (("a", SIDES["wider"]), ("b", SIDES["narrower"]), ("c", SIDES["no change"])):
            (tmp_path / f"{name}.json").write_text(preview(*sides, stack=name))
        code, out, _ = run("a.json", "b.json", "c.json", "--fail-on", "wider")
        assert code == 1
        assert out.startswith("moved: 1 added, 1 removed in 3 stacks\n")
        assert [line for line in out.splitlines() if line.startswith("### ")] == ["### `a`: wider", "### `b`: narrower"]
        assert "no change in `c`" in out

    def test_of_one_name_are_told_apart_by_their_files(self, run, tmp_path):
        for name in ("a", "b"):
            (tmp_path / f"{name}.json").write_text(preview(*SIDES["wider"]))
        out = json.loads(run("a.json", "b.json", "--json")[1])
        assert [part["name"] for part in out["stacks"]] == ["media/dev (a.json)", "media/dev (b.json)"]

    def test_times_the_same_file_is_once(self, run, file):
        assert run("p.json", "p.json") == run("p.json")

    def test_that_cannot_be_read_are_told_at_once(self, run, file, tmp_path):
        (tmp_path / "folder").mkdir()
        (tmp_path / "binary").write_bytes(b"\xff\x00\x81")
        code, out, err = run("none.json", "folder", "binary", "p.json", "gone/none.json")
        assert (code, out) == (2, "")
        assert "4 previews that cannot be reviewed:" in err
        assert [line.split(":")[0].strip(" -") for line in err.splitlines() if line.startswith("  - ")] == [
            "none.json", "folder", "binary", "gone/none.json",
        ]  # fmt: skip
        assert "Traceback" not in err

    def test_that_are_no_previews_are_told_at_once(self, run, file, tmp_path):
        (tmp_path / "empty").write_text("")
        (tmp_path / "html").write_text("<html>")
        code, out, err = run("empty", "p.json", "html")
        assert (code, out) == (2, "")
        assert "2 previews that cannot be reviewed:" in err


def test_no_preview_at_all_is_a_wrong_call(run):
    code, _, err = run()
    assert code == 2
    assert "PREVIEW.json" in err


def test_a_name_that_means_no_good_is_shown_harmless(run):
    _, _, err = run("\x1b[31m\u202e\nx.json")
    assert all(char == "\n" or char.isprintable() for char in err)


def test_a_file_larger_than_any_preview_is_refused(run, file, monkeypatch):
    monkeypatch.setattr("livekit_firewall.reports.review.files.MAX_BYTES", 100)
    code, _, err = run("p.json")
    assert code == 2
    assert "must be at most" in err


def process(*arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "components"), "PYTHONWARNINGS": "error"}
    options = {"text": True, "stderr": subprocess.PIPE, "env": environment, "timeout": 60, **more}
    return subprocess.run([sys.executable, *arguments], check=False, **options)


@pytest.mark.matrix
@pytest.mark.needs("linux")
@pytest.mark.parametrize(("asked", "code"), [([], 0), (["--fail-on", "wider"], 1), (["--fail-on", "risk"], 0)])
@pytest.mark.parametrize("form", ["markdown", "text", "json"])
def test_a_reader_that_leaves_early_changes_no_exit_code(file, asked, code, form):
    read_end, write_end = os.pipe()
    os.close(read_end)
    with os.fdopen(write_end, "w") as closed:
        done = process("-m", "livekit_firewall.cli", "review", str(file), "--format", form, *asked, stdout=closed)
    assert (done.returncode, done.stderr) == (code, "")


def test_neither_pulumi_nor_an_sdk_is_loaded(file):
    command = ["-X", "importtime", "-m", "livekit_firewall.cli", "review", str(file)]
    done = process(*command, stdout=subprocess.PIPE)
    assert done.stdout.startswith("wider: ")
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "msgspec" in loaded
    assert not loaded & {"pulumi", "pulumi_aws", "pulumi_gcp", "pulumi_azure_native", "rich", "grpc"}
