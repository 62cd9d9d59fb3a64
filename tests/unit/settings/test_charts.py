"""The configuration that LiveKit's charts render from their values.

`charts/rendered.json` was generated once: Helm's own engine rendered each values file beside it (Go module
helm.sh/helm/v3 v3.17.3: values.Options.MergeValues, chartutil.ToRenderValues, engine.Render) with the charts
livekit-server 1.9.0, ingress 1.4.3 and egress 1.9.0, release `lk`. Default values: tools/config_keys/charts.json.
Templates: livekit/livekit-helm, reduced to ConfigMap, Services, ports and networks; where only another revision was
available, they were edited to create what charts.json records.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.model.errors import ConfigurationError, Report
from livekit_firewall.reports.lint import lint
from livekit_firewall.settings.chart_services import has_host_network, host_ports, services
from livekit_firewall.settings.charts import Release, read_charts
from livekit_firewall.settings.schemas import schema_of

from ..hostile import run

FOLDER = Path(__file__).parent / "charts"
RENDERED: dict[str, dict[str, Any]] = json.loads((FOLDER / "rendered.json").read_text(encoding="utf-8"))
REFUSED = [name for name, row in RENDERED.items() if row.get("refused")]
INSTALLED = [name for name in RENDERED if name not in REFUSED]


def released(name: str) -> Release:
    report = Report()
    row = RENDERED[name]
    releases = read_charts(row["files"], "", FOLDER, report)
    assert report.problems == []
    (release,) = releases.values()
    assert release.chart.name == row["chart"]
    return release


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(text: str, folder: Path, **given: Any) -> dict[str, str]:
    """Findings of lint: id to severity and text."""
    (folder / "values.yaml").write_text(text, encoding="utf-8")
    findings = lint(read_deployment({"helm": "values.yaml", **given}, folder))
    return {one.id: f"{one.severity} {one.place}: {one.text}; {one.fix}" for one in findings}


class TestRendering:
    @pytest.mark.parametrize("name", INSTALLED)
    def test_the_configuration(self, name):
        assert released(name).configuration.value == RENDERED[name]["configuration"]

    @pytest.mark.parametrize("name", INSTALLED)
    def test_the_services(self, name):
        made = [
            [one.suffix, one.kind, [[port.port, port.target, port.protocol] for port in one.ports]]
            for one in services(released(name))
        ]
        assert sorted(made) == RENDERED[name]["services"]

    @pytest.mark.parametrize("name", INSTALLED)
    def test_the_ports_and_the_network_of_the_node(self, name):
        release = released(name)
        assert sorted([port.port, port.protocol] for port in host_ports(release)) == RENDERED[name]["host_ports"]
        assert has_host_network(release) == RENDERED[name]["host_network"]

    @pytest.mark.parametrize("name", INSTALLED)
    def test_the_release_of_the_service(self, name):
        assert RENDERED[name]["image"].endswith(f":v{released(name).version}")

    @pytest.mark.parametrize("name", REFUSED)
    def test_values_that_do_not_render_are_reported(self, name):
        row = RENDERED[name]
        try:
            messages = [
                str(one) for one in read_deployment({"helm": row["files"]}, FOLDER).findings if one.severity == "error"
            ]
        except ConfigurationError as error:
            messages = [str(problem) for problem in error.problems]
        assert any("does not render" in text for text in messages)

    def test_there_are_at_least_thirty_cases(self):
        assert len(RENDERED) >= 30


class TestTheMerge:
    """Case: a firewall derived from the user's values without the chart's defaults closed all media."""

    def test_the_charts_own_range_wins_over_a_mux(self, folder):
        Path("values.yaml").write_text("livekit:\n  rtc:\n    udp_port: 7882\n")
        code, out, err = run("rules", "--helm", "values.yaml", "--load-balancer", "10.0.0.0/24")
        assert code == 0
        assert [line.split()[0] for line in out.splitlines()[1:]] == ["tcp/7880", "udp/50000-60000", "tcp/7881"]
        assert "[both-ice-modes]" in err
        assert "set rtc.port_range_start and rtc.port_range_end to null" in err
        assert "private-address-announced" not in err

    @pytest.mark.parametrize("off", ["null", "0"])
    def test_without_the_range_the_mux_is_bound(self, off, folder):
        Path("values.yaml").write_text(
            f"livekit:\n  rtc: {{udp_port: 7882, port_range_start: {off}, port_range_end: {off}}}\n"
        )
        code, out, _ = run("rules", "--helm", "values.yaml", "--load-balancer", "10.0.0.0/24")
        assert code == 0
        assert "udp/7882" in out
        assert "50000" not in out

    def test_a_problem_is_placed_in_its_file(self, folder):
        Path("values.yaml").write_text("livekit:\n  rtc:\n    tcp_port: 70000\n")
        code, _, message = run("rules", "--helm", "values.yaml")
        assert code == 2
        assert "values.yaml:3:5: rtc.tcp_port: must be an integer from 1 to 65535, or 0 = off (got 70000)" in message

    def test_a_default_of_the_chart_says_so(self, folder):
        by_id = found("livekit: {rtc: {udp_port: 7882, port_range_start: 0}}\n", folder)
        assert "rtc.port_range_end (chart default)" in by_id["half-range"]
        assert "to null" in by_id["half-range"]

    def test_files_of_one_chart_merge_in_order_and_charts_stand_side_by_side(self, folder):
        Path("a.yaml").write_text("livekit: {rtc: {tcp_port: 7891, port_range_start: 51000}}\n")
        Path("b.yaml").write_text("livekit: {rtc: {port_range_end: 51100}}\n")
        Path("i.yaml").write_text("ingress: {rtmp_port: 1936}\n")
        options = [word for name in ("a", "i", "b") for word in ("--helm", f"{name}.yaml")]
        code, out, _ = run("ports", *options)
        assert code == 0
        assert {"udp/51000-51100", "tcp/7891", "tcp/1936", "udp/7885"} <= set(out.split())

    def test_the_chart_can_be_named(self, folder):
        Path("lb.yaml").write_text("loadBalancer: {type: aws}\n")
        assert run("ports", "--helm", "lb.yaml")[0] == 2
        code, out, _ = run("ports", "--helm", "livekit-server=lb.yaml")
        assert code == 0
        assert "udp/50000-60000" in out
        assert "[helm-balancer]" in run("lint", "--helm", "livekit-server=lb.yaml", "--notes")[1]

    @pytest.mark.parametrize(
        "text", ["services: {livekit: {image: x}}\n", "rtc: {udp_port: 7882}\n", "foo: 1\n", "", "# x\n"]
    )
    def test_a_file_of_another_kind_is_refused_for_a_named_chart(self, text, folder):
        Path("f.yaml").write_text(text)
        code, out, message = run("ports", "--helm", "livekit-server=f.yaml")
        assert (code, out) == (2, "")
        assert "must hold values of the livekit-server chart" in message

    def test_encrypted_values_are_refused(self, folder):
        Path("f.yaml").write_text("livekit: {port: 7880}\nsops: {mac: x}\n")
        assert "that SOPS encrypted" in run("ports", "--helm", "f.yaml")[2]

    def test_only_the_charts_services_run(self, folder):
        Path("i.yaml").write_text("ingress: {rtmp_port: 1936}\n")
        out = run("ports", "--helm", "i.yaml")[1]
        assert "tcp/7880" not in out
        assert "tcp/1936" in out

    def test_as_arguments_of_the_component(self, folder):
        Path("values.yaml").write_text("livekit: {rtc: {tcp_port: 7891}}\n")
        Path("args.yaml").write_text("helm: [values.yaml]\nversions: {chart: 1.8.3}\n")
        assert "tcp/7891" in run("ports", "--args", "args.yaml")[1]

    @pytest.mark.parametrize(
        "text",
        [
            "image: nginx\n",
            "",
            "# x\n",
            "a: {b: 1}\n",
            "livekit: {url: 'wss://lk', apiKey: a}\n",
            "ingress: {enabled: true, hosts: []}\nimage: {tag: x}\n",
            "egress: {enabled: true}\n",
            "livekit-server: {livekit: {port: 7880}}\negress: {enabled: false}\n",
        ],
    )
    def test_values_of_another_chart_are_refused(self, text, folder):
        Path("values.yaml").write_text(text)
        code, out, message = run("rules", "--helm", "values.yaml")
        assert (code, out) == (2, "")
        assert "must be values of a LiveKit chart" in message

    @pytest.mark.parametrize(
        "text",
        [
            "livekit: {livekit: {rtc: {udp_port: 7882}}}\n",
            "livekit: {enabled: true, livekit: {turn: {enabled: true}}, loadBalancer: {type: aws}}\nglobal: {}\n",
            "egress: {egress: {health_port: 8080}}\n",
            "ingress: {replicaCount: 2, ingress: {rtmp_port: 1936}}\n",
        ],
    )
    def test_values_of_a_dependency_named_like_its_section_are_refused(self, text, folder):
        """Case: an alias `livekit` in Chart.yaml, whose values were passed over for the chart's defaults."""
        Path("values.yaml").write_text(text)
        code, out, message = run("rules", "--helm", "values.yaml")
        assert (code, out) == (2, "")
        name = text.partition(":")[0]
        assert f"(got values of charts within another one); give what stands below {name}, as a file of" in message

    @pytest.mark.parametrize("other", ["livekit", "ingress"])
    def test_a_chart_and_its_file_exclude_each_other(self, other, folder):
        key = {"livekit": "port", "ingress": "rtmp_port"}[other]
        Path("values.yaml").write_text(f"{other}: {{{key}: 1936}}\n")
        Path("own.yaml").write_text("redis: {address: localhost:6379}\n")
        code, _, message = run("rules", "--helm", "values.yaml", f"--{other}", "own.yaml")
        assert code == 2
        assert f"--helm and --{other} exclude each other" in message

    def test_a_version_of_the_chart_that_is_unknown(self, folder):
        Path("values.yaml").write_text("livekit: {port: 7880}\n")
        assert run("ports", "--helm", "values.yaml", "--chart-version", "1.4.5")[0] == 0
        code, _, message = run("ports", "--helm", "values.yaml", "--chart-version", "1.8.9")
        assert code == 2
        assert "versions.chart: must be a version of" in message
        assert "1.8.3 or 1.9.0" in message


