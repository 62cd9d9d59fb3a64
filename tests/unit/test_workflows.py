"""The shell steps of the workflows from end to end.

The tests run the steps' own scripts in a real repository, with the real commands, a stand-in for the
action that comments, and a fake API of GitLab. A fake `pulumi` prints what the real one printed (tests/previews).
The commands run in this process, where nothing has to be imported again; a program hands them over.
"""

from __future__ import annotations

import io
import json
import os
import re
import socketserver
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from livekit_firewall.cli.group import main
from livekit_firewall.reports.review import review_texts
from livekit_firewall.reports.review.change import Operation, Review, ReviewPart, Risk
from livekit_firewall.reports.review.markdown import markdown

from .fake_forge import GITHUB, GITLAB, STICKY, TOKEN, Forge, serving, sticky
from .git_repository import ALONE, Repository
from .workflows import DOCUMENT, PARSED, ROOT, WORKFLOWS, blocks, read

PULUMI = """#!/bin/sh
# The stack `broken` fails as it does with Pulumi: the errors are in the JSON.
echo "$PWD: pulumi $*" >> "$LOG"
env > "$LOG.environment"
[ "$1" = preview ] || exit 0
cat > /dev/null
name=${3##*/}
cat "$SHOWN/$name.json" || exit 9
[ "$name" != broken ]
"""

COMMAND = """#!/bin/bash
echo "livekit-firewall $*" >> "$LOG"
exec 3<> "/dev/tcp/127.0.0.1/$COMMANDS"
{ printf '%s\\0' "$PWD" "$#" "$@"; env -0; printf '\\0'; } >&3
IFS= read -r -d '' code <&3
IFS= read -r -d '' err <&3
printf %s "$err" >&2
cat <&3  # bash would read it byte by byte
exit "$code"
"""


SERVED_PYTHON = COMMAND.replace("\nexec 3<>", '\nset -- python "$(cat)"\nexec 3<>', 1)
"""Hands over a program in place of a command, since its imports cost more than the rest of the job."""


class Commands(socketserver.StreamRequestHandler):
    """Runs the command of COMMAND, with its folder and environment, while the test waits for the step's script."""

    def word(self) -> str:
        read = b""
        while not read.endswith(b"\0"):
            read += self.rfile.read(1)
        return read[:-1].decode()

    def handle(self) -> None:
        folder, count = self.word(), int(self.word())
        arguments = [self.word() for _ in range(count)]
        environment = dict(pair.split("=", 1) for pair in iter(self.word, ""))
        before, here, code = dict(os.environ), Path.cwd(), None
        with io.TextIOWrapper(io.BytesIO(), "utf-8") as out, io.TextIOWrapper(io.BytesIO(), "utf-8") as err:
            try:
                os.chdir(folder)
                os.environ.clear()
                os.environ.update(environment)
                with redirect_stdout(out), redirect_stderr(err):
                    if arguments[0] == "python":
                        exec(arguments[1], {})  # noqa: S102 (our own document's)
                        sys.exit(0)
                    main(arguments)
            except SystemExit as done:
                code = done.code
            finally:
                os.environ.clear()
                os.environ.update(before)
                os.chdir(here)
            out.flush()
            err.flush()
            said = [err.buffer.getvalue(), out.buffer.getvalue()]  # type: ignore[attr-defined]
        self.wfile.write(b"\0".join((str(code).encode(), *said)))


@pytest.fixture(scope="module")
def commands() -> Iterator[int]:
    with socketserver.TCPServer(("127.0.0.1", 0), Commands) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


PREVIEWS = ROOT / "tests/previews/aws"
SHOWN = {
    "one": "https-on",
    "two": "foreign-inline-ssh-to-the-internet",
    "same": "block-split",
    "standing": "foreign-inline-redis-to-the-internet",
    "gone": "destroyed",
    "broken": "foreign-refused",
}


@cache
def previewed(stack: str) -> str:
    """What Pulumi printed, of that stack; of `standing` one update later, so that what it admits was there before."""
    text = (PREVIEWS / f"{SHOWN[stack]}.json").read_text().replace("urn:pulumi:dev::", f"urn:pulumi:{stack}::")
    if stack != "standing":
        return text
    preview = json.loads(text)
    states = [step["newState"] for step in preview["steps"] if "newState" in step]
    steps = [{"op": "same", "urn": one["urn"], "oldState": one, "newState": one} for one in states]
    return json.dumps({**preview, "steps": steps, "changeSummary": {"same": len(steps)}})


