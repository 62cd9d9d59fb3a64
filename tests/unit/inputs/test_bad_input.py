"""Bad input of every kind: one message and exit code 2, without a traceback, without blocking, without a secret."""

from __future__ import annotations

import io
import json
import os
import socket
import sys
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.inputs import files
from livekit_firewall.inputs.harmless import is_harmless, known_part
from livekit_firewall.inputs.shown import show
from livekit_firewall.model.errors import ConfigurationError, Report
from livekit_firewall.settings.given import read_given
from livekit_firewall.settings.sources import Running

from ..hostile import KEYS, MARK, OPTIONS, SCALARS, WRONG, Clock, nested, placed, run
from ..strategies import few_examples

commands = settings(few_examples, deadline=None)
"""An example is several commands; a machine with other work may take seconds for them."""

SOUND = "port: 7880\nrtc: {port_range_start: 50000, port_range_end: 60000}\n"


@pytest.fixture(autouse=True, scope="module")
def folder(tmp_path_factory):
    """One folder for all tests: each example of a property overwrites the file."""
    before = Path.cwd()
    os.chdir(tmp_path_factory.mktemp("bad"))
    Path("ok.yaml").write_text(SOUND)
    Path("project").mkdir()
    Path("project/Pulumi.yaml").write_text("name: p\nruntime: python\n")
    yield
    os.chdir(before)


def write(text: str, name: str = "f.yaml") -> str:
    Path(name).write_text(text, encoding="utf-8", errors="surrogatepass")
    return name


def refused(*arguments: str, stdin: bytes = b"") -> str:
    """The error of a refused command, which prints nothing else."""
    code, out, err = run(*arguments, stdin=stdin)
    assert (code, out) == (2, ""), err
    assert "Traceback" not in err
    return err


def output_of(*arguments: str, stdin: bytes = b"") -> str:
    """Everything that a command prints, whether it accepts or refuses its input."""
    code, out, err = run(*arguments, stdin=stdin)
    assert code in (0, 1, 2)
    assert code != 2 or (out == "" and err != "")
    assert "Traceback" not in err
    return out + err


REACHED = ("redis.address", "redis.sentinel_addresses", "redis.cluster_addresses")
"""Hosts that the exposure names under what the node reaches out to."""


