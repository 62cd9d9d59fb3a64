"""Compose files as hostile input: refused in a few lines, nothing outside of their folder read, no secret shown."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from livekit_firewall.cli.group import main

SERVER = "services:\n  livekit: {image: livekit/livekit-server, network_mode: host}\n"
CANARY = "canary-4f1d"
SECONDS = 5.0

CASES: dict[str, Callable[[], str]] = {
    "an alias bomb": lambda: (
        "x0: &a0 {k: v}\n"
        + "".join(f"x{i}: &a{i} {{" + ", ".join(f"k{j}: *a{i - 1}" for j in range(9)) + "}\n" for i in range(1, 12))
        + SERVER
    ),
    "a bomb of merges": lambda: (
        "x0: &a0 {k: v}\n"
        + "".join(f"x{i}: &a{i} {{<<: [*a{i - 1}, *a{i - 1}], k{i}: 1}}\n" for i in range(1, 40))
        + SERVER
    ),
    "defaults within defaults": lambda: SERVER + "  a: {image: '" + "${A:-" * 5000 + "x" + "}" * 5000 + "'}\n",
    "a chain of extends": lambda: (
        SERVER + "".join(f"  s{i}: {{extends: s{i + 1}}}\n" for i in range(2000)) + "  s2000: {image: x}\n"
    ),
    "a loop of extends": lambda: "services: {livekit: {extends: b}, b: {extends: livekit}}\n",
    "a loop over a file": lambda: "services:\n  livekit: {extends: {file: compose.yaml, service: livekit}}\n",
    "a loop of includes": lambda: "include: [compose.yaml]\n" + SERVER,
    "a doubling of includes": lambda: "include: [i0.yaml]\n" + SERVER,
    "depth": lambda: SERVER + "  a: " + "[" * 5000 + "\n",
    "a key twice": lambda: f"services: {{a: {{image: {CANARY}}}, a: {{image: {CANARY}}}}}\n",
    "a list": lambda: f"- {CANARY}\n",
    "a control character": lambda: f"services: {CANARY}\0\n",
    "nothing": lambda: "",
    "a second document": lambda: SERVER + "---\n" + SERVER,
    "env_file: /etc/shadow": lambda: SERVER.replace("host}", "host, env_file: /etc/shadow}"),
    "env_file: ../": lambda: SERVER.replace("host}", "host, env_file: ../secret}"),
    "env_file by a link": lambda: SERVER.replace("host}", "host, env_file: link}"),
    "extends by a link": lambda: "services:\n  livekit: {extends: {file: link, service: a}}\n",
    "include by a link": lambda: "include: [link]\n" + SERVER,
    "a mounted link": lambda: SERVER.replace("host}", "host, command: --config /l, volumes: ['./link:/l']}"),
    "a folder that is a link": lambda: SERVER.replace(
        "host}", "host, command: --config /l/passwd, volumes: ['./etc:/l']}"
    ),
    "a loop of links": lambda: SERVER.replace("host}", "host, env_file: round}"),
    "a device": lambda: SERVER.replace("host}", "host, env_file: zero}"),
    "a NUL in a path": lambda: SERVER.replace("host}", 'host, env_file: "a\\0b"}'),
    "a secret in the place of a section": lambda: f"services: {{livekit: {CANARY}}}\n",
    "a secret in a broken body": lambda: SERVER.replace(
        "host}", f"host, environment: {{LIVEKIT_CONFIG: 'keys: {{{CANARY}: [{CANARY}'}}}}"
    ),
    "a secret in a broken command": lambda: SERVER.replace("host}", f"host, command: '--keys \"{CANARY}'}}"),
    "a secret in an unknown flag": lambda: SERVER.replace("host}", f"host, command: '--keyz {CANARY}'}}"),
    "a secret in a wrong port": lambda: SERVER.replace("network_mode: host}", f"ports: ['{CANARY}:1']}}"),
    "a secret in a variable that is needed": lambda: SERVER.replace(
        "host}", "host, environment: ['A=${SECRET:?" + CANARY + "}']}"
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_in_time_and_in_few_words(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (tmp_path / "secret").write_text(f"services: {{a: {{image: {CANARY}}}}}\nA={CANARY}\n", encoding="utf-8")
    (folder / "link").symlink_to("../secret")
    (folder / "etc").symlink_to("/etc")
    (folder / "round").symlink_to("round")
    (folder / "zero").symlink_to("/dev/zero")
    for index in range(30):
        below = f"i{index + 1}.yaml"
        (folder / f"i{index}.yaml").write_text(f"include: [{below}, {below}]\nservices: {{}}\n", encoding="utf-8")
    (folder / "compose.yaml").write_text(CASES[name](), encoding="utf-8")
    monkeypatch.chdir(folder)
    start = time.perf_counter()
    with pytest.raises(SystemExit) as ended:
        main(["ports", "--compose", "compose.yaml"])
    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (2, "")
    assert time.perf_counter() - start < SECONDS
    assert len(said.err.splitlines()) <= 8
    assert CANARY not in said.err
    assert "root:" not in said.err


def test_a_file_of_a_hundred_megabytes_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with (tmp_path / "compose.yaml").open("wb") as file:
        file.truncate(100_000_000)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(["ports", "--compose", "compose.yaml"])
    assert ended.value.code == 2
    assert "must be at most 10 MB" in capsys.readouterr().err