@cache
def page_of(*stacks: str) -> str:
    return markdown(review_texts([(f"{stack}.json", previewed(stack)) for stack in stacks]), 62_000)


class Runner:
    """Runs the jobs of preview.yml as GitHub does, as far as their shell steps and artifacts go."""

    def __init__(self, folder: Path, repository: Repository, commands: int, forge: Forge) -> None:
        self.folder, self.repository, self.forge = folder, repository, forge
        tools = folder / "bin"
        tools.mkdir()
        programs = {"pulumi": PULUMI, "livekit-firewall": COMMAND, "python": f'#!/bin/sh\nexec {sys.executable} "$@"\n'}
        for name, text in programs.items():
            (tools / name).write_text(text)
            (tools / name).chmod(0o755)
        self.log, self.artifacts, shown = folder / "log", folder / "artifacts", folder / "shown"
        shown.mkdir()
        for stack in SHOWN:
            (shown / f"{stack}.json").write_text(previewed(stack))
        self.log.write_text("")
        self.values = {
            "inputs.install": "x", "inputs.working-directory": ".", "inputs.stacks": "", "inputs.preview": "true",
            "inputs.organization": "", "inputs.fail-on": "", "inputs.marker": "preview",
            "inputs.python-version": "3.12", "secrets.pulumi-access-token": "pul-canary",
            "secrets.environment": "PULUMI_BACKEND_URL=file:///state\n\nKEY=a b=c",
        }  # fmt: skip
        self.environment = {
            **ALONE,
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "COMMANDS": str(commands),
            "LOG": str(self.log),
            "SHOWN": str(shown),
            "HOME": str(folder),
            "GITHUB_ACTIONS": "true",
            "GITHUB_BASE_REF": "main",
            "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        }

    def value(self, text: str, more: dict[str, str]) -> str:
        known = {**self.values, **more, "runner.temp": more["RUNNER_TEMP"]}
        return re.sub(r"\$\{\{ ([^}]*) \}\}", lambda found: known[found[1]], text)

    def job(self, name: str, **more: str) -> tuple[int, dict[str, str], str]:
        """The first exit code that is not 0, the steps' outputs, and what was printed."""
        temporary = self.folder / f"temp-{name}-{more.get('matrix.stack', '')}"
        temporary.mkdir(exist_ok=True)
        outputs: dict[str, str] = {}
        exported: dict[str, str] = {}
        failed, printed = 0, ""
        for step in PARSED["preview.yml"]["jobs"][name]["steps"]:
            context = {**more, "RUNNER_TEMP": str(temporary)}
            if "uses" in step and "-artifact@" in step["uses"] and not failed:
                self.artifact(step, context)
            if step.get("uses", "").startswith(f"{STICKY}@") and not failed:
                context["steps.review.outputs.changed == 'false'"] = str(outputs["changed"] == "false").lower()
                sticky(self.forge, {key: self.value(text, context) for key, text in step["with"].items()})
            if "run" not in step or step["name"] == "Install" or failed or not self.is_wanted(step, outputs, more):
                continue
            files = {name: temporary / name for name in ("GITHUB_OUTPUT", "GITHUB_ENV")}
            for path in files.values():
                path.write_text("")
            env = {key: self.value(text, context) for key, text in step.get("env", {}).items()}
            done = subprocess.run(
                ["bash", "-e", "-c", step["run"]],
                cwd=self.repository.path,
                env={**self.environment, **exported, **env, "RUNNER_TEMP": str(temporary), **texts(files)},
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            printed += done.stdout + done.stderr
            outputs |= pairs(files["GITHUB_OUTPUT"].read_text())
            exported |= pairs(files["GITHUB_ENV"].read_text())
            failed = done.returncode
        return failed, outputs, printed

    def is_wanted(self, step: dict[str, Any], outputs: dict[str, str], more: dict[str, str]) -> bool:
        return {
            "": True,
            "needs.touched.outputs.trusted != 'true'": more.get("trusted") != "true",
            "steps.compare.outputs.met == '1'": outputs.get("met") == "1",
            "steps.review.outputs.met != '0'": outputs.get("met") != "0",
        }[step.get("if", "")]

    def artifact(self, step: dict[str, Any], context: dict[str, str]) -> None:
        path = Path(self.value(step["with"]["path"], context))
        if "upload" in step["uses"]:
            kept = self.artifacts / self.value(step["with"]["name"], context)
            kept.mkdir(parents=True)
            for file in path.iterdir():
                (kept / file.name).write_bytes(file.read_bytes())
            return
        if (step["if"] == "inputs.preview") is not (self.values["inputs.preview"] == "true"):
            return
        path.mkdir(exist_ok=True)
        for kept in self.artifacts.glob(self.value(step["with"]["pattern"], context)):
            for file in kept.iterdir():
                (path / file.name).write_bytes(file.read_bytes())

    def run(self, trusted: bool = True) -> tuple[dict[str, int], str]:
        """All jobs: their exit codes, and what they printed."""
        failed, outputs, printed = self.job("touched")
        codes = {"touched": failed}
        if failed:
            return codes, printed
        more = {f"needs.touched.outputs.{key}": value for key, value in outputs.items()}
        is_preview = trusted and self.values["inputs.preview"] == "true"
        for stack in json.loads(outputs["matrix"]) if is_preview else ():
            codes[f"preview {stack}"], _, text = self.job("preview", **{"matrix.stack": stack})
            printed += text
        if not is_preview:
            codes["diff"], _, text = self.job("diff", trusted=str(trusted).lower(), **more)
            printed += text
        if trusted:
            codes["comment"], _, text = self.job("comment", trusted="true", **more)
            printed += text
        return codes, printed


def texts(files: dict[str, Path]) -> dict[str, str]:
    return {name: str(path) for name, path in files.items()}


def pairs(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines())


@pytest.fixture
def forge() -> Forge:
    return Forge()


@pytest.fixture
def gitlab_forge(forge: Forge) -> Iterator[Forge]:
    with serving(forge) as running:
        yield running


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """The repository before the change, made once."""
    repository = Repository(tmp_path_factory.mktemp("repository"))
    files = {f"Pulumi.{name}.yaml": PLAIN for name in SHOWN}
    repository.commit({"Pulumi.yaml": "name: x\nruntime: python\n", "README.md": "x", **files})
    repository.git("update-ref", "refs/remotes/origin/main", "HEAD")
    return repository


@pytest.fixture
def runner(tmp_path: Path, unchanged: Repository, commands: int, forge: Forge) -> Runner:
    return Runner(tmp_path, unchanged.copy(tmp_path / "repository"), commands, forge)


MARK = "\n<!-- Sticky Pull Request Commentlivekit-firewall-preview -->"
PLAIN = "config: {livekit-firewall:tcp_port: 7881}\n"
OTHER = "config: {livekit-firewall:https: true}\n"


REMOVED = "removed: the files of the stacks `gone`; Pulumi keeps what they created until `pulumi destroy`\n\n"


def test_the_stacks_that_a_change_touches_are_previewed_and_commented_once(runner: Runner, forge: Forge) -> None:
    runner.repository.commit({"Pulumi.one.yaml": OTHER, "Pulumi.two.yaml": OTHER, "Pulumi.gone.yaml": None})
    codes, printed = runner.run()
    assert codes == {"touched": 0, "preview one": 0, "preview two": 0, "comment": 0}, printed
    page = page_of("one", "two")
    assert page.startswith("wider: 2 added, 1 changed in 2 stacks; **1 risk**\n\n### Risks\n\n- **warning** SSH on ")
    assert forge.comments == [(1, GITHUB, REMOVED + page + MARK)]
    assert (runner.folder / "summary.md").read_text() == REMOVED + page
    assert "preview --stack one --json --show-sames --non-interactive" in runner.log.read_text()
    assert TOKEN not in printed
    runner.repository.commit({f"Pulumi.{name}.yaml": PLAIN for name in ("one", "two", "gone")})
    runner.artifacts.rename(runner.folder / "older")
    codes, printed = runner.run()
    assert codes == {"touched": 0, "comment": 0}, printed
    assert forge.comments == [(1, GITHUB, f"no change\n\nThis change touches no stack.\n{MARK}")]


@pytest.mark.parametrize(
    "change", [{"README.md": "y"}, {"Pulumi.same.yaml": OTHER}], ids=["words", "a stack whose reach stays"]
)
def test_a_change_of_nobodys_reach_posts_nothing(change: dict[str, str | None], runner: Runner, forge: Forge) -> None:
    runner.values["inputs.fail-on"] = "any"
    runner.repository.commit(change)
    codes, printed = runner.run()
    assert set(codes.values()) == {0}, printed
    assert ("preview same" in codes) is ("Pulumi.same.yaml" in change)
    assert forge.comments == []
    assert "no change" in (runner.folder / "summary.md").read_text()


def test_a_job_that_a_risk_makes_red_has_a_comment_that_says_which(runner: Runner, forge: Forge) -> None:
    runner.values["inputs.fail-on"] = "risk"
    runner.repository.commit({"Pulumi.standing.yaml": OTHER})
    codes, printed = runner.run()
    assert codes == {"touched": 0, "preview standing": 0, "comment": 1}, printed
    assert "::error::fail-on: risk; the comment says what" in printed
    page = page_of("standing")
    assert page.startswith("no change in who can reach what; 1 risk as before\n\n### Risks\n\n- **error** ")
    assert forge.comments == [(1, GITHUB, page + MARK)]


@pytest.mark.parametrize("is_preview", ["true", "false"])
def test_stack_files_that_go_are_told_also_if_nothing_else_changes(
    is_preview: str, runner: Runner, forge: Forge
) -> None:
    runner.values["inputs.preview"] = is_preview
    runner.repository.commit({"Pulumi.gone.yaml": None})
    codes, printed = runner.run()
    assert codes == {"touched": 0, **({} if is_preview == "true" else {"diff": 0}), "comment": 0}, printed
    page = forge.comments[0][2].removesuffix(MARK)
    assert page == REMOVED if is_preview == "true" else page.startswith(f"{REMOVED}narrower: ")


def test_names_of_many_stacks_leave_room_for_the_page(runner: Runner, forge: Forge) -> None:
    """256 jobs are the most that a matrix makes."""
    names = [f"{number:03}{'x' * 97}" for number in range(256)]
    more = {
        "needs.touched.outputs.present": " ".join(["one", *names[1:]]),
        "needs.touched.outputs.removed": " ".join(names),
    }
    kept = runner.artifacts / "livekit-firewall-preview-preview-one"
    kept.mkdir(parents=True)
    (kept / "one.json").write_text(previewed("one"))
    code, _, printed = runner.job("comment", **more)
    assert code == 0, printed
    page = forge.comments[0][2].removesuffix(MARK)
    before, _, review = page.partition("wider: ")
    assert f"wider: {review}" == page_of("one")
    assert before.startswith(f"incomplete: no preview of `{names[1]}` `{names[2]}` ")
    assert [before.count(f"`{name}`") for name in (names[9], names[10], names[11])] == [2, 1, 0]
    assert before.count(" and 245 more") == before.count(" and 246 more") == 1
    limits = set(re.findall(r"--limit (\d+)", WORKFLOWS["preview.yml"].read_text()))
    longest_mark = len(MARK.replace("preview", "x" * 50))
    assert {len(before) + longest_mark + int(limit) <= 65_536 for limit in limits} == {True}


def test_a_stack_called_like_an_option_is_a_stack(runner: Runner) -> None:
    runner.repository.commit({"Pulumi.-n.yaml": "config: {}\n", "Pulumi.one.yaml": OTHER})
    failed, outputs, printed = runner.job("touched")
    assert (failed, json.loads(outputs["matrix"]), outputs["present"]) == (0, ["-n", "one"], "-n one"), printed


def test_stacks_that_cannot_be_seen_make_the_first_job_red(runner: Runner, forge: Forge) -> None:
    runner.repository.commit({"Pulumi.yaml": "name: x\nruntime: python\nstackConfigDir: stack\n"})
    codes, printed = runner.run()
    assert codes == {"touched": 2}
    assert "stackConfigDir: must hold the stacks' files" in printed
    assert forge.comments == []


def test_a_preview_that_fails_is_the_first_word_of_the_comment(runner: Runner, forge: Forge) -> None:
    runner.repository.commit({"Pulumi.same.yaml": OTHER, "Pulumi.broken.yaml": OTHER})
    codes, printed = runner.run()
    assert codes == {"touched": 0, "preview broken": 1, "preview same": 0, "comment": 0}, printed
    told = "incomplete: no preview of `broken`; the job preview says why\n\n"
    assert forge.comments == [(1, GITHUB, told + page_of("same") + MARK)]
    assert "toPort value {442} has a problem" in printed


def test_a_preview_that_cannot_be_read_is_the_first_word_of_the_comment(runner: Runner, forge: Forge) -> None:
    (runner.folder / "shown/one.json").write_text('{"steps": [')
    runner.repository.commit({"Pulumi.one.yaml": OTHER, "Pulumi.gone.yaml": None})
    codes, printed = runner.run()
    assert codes == {"touched": 0, "preview one": 0, "comment": 1}, printed
    told = "incomplete: the previews could not be read; the job comment says why\n\n"
    assert forge.comments == [(1, GITHUB, told + REMOVED + MARK)]


def test_without_any_preview_the_job_is_red_and_says_so(runner: Runner, forge: Forge) -> None:
    runner.repository.commit({"Pulumi.broken.yaml": OTHER})
    codes, _ = runner.run()
    assert codes == {"touched": 0, "preview broken": 1, "comment": 1}
    assert forge.comments[0][2] == f"incomplete: no preview of `broken`; the job preview says why\n\n{MARK}"


@pytest.mark.parametrize("is_preview", ["true", "false"])
def test_fail_on_is_red_after_the_comment(is_preview: str, runner: Runner, forge: Forge) -> None:
    runner.values |= {"inputs.fail-on": "wider", "inputs.preview": is_preview}
    runner.repository.commit({"Pulumi.one.yaml": OTHER})
    codes, printed = runner.run()
    assert codes == {
        "touched": 0,
        **({"preview one": 0, "comment": 1} if is_preview == "true" else {"diff": 1, "comment": 0}),
    }
    assert "::error::fail-on: wider" in printed
    assert len(forge.comments) == 1
    assert forge.comments[0][2].split(maxsplit=1)[0].strip(":") == "wider"


def test_a_fork_gets_the_difference_in_the_summary_and_no_comment(runner: Runner, forge: Forge) -> None:
    runner.repository.commit({"Pulumi.one.yaml": OTHER, "Pulumi.gone.yaml": None})
    codes, printed = runner.run(trusted=False)
    assert codes == {"touched": 0, "diff": 0}, printed
    assert forge.log == []
    assert "pulumi" not in runner.log.read_text().replace("Pulumi.", "")
    summary = (runner.folder / "summary.md").read_text()
    # what the stack's rules no longer open, and what the other opens now
    assert summary.startswith(f"{REMOVED}moved: 2 added, 2 removed in 2 stacks\n\n### `one`: wider\n")
    assert summary.count("\n### ") == 2
    assert "\n### `gone`: narrower\n" in summary


def test_without_previews_the_difference_is_the_comment(runner: Runner, forge: Forge) -> None:
    runner.values["inputs.preview"] = "false"
    runner.repository.commit({"Pulumi.one.yaml": OTHER})
    codes, printed = runner.run()
    assert codes == {"touched": 0, "diff": 0, "comment": 0}, printed
    assert forge.comments[0][2].startswith("wider: 2 added\n\n### `one`: wider\n")
    assert "tcp/443" in forge.comments[0][2]


def test_the_verdict_of_several_differences_is_that_of_all(runner: Runner, forge: Forge) -> None:
    runner.values["inputs.preview"] = "false"
    comment = f"{PLAIN}# the same\n"
    for change, verdict in (
        ({"Pulumi.one.yaml": comment, "Pulumi.two.yaml": comment}, None),
        ({"Pulumi.one.yaml": OTHER, "Pulumi.two.yaml": comment}, "wider"),
        ({"Pulumi.one.yaml": comment, "Pulumi.two.yaml": OTHER}, "wider"),
        ({"Pulumi.one.yaml": OTHER, "Pulumi.two.yaml": OTHER}, "wider"),
        ({"Pulumi.one.yaml": None, "Pulumi.two.yaml": None}, "removed: the files of the stacks `one` `two`; "),
        ({"Pulumi.one.yaml": comment, "Pulumi.two.yaml": comment}, "no change"),
    ):
        runner.repository.commit(change)
        if runner.artifacts.exists():
            runner.artifacts.rename(runner.folder / f"older-{len(forge.log)}")
        codes, printed = runner.run()
        assert codes == {"touched": 0, "diff": 0, "comment": 0}, printed
        said = [body.removesuffix(MARK) for _, _, body in forge.comments]
        assert len(said) == (verdict is not None)
        assert all(one.startswith(verdict) for one in said if verdict)


def test_stacks_can_be_named_and_must_be_names(runner: Runner, forge: Forge) -> None:
    runner.values |= {"inputs.stacks": "two\n one ", "inputs.organization": "acme"}
    codes, printed = runner.run()
    assert codes == {"touched": 0, "preview two": 0, "preview one": 0, "comment": 0}, printed
    assert "preview --stack acme/one --json" in runner.log.read_text()
    for bad in ("one $(touch evil)", "one;two", "*", "a/b"):
        runner.values["inputs.stacks"] = bad
        assert runner.run()[0] == {"touched": 2}
    assert not (runner.repository.path / "evil").exists()


def test_variables_are_masked_before_they_are_set(runner: Runner) -> None:
    runner.repository.commit({"Pulumi.one.yaml": OTHER})
    printed = runner.run()[1]
    assert "::add-mask::file:///state\n" in printed
    assert "::add-mask::a b=c\n" in printed
    assert (runner.folder / "temp-preview-one/GITHUB_ENV").exists()


@pytest.mark.parametrize("folder", ["", "stacks/"])
def test_the_example_for_gitlab_runs(folder: str, runner: Runner, gitlab_forge: Forge) -> None:
    """Its scripts, with the clone's own remote, as GitLab has it."""
    configured = f"stackConfigDir: {folder}\n" if folder else ""
    files = {f"Pulumi.{name}.yaml": None for name in SHOWN} | {f"{folder}Pulumi.{name}.yaml": PLAIN for name in SHOWN}
    runner.repository.commit({"Pulumi.yaml": f"name: x\nruntime: python\n{configured}"})
    runner.repository.commit({name: text for name, text in files.items() if folder or text})
    runner.repository.git("checkout", "--quiet", "-b", "change")
    runner.repository.commit({f"{folder}Pulumi.two.yaml": OTHER, f"{folder}Pulumi.one.yaml": OTHER})
    runner.repository.commit({f"{folder}Pulumi.gone.yaml": None})
    codes, printed = gitlab(runner, gitlab_forge)
    assert codes == {"preview": 0, "comment": 1, "diff": 0}, printed
    removed = (
        "removed: the files of these stacks. Pulumi keeps what they created until `pulumi destroy`.\n\n- `gone`\n\n"
    )
    page = removed + page_of("one", "two")
    assert [body.partition("\n")[2] for _, _, body in gitlab_forge.comments] == [page]
    assert printed.startswith("moved: ")
    assert "\n### `gone`: narrower\n" in printed
    assert "\n### `one`: wider\n" in printed


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"README.md": "y"}, []),
        ({"Pulumi.same.yaml": OTHER}, []),
        ({"Pulumi.gone.yaml": None}, ["removed: the files of these stacks."]),
        ({"Pulumi.standing.yaml": OTHER}, ["no change in who can reach what; 1 risk as before\n"]),
    ],
    ids=["words", "reach stays", "a file goes", "a risk"],
)
def test_the_example_for_gitlab_posts_what_there_is_to_tell(
    change: dict[str, str | None], expected: list[str], runner: Runner, gitlab_forge: Forge
) -> None:
    (runner.folder / "bin" / "python").write_text(SERVED_PYTHON)
    runner.repository.git("checkout", "--quiet", "-b", "change")
    runner.repository.commit(change)
    codes, printed = gitlab(runner, gitlab_forge)
    assert codes["preview"] == 0, printed
    said = [body.partition("\n")[2] for _, _, body in gitlab_forge.comments]
    assert len(said) == len(expected)
    assert all(one.startswith(start) for one, start in zip(said, expected, strict=True))


