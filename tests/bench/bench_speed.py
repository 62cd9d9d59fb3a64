"""Speed, as medians, with a ratio against a peer or a floor in the same run: `make bench`.

Nothing here can fail for being slow; what was seen stands in docs/benchmarks.md. The aim of each group is
in its name.
"""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.model.addresses import Cidr, Peer
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.rules import Reason, Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.platform import Options
from livekit_firewall.platforms.registry import BY_ARGUMENT

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent

AERLEON_POLICY = """
header {
  comment:: "the same ports, from anywhere and from the load balancer"
  target:: nftables inet INPUT
}
term https { destination-port:: WEB protocol:: tcp action:: accept }
term ice-udp { destination-port:: ICE_UDP protocol:: udp action:: accept }
term ice-tcp { destination-port:: ICE_TCP protocol:: tcp action:: accept }
term turn-udp { destination-port:: TURN_UDP protocol:: udp action:: accept }
term api { source-address:: BALANCER destination-port:: API protocol:: tcp action:: accept }
"""
AERLEON_SERVICES = """
WEB = 80/tcp 443/tcp
ICE_UDP = 50000-60000/udp
ICE_TCP = 7881/tcp
TURN_UDP = 3478/udp
API = 7880/tcp
"""

LIVEKIT = "port: 7880\nrtc: {udp_port: 7882, tcp_port: 7881}\n"

ARGUMENTS = {
    "livekit_config": "examples/livekit.yaml",
    "https": True,
    "sip": {},
    "trunks": ["198.51.100.0/24"],
    "load_balancer": {"cidrs": ["192.0.2.0/28"]},
    "operators": {"cidrs": ["203.0.113.0/24"]},
    "aws": {"vpc_id": "vpc-1"},
    "gcp": {"network": "default", "target_tags": ["livekit"]},
    "digitalocean": {"tags": ["livekit"]},
    "azure": {"resource_group_name": "media"},
    "host": {},
}


@pytest.fixture
def aerleon(tmp_path):
    for folder, name, text in (
        ("policies", "livekit.pol", AERLEON_POLICY),
        ("definitions", "services.svc", AERLEON_SERVICES),
        ("definitions", "networks.net", "BALANCER = 192.0.2.0/28\n"),
    ):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / name).write_text(text)
    folders = ["--base_directory", "policies", "--definitions_directory", "definitions", "--output_directory", "."]
    command = [BIN / "aclgen", *folders, "--policy_file", "policies/livekit.pol"]
    yield lambda: subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert "50000-60000" in (tmp_path / "livekit.nft").read_text()


@pytest.mark.benchmark(group="one policy, whole process: at most 0.75 of aerleon, aim for 0.5")
class BenchProcess:
    def bench_livekit_firewall(self, benchmark):
        command = [BIN / "livekit-firewall", "rules", "--livekit", "examples/livekit.yaml", "--https"]
        command += ["--load-balancer", "192.0.2.0/28"]
        run = lambda: subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: E731
        assert b"udp/50000-60000" in benchmark.pedantic(run, rounds=21, warmup_rounds=2).stdout

    def bench_aerleon(self, benchmark, aerleon):
        benchmark.pedantic(aerleon, rounds=21, warmup_rounds=2)


COMPOSE = """
services:
  livekit:
    image: livekit/livekit-server:v1.13.5
    command: --config /etc/livekit.yaml
    environment: {NODE_IP: "${PUBLIC_IP}"}
    volumes: ["./livekit.yaml:/etc/livekit.yaml:ro"]
    ports: ["127.0.0.1:7880:7880", "7881:7881", "7882:7882/udp"]
  sip: {image: livekit/sip, network_mode: host, environment: {SIP_CONFIG_BODY: "redis: {address: localhost}"}}
  ingress: {image: livekit/ingress, environment: {INGRESS_CONFIG_BODY: "redis: {address: redis}"}, ports: ["1935:1935"]}
  egress: {image: livekit/egress, environment: {EGRESS_CONFIG_BODY: "redis: {address: redis}"}}
  redis: {image: redis, ports: ["127.0.0.1:6379:6379"]}
  caddy: {image: caddy, ports: ["80:80", "443:443"]}
  app: {image: app, environment: [A=1, B=2], ports: ["127.0.0.1:3000:3000"]}
  worker: {extends: app, command: worker}
  database: {image: postgres, environment: {POSTGRES_PASSWORD: "${PASSWORD:-x}"}}
  mail: {image: mail, ports: ["127.0.0.1:1025:1025"]}
"""


