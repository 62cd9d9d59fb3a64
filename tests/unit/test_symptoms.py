"""The page of symptoms names findings and verdicts that there are, and commands that run."""

import re
import shlex
from pathlib import Path

import pytest

from livekit_firewall.cli.group import main
from livekit_firewall.model.findings import CATALOGUE
from livekit_firewall.probe.results.verdict import Verdict

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "symptoms.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"`([^`\n]+)`", PAGE))


def test_every_id_is_one_of_a_finding():
    named = {word for word in WORDS if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", word)}
    assert named - CATALOGUE.keys() == set()
    assert len(named) > 20


def test_every_verdict_is_one_of_the_probe():
    said = {word for word in WORDS if re.match(r"(reachable|blocked|open,|not tested|unreachable)", word)}
    assert said - {str(one) for one in Verdict} == set()
    assert len(said) > 4


def test_the_commands_run(tmp_path, monkeypatch, capsys):
    (tmp_path / "livekit.yaml").write_text((ROOT / "examples" / "livekit.yaml").read_text(encoding="utf-8"))
    monkeypatch.chdir(tmp_path)
    commands = re.search(r"```sh\n(.*?)```", PAGE, re.DOTALL)[1].splitlines()
    for command in commands:
        name, *arguments = shlex.split(command)
        assert name == "livekit-firewall"
        if arguments[0] != "probe":  # that one waits for a checker
            with pytest.raises(SystemExit) as ended:
                main(arguments)
            assert ended.value.code in (0, 1, None)
            assert capsys.readouterr().out
    assert len(commands) == 3
