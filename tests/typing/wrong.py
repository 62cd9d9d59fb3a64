"""What must not pass: each line has the error that mypy and pyright find there, and a checker that finds none says that
the comment is not needed, which is an error too (`make check`). Nothing runs it.
"""

from ipaddress import ip_address
from pathlib import Path

import pulumi

from livekit_firewall import LiveKitFirewall, LiveKitFirewallArgs


def names(firewall: LiveKitFirewall) -> None:
    LiveKitFirewall("a", {"prot": 7880, "host": {}})  # type: ignore[typeddict-unknown-key]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", prot=7880)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    LiveKitFirewall("a", {"operators": {"cidr": ["192.0.2.0/24"]}})  # type: ignore[typeddict-unknown-key]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", operators={"cidr": ["192.0.2.0/24"]})  # type: ignore[typeddict-unknown-key]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", trunks=[{"signalling": ["192.0.2.0/24"]}])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", cluster={"services": ["postgres"]})  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", host={"confirm": "never"})  # type: ignore[typeddict-item]  # pyright: ignore[reportArgumentType]
    print(firewall.aws.rule)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    print(firewall.azur)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    firewall.aws.rules["a"] = firewall.aws.security_group  # type: ignore[index]  # pyright: ignore[reportIndexIssue]
    print(firewall.gcp.rules[0])  # type: ignore[index]  # pyright: ignore[reportArgumentType]
    print(firewall.digitalocean.rules)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    print(firewall.aws_security_group)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    print(firewall.host_rules)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]


def types(output: pulumi.Output[str]) -> None:
    LiveKitFirewall("a", {"port": "7880"})  # type: ignore[typeddict-item]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", tcp_port="7881")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", udp_port=["7882"])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", https="yes")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", plugnmeet=["sip"])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", livekit_config=True)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", livekit_config=output)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", trunks="198.51.100.0/24")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", trunks=[7])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", operators={"cidrs": "192.0.2.0/24"})  # type: ignore[typeddict-item]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", operators={"cidrs": [Path("192.0.2.0/24")]})  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", operators={"cidrs": [ip_address("192.0.2.1")]})  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", operators={"cidrs": {"192.0.2.0/24"}})  # type: ignore[typeddict-item]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", operators={"cidrs": {"office": 7}})  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", compose=[True])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", aws={"vpc_id": 7})  # type: ignore[typeddict-item]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", aws={"groups": "3"})  # type: ignore[typeddict-item]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", gcp={"target_tags": "livekit"})  # type: ignore[typeddict-item]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", gcp={"source_tags": {"operators": ["bastion"]}})  # type: ignore[typeddict-item]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", digitalocean={"source_tags": {"operators": {"bastion": 7}}})  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", opts={"protect": True})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", "livekit.yaml")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", operators={"cidrs": ["192.0.2.0/24", None]})  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", operators={"cidrs": {"office": None}})  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", extra_rules=[{"name": "a", "protocol": "tcp", "ports": 9100, "cidrs": None}])  # type: ignore[typeddict-item]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", aws=None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall(7, host={})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def outputs(known_later: pulumi.Output[str], number: pulumi.Output[int], vpc: pulumi.CustomResource) -> None:
    LiveKitFirewall("a", known_later)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", udp_port=number)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", livekit_config=known_later)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", operators={"cidrs": [known_later]})  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", aws={"security_groups": {"operator": {"a": "sg-0"}}})  # type: ignore[typeddict-unknown-key]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", aws={"security_groups": {"operators": ["sg-0"]}})  # type: ignore[typeddict-item]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", aws={"prefix_lists": {"operators": {"a": {"id": "pl-0"}}}})  # type: ignore[typeddict-item]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", aws={"vpc_id": vpc})  # type: ignore[typeddict-item]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", aws={"tags": {"team": number}})  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", gcp={"priority": number})  # type: ignore[typeddict-item]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", gcp={"log_config": {"metadata": "ALL"}})  # type: ignore[typeddict-item]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", azure={"subnet_id": known_later})  # type: ignore[typeddict-unknown-key]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", gcp={"target_tags": known_later})  # type: ignore[typeddict-item]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", azure={"service_tags": {"cluster": {"net": known_later}}})  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", hetzner={"label_selectors": "app=lk"})  # type: ignore[typeddict-item]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", digitalocean={"tags": [vpc]})  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]


def nesting() -> None:
    LiveKitFirewall("a", {"vpc_id": "vpc-0"})  # type: ignore[typeddict-unknown-key]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", vpc_id="vpc-0")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    LiveKitFirewall("a", {"cidrs": ["192.0.2.0/24"]})  # type: ignore[typeddict-unknown-key]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", operators=["192.0.2.0/24"])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", aws="vpc-0")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", {"rtc": {"tcp_port": 7881}})  # type: ignore[typeddict-unknown-key]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", {"aws": {"aws": {"vpc_id": "vpc-0"}}})  # type: ignore[typeddict-unknown-key]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", aws={"operators": {"cidrs": ["192.0.2.0/24"]}})  # type: ignore[typeddict-unknown-key]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", gcp={"source_tags": {"operator": {"bastion": "b"}}})  # type: ignore[typeddict-unknown-key]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", azure={"application_security_groups": {"bastion": "b"}})  # type: ignore[typeddict-unknown-key]  # pyright: ignore[reportArgumentType]
    LiveKitFirewall("a", trunks=[["192.0.2.0/24"]])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    arguments: LiveKitFirewallArgs = {"https": {"turn": True}}  # type: ignore[typeddict-item]  # pyright: ignore[reportAssignmentType]
    LiveKitFirewall("a", arguments)