def test_a_preview_that_fails_stops_the_example_for_gitlab(runner: Runner, gitlab_forge: Forge) -> None:
    runner.repository.git("checkout", "--quiet", "-b", "change")
    runner.repository.commit({"Pulumi.broken.yaml": OTHER, "Pulumi.one.yaml": OTHER})
    assert gitlab(runner, gitlab_forge)[0] == {"preview": 1}
    assert gitlab_forge.log == []


def test_only_the_job_that_comments_has_the_token_of_gitlab() -> None:
    pipeline = read(blocks(DOCUMENT.read_text())[1])
    jobs = {name: job for name, job in pipeline.items() if isinstance(job, dict) and "script" in job}
    assert list(jobs) == ["preview", "comment", "diff"]
    assert {job["stage"] for job in jobs.values()} <= set(pipeline["stages"])
    assert pipeline["variables"]["GIT_DEPTH"] == "0"
    scope = {"name": "livekit-firewall-comment", "action": "access"}
    assert {name: job.get("environment") for name, job in jobs.items()} == {
        "preview": None, "comment": scope, "diff": None,
    }  # fmt: skip
    assert "environment" not in pipeline[".merge-request"]
    # it runs nothing of the merge request: neither the program, nor a module from the working folder
    run = "\n".join([*pipeline[".merge-request"]["before_script"], *jobs["comment"]["script"]])
    assert not re.search(r"pulumi (install|preview)|git |make|\./", run)
    assert len(re.findall(r"\bpython3?\b(?!-)", run)) == run.count("python -I ") == 1
    same = "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID {} $CI_MERGE_REQUEST_PROJECT_ID"
    for name, job in jobs.items():
        assert job["rules"][0]["if"].endswith(same.format("!=" if name == "diff" else "==")), name


