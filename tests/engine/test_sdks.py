"""The SDKs that Pulumi's own generators make of the schema: programs in TypeScript and Go pass their compilers or do
not, as they should. Those of docs/languages.md are among them.

Nothing is run; tests/engine/test_yaml.py runs programs.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bootstrap.go_build import TAGS
from bootstrap.go_program import BUILD, FASTER, GO_ENV

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "tests" / "typing" / "languages"
SCHEMA = ROOT / "components" / "livekit_firewall" / "hosted" / "schema.json"
PAGE = (ROOT / "docs" / "languages.md").read_text(encoding="utf-8")

pytestmark = pytest.mark.needs("languages", "go")


@pytest.fixture(scope="module")
def sdks(languages: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders of both. The schema is bound strictly on the way: what Pulumi warns of is an error."""
    folder = tmp_path_factory.mktemp("sdks")
    subprocess.run([languages[1], SCHEMA, folder], check=True, timeout=60)
    return folder


def block(language: str) -> str:
    """The only block of the page in a language."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(found)


def marked(file: Path) -> set[tuple[str, int]]:
    """The lines that say that they are wrong."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return {(file.name, number) for number, line in enumerate(lines, 1) if line.endswith("// wrong")}


def places(said: str) -> set[tuple[str, int]]:
    """The lines that a compiler names: `wrong.ts(9,5): ` or `./wrong.go:9:5: `."""
    return {
        (name, int(line)) for name, line in re.findall(r"^(?:\S*/)?([\w.]+)[(:](\d+)[,:]\d+\)?: ", said, re.MULTILINE)
    }


def test_typescript(sdks: Path, languages: list[Path], tmp_path: Path) -> None:
    for file in (PROGRAMS / "right.ts", PROGRAMS / "wrong.ts", PROGRAMS / "aws" / "index.d.ts"):
        shutil.copy(file, tmp_path)
    (tmp_path / "page.ts").write_text(block("typescript"), encoding="utf-8")
    packages = languages[2] / "node_modules"
    for folder in (tmp_path, sdks):
        (folder / "node_modules").symlink_to(packages)
    options = {
        "strict": True, "noEmit": True, "target": "es2020", "module": "commonjs", "moduleResolution": "node",
        "skipLibCheck": True, "types": ["node"], "baseUrl": ".", "pretty": False,
        "paths": {"@pulumi/livekit": [str(sdks / "nodejs" / "index.ts")], "@pulumi/aws": ["index.d.ts"]},
    }  # fmt: skip
    config = {"compilerOptions": options, "files": ["page.ts", "right.ts", "wrong.ts"]}
    (tmp_path / "tsconfig.json").write_text(json.dumps(config), encoding="utf-8")
    compiler = packages / "typescript" / "bin" / "tsc"
    done = subprocess.run(
        ["node", compiler, "-p", tmp_path], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    assert places(done.stdout) == marked(PROGRAMS / "wrong.ts"), done.stdout + done.stderr
    assert len(re.findall(r"error TS\d+", done.stdout)) == len(marked(PROGRAMS / "wrong.ts")), done.stdout


@pytest.fixture(scope="module")
def module(sdks: Path) -> Path:
    """The SDK in Go as a module, with a program in each folder beside it; what it needs is pinned as for the CLI."""
    folder = sdks / "go"
    programs = {name: (PROGRAMS / f"{name}.go").read_text(encoding="utf-8") for name in ("right", "wrong")}
    for name, text in {"page": block("go"), **programs}.items():
        (folder / name).mkdir()
        (folder / name / f"{name}.go").write_text(text, encoding="utf-8")
    pinned = ROOT / "tools" / "pulumi" / "cli"
    go_mod = (pinned / "go.mod").read_text(encoding="utf-8")
    go_mod = re.sub("^module .*", "module example.com/pulumi-livekit/sdk/go", go_mod)
    aws = "github.com/pulumi/pulumi-aws/sdk/v7"
    shutil.copytree(PROGRAMS / "aws", folder / "aws")
    (folder / "aws" / "go.mod").write_text(f"module {aws}\n", encoding="utf-8")
    (folder / "go.mod").write_text(f"{go_mod}\nrequire {aws} v7.0.0\nreplace {aws} => ./aws\n", encoding="utf-8")
    shutil.copy(pinned / "go.sum", folder)
    return folder


def go(module: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["go", *arguments], cwd=module, env={**os.environ, **GO_ENV}, capture_output=True, text=True, check=False,
        timeout=600,
    )  # fmt: skip


def test_go(module: Path) -> None:
    done = go(module, *BUILD, *TAGS, "./livekit/...", "./page", "./right")
    assert (done.returncode, done.stderr) == (0, "")
    every = FASTER[0].replace("=all=", "=-e ")  # all errors of a package, in place of the first ten
    done = go(module, *BUILD, *TAGS, every, "-o", os.devnull, "./wrong")
    assert places(done.stderr) == marked(PROGRAMS / "wrong.go"), done.stderr


def test_programs_have_the_form_of_gofmt(module: Path) -> None:
    done = subprocess.run(
        ["gofmt", "-l", "page", "right", "wrong"], cwd=module, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == ""
