"""The programs of examples/ under Pulumi's mocks, and the scripts that their machines run at boot."""

from __future__ import annotations

import os
import re
import runpy
import stat
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from livekit_firewall.settings.schemas import schema_of

ROOT = Path(__file__).parents[2]


# the SDK warns of its own deprecated parts when it is imported
@pytest.mark.filterwarnings("ignore:This resource is deprecated:DeprecationWarning")
def test_the_ruleset_goes_over_ssh_as_stdin_and_is_kept_only_after_it_was_loaded(
    engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT / "examples" / "host-over-ssh")
    given = {"address": "203.0.113.10", "hostKey": "not-a-key", "privateKey": "not-a-key"}
    pulumi.runtime.set_all_config({f"{pulumi.get_project()}:{key}": value for key, value in given.items()}, [])
    made = engine.run(lambda: runpy.run_path("__main__.py"))
    loaded, kept = (made["command:remote:Command", name].inputs for name in ("loaded", "kept"))
    # a secret, since it holds the key
    assert loaded["connection"]["value"]["host"] == "203.0.113.10"
    assert "table inet livekit {" in loaded["stdin"]
    assert kept["stdin"] == loaded["stdin"]
    assert loaded["create"] == loaded["update"]
    assert "delete" not in loaded, "the table goes with what keeps it"
    assert "nft delete table inet livekit" in kept["delete"]


# What the scripts of machines call, in place of the real ones: docker keeps what each container got, curl plays
# Google's metadata server and Secret Manager.
STAND_INS = {
    "apt-get": "",
    "jq": "cat",
    "docker": '[ "$1" != run ] || { env -0 >"$KEPT/$4.env"; printf "%s\\n" "${@:5}" >"$KEPT/$4"; }',
    "curl": """case "${@: -1}" in
*secretmanager*) basename "${@: -1}" | tr -d '\\n' | base64 ;;
*/livekit-node) echo "$NODE" ;;
*/livekit-config) cat "$CONFIG" ;;
*/network-interfaces/0/ip) echo 10.30.0.10 ;;
*) basename "${@: -1}" ;;
esac""",
}


@dataclass
class Machine:
    """What a script did: the words of each container, its environment, and the files in /etc/livekit."""

    folder: Path

    def words(self, container: str) -> list[str]:
        return (self.folder / container).read_text(encoding="utf-8").splitlines()

    def environment(self, container: str) -> dict[str, str]:
        lines = (self.folder / f"{container}.env").read_text(encoding="utf-8").split("\0")
        return dict(line.split("=", 1) for line in lines if line)


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Machine]:
    def ran(script: str, **environment: str) -> Machine:
        commands = tmp_path / "bin"
        commands.mkdir()
        for name, text in STAND_INS.items():
            (commands / name).write_text(f"#!/bin/bash\n{text}\n", encoding="utf-8")
            (commands / name).chmod(0o755)
        given = {"PATH": f"{commands}:{os.environ['PATH']}", "KEPT": str(tmp_path), **environment}
        script = script.replace("/etc/livekit", str(tmp_path / "etc"))
        done = subprocess.run(
            ["bash", "-c", script], env=given, capture_output=True, text=True, check=False, timeout=30
        )
        assert (done.returncode, done.stderr) == (0, "")
        return Machine(tmp_path)

    return ran


SIP_NODES = ROOT / "examples" / "sip-on-its-own-node"


def test_the_sfu_runs_with_the_file_of_its_firewall_and_with_secrets_in_the_environment(
    run: Callable[..., Machine],
) -> None:
    script, config = SIP_NODES / "start.sh", SIP_NODES / "livekit.yaml"
    machine = run(script.read_text(encoding="utf-8"), NODE="sfu", CONFIG=str(config))
    livekit, redis = machine.environment("livekit"), machine.environment("redis")
    assert yaml.safe_load(livekit["LIVEKIT_CONFIG"]) == yaml.safe_load(config.read_text(encoding="utf-8"))
    assert yaml.safe_load(livekit["LIVEKIT_KEYS"]) == {"telephony": "livekit-api-secret:access"}
    assert livekit["REDIS_PASSWORD"] == redis["REDISCLI_AUTH"] == "livekit-redis-password:access"
    assert redis["PRIVATE"] == "10.30.0.10"
    assert machine.words("caddy")[-5:] == ["reverse-proxy", "--from", "livekit-domain", "--to", "127.0.0.1:7880"]
    assert not any("access" in word for name in ("livekit", "redis", "caddy") for word in machine.words(name))


def test_the_sip_node_runs_with_the_file_of_its_firewall_and_the_password_of_redis(run: Callable[..., Machine]) -> None:
    script, config = SIP_NODES / "start.sh", SIP_NODES / "sip.yaml"
    machine = run(script.read_text(encoding="utf-8"), NODE="sip", CONFIG=str(config))
    sip = machine.environment("sip")
    expected = yaml.safe_load(config.read_text(encoding="utf-8"))
    expected["redis"]["password"] = "livekit-redis-password:access"
    assert yaml.safe_load(sip["SIP_CONFIG_BODY"]) == expected
    assert (sip["LIVEKIT_API_KEY"], sip["LIVEKIT_API_SECRET"]) == ("telephony", "livekit-api-secret:access")


def user_data_of_yaml() -> str:
    folder = ROOT / "examples" / "yaml-program"
    program = yaml.safe_load((folder / "Pulumi.yaml").read_text(encoding="utf-8"))
    separator, parts = program["resources"]["node"]["properties"]["userData"]["fn::join"]
    texts = [part if isinstance(part, str) else (folder / part["fn::readFile"]).read_text("utf-8") for part in parts]
    return str(separator).join(texts).replace("${domain}", "livekit.example.com")