def gitlab(runner: Runner, forge: Forge) -> tuple[dict[str, int], str]:
    """The exit codes of the example's jobs, as far as they run, and what `diff` printed."""
    pipeline = read(blocks(DOCUMENT.read_text())[1])
    source = runner.repository
    environment = {
        **runner.environment,
        "GITLAB_CI": "true",
        "CI_SERVER_URL": forge.base,
        "CI_PROJECT_ID": "42",
        "CI_MERGE_REQUEST_IID": "3",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "TARGET": str(source.path),
        "LIVEKIT_FIREWALL": "x",
    }
    del environment["GITHUB_ACTIONS"]
    codes, printed = {}, ""
    for name in ("preview", "comment", "diff"):
        job = pipeline[name]
        lines = [*pipeline[".merge-request"]["before_script"], *job["script"]]
        # GitLab's shell stops at the first line that fails, with pipefail
        script = "\n".join(["set -eo pipefail", *(line for line in lines if "pip install" not in line)])
        token = {"GITLAB_TOKEN": TOKEN} if "environment" in job else {}
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=source.path,
            env={**environment, **token},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        codes[name] = done.returncode
        printed = done.stdout if name == "diff" else printed + done.stderr
        if name == "preview" and done.returncode:
            break
        seen = Path(f"{runner.log}.environment")
        assert not seen.exists() or TOKEN not in seen.read_text()
    return codes, printed