class TestNoTraceback:
    @pytest.mark.parametrize("value", ["!!timestamp x", "!!timestamp 2001-99-99"])
    @pytest.mark.parametrize("command", [["rules", "--livekit"], ["diff", "ok.yaml"], ["lint", "--livekit"]])
    def test_an_invalid_timestamp(self, command, value):
        file = write(f"port: {value}\n")
        assert "must be an integer from 1 to 65535 (got " in output_of(*command, file)

    @pytest.mark.parametrize("key", ["sip_port", "tls.port", "rtp_port"])
    def test_too_large_numbers_in_the_file_of_another_service(self, key):
        output_of("rules", "--sip", write(nested(key, "!!timestamp x")))

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("port=!!timestamp x", "port (--set): must be an integer from 1 to 65535 (got 'x')"),
            ('rtc="\\ud800"', "--set rtc: not valid YAML"),
            ("rtc=" + "[" * 5000, "--set rtc: must not be nested that deep (got more than 100 levels)"),
            (".".join(["a"] * 5000) + "=1", "--set: must have at most 100 levels (got 5,000 levels)"),
            ("rtc." * 5000 + "a=1", "must have at most 100 levels (got 5,001 levels)"),
            ("port=" + "9" * 5000, "--set port: must be a number of usual size (got a number of 5,000 digits)"),
            ("rtc={tcp_port: 1, tcp_port: 2}", "--set rtc: a key must not stand twice (got 'tcp_port')"),
            ("rtc=&a [*a]", "--set rtc: must name an anchor that stands before it (got an alias)"),
            ("port=!!python/name:os.system x", "--set port: not valid YAML: the tag is none of YAML's own"),
            ("port=\udcff", "--set port: must be UTF-8 text"),
            ("rtc..tcp_port=1", "--set rtc.…: must be KEY=VALUE"),
        ],
    )
    def test_set_is_read_as_files_are(self, text, message):
        assert message in refused("rules", "--livekit", "ok.yaml", "--set", text)

    def test_problems_of_set_are_reported_with_those_of_files(self):
        file = write("port: 70000\n")
        message = refused("rules", "--livekit", file, "--set", "a", "--set", "rtc=[")
        assert message.startswith("livekit-firewall: 3 problems")

    @pytest.mark.parametrize("value", [1, 1.5, True, "sg-1", {}, {"a": 1}, [[]], [{}], [None], [True], [1.5]])
    @pytest.mark.parametrize(
        "key",
        [
            "digitalocean.droplet_ids",
            "digitalocean.load_balancer_uids",
            "gcp.target_service_accounts",
        ],
    )
    def test_ids_that_are_no_list_of_ids(self, key, value):
        with pytest.raises(ConfigurationError) as caught:
            read_deployment(placed(key, value), Path())
        expected = f"{key}: must be a list of ids, each a text, a number or an output of another resource"
        assert any(str(problem).startswith(expected) for problem in caught.value.problems)

    @pytest.mark.parametrize(
        "value",
        [1, 1.5, True, "sg-1", {}, {"a": 1}, {"a": ""}, {"": "sg-1"}, {"a/b": "sg-1"}, {1: "sg-1"}, [[]], [None]],
    )
    def test_ids_that_are_neither_named_nor_a_list(self, value):
        with pytest.raises(ConfigurationError) as caught:
            read_deployment(placed("aws.load_balancer_security_group_ids", value), Path())
        expected = "aws.load_balancer_security_group_ids: must be a mapping from names of your own to ids"
        assert any(str(problem).startswith(expected) for problem in caught.value.problems)

    @pytest.mark.parametrize("value", [True, [], ["a"], {}, {"a": 1}, 1.5, ""])
    def test_an_invalid_id(self, value):
        with pytest.raises(ConfigurationError, match=r"aws\.vpc_id: must be an id"):
            read_deployment({"aws": {"vpc_id": value}}, Path())

    def test_numbers_that_python_refuses_to_write(self):
        with pytest.raises(ConfigurationError, match=r"port: must be an integer from 1 to 65535 \(got a number\)"):
            read_deployment({"port": 10**5000}, Path())
        assert "the id of a Droplet" in refused_by_constructor({"digitalocean": {"droplet_ids": ["9" * 5000]}})
        assert "existing_rules" in refused_by_constructor({"aws": {"vpc_id": "v", "existing_rules": 10**5000}})

    def test_an_invalid_path(self):
        assert "cannot be read" in refused("rules", "--plugnmeet", "9" * 5000)

    @pytest.mark.parametrize("name", ["", "a\0b", "\ud800", "9" * 5000, "."])
    @pytest.mark.parametrize(
        "command",
        [
            ["rules", "--livekit"],
            ["review"],
            ["compare", "--livekit", "ok.yaml"],
            ["recover", "--livekit", "ok.yaml"],
            ["explain", "--livekit", "ok.yaml", "--rule", "x", "--state"],
        ],
    )
    def test_a_name_of_no_file(self, command, name):
        refused(*command, name)

    @commands
    @given(st.sampled_from(sorted(OPTIONS)).flatmap(lambda kind: st.tuples(st.just(kind), st.sampled_from(KEYS[kind]))),
           st.sampled_from(SCALARS))  # fmt: skip
    @example(("livekit", "port"), "!!timestamp x")
    @example(("livekit", "rtc"), "!!omap x")
    @example(("args", "aws.load_balancer_security_group_ids"), "1")
    def test_a_file_with_anything_anywhere(self, key, value):
        kind, dotted = key
        file = write(nested(dotted, value))
        for command in (["rules"], ["lint"], ["exposure", "--json"]):
            output_of(*command, OPTIONS[kind], file)
        if kind in ("livekit", "args"):
            output_of("diff", "ok.yaml", file)

    @commands
    @given(st.sampled_from(KEYS["livekit"]), st.sampled_from(SCALARS))
    def test_set_with_anything(self, key, value):
        output_of("rules", "--livekit", "ok.yaml", "--set", f"{key}={value}")

    @commands
    @given(st.sampled_from(KEYS["args"]), st.sampled_from(SCALARS))
    def test_a_stack_with_anything(self, key, value):
        lines = nested(key, value).splitlines()
        text = "config:\n" + "".join(
            f"  {'' if index else 'livekit-firewall:'}{line}\n" for index, line in enumerate(lines)
        )
        write(text, "project/Pulumi.dev.yaml")
        os.chdir("project")
        try:
            output_of("rules", "--stack", "dev")
        finally:
            os.chdir("..")

    @commands
    @given(st.sampled_from(KEYS["args"]), st.sampled_from(range(len(WRONG))))
    def test_the_constructor_with_anything(self, key, index):
        refused_by_constructor(placed(key, WRONG[index]))

    @commands
    @given(st.text(max_size=40), st.sampled_from(["--load-balancer", "--trunk", "--operator", "--cluster", "--set"]))
    def test_flags_with_anything(self, text, flag):
        output_of("rules", "--livekit", "ok.yaml", flag, text)

    @commands
    @given(st.text(max_size=20), st.text(max_size=20))
    @example("10.0.0.0/" + "9" * 5000, "tcp/22")
    @example("1.2.3.4", "tcp/" + "9" * 5000)
    @example("1.2.3.4", "tcp/²")
    def test_explain_with_anything(self, peer, ports):
        output_of("explain", "--livekit", "ok.yaml", "--", peer, ports)


