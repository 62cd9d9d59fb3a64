"""Checks of what stops a service from starting or working and affects no port: credentials, names, quotes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...model.errors import Finding
from ...settings import AnyConfigured, Configured, Settings, setting
from ...settings.addresses import host_and_port
from ...settings.ingress import Ingress
from ...settings.refusals import is_block, parse_address
from ...settings.schemas import schema_of
from ...settings.server import MUX_KEYS, Server, ice_udp
from ...settings.sip import Sip
from .announced import node_addresses
from .context import Context, found

SELECTORS = ("", "any", "cpuload", "sysload", "regionaware", "random")
PACERS = ("", "pass-through", "no-queue", "leaky-bucket")


def check_start(context: Context) -> Iterator[Finding]:
    yield from faults_of(context.deployment.settings)
    if context.server and context.server.tree.is_file:
        yield from _batches(context.server)


def faults_of(settings: Settings) -> Iterator[Finding]:
    """What needs no other setting than its own keys, so that it is said of a file too that is refused."""
    server, sip = settings.server and settings.server.as_written, settings.sip and settings.sip.as_written
    ingress = settings.ingress and settings.ingress.as_written
    egress = settings.egress and settings.egress.as_written
    for one in (server, sip, ingress, egress):
        if one and one.tree.is_file:
            yield from _quotes(one)
            yield from _redis(one)
    if ingress and ingress.tree.is_file:
        asks = ingress.own.rtc_config.use_external_ip
        yield from _stun_servers(ingress, setting.INGRESS_STUN_SERVERS, asks)
        yield from _ingress(ingress)
    is_sip_used = not settings.plugnmeet or bool(settings.plugnmeet.sip)  # else it runs there for nobody
    if sip and sip.tree.is_file and is_sip_used:
        yield from _sip(sip)
    if server and server.tree.is_file:
        yield from _stun_servers(server, setting.STUN_SERVERS, server.own.rtc.use_external_ip)
        yield from _server(server)
        yield from _webhook(server)
    if server:
        yield from _metrics(server)
        yield from _overwritten(server)


def _server(configured: Configured[Server]) -> Iterator[Finding]:
    schema = schema_of("livekit", configured.tree.version)
    yield from _turn_servers(configured, is_refused=not schema.is_before("1.13.6"))
    yield from _selector(configured)
    pacer = configured.other(setting.PACER)
    if isinstance(pacer.given, str) and pacer.given not in PACERS and not schema.is_before("1.13.8"):
        yield found("pacer-unknown", pacer.place, f"none of {', '.join(PACERS[1:])}")
    certificate = [configured.other(key).given for key in setting.WEBTRANSPORT_CERTIFICATE]
    port = configured.at(lambda own: own.webtransport.port)
    if port.own and not all(certificate) and not configured.own.development:
        text = "without tls_cert_file and tls_key_file livekit-server does not start"
        yield found("webtransport-no-certificate", port.place, text)


def _redis(configured: AnyConfigured) -> Iterator[Finding]:
    for key in setting.REDIS_ADDRESSES:
        given = configured.other(key).given
        for address in given if isinstance(given, list) else [given]:
            # without a host Go dials this machine
            dialled = f"localhost{address}" if str(address).startswith(":") else str(address or "localhost:6379")
            if host_and_port(dialled) is None:
                text = "not HOST:PORT, both required and without a scheme: the service does not start"
                yield found("redis-address-invalid", configured.other(key).place, text)
                break


def _batches(configured: Configured[Server]) -> Iterator[Finding]:
    """A mux gathers packets for an interval, for which there is no default (pion/transport udp/batchconn.go)."""
    size, interval = configured.other(setting.BATCH_SIZE), configured.other(setting.BATCH_INTERVAL)
    socket = ice_udp(configured.own.rtc, is_development=configured.own.development)
    if not isinstance(size.given, int) or size.given <= 0 or socket is None or socket[1] != MUX_KEYS:
        return
    text = str(interval.given or 0)
    if text.startswith("-") or not any("1" <= one <= "9" for one in text):
        yield found(
            "batch-without-interval", size.place, "max_flush_interval is not above 0: livekit-server does not start"
        )


def _stun_servers(configured: AnyConfigured, key: setting.Key, asks: bool) -> Iterator[Finding]:
    given = configured.other(key).given
    for index, entry in enumerate(given if isinstance(given, list) else ()):
        if entry is not None and host_and_port(str(entry)) is None:
            effect = "the service does not start unless another one answers" if asks else "clients cannot use it"
            text = f"an entry that is not HOST:PORT, both required and without a scheme: {effect}"
            yield found("stun-server-invalid", configured.place(f"{key}[{index}]"), text)


def _turn_servers(configured: Configured[Server], is_refused: bool) -> Iterator[Finding]:
    given = configured.other(setting.TURN_SERVERS).given
    for index, entry in enumerate(given if isinstance(given, list) else ()):
        if isinstance(entry, Mapping) and not _has_credentials(entry):
            effect = "livekit-server does not start" if is_refused else "clients are told a server that refuses them"
            text = f"neither a secret nor a username with a credential: {effect}"
            place = configured.place(f"{setting.TURN_SERVERS}[{index}]")
            yield found("turn-server-no-credentials", place, text, "error" if is_refused else "warning")


def _has_credentials(entry: Mapping[str, Any]) -> bool:
    if any(str(entry.get(key) or "").strip() for key in ("secret", "secret_file", "credentials_file")):
        return True
    return bool(entry.get("username") and entry.get("credential"))


def _selector(configured: Configured[Server]) -> Iterator[Finding]:
    kind, region, regions = (configured.other(key) for key in (setting.SELECTOR, setting.REGION, setting.REGIONS))
    if isinstance(kind.given, str) and kind.given not in SELECTORS:
        yield found("node-selector-invalid", kind.place, f"kind is none of {', '.join(SELECTORS[1:])}")
    if kind.given != "regionaware":
        return
    names = [one.get("name") for one in regions.given or () if isinstance(one, Mapping)]
    if not region.given:
        yield found(
            "node-selector-invalid", kind.place, "regionaware needs the region of this node, and region is not set"
        )
    elif names and str(region.given) not in map(str, names):
        yield found("node-selector-invalid", region.place, "region is none of those in node_selector.regions")


def _quotes(configured: AnyConfigured) -> Iterator[Finding]:
    """Once for each key: names and values below `keys` are secrets, and are not shown."""
    seen = set()
    for path in _quoted(configured.tree.values, ""):
        shown = "keys" if path.startswith("keys.") else path
        if shown not in seen:
            seen.add(shown)
            text = "the value stands in typographic quotes, which YAML takes for part of it"
            yield found("typographic-quotes", configured.place(shown), text)


def _quoted(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, one in value.items():
            own = f"{path}.{name}" if path else str(name)
            if path == "keys" and _is_quoted(name):
                yield own
            yield from _quoted(one, own)
    elif isinstance(value, list | tuple):
        for index, one in enumerate(value):
            yield from _quoted(one, f"{path}[{index}]")
    elif _is_quoted(value):
        yield path


def _is_quoted(value: object) -> bool:
    return (
        isinstance(value, str) and len(value) > 1 and all("\u2018" <= one <= "\u201f" for one in (value[0], value[-1]))
    )


def _metrics(configured: Configured[Server]) -> Iterator[Finding]:
    given = [key for key in setting.METRICS_LOGIN if configured.other(key).given]
    if len(given) == 1:
        what = given[0].rpartition(".")[2]
        is_old = schema_of("livekit", configured.tree.version).is_before("1.13.6")
        effect = "livekit-server asks nobody for it" if is_old else "livekit-server does not start"
        text = f"prometheus has a {what} alone: {effect}"
        yield found("prometheus-half-credentials", configured.other(given[0]).place, text)


def _webhook(configured: Configured[Server]) -> Iterator[Finding]:
    other = configured.other
    if not other(setting.WEBHOOK_URLS).given:
        return
    named, keys, key_file = other(setting.WEBHOOK_KEY), other(setting.KEYS).given, other(setting.KEY_FILE)
    name = named.given
    if not name or (isinstance(keys, dict) and keys and not key_file.is_set and str(name) not in keys):
        what = "names none of the keys" if name else "is missing"
        yield found("webhook-no-key", named.place, f"webhook.api_key {what}, and urls are set")


def _overwritten(configured: Configured[Server]) -> Iterator[Finding]:
    if configured.own.rtc.use_external_ip and node_addresses(configured.own):
        text = "the address that STUN finds overwrites node_ip, as use_external_ip is true"
        yield found("node-ip-ignored", configured.at(lambda own: own.rtc.node_ip).place, text)


def _sip(configured: Configured[Sip]) -> Iterator[Finding]:
    """What keeps livekit-sip from starting."""
    if not configured.other(setting.REDIS).given:
        yield found("sip-no-redis", configured.other(setting.WHOLE).place, "livekit-sip refuses to start without redis")
    for address in (
        configured.at(lambda own: own.nat_1_to_1_ip),
        configured.at(lambda own: own.media_nat_1_to_1_ip),
    ):
        if address.given and parse_address(str(address.given)) is None:
            yield found("sip-address-invalid", address.place, "no address, and livekit-sip does not start with it")
    local = configured.other(setting.LOCAL_NET)
    if local.given and not is_block(local.given):
        yield found("sip-address-invalid", local.place, "no block such as 10.0.0.0/8, in which to look")


def _ingress(configured: Configured[Ingress]) -> Iterator[Finding]:
    """What keeps livekit-ingress from starting, or clients from reaching it."""
    if not configured.other(setting.REDIS).given:
        text = "livekit-ingress refuses to start without redis"
        yield found("ingress-no-redis", configured.other(setting.WHOLE).place, text)
    rtc, node_ip = configured.own.rtc_config, configured.at(lambda own: own.rtc_config.node_ip)
    if node_ip.given and not rtc.use_external_ip and parse_address(str(node_ip.given)) is None:
        yield found("node-ip-announced", node_ip.place, "livekit-ingress announces it to clients as it is")