NOTE = "<!-- livekit-firewall: preview -->\n"
PAGE = "wider: `aws-example`\n\nMore can reach udp/50000.\n"
NOTES = "/api/v4/projects/42/merge_requests/3/notes"
Post = Callable[[str], None]


@pytest.fixture
def post(gitlab_forge: Forge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Post:
    """Runs the example's Python, with the real library."""
    script = "\n".join(read(blocks(DOCUMENT.read_text())[1])["comment"]["script"])
    program = compile(script.partition("<<'PYTHON'\n")[2].partition("\nPYTHON\n")[0], "comment", "exec")
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "CI_SERVER_URL": gitlab_forge.base, "CI_PROJECT_ID": "42", "CI_MERGE_REQUEST_IID": "3", "GITLAB_TOKEN": TOKEN,
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)

    def run(page: str) -> None:
        Path("page.md").write_text(page)
        exec(program, {})  # noqa: S102 (our own document's)

    return run


def test_a_note_of_gitlab_is_posted_once_updated_in_place_and_taken_back(post: Post, gitlab_forge: Forge) -> None:
    no_change = "no change in who can reach what\n"
    post(no_change)
    assert gitlab_forge.comments == []
    for page in (PAGE, PAGE.replace("50000", "50001"), no_change):
        post(page)
        assert gitlab_forge.comments == [(1, GITLAB, NOTE + page)]
    assert gitlab_forge.writes == [f"POST {NOTES}", f"PUT {NOTES}/1", f"PUT {NOTES}/1"]