def refused_by_constructor(arguments: object) -> str:
    """The error of the component's constructor; "" if it accepts the arguments."""
    from livekit_firewall.preflight import check

    try:
        check("lk", arguments)
    except ConfigurationError as error:
        return str(error)
    return ""


@pytest.mark.needs("linux")
class TestNothingIsWaitedFor:
    COMMANDS = (
        ["rules", "--livekit"],
        ["rules", "--args"],
        ["rules", "--helm"],
        ["lint", "--sip"],
        ["diff", "ok.yaml"],
        ["review"],
        ["compare", "--livekit", "ok.yaml"],
        ["recover", "--livekit", "ok.yaml"],
        ["explain", "--livekit", "ok.yaml", "--rule", "x", "--state"],
    )

    @pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command))
    @pytest.mark.parametrize("target", ["pipe", "/dev/zero", "/dev/ptmx", "socket"])
    def test_a_link_to_what_blocks(self, command, target, tmp_path, monkeypatch):
        clock = Clock()
        monkeypatch.setattr(files, "time", clock)
        link = tmp_path / "link.yaml"
        if target == "pipe":
            os.mkfifo(tmp_path / "pipe")
        elif target == "socket":
            with socket.socket(socket.AF_UNIX) as one:
                one.bind(str(tmp_path / "socket"))
        link.symlink_to(tmp_path / target)
        before = time.monotonic()
        message = refused(*command, str(link))
        assert time.monotonic() - before + clock.now < 9
        assert "link.yaml" in message

    def test_the_file_that_says_what_lint_ignores(self, tmp_path, monkeypatch):
        write(SOUND, str(tmp_path / "ok.yaml"))
        monkeypatch.chdir(tmp_path)
        os.mkfifo("pipe")
        Path(".livekit-firewall.yaml").symlink_to("pipe")
        assert "must be a file that can be read (got a special file)" in refused("lint", "--livekit", "ok.yaml")

    def test_a_file_that_became_a_pipe_is_not_opened_blocking(self, tmp_path, monkeypatch):
        regular = tmp_path / "regular"
        regular.write_text("x")
        os.mkfifo(tmp_path / "pipe")
        status = regular.stat()
        monkeypatch.setattr(Path, "stat", lambda *_, **__: status)
        with pytest.raises(files.UnreadableError, match="must be a file"):
            files.read_bytes(tmp_path / "pipe", 10)

    def test_a_pipe_whose_writer_says_nothing(self, tmp_path, monkeypatch):
        os.mkfifo(tmp_path / "pipe")
        monkeypatch.setattr(files, "SILENCE", 0.2)
        writer = os.open(tmp_path / "pipe", os.O_RDWR)
        try:
            with pytest.raises(files.UnreadableError, match="in time"):
                files.read_bytes(tmp_path / "pipe", 10, may_be_pipe=True)
        finally:
            os.close(writer)

    def test_what_the_shell_opened_is_read(self):
        reader, writer = os.pipe()
        os.write(writer, b"told")
        os.close(writer)
        try:
            assert files.read_bytes(f"/dev/fd/{reader}", 10, may_be_pipe=True) == b"told"
        finally:
            os.close(reader)

    def test_standard_input_that_never_ends(self, monkeypatch):
        class Endless(io.RawIOBase):
            def readable(self):
                return True

            def readinto(self, buffer):
                buffer[:] = b"x" * len(buffer)
                return len(buffer)

        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Endless())))
        with pytest.raises(files.TooLargeError, match="must be at most 1 MB"):
            files.read_stdin(1_000_000)

    def test_standard_input_that_is_closed(self, monkeypatch):
        monkeypatch.setattr(sys, "stdin", None)
        with pytest.raises(files.UnreadableError, match="cannot be read"):
            files.read_stdin(10)