class TestChartFindings:
    def test_a_release_by_image_tag_that_is_unknown(self, folder):
        text = "image: {tag: v1.14.2}\nlivekit: {port: 7880}\n"
        newest = schema_of("livekit").newest
        told = f"values.yaml:1:9: image.tag: livekit-server v1.14.2 is not known here, and is taken for {newest}"
        assert told in found(text, folder)["release-unknown"]
        assert "release-unknown" not in found(text, folder, versions={"livekit": newest})
        assert "release-unknown" not in found(text.replace("1.14.2", "1.9.11"), folder)

    def test_keys_without_effect(self, folder):
        (folder / "values.yaml").write_text(
            'livekit:\n  rtc: {use_external_ip: true, udp_port_range_start: 51000}\n  stun_servers: ["s:3478"]\n'
            "  turn: {enabled: true, domain: t.example.org, port: 3478, tls_port: 443, secretName: t}\n"
            "  config: {rtc: {udp_port: 7882}}\nturnLoadbalancer: {enable: false}\nservice: {type: NodePort}\n"
        )
        findings = lint(read_deployment({"helm": "values.yaml"}, folder))
        messages = {one.place.path: one for one in findings if one.id == "no-effect"}
        assert set(messages) == {
            "livekit.rtc.udp_port_range_start",
            "livekit.stun_servers",
            "livekit.turn.port",
            "livekit.config",
            "service",
        }
        assert {one.severity for one in messages.values()} == {"warning"}
        assert "did you mean livekit.rtc.stun_servers?" in messages["livekit.stun_servers"].fix
        assert "did you mean livekit.turn.udp_port?" in messages["livekit.turn.port"].fix
        assert "directly below livekit" in messages["livekit.config"].fix

    def test_a_key_outside_the_section_is_reported_with_its_right_place(self, folder):
        (folder / "values.yaml").write_text("hostNetwork: true\nturn: {enabled: true}\nlivekit: {port: 7880}\n")
        findings = lint(read_deployment({"helm": "values.yaml"}, folder))
        fixes = {one.place.path: one.fix for one in findings if one.id == "no-effect"}
        assert "did you mean podHostNetwork?" in fixes["hostNetwork"]
        assert "did you mean livekit.turn?" in fixes["turn"]

    @pytest.mark.parametrize(
        "text",
        [
            "livekit: {turn: {secretName: t, serviceType: NodePort, loadBalancerAnnotations: {a: b}}}\n",
            "loadBalancer: {type: do, tls: [{hosts: [a]}], annotations: {a: b}}\nlivekit: {keys: {a: b}}\n",
            "nodeSelector: {a: b}\nresources: {limits: {cpu: 1}}\nlivekit: {room: {auto_create: false}}\n",
            "storeKeysInSecret: {enabled: false, keys: {a: b}}\nlivekit: {webhook: {urls: []}, region: x}\n",
        ],
    )
    def test_keys_of_the_chart_have_an_effect(self, text, folder):
        assert "no-effect" not in found(text, folder)

    def test_no_secret_is_shown(self, folder):
        mark = "mArK7QzX"
        Path("values.yaml").write_text(
            f"{mark}9842134: x\nlivekit:\n  {mark}9842134: y\n  rtc: {{{mark}+/=: z}}\n  keys: {{{mark}: {mark}}}\n"
            f"  config: {{keys: {{{mark}: {mark}}}}}\nstoreKeysInSecret: {{keys: {{{mark}: {mark}}}}}\n"
        )
        for command in ("ports", "lint"):
            _, out, err = run(command, "--helm", "values.yaml")
            assert mark not in out + err
            assert "no-effect" in out + err

    def test_keys_without_effect_of_ingress_and_egress(self, folder):
        (folder / "i.yaml").write_text("ingress: {rtmp_prot: 1, rtc_config: {udp_port: 7885}}\nservice: {}\n")
        (folder / "e.yaml").write_text("egress: {chrome_flag: x}\npodHostNetwork: true\n")
        findings = lint(read_deployment({"helm": ["i.yaml", "e.yaml"]}, folder))
        messages = [one.place.path for one in findings if one.id == "no-effect"]
        assert sorted(messages) == ["egress.chrome_flag", "ingress.rtmp_prot", "podHostNetwork"]

    TURN = "livekit: {{turn: {{enabled: true, domain: t.example.org, tls_port: {port}, secretName: t}}}}\n"

    def test_the_load_balancer_of_turn_takes_443(self, folder):
        by_id = found(self.TURN.format(port=5349), folder)
        assert "turn-tls-unreachable" not in by_id
        assert "open on tcp/443" in by_id["helm-balancer"]

    def test_without_a_balancer_nothing_takes_443(self, folder):
        by_id = found(self.TURN.format(port=5349) + "turnLoadbalancer: {enable: false}\n", folder)
        assert "turnLoadbalancer.enable: true" in by_id["turn-tls-unreachable"]
        assert "turn-tls-unreachable" not in found(
            self.TURN.format(port=443) + "turnLoadbalancer: {enable: false}\n", folder
        )

    def test_older_charts_always_create_the_load_balancer_of_turn(self, folder):
        text = self.TURN.format(port=5349) + "turnLoadbalancer: {enable: false}\n"
        by_id = found(text, folder, versions={"chart": "1.4.5"})
        assert "turn-tls-unreachable" not in by_id
        assert "no-effect" in by_id

    @pytest.mark.parametrize("kind", ["alb", "gke", "gke-managed-cert", "do", "gclb"])
    def test_node_ports(self, kind, folder):
        assert "helm-node-port" in found(f"loadBalancer: {{type: {kind}}}\nlivekit: {{port: 7880}}\n", folder)

    @pytest.mark.parametrize(("kind", "to", "has"), [("alb", "ip", 0), ("alb", "instance", 1), ("gke", "ip", 1)])
    def test_an_alb_may_go_to_the_pods_themselves(self, kind, to, has, folder):
        annotations = f"{{alb.ingress.kubernetes.io/target-type: {to}}}"
        text = f"loadBalancer: {{type: {kind}, annotations: {annotations}}}\nlivekit: {{port: 7880}}\n"
        assert list(found(text, folder)).count("helm-node-port") == has

    def test_an_alb_carries_no_rtmp_to_the_pods_of_ingress(self, folder):
        annotations = "{alb.ingress.kubernetes.io/target-type: ip}"
        for_whip = f"loadBalancer: {{type: alb, annotations: {annotations}}}\n"
        assert "helm-node-port" in found(f"{for_whip}ingress: {{serviceType: NodePort, rtmp_port: 1935}}\n", folder)

    @pytest.mark.parametrize("kind", ["disable", "gke-vpc-native", "aws", "traefik"])
    def test_no_node_ports(self, kind, folder):
        assert "helm-node-port" not in found(f"loadBalancer: {{type: {kind}}}\nlivekit: {{port: 7880}}\n", folder)

    def test_metrics_on_the_load_balancer(self, folder):
        text = "loadBalancer: {{type: {kind}}}\nlivekit: {{prometheus_port: 6789}}\n"
        assert "helm-metrics-public" in found(text.format(kind="aws"), folder)
        assert "helm-metrics-public" not in found(text.format(kind="alb"), folder)

    def test_without_the_nodes_network(self, folder):
        message = found("podHostNetwork: false\nlivekit: {port: 7880}\n", folder)["helm-pod-network"]
        assert "only what is a hostPort is: tcp/7881 (rtc.tcp_port)" in message
        assert "helm-pod-network" not in found("livekit: {port: 7880}\n", folder)

    def test_only_what_is_a_host_port_is_opened_on_the_node(self, folder):
        text = "podHostNetwork: false\nlivekit: {{rtc: {{{rtc}}}, turn: {{enabled: true, udp_port: 3478}}}}\n"
        for rtc, expected in (
            ("tcp_port: 7881", ["tcp/7881", "udp/3478"]),
            (
                "udp_port: 7882, port_range_start: null, port_range_end: null",
                ["tcp/7881", "udp/3478", "udp/7882"],
            ),
        ):
            (folder / "values.yaml").write_text(text.format(rtc=rtc))
            deployment = read_deployment({"helm": "values.yaml"}, folder)
            assert sorted(str(rule.ports) for rule in deployment.rules) == expected
            severity = next(one.severity for one in deployment.findings if one.id == "helm-pod-network")
            assert severity == ("error" if len(expected) == 2 else "warning")

    def test_pods_share_no_ports(self, folder):
        """Egress has no host network: its 8080 and 9090 do not conflict with those of ingress, which has it."""
        for name, text in (
            ("l", "livekit: {port: 7880}"),
            ("i", "ingress: {rtmp_port: 1935}"),
            ("e", "egress: {s3: {}}"),
        ):
            (folder / f"{name}.yaml").write_text(text)
        findings = lint(read_deployment({"helm": ["l.yaml", "i.yaml", "e.yaml"]}, folder))
        assert "overlap" not in {one.id for one in findings}
        assert not [one for one in findings if one.id.startswith("published")]

    def test_keys_in_a_secret(self, folder):
        assert "helm-no-key-file" in found("storeKeysInSecret: {enabled: true}\nlivekit: {port: 7880}\n", folder)
        assert "helm-no-key-file" not in found(
            "storeKeysInSecret: {enabled: true}\nlivekit: {key_file: keys.yaml}\n", folder
        )

    def test_a_service_monitor_without_a_port(self, folder):
        text = "serviceMonitor: {create: true}\nlivekit: {prometheus: {port: 6789}}\n"
        assert "serviceMonitor.create" in found(text, folder)["no-effect"]
        assert "no-effect" not in found(text.replace("prometheus: {port: 6789}", "prometheus_port: 6789"), folder)

    @pytest.mark.parametrize("key", ["fullnameOverride", "nameOverride"])
    def test_a_service_called_livekit(self, key, folder):
        assert "LIVEKIT_PORT" in found(f"{key}: livekit\nlivekit: {{port: 7880}}\n", folder)["helm-port-variable"]
        assert "helm-port-variable" not in found(f"{key}: lk\nlivekit: {{port: 7880}}\n", folder)

    def test_the_variable_of_a_service_called_livekit_stops_the_server(self, folder):
        """livekit-server 1.7.2, 1.9.11 and 1.13.5 do not start with LIVEKIT_PORT as Kubernetes sets it."""
        Path("livekit.yaml").write_text("port: 7880\n")
        code, _, message = run("ports", "--livekit", "livekit.yaml", "--set", "LIVEKIT_PORT=tcp://10.0.0.1:80")
        assert code == 2
        assert "Kubernetes sets it for a Service of that name" in message

    def test_a_range_of_mux_ports_is_no_port_to_kubernetes(self, folder):
        text = "livekit: {rtc: {udp_port: 7882-7892, port_range_start: null, port_range_end: null}}\n"
        message = found(text, folder)["mux-pool-host-port"]
        assert "podHostNetwork" not in message
        assert "use a single udp_port" in message

    def test_the_charts_release_decides_what_the_server_knows(self, folder):
        text = "{image}livekit: {{turn: {{proxy_protocol: true}}}}\n"
        assert "livekit-server 1.9.0 ignores" in found(text.format(image=""), folder)["no-effect"]
        assert "no-effect" not in found(text.format(image="image: {tag: v1.13.7}\n"), folder)
        assert "no-effect" not in found(text.format(image=""), folder, versions={"livekit": "1.13.7"})


class TestValuesFile:
    def test_a_further_document_which_helm_does_not_read(self, folder):
        by_id = found("livekit: {}\n---\nlivekit: {rtc: {udp_port: 7882}}\n", folder)
        assert by_id["further-document"].startswith(
            "warning values.yaml:3:1: Helm reads the first document of the file only, and not what begins here"
        )

    @pytest.mark.parametrize(
        ("key", "near"), [("turnLoadBalancer", "turnLoadbalancer"), ("podhostnetwork", "podHostNetwork")]
    )
    def test_a_value_in_another_case_is_suggested(self, key, near, folder):
        assert (
            f"did you mean {near}? else remove it"
            in found(f"livekit: {{}}\n{key}: {{enable: true}}\n", folder)["no-effect"]
        )

    def test_the_name_of_a_key_without_effect(self, folder):
        message = found("livekit: {config: {rtc: {udp_port: 7882}}}\n", folder)["no-effect"]
        assert "no effect: livekit-server 1.9.0 ignores config here, which it does not know, with all that" in message