@pytest.mark.parametrize("size", [1, 7, 100])
def test_the_note_is_found_on_any_page(size: int, post: Post, gitlab_forge: Forge) -> None:
    gitlab_forge.page = size
    for number in range(15):
        gitlab_forge.add("somebody", f"comment {number}")
    gitlab_forge.add(GITLAB, f"{NOTE}old")
    gitlab_forge.add("somebody", "the last")
    post(PAGE)
    assert gitlab_forge.writes == [f"PUT {NOTES}/16"]
    assert gitlab_forge.comments[15] == (16, GITLAB, NOTE + PAGE)


def test_a_mark_of_somebody_else_or_of_another_name_or_quoted_is_none(post: Post, gitlab_forge: Forge) -> None:
    gitlab_forge.add("somebody", f"{NOTE}mine")
    gitlab_forge.add("", f"{NOTE}of a deleted account")
    gitlab_forge.add("system", f"{NOTE}changed the title")
    gitlab_forge.add(GITLAB, f"quoted: {NOTE}")
    gitlab_forge.add(GITLAB, "<!-- livekit-firewall: preview-2 -->\nanother")
    post(PAGE)
    assert gitlab_forge.writes == [f"POST {NOTES}"]


def test_of_several_notes_the_oldest_is_updated_and_the_others_are_left(post: Post, gitlab_forge: Forge) -> None:
    gitlab_forge.add(GITLAB, f"{NOTE}one".replace("\n", "\r\n"))
    gitlab_forge.add(GITLAB, f"{NOTE}two")
    post(PAGE)
    assert [body for _, _, body in gitlab_forge.comments] == [NOTE + PAGE, f"{NOTE}two"]