SECTIONS = ["redis", "webhook", "keys", "rtc.turn_servers", "room", "logging", "rtc", "turn", "prometheus", "sip"]


class TestNoSecretIsShown:
    @pytest.mark.matrix
    @pytest.mark.parametrize("section", SECTIONS)
    @pytest.mark.parametrize("value", [f"redis://:{MARK}@h:6379", MARK, f"[{MARK}]", f"[[{MARK}]]", f"[{{a: {MARK}}}]"])
    def test_text_in_the_place_of_a_section(self, section, value):
        file = write(nested(section, value))
        assert MARK not in output_of("rules", "--livekit", file)
        assert MARK not in output_of("lint", "--livekit", file)
        assert MARK not in output_of("rules", "--livekit", "ok.yaml", "--set", f"{section}={value}")

    @pytest.mark.matrix
    @pytest.mark.parametrize(
        "value",
        [f"*{MARK}", f"!{MARK} x", f"!{MARK}", f"!!{MARK} x", f"!<{MARK}> x", f"!{MARK}!x y", f"&{MARK} [*{MARK}]",
         f"&{MARK} &b x", f'"\\q{MARK}"', f'"{MARK}', f"'{MARK}", f"{{{MARK}: 1, {MARK}: 2}}", f"[{MARK}", f"@{MARK}",
         f"`{MARK}", f"%{MARK}", f"{MARK}: {MARK}: x", f"? [{MARK}]", f"{{? {{{MARK}: 1}} : 2}}", f"|{MARK}",
         f"<<: {MARK}", f"!!binary {MARK}", f"!!int {MARK}", f"!!map {MARK}", f"*{MARK} : x", f"x # {MARK}",
         f"!!timestamp {MARK}"],
    )  # fmt: skip
    @pytest.mark.parametrize("key", ["keys", "redis.password", "webhook.api_key", "nothing"])
    def test_no_secret_in_names_and_parser_messages(self, key, value):
        file = write(nested(key, value))
        assert MARK not in output_of("rules", "--livekit", file)
        assert MARK not in output_of("rules", "--livekit", "ok.yaml", "--set", f"{key}={value}")
        assert MARK not in output_of("diff", "ok.yaml", file)

    @pytest.mark.parametrize("pure", [True, False])
    def test_no_secret_in_messages_of_either_yaml_parser(self, pure, monkeypatch):
        import yaml

        from livekit_firewall.inputs import yaml_builder

        monkeypatch.setattr(yaml_builder, "_Loader", yaml.SafeLoader if pure else yaml_builder._Loader)
        for value in (f"*{MARK}", f"!{MARK} x", f"!{MARK}!x y", f'"\\q{MARK}"', f"[{MARK}", f"%{MARK} 1", f"@{MARK}"):
            assert MARK not in refused("rules", "--livekit", write(f"redis: {value}\n"))
        assert MARK not in output_of("rules", "--livekit", write(f"%{MARK}\n---\na: 1\n"))

    @pytest.mark.parametrize(
        "text",
        [MARK, f"={MARK}", f"{MARK}:port=1", f"redis://:{MARK}@h=x", f"keys.{MARK}=[", f"keys.{MARK}..a=1",
         f"webhook.{MARK}=*a", f"redis.{MARK}=!!x y", f"{MARK}=[", f"keys={{{MARK}: a, {MARK}: b}}"],
    )  # fmt: skip
    def test_set_that_is_no_setting(self, text):
        assert MARK not in refused("rules", "--livekit", "ok.yaml", "--set", text)

    @pytest.mark.parametrize("key", ["keys", "redis", "nothing", "aws", "aws.tags", "prometheus.password"])
    @pytest.mark.parametrize("value", [MARK, [MARK], {"a": MARK}, [{"a": MARK}], MARK.encode()])
    def test_the_constructor(self, key, value):
        assert MARK not in refused_by_constructor(placed(key, value))

    @pytest.mark.parametrize("value", [{"password": MARK}, [{"password": MARK}], f"redis://:{MARK}@h", [[MARK]]])
    @pytest.mark.parametrize("key", ["port", "clients.cidrs", "trunks", "turn.bind_addresses", "cluster.services"])
    def test_a_secret_within_what_stands_at_a_harmless_key(self, key, value):
        assert MARK not in refused_by_constructor(placed(key, value))

    def test_a_key_that_is_no_name(self):
        message = refused_by_constructor({f"redis://:{MARK}@h": 1, "turn": {f"a {MARK}": 1}, b"x": 1})
        assert MARK not in message
        assert "(a key that is no name): unknown key" in message

    @commands
    @given(st.sampled_from(sorted(OPTIONS)).flatmap(lambda kind: st.tuples(st.just(kind), st.sampled_from(KEYS[kind]))),
           st.sampled_from(["{}", "[{}]", "{{a: {}}}", "'{}'", "[[{}]]", "*{}", "!{} x", "&{} x", "x # {}",
                            "{{{}: 1, {}: 1}}", "!!timestamp {}", '"\\q{}"', "!!binary {}"]))  # fmt: skip
    @example(key=("livekit", "ingress"), shape="[[{}]]")
    @example(key=("sip", "redis.address"), shape="!!timestamp {}")
    def test_whatever_stands_at_a_key_that_is_not_harmless(self, key, shape):
        kind, dotted = key
        value = shape.replace("{{", "\1").replace("}}", "\2").replace("{}", MARK).replace("\1", "{").replace("\2", "}")
        file = write(nested(dotted, value))
        for command in (["rules"], ["lint", "--format", "json"], ["exposure", "--html"]):
            message = output_of(*command, OPTIONS[kind], file)
            names_itself = shape.startswith("{{") and "unknown key" in message.replace("unknown-key", "unknown key")
            assert (
                MARK not in message
                or is_harmless(dotted)
                or names_itself
                or dotted.endswith("_config")
                or (command[0] == "exposure" and dotted in REACHED and shape in ("{}", "'{}'", "!!timestamp {}"))
            )

    @pytest.mark.matrix
    @pytest.mark.parametrize("key", REACHED)
    @pytest.mark.parametrize("address", [f":{MARK}@h:6379", f"redis://u:{MARK}@h:6379", f"{MARK}@h", f"//:{MARK}@h/0"])
    @pytest.mark.parametrize("kind", ["livekit", "sip", "ingress", "egress"])
    def test_a_password_before_a_host_that_is_reached(self, kind, key, address):
        value = address if key == "redis.address" else [address]
        file = write(json.dumps(placed(key, value)))
        for command in (["ports"], ["lint"], ["exposure"], ["exposure", "--json"], ["exposure", "--html"]):
            assert MARK not in output_of(*command, OPTIONS[kind], file)

    @pytest.mark.matrix
    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("redis.address", [MARK]),
            *((key, value) for key in REACHED for value in ({"a": MARK}, [[MARK]], [{"a": MARK}])),
        ],
    )
    @pytest.mark.parametrize("kind", ["livekit", "sip", "ingress", "egress"])
    def test_an_invalid_address(self, kind, key, value):
        file = write(json.dumps(placed(key, value)))
        for command in (["ports"], ["lint"], ["exposure"], ["exposure", "--html"]):
            assert MARK not in output_of(*command, OPTIONS[kind], file)

    def test_a_harmless_value_is_still_shown(self):
        assert show("rtc.tcp_port", 99999) == "99999"
        assert show("rtc.tcp_port", "78 80") == "'78 80'"
        assert show("clients.cidrs[0]", "10.0.0.0") == "'10.0.0.0'"
        assert show("redis", MARK) == "a text"
        assert show("redis", [MARK]) == "a list"
        assert show("redis", 5) == "a number"
        assert show("keys.x", MARK) == "a value that is not shown"

    def test_the_names_in_a_place_end_where_the_users_begin(self):
        assert known_part("rtc.tcp_port") == "rtc.tcp_port"
        assert known_part(f"keys.{MARK}.a") == "keys.…"
        assert known_part("keys.port") == "keys.…"
        assert known_part(MARK) == "…"

    def test_a_problem_of_set_shows_none_of_its_text(self):
        report = Report()
        assert read_given([MARK], [], {}, Path(), report) == Running()
        assert MARK not in str(report.problems)