def custom_data_of_azure() -> str:
    folder = ROOT / "examples" / "azure-single-node"
    config = (folder / "livekit.yaml").read_text(encoding="utf-8").rstrip()
    script = (folder / "start.sh").read_text(encoding="utf-8")
    return script.replace("@DOMAIN@", "livekit.example.com").replace("@LIVEKIT@", config)


@pytest.mark.parametrize("example", ["yaml-program", "azure-single-node"])
def test_a_machine_makes_its_key_and_runs_with_the_file_of_its_firewall(
    example: str, run: Callable[..., Machine], tmp_path: Path
) -> None:
    machine = run({"yaml-program": user_data_of_yaml, "azure-single-node": custom_data_of_azure}[example]())
    made = yaml.safe_load((tmp_path / "etc" / "livekit.yaml").read_text(encoding="utf-8"))
    given = yaml.safe_load((ROOT / "examples" / example / "livekit.yaml").read_text(encoding="utf-8"))
    assert {**made, "key_file": ""} == {**given, "key_file": ""}
    keys = tmp_path / "etc" / "keys.yaml"
    assert made["key_file"] == str(keys)
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert re.fullmatch('livekit: "[0-9a-f]{64}"\n', keys.read_text(encoding="utf-8"))
    assert machine.words("livekit")[-2:] == ["--config", str(tmp_path / "etc" / "livekit.yaml")]
    assert machine.words("caddy")[-3:] == ["livekit.example.com", "--to", "127.0.0.1:7880"]


CLUSTER = ROOT / "examples" / "aws-nlb-cluster"
PARAMETERS = ["keys", "password", "certificate", "private-key"]


def start_of_cluster(folder: Path, answer: str) -> tuple[int, dict[str, str]]:
    """The exit code of the script, and what it wrote, where the AWS CLI answers so for the parameter $name."""
    for name, text in {"aws": answer, "docker": 'echo "${all#"compose --file $PWD/"}" >started'}.items():
        find_name = "all=$*; for name; do case $last in --name) break ;; esac; last=$name; done"
        (folder / name).write_text(f"#!/bin/sh\n{find_name}\n{text}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    script = (CLUSTER / "start.sh").read_text(encoding="utf-8").replace("/snap/bin/aws", str(folder / "aws"))
    script = script.replace("/etc/livekit", str(folder))
    given = ["eu-central-1", "redis.example.com:6379", *PARAMETERS]
    words = ["sh", "-c", script, "start.sh", *given]
    found = {"PATH": f"{folder}:{os.environ['PATH']}"}
    done = subprocess.run(words, cwd=folder, env=found, check=False, timeout=30)
    written = {path.name: path.read_text() for path in folder.iterdir() if path.name not in ("aws", "docker")}
    return done.returncode, written


def test_a_node_of_the_cluster_has_the_password_as_it_is(tmp_path: Path) -> None:
    # Compose puts variables into a value without quotes
    code, written = start_of_cluster(tmp_path, r"""printf 'of-$%s-#!&^<>\n' "$name" """)
    assert code == 0
    assert written == {
        "keys.yaml": "of-$keys-#!&^<>\n",
        "redis.env": "REDIS_HOST=redis.example.com:6379\nREDIS_PASSWORD='of-$password-#!&^<>'\n",
        "turn.pem": "of-$certificate-#!&^<>\n",
        "turn.key": "of-$private-key-#!&^<>\n",
        # else what Docker started at the boot went on with a certificate and keys from before
        "started": "compose.yaml up --detach --force-recreate\n",
    }
    assert {name: stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("keys.yaml", "turn.key")} == {
        "keys.yaml": 0o600,
        "turn.key": 0o600,
    }


def test_the_files_of_the_cluster_are_those_that_its_configuration_names(tmp_path: Path) -> None:
    _, written = start_of_cluster(tmp_path, "echo secret")
    config = yaml.safe_load((CLUSTER / "livekit.yaml").read_text(encoding="utf-8"))
    named = (config["key_file"], config["turn"]["cert_file"], config["turn"]["key_file"])
    assert named == tuple(f"/etc/livekit/{name}" for name in ("keys.yaml", "turn.pem", "turn.key"))
    assert {Path(name).name for name in named} < written.keys()


@pytest.mark.parametrize("lacking", PARAMETERS)
def test_a_node_of_the_cluster_does_not_start_without_a_secret(tmp_path: Path, lacking: str) -> None:
    code, written = start_of_cluster(tmp_path, f'[ "$name" != {lacking} ] && echo secret')
    assert code != 0
    assert "started" not in written


@pytest.mark.parametrize(
    "program", sorted((ROOT / "examples").glob("*/*.py")), ids=lambda one: "/".join(one.parts[-2:])
)
def test_no_policy_of_an_example_allows_every_action_of_a_service(program: Path) -> None:
    text = program.read_text(encoding="utf-8")
    assert not re.search(r"""["'][\w-]+:[\w]*\*["']|"Action": ["'[]+\*""", text)


def test_the_machines_of_the_examples_run_the_release_that_the_firewall_is_made_for() -> None:
    """Without `versions`, files are read as the newest known release reads them."""
    files = (ROOT / "examples").glob("*/*")
    text = "".join(file.read_text(encoding="utf-8") for file in files if file.suffix in (".sh", ".yaml"))
    ran = set(re.findall(r"livekit/(livekit-server|sip):v([\d.]+)", text))
    assert ran == {("livekit-server", schema_of("livekit").version), ("sip", schema_of("sip").version)}