def test_no_line_is_an_order_to_gitlab(post: Post, gitlab_forge: Forge) -> None:
    post("wider\n\n/merge\n  /approve\nudp/50000\n/ is no order\n")
    told = "wider\n\n&#47;merge\n  &#47;approve\nudp/50000\n/ is no order\n"
    assert gitlab_forge.comments == [(1, GITLAB, NOTE + told)]


NOT_NEW = Risk("ssh-public", "warning", "group", "SSH is open", "guessed", "close it", is_new=False)
RENAMED = ReviewPart("dev", operations=(Operation("update", "aws:vpc/x:Y", "rule", ("tags",)),))
PAGES = {
    "no change\n": True,
    "no change\n\nThis change touches no stack.\n": True,
    "no change in who can reach what\n\nmore": True,
    "no change in who can reach what in 12 stacks\n\n### `a`: no change\n": True,
    "no change in who can reach what; **1 risk**\n\n### Risks\n": False,
    "no change in who can reach what in 2 stacks; 2 risks as before\n": False,
    "no change 1 not understood\n": False,
    "no change, 3": False,
    "# No change: aws": False,
    "no changes could be read": False,
    "no change-over": False,
    "wider; no change elsewhere": False,
    "narrower": False,
    "incomplete: no preview of a": False,
    "wider\nno change\n": False,
    markdown(Review((ReviewPart("dev"),))): True,
    markdown(Review((RENAMED,))): True,
    markdown(Review((RENAMED,) * 2)): True,
    markdown(Review((ReviewPart("dev", risks=(NOT_NEW,)),))): False,
    markdown(Review((ReviewPart("dev", risks=(structs.replace(NOT_NEW, is_new=True),)),))): False,
    markdown(Review((ReviewPart("dev", unclear=("rule 7",)),))): False,
}
"""Whether a page has nothing to tell: no change, no risk, also none that was there before, nothing not understood."""


@pytest.mark.parametrize("page", PAGES)
def test_only_a_page_that_has_something_to_tell_is_posted(page: str, runner: Runner, forge: Forge, post: Post) -> None:
    kept = runner.artifacts / "livekit-firewall-preview-page"
    kept.mkdir(parents=True)
    (kept / "page.md").write_bytes(page.encode())
    runner.values["inputs.preview"] = "false"
    assert runner.job("comment", **{"needs.touched.outputs.present": "", "needs.touched.outputs.removed": ""})[0] == 0
    post(page)
    assert [author for _, author, _ in forge.comments] == ([] if PAGES[page] else [GITHUB, GITLAB])


def test_a_fork_whose_stack_says_nothing_to_us_is_red_and_not_a_page_of_defaults(runner: Runner) -> None:
    runner.repository.commit({"Pulumi.one.yaml": "config: {aws:region: x}\n"})
    codes, printed = runner.run(trusted=False)
    assert codes == {"touched": 0, "diff": 2}
    assert "must hold keys of livekit-firewall" in printed
    assert not (runner.folder / "summary.md").exists()
