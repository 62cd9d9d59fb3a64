"""The configuration of a compose file's services, and the ports at which other machines reach them."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest

from livekit_firewall.deployment.derive import Deployment, read_deployment
from livekit_firewall.inputs.kinds import BODY
from livekit_firewall.model.errors import ConfigurationError, Report
from livekit_firewall.reports.lint import lint
from livekit_firewall.settings.given import read_given
from livekit_firewall.settings.schemas import schema_of

SERVER = "services:\n  livekit:\n    image: livekit/livekit-server:v1.9.11\n"
MUX = "port: 7880\nrtc: {udp_port: 7882}\n"


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")


def read(folder: Path, files: Mapping[str, str], **given: object) -> Deployment:
    write(folder, files)
    return read_deployment({"compose": "compose.yaml", "https": True, **given}, folder)


def ports(deployment: Deployment) -> list[str]:
    """The ports that other machines reach, without those of the proxy."""
    found = [one for one in deployment.listeners if one.families and one.key != "https"]
    return [f"{one.ports} {one.audience}" for one in found]


def errors(deployment: Deployment) -> list[str]:
    return [f"{one.id} {one.place}" for one in deployment.findings if one.severity == "error"]


def refused(folder: Path, files: Mapping[str, str], **given: object) -> str:
    with pytest.raises(ConfigurationError) as error:
        read(folder, files, **given)
    return str(error.value)


def host(text: str) -> str:
    """A compose file with livekit-server on the host's network, and further lines in its section."""
    return SERVER + "    network_mode: host\n" + textwrap.indent(textwrap.dedent(text), "    ")