SPELLING = "correct its spelling, or remove it [unknown-key]"


class TestAllAtOnce:
    def test_a_refused_file_shows_its_findings_and_those_of_others(self):
        write("port: 70000\nrtc: {tcp_prot: 7881}\ntcp_port: 1\n", "l.yaml")
        write("sip_prot: 5060\nhealth_port: 99999\n", "s.yaml")
        stops, fix = (
            "livekit-server 1.13.11 (by its source, not run here) does not know this key and refuses to start",
            SPELLING,
        )
        ignored = "livekit-sip 1.11.0 ignores a key that it does not know"
        assert refused("rules", "--livekit", "l.yaml", "--sip", "s.yaml").splitlines() == [
            "livekit-firewall: 2 problems in the configuration:",
            "  - l.yaml:1:1: port: must be an integer from 1 to 65535 (got 70000)",
            "  - s.yaml:2:1: health_port: must be an integer from 1 to 65535, or 0 = off (got 99999)",
            "also found:",
            f"  - error: l.yaml:2:7: rtc.tcp_prot: {stops}; did you mean tcp_port? {fix}",
            f"  - error: l.yaml:3:1: tcp_port: {stops}; did you mean rtc.tcp_port? {fix}",
            f"  - warning: s.yaml:1:1: sip_prot: {ignored}; did you mean sip_port? {fix}",
        ]

    @pytest.mark.parametrize(
        ("option", "text", "near"),
        [
            ("--livekit", "rtc: {tcp_prot: 1}\n", "tcp_port"),
            ("--livekit", "rtc: {}\nprot: 1\n", "port"),
            ("--livekit", "turn: {udp_prot: 1}\n", "udp_port"),
            ("--livekit", "rtc: {}\ndomain: a\n", "turn.domain"),
            ("--livekit", "prometheus: {prot: 1}\n", "port"),
            ("--sip", "sip_port: 5060\nrtp_prot: 1\n", "rtp_port"),
            ("--ingress", "whip_port: 8080\nrtmp_prot: 1\n", "rtmp_port"),
            ("--ingress", "rtc_config: {udp_prot: 7885}\n", "udp_port"),
            ("--egress", "s3: {}\nhealth_prot: 1\n", "health_port"),
        ],
    )
    def test_an_unknown_key_names_the_nearest(self, option, text, near):
        code, _, err = run("rules", option, write(text))
        assert code == 0
        assert f"did you mean {near}? correct its spelling" in err

    def test_one_file_that_cannot_be_read_hides_nothing_of_another(self):
        write("port: [\n", "broken.yaml")
        write("sip_port: 7881\nhealth_port: 7881\n", "s.yaml")
        message = refused("rules", "--livekit", "broken.yaml", "--sip", "s.yaml", "--ingress", "missing.yaml")
        assert message.startswith(
            "livekit-firewall: 2 problems in the configuration:\n  - broken.yaml:2:1: not valid YAML"
        )
        assert "want the same port" in message

    @pytest.mark.parametrize("wrong", [["--load-balancer", "10.0.0.5"], ["--set", "rtc"]])
    def test_no_finding_depends_on_a_value_with_a_problem(self, wrong):
        assert "also found" not in refused("rules", "--livekit", "ok.yaml", *wrong)

    def test_both_sides_of_a_diff(self):
        write("port: 70000\nnothing: 1\n", "l.yaml")
        write("port: 80000\n", "m.yaml")
        message = refused("diff", "m.yaml", "l.yaml")
        assert message.startswith("livekit-firewall: 2 problems in the configuration:\n  - m.yaml:1:1: port")
        assert "\n  - l.yaml:1:1: port" in message
        assert "l.yaml:2:1: nothing: livekit-server" in message


@pytest.mark.parametrize("text", ["", "{}\n", "# https: true\n"])
def test_a_file_of_arguments_that_says_nothing_is_no_default_firewall(text: str, tmp_path: Path) -> None:
    """With defaults, a file that was emptied by accident would open 10,001 ports."""
    file = tmp_path / "args.yaml"
    file.write_text(text)
    code, out, err = run("rules", "--args", str(file))
    assert (code, out) == (2, "")
    assert f"nothing says what runs on the node ({file} holds no argument)" in err
