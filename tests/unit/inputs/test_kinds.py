"""A file of another kind than expected is refused; the error names its kind and what to give instead."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.deployment.arguments import Arguments
from livekit_firewall.inputs import files
from livekit_firewall.inputs.kinds import ARGUMENTS, BODY
from livekit_firewall.inputs.placeholders import is_plain, placeholder
from livekit_firewall.inputs.record_types import fields_of

from ..hostile import Clock, run
from ..strategies import few_examples

KEYS = 'keys: {app: "abcdefghijabcdefghijabcdefghijabcdef"}\n'
COMPOSE = """
services:
  livekit:
    image: livekit/livekit-server
    environment:
      LIVEKIT_CONFIG: |
        port: 7880
        rtc: {udp_port: 7882, tcp_port: 7881}
"""
CONFIG_MAP = (
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: lk}\ndata:\n  config.yaml: |\n    rtc: {udp_port: 7882}\n"
)
VALUES = "replicaCount: 1\nlivekit:\n  rtc: {udp_port: 7882, port_range_start: 0, port_range_end: 0}\n"
INGRESS_VALUES = "ingress:\n  rtmp_port: 1936\n  rtc_config: {udp_port: 7886}\n"
LIVEKIT = "port: 7880\nrtc: {udp_port: 7882}\nredis: {address: localhost:6379}\n" + KEYS
SIP = "redis: {address: localhost:6379}\napi_key: a\napi_secret: b\nws_url: ws://localhost:7880\nsip_port: 5060\n"
INGRESS = "redis: {address: localhost:6379}\napi_key: a\napi_secret: b\nws_url: ws://localhost:7880\nrtmp_port: 1935\n"
EGRESS = "redis: {address: localhost:6379}\napi_key: a\napi_secret: b\nws_url: ws://localhost:7880\ntemplate_base: x\n"
PLUGNMEET = "client: {port: 8080}\nlivekit_info: {host: x}\nredis_info: {host: localhost:6379}\n"
ARGS = "livekit_config: livekit.yaml\nhttps: {port: 8443}\n"
STACK = "config:\n  livekit-firewall:https: true\n  aws:region: eu-central-1\n"
RELEASE = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec: {values: {livekit: {port: 7880}}}\n"
APPLICATION = (
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
    "spec: {source: {chart: livekit-server, helm: {valuesObject: {livekit: {port: 7880}}}}}\n"
)
DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: lk}\nspec: {replicas: 1}\n"

OTHERS = {
    "compose": (COMPOSE, "a compose file"),
    "config map": (CONFIG_MAP, "a Kubernetes ConfigMap"),
    "deployment": (DEPLOYMENT, "a Kubernetes manifest"),
    "release": (RELEASE, "a Kubernetes manifest of a chart's release"),
    "application": (APPLICATION, "a Kubernetes manifest of a chart's release"),
    "values": (VALUES, "values of the livekit-server chart"),
    "ingress values": (INGRESS_VALUES, "values of the ingress chart"),
    "values of its Service": ("serviceType: NodePort\n" + INGRESS_VALUES, "values of the ingress chart"),
    "secret": ("apiVersion: v1\nkind: Secret\nstringData: {livekit.yaml: x}\n", "a Kubernetes Secret"),
    "helmfile": ("releases: [{name: lk, chart: livekit/livekit-server}]\n", "a helmfile"),
    "Chart.yaml": ("apiVersion: v2\nname: livekit-server\nversion: 1.9.0\n", "a Chart.yaml"),
    "kustomization": ("resources: [a.yaml]\nconfigMapGenerator: [{name: x}]\n", "a kustomization"),
    "plugNmeet": (PLUGNMEET, "plugNmeet's config.yaml"),
    "arguments": (ARGS, "a file of livekit-firewall's arguments"),
    "stack": (STACK, "a stack's file of Pulumi"),
    "old compose": ("livekit:\n  image: livekit/livekit-server\n  ports: ['7880:7880']\n", "a compose file"),
    "sops": ("port: ENC[AES256_GCM,data:x]\nsops: {mac: x, version: 3.9.0}\n", "a file that SOPS encrypted"),
    "caddy": ("logging: {}\nstorage: {module: file_system}\napps: {layer4: {}}\n", "a configuration of Caddy"),
}
OWN = {"livekit": LIVEKIT, "sip": SIP, "ingress": INGRESS, "egress": EGRESS}
COMMANDS = (["ports"], ["rules"], ["render", "--to", "nftables"], ["lint"])


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def refused(text: str, *arguments: str, name: str = "f.yaml") -> str:
    """The error of a command that refuses the file, with exit code 2 and no output."""
    Path(name).write_text(text, encoding="utf-8")
    code, out, err = run(*arguments, name)
    assert (code, out) == (2, ""), (code, out, err)
    assert len(err) < 700
    return err


class TestAnotherKind:
    @pytest.mark.matrix
    @pytest.mark.parametrize("service", BODY)
    @pytest.mark.parametrize("kind", OTHERS)
    def test_it_is_named_with_what_to_give_instead(self, kind, service):
        text, what = OTHERS[kind]
        for command in COMMANDS[:1] if kind != "compose" else COMMANDS:
            err = refused(text, *command, "--https", f"--{service}")
            assert (
                f"must be the configuration of livekit-{service.replace('livekit', 'server')} (got {what}); give" in err
            )

    @pytest.mark.parametrize("service", BODY)
    def test_a_compose_file_names_the_variable_that_holds_the_configuration(self, service):
        assert BODY[service] in refused(COMPOSE, "ports", f"--{service}")

    @pytest.mark.parametrize("option", OWN)
    @pytest.mark.parametrize("service", OWN)
    def test_another_services_file(self, option, service):
        if option == service:
            Path("f.yaml").write_text(OWN[service], encoding="utf-8")
            assert run("ports", f"--{option}", "f.yaml")[0] == 0
            return
        message = refused(OWN[service], "ports", f"--{option}")
        assert (
            f"the configuration of livekit-{service.replace('livekit', 'server')}); give it to --{service}" in message
        )

    def test_a_file_that_two_services_share_is_each_ones(self):
        Path("f.yaml").write_text(SIP + "rtmp_port: 1935\nwhip_port: 8080\n", encoding="utf-8")
        assert run("ports", "--sip", "f.yaml", "--ingress", "f.yaml")[0] == 0

    @pytest.mark.parametrize(
        "text",
        [
            "foo: 1\n",
            "all:\n  hosts: {a: {}}\n",
            "prot: 7880\n",
            "Port: 7880\n",
        ],
    )
    def test_a_file_without_keys_of_the_service(self, text):
        assert "(got none of its keys)" in refused(text, "ports", "--livekit")

    def test_another_programs_file_with_a_general_key(self):
        text = "server_name: x\nlisteners: []\nmedia_store_path: /x\nredis: {enabled: true}\n"
        assert "(got other keys than its own)" in refused(text, "ports", "--livekit")

    @pytest.mark.parametrize("name", ["livekit_config", "livekit_settings"])
    def test_ansible_variables_that_hold_a_configuration(self, name):
        text = f"livekit_version: 1.9.11\n{name}:\n  port: 7880\n  rtc: {{udp_port: 7882}}\n"
        assert f"give what stands below {name} as a file of its own" in refused(text, "ports", "--livekit")

    @pytest.mark.parametrize(
        "text", ["# env\nLIVEKIT_KEYS=a: b\nLIVEKIT_PORT=7880\n", "A=1\n", "export LIVEKIT_PORT=7880\n"]
    )
    def test_variables_are_named(self, text):
        assert "(got variables); give variables to --env-file" in refused(text, "ports", "--livekit")

    @pytest.mark.parametrize(
        ("text", "what"),
        [
            ("[Unit]\nAfter=network.target\n\n[Service]\nExecStart=livekit-server --config /c\n", "a systemd unit"),
            ("# sfu\n[livekit]\nport = 7880\n", "TOML or INI"),
            ('resource "aws_security_group" "lk" {\n  name = "lk"\n}\n', "a program of Terraform"),
            ("# x\n\nmodule lk {\n  source = 1\n}\n", "a program of Terraform"),
            ("{ config, pkgs, ... }:\n{\n  services.livekit = {\n    enable = true;\n  };\n}\n", "a module of NixOS"),
            ("#!/bin/sh\nexport PORT=7880\ncat > livekit.yaml <<EOF\nEOF\n", "a script"),
            ("- hosts: all\n  tasks:\n    - name: x\n      command: y\n", "a playbook of Ansible"),
            ("---\n- name: sfu\n  hosts: all\n  roles: [livekit]\n", "a playbook of Ansible"),
        ],
    )
    def test_a_text_that_is_no_mapping_is_named(self, text, what):
        for option in ("--livekit", "--sip", "--compose"):
            assert f"must hold a mapping of keys to values (got {what}); give " in refused(text, "ports", option)

    def test_a_list_or_a_text_is_only_that(self):
        assert "(got a list)" in refused("- a\n- b\n", "ports", "--livekit")
        assert "(got a single value)" in refused("resource\n", "ports", "--livekit")

    def test_user_data_is_named(self):
        text = "#cloud-config\npackages: [docker]\nwrite_files:\n  - {path: /l.yaml, content: 'port: 7880'}\n"
        assert "(got user data of cloud-init); give the text below write_files" in refused(text, "ports", "--livekit")

    def test_a_near_miss_is_named(self):
        assert "did you mean port by prot?" in refused("prot: 7880\n", "rules", "--livekit")

    @pytest.mark.parametrize(
        "text",
        [
            "{}\n",
            "port: 7880\nhttps: true\n" + KEYS,
            "ingress: {rtmp_base_url: a}\n",
            "log_level: info\nprot: 1\nturm: {}\n",
        ],
    )
    def test_what_may_be_meant_is_read(self, text):
        Path("f.yaml").write_text(text, encoding="utf-8")
        assert run("ports", "--livekit", "f.yaml")[0] == 0

    @pytest.mark.parametrize("kind", [kind for kind in OTHERS if "compose" not in kind])
    def test_as_a_compose_file(self, kind):
        text, what = OTHERS[kind]
        assert f"must be a compose file (got {what}); give" in refused(text, "ports", "--compose")

    def test_a_compose_file_of_the_first_version(self):
        message = refused(OTHERS["old compose"][0], "ports", "--compose")
        assert "(got a compose file of the first version); put its services below services" in message

    @pytest.mark.parametrize("text", [COMPOSE, CONFIG_MAP, LIVEKIT, SIP, VALUES, PLUGNMEET, "livekit: {port: 7880}\n"])
    def test_as_a_file_of_arguments(self, text):
        assert "must be a file of arguments (got" in refused(text, "ports", "--args")

    @pytest.mark.parametrize("text", [COMPOSE, LIVEKIT, VALUES])
    def test_as_plugnmeets_own(self, text):
        for name, own in (("livekit.yaml", LIVEKIT), ("ingress.yaml", INGRESS), ("config.yaml", text)):
            Path(name).write_text(own, encoding="utf-8")
        code, out, err = run("ports", "--plugnmeet", ".")
        assert (code, out) == (2, "")
        assert "must be plugNmeet's config.yaml (got" in err

    def test_the_names_by_which_arguments_are_known_are_arguments(self):
        assert set(fields_of(Arguments)) >= ARGUMENTS


class TestTemplates:
    @pytest.mark.parametrize(
        ("text", "mark", "line"),
        [
            ("port: {{ lk_port }}\nrtc: {udp_port: 7882}\n", "{{ }}", 1),
            ("port: 7880\nrtc:\n{% if mux %}\n  udp_port: 7882\n{% endif %}\n", "{% %}", 3),
            ("port: 7880\nrtc:\n  port_range_start: @START@\n  port_range_end: @END@\n", "@X@", 3),
            ("# {{ comment }}\n{{- if .Values.rtc }}\nrtc: {}\n{{- end }}\n", "{{ }}", 2),
            ("port: 7880\nkeys: {${KEY}: ${SECRET}}\n", "${X}", 2),
            ("<% if true %>\nport: 7880\n<% end %>\n", "<% %>", 1),
            ("{# a comment #}\nport: 7880\n", "{# #}", 1),
            ("rtc: {}\nport: %PORT%\n", "%X%", 2),
            ("rtc: {}\nport: @livekit.port@\n", "@X@", 2),
            ("rtc:\n  udp_port: #{UDP_PORT}#\nport: 7880\n", "#{X}", 2),
            ("port: #{port}\n", "#{X}", 1),
        ],
    )
    @pytest.mark.parametrize("command", COMMANDS)
    def test_a_template_that_is_no_yaml(self, command, text, mark, line):
        message = refused(text, *command, "--livekit")
        assert f"f.yaml:{line}: must be filled in: it is a template (got {mark}); render it first" in message

    @pytest.mark.parametrize(
        ("written", "mark"),
        [
            ('"${PUBLIC_IP}"', "${X}"),
            ('"{{ ansible_host }}"', "{{ }}"),
            ('"@NODE_IP@"', "@X@"),
            ('"<%= ip %>"', "<% %>"),
            ("__NODE_IP__", "__X__"),
            ("$PUBLIC_IP", "$X"),
            ("$(hostname)", "$( )"),
            ('"%PUBLIC_IP%"', "%X%"),
            ("<YOUR_IP>", "<X>"),
            ("<your public ip>", "<X>"),
            ("CHANGE_ME", "a name in capitals"),
            ("YOUR_SERVER_IP", "a name in capitals"),
            ("changeme", "CHANGE_ME"),
            ('"${IP:-1.2.3.4}"', "${X}"),
        ],
    )
    def test_a_setting_that_is_a_placeholder_stops_with_the_way_to_set_it_alone(self, written, mark):
        text = f"port: 7880\nrtc: {{udp_port: 7882, node_ip: {written}}}\n{KEYS}"
        message = refused(text, "lint", "--livekit")
        assert f"f.yaml:2:23: rtc.node_ip must be filled in: it holds a placeholder (got {mark})" in message
        assert "--set rtc.node_ip=VALUE" in message
        assert run("ports", "--livekit", "f.yaml", "--set", "rtc.node_ip=203.0.113.5")[0] == 0

    def test_nothing_follows_from_a_setting_that_is_one(self):
        message = refused("turn: {enabled: true, tls_port: 443, domain: <turn-host>}\n", "ports", "--livekit")
        assert message.startswith("livekit-firewall: 1 problem")

    def test_of_another_service(self):
        message = refused(SIP.replace("5060", '"${SIP_PORT}"'), "ports", "--sip")
        assert "sip_port must be filled in" in message
        assert "--set sip:sip_port=VALUE" in message

    @pytest.mark.parametrize(
        ("text", "key"),
        [
            ('webhook: {api_key: "${LK_KEY}", urls: ["http://app/hook"]}', "webhook.api_key"),
            ('redis: {address: "${REDIS_HOST}:6379"}', "redis.address"),
            ("redis: {address: <redis-host>:6379}", "redis.address"),
            ('keys: {"${KEY}": "${SECRET}"}', "keys"),
            ('keys: {name: "{{ secret }}"}', "keys"),
            *(
                (f"redis: {{password: '{text}'}}", "redis.password")
                for text in ("${PW}", "{{ a }}{{ b }}", "@PW@", "$REDIS_PASSWORD", "__PW__", "<password>", "<%= pw %>")
            ),
        ],
    )
    def test_in_other_values_a_placeholder_is_an_error_that_shows_no_secret(self, text, key):
        Path("f.yaml").write_text(f"port: 7880\nrtc: {{udp_port: 7882, use_external_ip: true}}\n{text}\n")
        code, out, _ = run("lint", "--livekit", "f.yaml", "--json")
        assert code == 1
        assert '"id": "placeholder"' in out
        assert f'"path": "{key}"' in out
        assert run("ports", "--livekit", "f.yaml")[0] == 0
        assert "SECRET" not in out

    @pytest.mark.parametrize(
        "text",
        [
            'key_file: "${KEYS}/keys.yaml"',
            'keys: {a: "p@ss@word$1%AB%CD<x>"}',
            *(
                f"redis: {{address: 'r:6379', password: '{text}'}}"
                for text in ("a${b}c", "{{}}x", "p@SS@w$RD", "$ecret", "a__B__c", "x<%y%>", "P$SSWORD", "{%a%}b")
            ),
            'room: {room_configurations: {a: {egress: {room: {filepath: "{room_name}"}}}}}',
            'webhook: {urls: ["https://h/?a=%AB%CD"], api_key: a}',
            "# {{ not here }}\nregion: x",
        ],
    )
    def test_texts_that_are_no_placeholder(self, text):
        Path("f.yaml").write_text(f"port: 7880\n{text}\n")
        assert '"placeholder"' not in run("lint", "--livekit", "f.yaml", "--json")[1]

    @few_examples
    @given(st.from_regex(r"[a-z0-9.:/-]{1,40}", fullmatch=True))
    def test_no_address_or_name_is_a_placeholder(self, text):
        found = placeholder(text, is_setting=True)
        assert found is None or "change" in text or "replace" in text or "fill" in text


class TestWhatIsNotRead:
    @pytest.mark.parametrize("command", COMMANDS)
    @pytest.mark.parametrize("text", ["", "\n", "# port: 7880\n# rtc: {udp_port: 7882}\n", "---\n", "~\n", "--- # x\n"])
    def test_a_file_with_nothing_in_it_is_no_configuration(self, text, command):
        for option in ("--livekit", "--egress"):
            assert "(got nothing in it)" in refused(text, *command, option)

    def test_an_empty_file_may_stand_beside_what_flags_say(self):
        Path("f.yaml").write_text("")
        code, out, _ = run("rules", "--livekit", "f.yaml", "--set", "rtc.udp_port=7882")
        assert code == 0
        assert "udp/7882" in out

    def test_a_file_of_comments_is_refused_for_livekit_server(self):
        Path("f.yaml").write_text("# x\n")
        assert run("rules", "--livekit", "f.yaml", "--set", "rtc.udp_port=7882")[0] == 2

    def test_a_first_document_that_is_empty_hides_the_next(self):
        message = refused(f"---\n# settings\n---\nrtc: {{udp_port: 7882}}\n{KEYS}", "ports", "--livekit")
        assert "livekit-server reads the first document only; remove what stands before line 4" in message

    @pytest.mark.parametrize("rest", ["turn: {enabled: true, udp_port: 3478}\n", "{{ broken\n", "- a\n"])
    def test_a_second_document_is_reported(self, rest):
        Path("f.yaml").write_text(f"rtc: {{udp_port: 7882}}\n{KEYS}---\n{rest}")
        code, out, err = run("ports", "--livekit", "f.yaml")
        assert code == 0
        assert "turn" not in out
        assert "warning: f.yaml:" in err
        assert "[further-document]" in err

    @pytest.mark.parametrize("rest", ["---\n", "...\n", "---\n# nothing\n"])
    def test_an_empty_second_document_is_not_reported(self, rest):
        Path("f.yaml").write_text(f"rtc: {{udp_port: 7882}}\n{KEYS}{rest}")
        assert "further-document" not in run("ports", "--livekit", "f.yaml")[2]

    @pytest.mark.parametrize("version", ["1.2", "1.0", "1.3"])
    def test_a_directive_of_another_yaml(self, version):
        Path("f.yaml").write_text(f"%YAML {version}\n---\n{LIVEKIT}")
        code, out, err = run("ports", "--livekit", "f.yaml")
        assert (code, out) == (2, "")
        assert f"(got %YAML {version}); livekit-server does not start with it" in err or "not valid YAML" in err

    def test_yaml_1_1_by_name(self):
        Path("f.yaml").write_text(f"%YAML 1.1\n---\n{LIVEKIT}")
        assert run("ports", "--livekit", "f.yaml")[0] == 0

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("node_ip: !secret 203.0.113.5", 0),
            ("udp_port: !env 7882", 0),  # read as a text
            ("tcp_port: !vault 7881", 2),  # cannot unmarshal !vault `7881` into uint32
            ("use_external_ip: !x yes", 0),
            ("use_external_ip: !x true", 2),
            ("ips: !x {includes: [203.0.113.0/24]}", 0),
        ],
    )
    def test_a_local_tag_makes_a_text(self, text, expected):
        """The expectations are those of gopkg.in/yaml.v3 3.0.1 for the same scalars."""
        Path("f.yaml").write_text(f"rtc:\n  {text}\n{KEYS}")
        assert run("ports", "--livekit", "f.yaml")[0] == expected


class TestStreams:
    TEXT = b"port: 7880\nrtc: {udp_port: 7882}\n"

    def test_standard_input(self):
        code, out, _ = run("ports", "--livekit", "-", stdin=self.TEXT)
        assert code == 0
        assert "udp/7882" in out

    @pytest.mark.parametrize("option", ["--sip", "--ingress", "--egress"])
    def test_of_every_service(self, option):
        assert run("ports", option, "-", stdin=OWN[option[2:]].encode())[0] == 0

    def test_of_arguments(self):
        code, out, _ = run("ports", "--compose", "-", stdin=COMPOSE.encode())
        assert (code, "udp/7882" in out) == (0, True)
        assert run("ports", "--args", "-", stdin=b"udp_port: 7882\nhttps: true\n")[0] == 0

    @pytest.mark.parametrize("source", ["/dev/stdin", "<(printf 'rtc: {udp_port: 7882}')"])
    def test_pipes(self, source):
        command = (
            f"printf 'rtc: {{udp_port: 7882}}' | {sys.executable} -m livekit_firewall.cli ports --livekit {source}"
        )
        root = Path(__file__).parents[3] / "components"
        done = subprocess.run(
            ["bash", "-c", command], cwd=root, capture_output=True, text=True, check=False, timeout=30
        )
        assert done.returncode == 0, done.stderr
        assert "udp/7882" in done.stdout

    def test_it_is_read_once(self):
        code, _, err = run("ports", "--livekit", "-", "--sip", "-", stdin=self.TEXT)
        assert code == 2
        assert "--livekit and --sip cannot both be standard input" in err

    def test_standard_input_over_the_limit(self):
        code, out, err = run("ports", "--livekit", "-", stdin=b"#" * 10_000_001)
        assert (code, out) == (2, "")
        assert "-: must be at most 10 MB (got 10,000,001 bytes)" in err

    def test_no_name_within_a_file_is_a_stream(self):
        Path("args.yaml").write_text('livekit_config: "-"\n')
        code, _, err = run("ports", "--args", "args.yaml", stdin=self.TEXT)
        assert code == 2
        assert "-: cannot be read" in err

    def test_a_pipe_that_somebody_left_is_not_waited_for(self, monkeypatch):
        clock = Clock()
        monkeypatch.setattr(files, "time", clock)
        os.mkfifo("pipe")
        code, _, err = run("ports", "--livekit", "pipe")
        assert code == 2
        assert clock.now == pytest.approx(files.SECONDS, abs=0.1)
        assert "cannot be read in time" in err


@given(st.text(alphabet="abcxyzABCXYZ019_.:/ ,*-{}$@<>%()[]#", max_size=12))
@few_examples
def test_no_placeholder_is_plain(text: str) -> None:
    assert not is_plain(text) or placeholder(text, is_setting=True) is None
