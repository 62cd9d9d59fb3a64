"""The configuration of a compose file's services."""

from __future__ import annotations

from pathlib import Path

import pytest

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.inputs.kinds import BODY
from livekit_firewall.model.errors import ConfigurationError, Report
from livekit_firewall.settings.given import read_given
from livekit_firewall.settings.schemas import schema_of

from ..compose_files import MUX, SERVER, host, ports, read, refused, write


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