class TestConfiguration:
    """Where a service's configuration comes from."""

    @pytest.mark.parametrize(
        "section",
        [
            'command: --config /etc/livekit.yaml\nvolumes: ["./livekit.yaml:/etc/livekit.yaml:ro"]',
            "command: [--config=/etc/livekit.yaml]\nvolumes: [{type: bind, source: ./, target: /etc}]",
            'entrypoint: /livekit-server -config etc/livekit.yaml\nvolumes: ["./livekit.yaml:/etc/livekit.yaml"]',
            'command: [sh, -c, "exec livekit-server --config /etc/livekit.yaml"]\nvolumes: ["./:/etc/"]',
            "command: --config livekit.yaml\nworking_dir: /app\nvolumes: [./livekit.yaml:/app/livekit.yaml]",
        ],
    )
    def test_a_mounted_file_is_read(self, tmp_path: Path, section: str) -> None:
        deployment = read(tmp_path, {"compose.yaml": host(section), "livekit.yaml": MUX})
        assert ports(deployment) == ["tcp/7880 nobody", "udp/7882 public", "tcp/7881 public"]
        mux = next(one for one in deployment.listeners if one.key == "rtc.udp_port")
        assert str(mux.place) == "livekit.yaml:2:7: rtc.udp_port"

    def test_a_body_stands_at_its_line_of_the_compose_file(self, tmp_path: Path) -> None:
        text = host("environment:\n  LIVEKIT_CONFIG: |\n    port: 7880\n    rtc:\n      udp_port: ${PORT:-7882}\n")
        deployment = read(tmp_path, {"compose.yaml": text})
        mux = next(one for one in deployment.listeners if one.key == "rtc.udp_port")
        assert (str(mux.ports), str(mux.place)) == (
            "udp/7882",
            "compose.yaml:9:11: rtc.udp_port (variable LIVEKIT_CONFIG)",
        )

    def test_a_body_wins_over_a_file(self, tmp_path: Path) -> None:
        text = host("command: --config /not-mounted.yaml\nenvironment: {LIVEKIT_CONFIG: 'rtc: {udp_port: 7882}'}\n")
        assert "udp/7882 public" in ports(read(tmp_path, {"compose.yaml": text}))

    def test_configs_of_the_file_are_read(self, tmp_path: Path) -> None:
        text = host("command: --config /etc/lk.yaml\nconfigs: [{source: lk, target: /etc/lk.yaml}]\n")
        inline = text + "configs:\n  lk:\n    content: |\n      rtc: {udp_port: 7882}\n"
        assert "udp/7882 public" in ports(read(tmp_path, {"compose.yaml": inline}))
        named = text + "configs: {lk: {file: ./livekit.yaml}}\n"
        assert "udp/7882 public" in ports(read(tmp_path, {"compose.yaml": named, "livekit.yaml": MUX}))

    def test_secrets_of_the_file_are_read(self, tmp_path: Path) -> None:
        text = host("command: --config /run/secrets/lk\nsecrets: [lk]\n") + "secrets: {lk: {file: ./livekit.yaml}}\n"
        assert "udp/7882 public" in ports(read(tmp_path, {"compose.yaml": text, "livekit.yaml": MUX}))

    def test_flags_win_over_variables_and_variables_over_the_file(self, tmp_path: Path) -> None:
        text = host(
            """
            command: --config /l.yaml --rtc.tcp_port 7003
            volumes: ["./livekit.yaml:/l.yaml"]
            environment: {LIVEKIT_RTC_TCP_PORT: 7002, UDP_PORT: 7884, LIVEKIT_PORT: 7885}
            """
        )
        deployment = read(tmp_path, {"compose.yaml": text, "livekit.yaml": MUX + "prometheus: {port: 7001}\n"})
        places = {str(one.ports): str(one.place) for one in deployment.listeners if one.owner}
        assert places == {
            "tcp/7885": "compose.yaml:8:63: port (variable LIVEKIT_PORT)",
            "udp/7884": "compose.yaml:8:47: rtc.udp_port (variable UDP_PORT)",
            "tcp/7003": "compose.yaml:6:5: rtc.tcp_port (flag --rtc.tcp_port)",
            "tcp/7001": "livekit.yaml:3:14: prometheus.port",
        }

    def test_a_flag_of_the_file_wins_over_variables_that_options_give(self, tmp_path: Path) -> None:
        write(tmp_path, {"compose.yaml": host("command: --udp-port 7882 --rtc.tcp_port 7001"),
                         "lk.env": "UDP_PORT=7900\nLIVEKIT_RTC_TCP_PORT=7002\nLIVEKIT_PORT=7003\n"})  # fmt: skip
        report = Report()

        def reached(sets: list[str], env_files: list[str]) -> list[str]:
            running = read_given(sets, env_files, {}, tmp_path, report)
            return ports(read_deployment({"compose": "compose.yaml"}, tmp_path, running=running))

        assert reached([], ["lk.env"]) == ["tcp/7003 nobody", "udp/7882 public", "tcp/7001 public"]
        assert reached(["rtc.udp_port=7900"], []) == ["tcp/7880 nobody", "udp/7900 public", "tcp/7001 public"]
        with pytest.raises(ConfigurationError) as error:
            reached(["UDP_PORT=7900"], [])
        message = "--set UDP_PORT: must have an effect: compose.yaml:5:5: rtc.udp_port (flag --udp-port) wins over it"
        assert message in str(error.value)
        assert "write --set rtc.udp_port=VALUE" in str(error.value)

    def test_env_files_and_the_dotenv_beside_the_file(self, tmp_path: Path) -> None:
        files = {
            "compose.yaml": host("env_file: lk.env\nenvironment: {NODE_IP: '${PUBLIC_IP}'}\n"),
            "lk.env": "UDP_PORT=7882\nNODE_IP=198.51.100.1\n",
            ".env": "PUBLIC_IP=203.0.113.7\n",
        }
        deployment = read(tmp_path, files)
        assert "udp/7882 public" in ports(deployment)
        server = deployment.settings.server
        assert server
        assert server.own.rtc.node_ip == "203.0.113.7"
        assert str(server.tree["rtc.udp_port"].place) == "lk.env:1: rtc.udp_port (variable UDP_PORT)"

    def test_nothing_comes_from_this_machines_environment(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LK_PORT", "7999")
        monkeypatch.setenv("UDP_PORT", "7999")
        deployment = read(tmp_path, {"compose.yaml": host('environment: ["LIVEKIT_PORT=${LK_PORT:-7885}", UDP_PORT]')})
        assert "7999" not in str(ports(deployment))
        assert [one.id for one in deployment.findings if "UDP_PORT" in one.text] == ["compose-variable-unset"]

    @pytest.mark.parametrize("keys", ["${KEY}: ${SECRET}", "${KEY}:${SECRET}", " ${KEY} : ${SECRET} "])
    def test_keys_that_are_not_at_hand_are_not_known_and_stop_nothing(self, tmp_path: Path, keys: str) -> None:
        """A pipeline has no .env: the keys open no port, and are not empty where the deployment runs."""
        deployment = read(tmp_path, {"compose.yaml": host(f'environment: {{LIVEKIT_KEYS: "{keys}", UDP_PORT: 7882}}')})
        assert "udp/7882 public" in ports(deployment)
        told = [one.text for one in deployment.findings if one.id == "compose-variable-unset"]
        assert [text.split()[0] for text in told] == ["KEY", "SECRET"]

    def test_without_a_file_variables_alone_configure_the_service(self, tmp_path: Path) -> None:
        deployment = read(tmp_path, {"compose.yaml": host("environment: {UDP_PORT: 7882}\n")})
        assert ports(deployment) == ["tcp/7880 nobody", "udp/7882 public", "tcp/7881 public"]
        api = next(one for one in deployment.listeners if one.key == "port")
        assert str(api.place) == "compose.yaml:2:3: port"

    def test_a_file_given_besides_takes_the_place_of_the_one_that_is_mounted(self, tmp_path: Path) -> None:
        text = host('command: --config /l.yaml --node-ip 203.0.113.7\nvolumes: ["/etc/livekit.yaml:/l.yaml"]\n')
        deployment = read(tmp_path, {"compose.yaml": text, "mine.yaml": MUX}, livekit_config="mine.yaml")
        assert "udp/7882 public" in ports(deployment)
        assert deployment.settings.server
        assert deployment.settings.server.own.rtc.node_ip == "203.0.113.7"

    def test_the_tag_of_the_image_says_the_version(self, tmp_path: Path) -> None:
        body = "environment: {LIVEKIT_CONFIG: 'webtransport: {port: 7443}'}"
        assert "livekit-server 1.9.11" in str(read(tmp_path, {"compose.yaml": host(body)}).findings)

    @pytest.mark.parametrize("tag", ["1.9", "v1.9.11", "latest", "v1.9.11@sha256:0", "master", "v1.14.2-rc1"])
    def test_a_tag_that_is_known_or_no_release_is_silent(self, tmp_path: Path, tag: str) -> None:
        text = host("command: --dev").replace("v1.9.11", tag)
        assert "release-unknown" not in str(read(tmp_path, {"compose.yaml": text}).findings)

    @pytest.mark.parametrize("tag", ["v1.14.2", "1.14", "1.3.0"])
    def test_a_release_that_is_not_known_is_told_with_the_one_in_its_place(self, tmp_path: Path, tag: str) -> None:
        text = host("command: --dev").replace("v1.9.11", tag)
        deployment = read(tmp_path, {"compose.yaml": text})
        (told,) = [one for one in deployment.findings if one.id == "release-unknown"]
        newest = schema_of("livekit").newest
        assert (told.severity, told.place.path) == ("warning", "services.livekit")
        assert told.text == f"livekit-server {tag} is not known here, and is taken for {newest}"
        given = read(tmp_path, {}, versions={"livekit": newest})
        assert "release-unknown" not in str(given.findings)
        assert given.rules == deployment.rules

    @pytest.mark.parametrize("kind", ["sip", "ingress", "egress"])
    def test_a_fork_is_known_by_the_variable_that_names_its_file(self, tmp_path: Path, kind: str) -> None:
        """Case: a fork's ingress that was passed over, so that its ports stayed closed without a word."""
        fork = f"{{image: acme/{kind}-fork, network_mode: host, environment: [{kind.upper()}_CONFIG_FILE=/c.yaml], "
        files = {
            "compose.yaml": f"services:\n  x: {fork}volumes: ['./c.yaml:/c.yaml']}}\n",
            "c.yaml": "health_port: 8099\n",
        }
        deployment = read(tmp_path, files)
        assert [str(one.ports) for one in deployment.listeners if one.key == "health_port"] == ["tcp/8099"]

    @pytest.mark.parametrize(
        ("image", "command", "is_server"),
        [
            ("registry.example:5000/team/livekit:1.9-own", "--config /l.yaml", True),
            ("acme/livekit@sha256:abc", "[--config, /l.yaml]", True),
            ("acme/livekit", "python agent.py --config /l.yaml", False),
            ("acme/livekit-agent", "--config /l.yaml", False),
            ("acme/livekit", "", False),  # it runs with what is in the image, which is not known
        ],
    )
    def test_a_build_of_ones_own_is_known_by_its_name(
        self, tmp_path: Path, image: str, command: str, is_server: bool
    ) -> None:
        """Case: an egress beside it, and a firewall that closed all of the server's ports without a word."""
        own = f"  sfu:\n    image: {image}\n    network_mode: host\n    command: {command}\n"
        own += "    volumes: ['./l.yaml:/l.yaml']\n"
        egress = "  egress: {image: livekit/egress, environment: {EGRESS_CONFIG_BODY: 'redis: {address: r}'}}\n"
        found = ports(read(tmp_path, {"compose.yaml": f"services:\n{own}{egress}", "l.yaml": MUX}))
        assert ("udp/7882 public" in found) is is_server

    def test_beside_the_server_an_image_of_its_name_is_another_program(self, tmp_path: Path) -> None:
        text = host("environment: {UDP_PORT: 7882}") + "\n  bot: {image: acme/livekit}\n"
        assert "udp/7882 public" in ports(read(tmp_path, {"compose.yaml": text}))

    def test_who_only_writes_the_configuration_is_not_the_server(self, tmp_path: Path) -> None:
        writer = "  setup:\n    image: busybox\n    environment: {LIVEKIT_CONFIG: 'port: 7999'}\n    command: ./write\n"
        text = host("command: --config /l.yaml\nvolumes: ['./livekit.yaml:/l.yaml']").rstrip() + "\n"
        for order in (text + writer, text.replace("services:\n", "services:\n" + writer)):
            deployment = read(tmp_path, {"compose.yaml": order, "livekit.yaml": MUX})
            assert ports(deployment) == ["tcp/7880 nobody", "udp/7882 public", "tcp/7881 public"]

    def test_bodies_are_the_variables_of_the_tables(self) -> None:
        for service, name in BODY.items():
            flags = {one.flag: one.variable for one in schema_of(service).base_flags}
            assert flags["--config-body"] == name


class TestRefused:
    """A file that leaves the ports unknown is a problem that names the option to use."""

    @pytest.mark.parametrize(
        ("section", "message"),
        [
            ("command: --config /etc/livekit.yaml", "must name a file that the compose file mounts"),
            ('command: --config /l.yaml\nvolumes: ["/etc/passwd:/l.yaml"]', "inside the folder of the compose file"),
            ('command: --config /l.yaml\nvolumes: ["../up.yaml:/l.yaml"]', "inside the folder of the compose file"),
            ('command: --config /l.yaml\nvolumes: ["named:/l.yaml"]', "must be a file of the folder"),
            ("env_file: /etc/shadow", "inside the folder of the compose file"),
            ("env_file: ../up.env", "inside the folder of the compose file"),
            ("env_file: missing.env", "must be a file: missing.env is not there"),
            ("command: --node-up 203.0.113.7", "did you mean --node-ip?"),
            ("command: [sh, -c, ./start.sh]", "must start the service itself, not by a script that does"),
            ("environment: {UDP_PORT: '${PORT:?}'}", "needs the variable PORT, which is not set"),
            (
                "environment: [LIVEKIT_CONFIG=/etc/livekit.yaml]",
                "LIVEKIT_CONFIG): must hold the configuration itself, and not the name of a file; name it by --config",
            ),
            ("command: --config-body /livekit.yaml", "and not the name of a file; name it by --config"),
            ("extends: {service: a, file: /etc/passwd}", "inside the folder of the compose file"),
            ("extends: livekit", "must not extend itself"),
            ("network_mode: container:x", "of a container of another project"),
        ],
    )
    def test_an_unknown_port_is_a_problem(self, tmp_path: Path, section: str, message: str) -> None:
        text = host(section) if "network_mode" not in section else SERVER + "    " + section + "\n"
        assert message in refused(tmp_path, {"compose.yaml": text})

    def test_an_image_that_a_template_names_is_refused(self, tmp_path: Path) -> None:
        text = host("").replace(":v1.9.11", ":{{ release }}")
        assert "must have the name of an image; if the file is a template" in refused(tmp_path, {"compose.yaml": text})

    def test_a_link_out_of_the_folder_is_not_followed(self, tmp_path: Path) -> None:
        (tmp_path / "secret.yaml").write_text("rtc: {udp_port: canary}\n", encoding="utf-8")
        folder = tmp_path / "project"
        folder.mkdir()
        (folder / "livekit.yaml").symlink_to("../secret.yaml")
        text = host('command: --config /l.yaml\nvolumes: ["./livekit.yaml:/l.yaml"]\n')
        message = refused(folder, {"compose.yaml": text})
        assert "inside the folder of the compose file" in message
        assert "canary" not in message

    def test_a_file_without_livekit_is_refused_and_a_profile_named(self, tmp_path: Path) -> None:
        assert "must hold a service of LiveKit" in refused(tmp_path, {"compose.yaml": "services: {a: {image: b}}\n"})
        message = refused(tmp_path, {"compose.yaml": host("profiles: [voice]")})
        assert "the profile of livekit is off: set COMPOSE_PROFILES" in message

    def test_no_file_at_all_is_not_the_defaults(self, tmp_path: Path) -> None:
        assert "compose: must name at least one compose file" in refused(tmp_path, {}, compose=[])

    def test_plugnmeet_excludes_the_argument_compose(self, tmp_path: Path) -> None:
        message = refused(tmp_path, {"compose.yaml": host("environment: {UDP_PORT: 7882}")}, plugnmeet=True)
        assert "compose: must not be set together with plugnmeet" in message

    def test_a_chart_for_the_same_service_is_refused(self, tmp_path: Path) -> None:
        text = host('command: --config /l.yaml\nvolumes: ["./livekit.yaml:/l.yaml"]\n')
        files = {"compose.yaml": text, "livekit.yaml": MUX, "values.yaml": "livekit: {port: 7880}\n"}
        assert "helm: must not describe livekit" in refused(tmp_path, files, helm="values.yaml")

    @pytest.mark.parametrize(
        "other",
        [
            "deploy: {replicas: 0}",
            "scale: 0",
            "scale: ${MORE:-0}",
            "profiles: [more]",
            "command: generate-keys",
            "command: [--version]",
            "command: livekit-server help-verbose",
        ],
    )
    def test_a_service_that_does_not_run_is_no_second_server(self, tmp_path: Path, other: str) -> None:
        text = host("environment: {UDP_PORT: 7882}")
        text += f"\n  other:\n    image: livekit/livekit-server\n    network_mode: host\n    {other}\n"
        assert ports(read(tmp_path, {"compose.yaml": text})) == [
            "tcp/7880 nobody",
            "udp/7882 public",
            "tcp/7881 public",
        ]

    def test_a_server_without_a_replica_is_reported(self, tmp_path: Path) -> None:
        message = refused(tmp_path, {"compose.yaml": host("deploy: {replicas: 0}")})
        assert "livekit runs no replica: correct scale or deploy.replicas" in message
        assert "scale: must be a number of containers" in refused(tmp_path, {"compose.yaml": host("scale: few")})

    def test_an_entry_of_the_environment_that_is_a_mapping_needs_quotes(self, tmp_path: Path) -> None:
        message = refused(tmp_path, {"compose.yaml": host("environment: [LIVEKIT_KEYS=a: canary]")})
        assert "must be NAME=VALUE; put the entry in quotes" in message
        assert "canary" not in message

    def test_two_servers_are_not_one_node(self, tmp_path: Path) -> None:
        text = SERVER + "  other: {image: livekit/livekit-server}\n"
        assert "must be the only service that runs livekit-server" in refused(tmp_path, {"compose.yaml": text})

    def test_no_secret_is_shown(self, tmp_path: Path) -> None:
        text = host('environment: {LIVEKIT_KEYS: "a:canary", LIVEKIT_CONFIG: "canary: {canary: [}"}')
        assert "canary" not in refused(tmp_path, {"compose.yaml": text})

    def test_variables_of_variables_do_not_multiply(self, tmp_path: Path) -> None:
        lines = ["A0=" + "x" * 1000, *(f"A{one}=" + f"$A{one - 1}" * 10 for one in range(1, 9))]
        files = {"compose.yaml": host("environment: {X: $A8}"), ".env": "\n".join(lines) + "\n"}
        assert "must be at most 1,000,000 characters" in refused(tmp_path, files)

    def test_the_variable_for_a_file_is_told(self, tmp_path: Path) -> None:
        text = "services:\n  sip: {image: livekit/sip, environment: {SIP_CONFIG_BODY: ./sip.yml}}\n"
        assert "the name of a file; name it by SIP_CONFIG_FILE" in refused(tmp_path, {"compose.yaml": text})

    def test_nothing_is_said_of_the_defaults_of_a_service_that_is_not_read(self, tmp_path: Path) -> None:
        """Case: a file on a volume, and a warning about the default ports that this very file changes."""
        unread = "{image: livekit/ingress, environment: [INGRESS_CONFIG_FILE=/c/i.yaml], volumes: ['conf:/c']}"
        text = host("environment: {UDP_PORT: 7882}") + f"\n  ingress: {unread}\nvolumes: {{conf: {{}}}}\n"
        write(tmp_path, {"compose.yaml": text})
        with pytest.raises(ConfigurationError) as error:
            read_deployment({"compose": "compose.yaml"}, tmp_path)
        assert [str(one.place) for one in error.value.problems] == ["compose.yaml:6:93: services.ingress.volumes[0]"]
        assert {one.id for one in error.value.findings} == {"no-load-balancer"}
        assert {one.place.path for one in error.value.findings} == {"port"}


class TestBuilt:
    """A service that is built, and one whose image has a name of the user's own."""

    VOICE = "services:\n  voice: {build: ., network_mode: host, volumes: ['./v.yaml:/v.yaml:ro'], command: %s}\n"
    SIP = "  phone: {image: livekit/sip, network_mode: host, environment: {SIP_CONFIG_BODY: 'sip_port: 5070'}}\n"

    def told(self, folder: Path, text: str, file: str = MUX) -> list[str]:
        found = read(folder, {"compose.yaml": text, "v.yaml": file})
        return [one.message for one in found.findings if one.id == "compose-perhaps-livekit"]

    @pytest.mark.parametrize("command", ["--config /v.yaml", "[--config=v.yaml, --node-ip, 203.0.113.7]"])
    def test_it_is_the_server_if_its_flags_and_its_file_are(self, tmp_path: Path, command: str) -> None:
        text = self.VOICE % command
        found = read(tmp_path, {"compose.yaml": text, "v.yaml": MUX})
        assert ports(found) == ["tcp/7880 nobody", "udp/7882 public", "tcp/7881 public"]
        assert self.told(tmp_path, text + self.SIP) == []

    def test_it_is_sip_if_its_file_is(self, tmp_path: Path) -> None:
        text = self.VOICE % "--config /v.yaml"
        found = read(tmp_path, {"compose.yaml": text, "v.yaml": "sip_port: 5070\nrtp_port: 10000-10010\n"})
        assert ports(found) == ["tcp/5070 trunk", "udp/5070 trunk", "udp/10000-10010 trunk"]

    @pytest.mark.parametrize(
        ("command", "file"),
        [
            ("--config /v.yaml", "redis: {address: 'r:6379'}\nlogging: {level: info}\n"),  # of each of them
            ("--config /v.yaml", MUX + "upstream: 1\n"),
            ("--config /v.yaml", MUX + "sip_port: 5060\n"),
            ("--config /v.yaml", "{}\n"),
            ("--config /v.yaml --watch", MUX),
            ("[serve, --config, /v.yaml]", MUX),
            ("'--bind 0.0.0.0'", MUX),
            ("'--help'", MUX),
        ],
    )
    def test_it_is_not_by_another_file_or_other_flags(self, tmp_path: Path, command: str, file: str) -> None:
        write(tmp_path, {"compose.yaml": self.VOICE % command + self.SIP, "v.yaml": file})
        found = read_deployment({"compose": "compose.yaml"}, tmp_path)
        assert found.settings.server is None

    @pytest.mark.parametrize(
        ("section", "what"),
        [
            (
                "{build: ., command: --config /in/image.yaml}",
                "is built here, and told to read a file by flags that livekit-server has",
            ),
            ('{build: ., ports: ["7881:7881"]}', "publishes tcp/7881, which livekit-server has by default"),
            ('{image: acme/a, ports: ["80:7880"]}', "publishes tcp/7880, which livekit-server has by default"),
            ('{image: caddy, ports: ["7880:7880"]}', ""),
            ('{build: ., ports: ["7880:7880/udp", "8080:80"]}', ""),
            ("{build: ., command: --config /in/image.yaml --watch}", ""),
            ("{image: acme/a, command: --config /in/image.yaml}", ""),
            (
                "{image: acme/a, command: --config /v.yaml, volumes: ['./v.yaml:/v.yaml']}",
                "is told to read a file of livekit-server",
            ),
        ],
    )
    def test_that_it_may_be_is_told_and_nothing_is_read(self, tmp_path: Path, section: str, what: str) -> None:
        text = f"services:\n  voice: {section}\n" + self.SIP
        message = (
            f"compose.yaml:2:3: services.voice: voice {what}: it may be livekit-server, and is not read as that; "
            "if it is, call its image so (image: livekit-server), and give a file that is not mounted by --livekit "
            "[compose-perhaps-livekit]"
        )
        assert self.told(tmp_path, text) == ([message] if what else [])

    def test_where_it_is_alone_the_refusal_names_it(self, tmp_path: Path) -> None:
        text = "services:\n  voice: {build: ., command: --config /in/image.yaml}\n"
        assert "voice may be livekit-server: if it is, call its image so" in refused(tmp_path, {"compose.yaml": text})

    def test_beside_the_server_it_is_not_another_one(self, tmp_path: Path) -> None:
        text = self.VOICE % "--config /v.yaml" + "  livekit: {image: livekit/livekit-server, network_mode: host}\n"
        assert self.told(tmp_path, text) == []


class TestPublished:
    """Other machines reach a container only at the ports that the host forwards to it."""

    def on_bridge(self, tmp_path: Path, published: str, config: str = MUX, **given: object) -> Deployment:
        text = SERVER + f"    environment: {{LIVEKIT_CONFIG: '{config}'}}\n    ports: [{published}]\n"
        return read(
            tmp_path, {"compose.yaml": text.replace(MUX, "rtc: {udp_port: 7882, node_ip: 203.0.113.7}")}, **given
        )

    def test_all_that_is_needed_is_published(self, tmp_path: Path) -> None:
        deployment = self.on_bridge(tmp_path, '"127.0.0.1:7880:7880", "7881:7881", "7882:7882/udp"')
        assert ports(deployment) == ["udp/7882 public", "tcp/7881 public"]
        assert errors(deployment) == []

    @pytest.mark.parametrize(
        ("published", "expected", "reached"),
        [
            ('"7881:7881"', "published-missing compose.yaml:2:3: services.livekit", ["tcp/7881 public"]),
            ('"7881:7881", "7882:7882"', "published-missing compose.yaml:5:26: services.livekit.ports[1]",
             ["tcp/7881 public"]),
            ('"7881:7881", "17882:7882/udp"', "published-elsewhere compose.yaml:5:26: services.livekit.ports[1]",
             ["udp/17882 public", "tcp/7881 public"]),
            ('"7881:7881", "7882/udp"', "published-elsewhere compose.yaml:5:26: services.livekit.ports[1]",
             ["tcp/7881 public"]),
            ('"7881:7881", "127.0.0.1:7882:7882/udp"',
             "published-loopback compose.yaml:5:26: services.livekit.ports[1]", ["tcp/7881 public"]),
            ('"7881:7881", "7882:7882/udp", "7880:7880"',
             "published-internal compose.yaml:5:43: services.livekit.ports[2]",
             ["tcp/7880 nobody", "udp/7882 public", "tcp/7881 public"]),
        ],
    )  # fmt: skip
    def test_a_port_that_clients_do_not_reach_as_announced(
        self, tmp_path: Path, published: str, expected: str, reached: list[str]
    ) -> None:
        deployment = self.on_bridge(tmp_path, published)
        assert errors(deployment) == [expected]
        assert ports(deployment) == reached

    def test_part_of_a_range_is_published(self, tmp_path: Path) -> None:
        published = '"7881:7881", {target: 50000, published: 50000, protocol: udp}, "50001-50010:50001-50010/udp"'
        deployment = self.on_bridge(tmp_path, published, "rtc: {node_ip: 203.0.113.7}")
        assert [one for one in ports(deployment) if one.startswith("udp")] == [
            "udp/50000 public",
            "udp/50001-50010 public",
        ]
        [finding] = [one for one in deployment.findings if one.id == "published-missing"]
        assert finding.text.startswith("ICE/UDP on udp/50011-60000 (rtc.port_range_start, rtc.port_range_end) is not")

    def test_with_named_sources_it_is_a_warning_with_the_limits_of_the_host(self, tmp_path: Path) -> None:
        published = '"7880:7880", "7881:7881", "7882:7882/udp"'
        deployment = self.on_bridge(tmp_path, published, load_balancer={"cidrs": ["10.0.0.0/24"]})
        [finding] = [one for one in deployment.findings if one.id == "published-internal"]
        assert finding.severity == "warning"
        assert "the host's ruleset limits nobody there, and a firewall of the cloud does" in finding.text

    def test_what_listens_on_the_loopback_of_its_container_is_reached_by_nobody(self, tmp_path: Path) -> None:
        deployment = read(
            tmp_path,
            {"compose.yaml": SERVER + '    command: --dev\n    ports: ["7880:7880", "7881:7881", "7882:7882/udp"]\n'},
        )
        [finding] = [one for one in deployment.findings if one.severity == "error"]
        assert f"{finding.id} {finding.place}" == "published-unbound compose.yaml:5:13: services.livekit.ports[0]"
        assert "--bind 0.0.0.0" in finding.fix
        assert [one.confined for one in deployment.listeners if not one.families] == [
            "bound to the loopback of its container"
        ]
        assert ports(deployment) == ["udp/7882 public", "tcp/7881 public"]

    @pytest.mark.parametrize(
        ("turn", "published", "reached", "wrong"),
        [
            ("tls_port: 5349, cert_file: /c, key_file: /k", "443:5349", ["tcp/443 public"], []),
            ("tls_port: 443, cert_file: /c, key_file: /k", "443:443", ["tcp/443 public"], []),
            ("tls_port: 5349, cert_file: /c, key_file: /k", "5349:5349", ["tcp/5349 nobody"],
             ["published-internal", "turn-tls-unreachable"]),
            ("tls_port: 5349, cert_file: /c, key_file: /k", "127.0.0.1:443:5349", [], ["published-loopback"]),
            ("tls_port: 5349, external_tls: true", "443:5349", ["tcp/443 nobody"],
             ["published-internal", "turn-tls-unreachable"]),
        ],
    )  # fmt: skip
    def test_turn_over_tls_is_reached_where_443_is_forwarded_to_it(
        self, tmp_path: Path, turn: str, published: str, reached: list[str], wrong: list[str]
    ) -> None:
        config = f"rtc: {{udp_port: 7882, node_ip: 203.0.113.7}}\nturn: {{enabled: true, domain: t.example, {turn}}}\n"
        text = SERVER + "    environment:\n      LIVEKIT_CONFIG: |\n" + textwrap.indent(config, " " * 8)
        text += f'    ports: ["7881:7881", "7882:7882/udp", "{published}"]\n'
        deployment = read(tmp_path, {"compose.yaml": text}, https=False)
        assert [one for one in ports(deployment) if "788" not in one] == reached
        assert sorted(one.partition(" ")[0] for one in errors(deployment)) == wrong

    TURN = "rtc: {{udp_port: 7882, node_ip: 203.0.113.7}}\nturn: {{enabled: true, domain: t.example, {0}}}\n"

    def with_turn(self, tmp_path: Path, turn: str, published: str, **given: object) -> Deployment:
        text = SERVER + "    environment:\n      LIVEKIT_CONFIG: |\n" + textwrap.indent(self.TURN.format(turn), " " * 8)
        text += f'    ports: ["7881:7881", "7882:7882/udp", {published}]\n'
        return read(tmp_path, {"compose.yaml": text}, **{"https": False, **given})

    SMALL = "udp_port: 3478, relay_range_start: 30000, relay_range_end: 30010"

    @pytest.mark.parametrize(
        ("turn", "published", "lacking"),
        [
            ("udp_port: 3478", "30000-30050:30000-30050/udp", "udp/30051-40000"),
            (SMALL, "30005:30005/udp", "udp/30000-30004"),
            (SMALL, "31000-31010:30000-30010/udp", "udp/30000-30010"),
            (SMALL, "127.0.0.1:30000-30010:30000-30010/udp", "udp/30000-30010"),
            (SMALL, "30000-30010/udp", "udp/30000-30010"),
            (SMALL, "30000-30010:30000-30010/tcp", "udp/30000-30010"),
            (SMALL, "30000-30020:30000-30020/udp", None),
        ],
    )
    def test_a_relay_port_is_announced_as_the_nodes(
        self, tmp_path: Path, turn: str, published: str, lacking: str | None
    ) -> None:
        """Case: 51 of 10,001 relay ports published, and not a word."""
        deployment = self.with_turn(tmp_path, turn, f'"3478:3478/udp", "{published}"')
        told = [one for one in deployment.findings if one.id == "turn-relay-bridge"]
        assert [one.text.partition(" of the node")[0] for one in told] == (
            [f"TURN announces relay sockets on {lacking}"] if lacking else []
        )

    CERTIFICATE = "tls_port: 5349, cert_file: /c, key_file: /k"

    @pytest.mark.parametrize(
        ("turn", "published", "ids", "fix"),
        [
            (CERTIFICATE, "", ["published-missing", "turn-tls-unreachable"], 'add "443:5349/tcp" to ports, or use'),
            (CERTIFICATE, '"5349:5349"', ["published-internal", "turn-tls-unreachable"], 'publish it as "443:5349"'),
            (CERTIFICATE, '"443:5349", "5349:5349"', [], ""),
            (CERTIFICATE.replace("5349", "443"), "", ["published-missing"], 'add "443:443/tcp" to ports, or use'),
            # in plain text; a proxy in another container needs nothing published, and one must be named
            ("tls_port: 5349, external_tls: true", "", ["turn-tls-unreachable"], ""),
            ("tls_port: 5349, external_tls: true", '"5349:5349"', ["published-internal", "turn-tls-unreachable"],
             'publish it on loopback, "127.0.0.1:5349:5349", or not at all'),
        ],
    )  # fmt: skip
    def test_what_is_told_to_publish_of_turn_over_tls_helps(
        self, tmp_path: Path, turn: str, published: str, ids: list[str], fix: str
    ) -> None:
        """Case: "add 5349:5349", and then "publish it on loopback, or not at all"."""
        deployment = self.with_turn(tmp_path, turn, published)
        assert sorted(one.partition(" ")[0] for one in errors(deployment)) == ids
        fixes = [one.fix for one in deployment.findings if one.id.startswith("published")]
        assert [one.startswith(fix) for one in fixes] == [True] * bool(fix)

    def test_a_load_balancer_reaches_turn_over_tls_at_the_port_that_is_published(self, tmp_path: Path) -> None:
        balancer = {"cidrs": ["10.0.0.0/24"]}
        deployment = self.with_turn(tmp_path, "tls_port: 5349, external_tls: true", "", load_balancer=balancer)
        [finding] = [one for one in deployment.findings if one.id == "published-missing"]
        assert finding.fix == 'add "5349:5349/tcp" to ports, or use network_mode: host'

    @pytest.mark.parametrize(("last", "is_large"), [(50100, False), (50200, False), (50255, False), (50256, True)])
    def test_a_range_that_guides_publish_is_not_large(self, tmp_path: Path, last: int, is_large: bool) -> None:
        config = f"rtc: {{port_range_start: 50000, port_range_end: {last}, node_ip: 203.0.113.7}}"
        deployment = self.on_bridge(tmp_path, f'"7881:7881", "50000-{last}:50000-{last}/udp"', config)
        assert ("docker-range" in {one.id for one in lint(deployment)}) is is_large

    @pytest.mark.parametrize(
        ("published", "config", "severity"),
        [
            ("1935:1935", "", "note"),
            ("1935:1935", "whip_port: 8080", "error"),
            ("8080:8080", "", "error"),
            ("1935:1935", "whip_port: -1", None),
        ],
    )
    def test_whip_that_nobody_asked_for(
        self, tmp_path: Path, published: str, config: str, severity: str | None
    ) -> None:
        """Case: an ingress for RTMP, whose WHIP is on because that is the default."""
        text = (
            f"services:\n  in: {{image: livekit/ingress, ports: ['{published}'], environment: {{INGRESS_CONFIG_BODY: "
        )
        text += f"'redis: {{address: r}}\n\n      {config}'}}}}\n"
        found = read(tmp_path, {"compose.yaml": text}, https=None).findings
        told = [one for one in found if one.id == "published-missing" and "WHIP" in one.text]
        assert [one.severity for one in told] == ([severity] if severity else [])
        assert ["whip_port: -1" in one.fix for one in told] == ([severity == "note"] if severity else [])

    @pytest.mark.parametrize(("published", "other"), [("5060:5060/udp", "tcp"), ("5060:5060/tcp", "udp")])
    def test_trunks_need_one_transport(self, tmp_path: Path, published: str, other: str) -> None:
        """Case: "nobody reaches it" of SIP over TCP, where all trunks use UDP."""
        text = (
            "services:\n  sip:\n    image: livekit/sip\n    environment: {SIP_CONFIG_BODY: 'rtp_port: 10000-10010'}\n"
        )
        text += f'    ports: ["{published}", "10000-10010:10000-10010/udp"]\n'
        deployment = read(tmp_path, {"compose.yaml": text}, https=None)
        assert errors(deployment) == []
        [finding] = [one for one in deployment.findings if one.id == "published-missing"]
        assert (finding.severity, finding.place.path) == ("note", "services.sip.ports[0]")
        assert finding.text.startswith(f"SIP on {other}/5060 (sip_port) is not published, so trunks reach it by ")
        text = text.replace(f'"{published}", ', "")
        assert len(errors(read(tmp_path, {"compose.yaml": text}, https=None))) == 2

    @pytest.mark.parametrize(
        "networks",
        [
            "networks: [out]\nnetworks: {out: {external: true, name: host}}",
            "networks: {host: {}}\nnetworks: {host: {external: true}}",
            "networks: [out]\nnetworks: {out: {external: {name: host}}}",
        ],
    )
    def test_the_hosts_network_may_be_an_external_network(self, tmp_path: Path, networks: str) -> None:
        deployment = read(tmp_path, {"compose.yaml": SERVER + "    command: --udp-port 7882\n    " + networks})
        assert ports(deployment) == ["tcp/7880 nobody", "udp/7882 public", "tcp/7881 public"]
        assert errors(deployment) == []

    @pytest.mark.parametrize(
        "networks",
        [
            "networks: {lan: {ipv4_address: 192.168.1.5}}\nnetworks: {lan: {driver: macvlan}}",
            "networks: [front, lan]\nnetworks: {front: {}, lan: {driver: ipvlan}}",
            "\nnetworks: {default: {driver: macvlan}}",
        ],
    )
    def test_a_container_with_an_address_of_its_own_needs_nothing_published(
        self, tmp_path: Path, networks: str
    ) -> None:
        deployment = read(tmp_path, {"compose.yaml": SERVER + "    command: --udp-port 7882\n    " + networks})
        assert ports(deployment) == ["tcp/7880 nobody", "udp/7882 public", "tcp/7881 public"]
        assert [one.id for one in deployment.findings if one.id.startswith(("compose", "published"))] == [
            "compose-own-address"
        ]

    def test_a_refused_service_is_not_checked_by_its_defaults(self, tmp_path: Path) -> None:
        text = SERVER + '    command: --dev --bind 0.0.0.0 --bind "::"\n    ports: ["7881:7881", "7882:7882/udp"]\n'
        message = refused(tmp_path, {"compose.yaml": text})
        assert "must hold one wildcard at most" in message
        assert "published-missing" not in message
        text = SERVER + "    environment: {LIVEKIT_CONFIG: port}\n"
        assert "published-missing" not in refused(tmp_path, {"compose.yaml": text})

    def test_a_container_with_its_own_address_has_no_findings_of_a_bridge(self, tmp_path: Path) -> None:
        config = "turn: {enabled: true, domain: t.example, udp_port: 3478}"
        text = SERVER + f"    environment: {{LIVEKIT_CONFIG: '{config}'}}\n"
        write(tmp_path, {"compose.yaml": text + "networks: {default: {driver: macvlan}}\n"})
        found = lint(read_deployment({"compose": "compose.yaml", "https": True}, tmp_path))
        bridged = {"turn-relay-bridge", "docker-range", "published-missing"}
        assert not {one.id for one in found} & bridged
        assert not [one for one in found if "container's own interface" in one.text]
        write(tmp_path, {"compose.yaml": text})
        assert {one.id for one in lint(read_deployment({"compose": "compose.yaml"}, tmp_path))} >= {"turn-relay-bridge"}

    def test_an_address_of_the_host_limits_the_family(self, tmp_path: Path) -> None:
        deployment = self.on_bridge(tmp_path, '"203.0.113.7:7881:7881", "7882:7882/udp"')
        tcp = next(one for one in deployment.listeners if str(one.ports) == "tcp/7881")
        assert [str(family) for family in tcp.families] == ["ipv4"]

    def test_ports_that_stay_in_a_container_are_reported_as_such(self, tmp_path: Path) -> None:
        deployment = self.on_bridge(tmp_path, '"7881:7881", "127.0.0.1:7880:7880"')
        reasons = {str(one.ports): one.confined for one in deployment.listeners if not one.families}
        assert reasons == {"udp/7882": "not published by its container", "tcp/7880": "bound to loopback"}

    @pytest.mark.parametrize(
        ("proxy", "is_reported"),
        [
            ('image: "lucaslorentz/caddy-docker-proxy:2.9", ports: ["80:80", "443:443"]', True),
            ('image: nginxinc/nginx-unprivileged, ports: ["443:8443"]', True),
            ('build: ./edge, ports: ["443:443/tcp"]', True),
            ("image: openresty/openresty, network_mode: host", True),
            ("image: acme/worker, network_mode: host", False),
            ('image: acme/relay, ports: ["443:443/udp"]', False),
            ('image: acme/web, ports: ["8443:8080"]', False),
        ],
    )
    def test_a_service_that_takes_443_is_reported_with_any_name(
        self, tmp_path: Path, proxy: str, is_reported: bool
    ) -> None:
        text = host("environment: {UDP_PORT: 7882}") + f"\n  edge: {{{proxy}}}\n"
        deployment = read(tmp_path, {"compose.yaml": text}, https=None)
        assert ("compose-proxy" in {one.id for one in deployment.findings}) is is_reported

    def test_redis_in_the_same_file_is_internal(self, tmp_path: Path) -> None:
        text = host("environment: {UDP_PORT: 7882}") + '\n  redis: {image: "redis:7", ports: ["6379:6379"]}\n'
        assert errors(read(tmp_path, {"compose.yaml": text})) == [
            "published-internal compose.yaml:6:37: services.redis.ports[0]"
        ]
        private = text.replace('"6379:6379"', '"127.0.0.1:6379:6379"')
        assert errors(read(tmp_path, {"compose.yaml": private})) == []

    def test_containers_that_share_a_network_share_its_ports(self, tmp_path: Path) -> None:
        text = (
            SERVER
            + '    ports: ["7881:7881", "50000-60000:50000-60000/udp"]\n    environment: {NODE_IP: 203.0.113.7}\n'
            + "  egress: {image: livekit/egress, network_mode: 'service:livekit', environment: {EGRESS_CONFIG_BODY: "
            + "'health_port: 7880'}}\n"
        )
        assert [one for one in errors(read(tmp_path, {"compose.yaml": text})) if "overlap" in one]
        apart = text.replace("network_mode: 'service:livekit', ", "")
        assert not [one for one in errors(read(tmp_path, {"compose.yaml": apart})) if "overlap" in one]

    def test_sip_needs_its_announced_port_on_the_host(self, tmp_path: Path) -> None:
        body = (
            "sip_port: 5060\n        sip_port_listen: 5070\n        rtp_port: 10000-10010\n        redis: {address: r}"
        )
        text = (
            "services:\n  sip:\n    image: livekit/sip\n    environment:\n      SIP_CONFIG_BODY: |\n        "
            + body
            + '\n    ports: ["5060:5070", "5060:5070/udp", "10000-10010:10000-10010/udp"]\n'
        )
        deployment = read(tmp_path, {"compose.yaml": text}, trunks=["198.51.100.0/24"])
        assert errors(deployment) == []
        assert ports(deployment) == ["tcp/5060 trunk", "udp/5060 trunk", "udp/10000-10010 trunk"]