@pytest.mark.benchmark(group="ports, whole process: a compose file of ten services at most 1.5 times livekit.yaml")
@pytest.mark.parametrize(
    "options", [["--livekit", "livekit.yaml"], ["--compose", "compose.yaml"]], ids=lambda one: one[0]
)
def bench_compose(benchmark, tmp_path, options):
    for name, text in (("compose.yaml", COMPOSE), ("livekit.yaml", LIVEKIT), (".env", "PUBLIC_IP=203.0.113.7\n")):
        (tmp_path / name).write_text(text)
    command = [BIN / "livekit-firewall", "ports", *options, "--https"]
    run = lambda: subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)  # noqa: E731
    assert b"udp/7882" in benchmark.pedantic(run, rounds=21, warmup_rounds=2).stdout


@pytest.mark.benchmark(group="settings to rendered rules, five platforms, in process: under 5 ms")
def bench_five_platforms(benchmark):
    def all_five():
        deployment = read_deployment(ARGUMENTS, ROOT, needs_target=True)
        return [
            BY_ARGUMENT[name].render(deployment.rules_for(target), target, Options())
            for name, target in deployment.targets.items()
        ]

    assert len(benchmark(all_five)) == 5


def rules(count):
    """Distinct rules in a fixed shuffled order; a third of them touch a neighbour."""
    made = []
    for index in range(count):
        scrambled = index * 7919 % count
        first = 1 + scrambled * 13 % 65000
        peer = Peer.of(Cidr.parse(f"10.{scrambled % 199}.{scrambled // 199 % 250}.0/24"))
        made.append(Rule(PortRange.udp(first, first + scrambled % 9), peer, Service.ICE_UDP, (Reason("key", "text"),)))
    return made


@pytest.mark.benchmark(group="normalise: 10,000 rules under 1 s, growing no worse than n log n (x 2.15 a doubling)")
@pytest.mark.parametrize("count", [10_000, 20_000, 40_000])
def bench_normalise(benchmark, count):
    given = rules(count)
    assert len(benchmark.pedantic(lambda: RuleSet.of(given), rounds=5, warmup_rounds=1)) > count // 2


OWN_SHARE = """
import sys, time
import asyncio, pulumi, pulumi.dynamic
from pulumi_aws import ec2, vpc
ec2.SecurityGroup, vpc.SecurityGroupIngressRule, vpc.SecurityGroupEgressRule
class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args): return args.name, dict(args.inputs)
    def call(self, args): raise NotImplementedError(args.token)
asyncio.set_event_loop(asyncio.new_event_loop())
pulumi.runtime.set_mocks(Mocks(), project="livekit-firewall", stack="bench", preview=True)
import json
pulumi.runtime.set_all_config({
    "livekit-firewall:livekit_config": "examples/livekit.yaml", "livekit-firewall:https": "true",
    "livekit-firewall:aws": json.dumps({"vpc_id": "vpc-1"}),
}, [])
import runpy
started = time.perf_counter()
runpy.run_path("__main__.py")
print(time.perf_counter() - started)
"""


@pytest.mark.benchmark(group="the program's own share of a preview, in a new process: under 50 ms")
def bench_own_share(benchmark):
    """The clock stands still while the interpreter, pulumi and the SDK load: the child reports its own share."""
    shares = []

    def clock():
        return sum(shares)

    def run():
        done = subprocess.run([sys.executable, "-c", OWN_SHARE], cwd=ROOT, check=True, capture_output=True, text=True)
        shares.append(float(done.stdout.split()[-1]))

    benchmark._timer = clock
    benchmark.pedantic(run, rounds=9, warmup_rounds=1)


@pytest.mark.benchmark(group="an import, processor time of the process: at most 20 ms more than pulumi alone")
@pytest.mark.parametrize("program", ["import pulumi", "from livekit_firewall import LiveKitFirewall"])
def bench_import(benchmark, program):
    def clock():
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    benchmark._timer = clock
    run = lambda: subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)  # noqa: E731
    benchmark.pedantic(run, rounds=21, warmup_rounds=1)
