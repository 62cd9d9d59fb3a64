"""What every tier shares: what a test needs of the machine, Hypothesis profiles, the Pulumi CLI.

A test says what it needs, and is skipped with the name of what is missing:

    @pytest.mark.needs("nft", "netns")
    def test_the_ruleset_drops_what_no_rule_admits(): ...

`pytestmark = pytest.mark.needs("pulumi")` does so for a file. Tests that were not run are listed at the end;
with CI=true they fail the run, so that a tier cannot silently vanish.

The Pulumi CLI is the one that tools/setup.py found, fetched or built: it writes the CLI's folder to
.venv/pulumi-root. The fixture `pulumi_root` is that folder.
"""

import gc
import importlib.util
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Generator
from datetime import timedelta
from functools import cache
from pathlib import Path

import hypothesis
import pytest
from _pytest.runner import runtestprotocol

from tests.sampling import sample

ROOT = Path(__file__).resolve().parent.parent
TIERS = ("unit", "portable", "engine", "browser", "e2e")
# Without engine, browser and packets: a mistake in the core shows before anything slow begins.
FAST = ("unit", "portable")
# The files that take longest, as a run on quiet cores told (ARGS=--junitxml=FILE): the fast ones, then all others,
# the longest first. A worker takes a whole file, so that one of these that is begun last runs on alone;
# xdist's own order, by number of tests, begins those last whose few tests take long. And of files of several tiers
# beside one another one computes while the other waits for packets.
LONG = (
    "unit/test_workflows.py",
    "unit/reports/test_compare.py",
    "unit/probe/test_check.py",
    "unit/reports/review/test_meaning.py",
    "unit/hosted/test_serve.py",
    "unit/probe/test_answers.py",
    "unit/policy/test_agreement.py",
    "unit/probe/test_sweep.py",
    "unit/platforms/test_orders.py",
    "unit/cli/test_probe.py",
    "unit/reports/test_touched.py",
    "unit/docs/test_programs.py",
    "unit/reports/review/test_lists.py",
    "unit/reports/review/test_hostile.py",
    "unit/probe/test_sizes.py",
    "unit/inputs/test_hostile_repositories.py",
    "unit/policy/test_policies.py",
    "unit/test_output_arguments.py",
    "unit/platforms/iptables/test_meaning.py",
    "unit/reports/review/test_drift_property.py",
    "unit/reports/review/test_order.py",
    "unit/probe/test_transport.py",
    "unit/platforms/test_listings.py",
    "unit/reports/test_lint.py",
    "unit/reports/test_previews.py",
    "unit/reports/review/test_foreign.py",
    "unit/inputs/test_bad_input.py",
    "unit/platforms/test_aws_groups.py",
    "unit/inputs/compose/test_loader.py",
    "unit/reports/test_explain.py",
    "unit/probe/test_connect.py",
    "unit/test_setup.py",
    "e2e/test_host_owner.py",
    "e2e/test_host_applied.py",
    "e2e/probe/test_wan.py",
    "e2e/livekit_server/test_agreement.py",
    "engine/test_examples.py",
    "e2e/probe/test_layers.py",
    "browser/test_picture.py",
    "e2e/call/test_nothing_else.py",
    "engine/test_adoption.py",
    "e2e/probe/test_live_call.py",
    "engine/test_faults.py",
    "e2e/probe/test_handicaps.py",
    "engine/test_fleet.py",
    "e2e/probe/test_endings.py",
    "e2e/call/test_each_rule.py",
    "e2e/probe/test_neighbours.py",
    "e2e/livekit_server/test_keys.py",
    "engine/test_committed_stacks.py",
    "e2e/probe/test_lab.py",
    "e2e/call/test_scenarios.py",
    "e2e/probe/test_safety.py",
    "e2e/test_host_baseline.py",
    "e2e/probe/test_privileges.py",
    "e2e/call/test_call.py",
    "engine/test_previews.py",
    "e2e/test_wheel.py",
    "e2e/test_probe_sockets.py",
    "engine/test_host_files.py",
    "e2e/test_host_up.py",
    "e2e/call/test_update.py",
    "e2e/call/test_aws_nlb_cluster.py",
    "browser/test_page.py",
    "e2e/call/test_update_by_pulumi.py",
    "engine/test_fleet_locks.py",
    "engine/test_options.py",
    "engine/test_fakes_state.py",
    "engine/test_orders.py",
    "engine/test_yaml.py",
    "engine/test_renames.py",
    "e2e/livekit_server/test_start.py",
    "engine/test_older_states.py",
    "e2e/probe/test_mtu.py",
    "browser/test_fleet_page.py",
    "e2e/test_host_faults.py",
    "engine/test_stacks.py",
    "browser/test_page_answers.py",
    "engine/test_failures.py",
    "e2e/test_host_clock.py",
    "e2e/probe/test_fuzz.py",
    "e2e/test_nft_idioms.py",
    "e2e/test_divert.py",
    "engine/test_project_file.py",
    "engine/test_provenance.py",
    "e2e/test_host_over_ssh.py",
    "engine/test_named_blocks.py",
    "engine/test_recovery.py",
    "engine/test_groups.py",
    "engine/test_example_adopts.py",
    "e2e/test_iptables_setups.py",
    "engine/test_sdks.py",
    "e2e/test_host_ruleset.py",
    "engine/test_drift.py",
    "engine/test_policy.py",
    "e2e/test_host_internal.py",
    "e2e/test_bridge_to_host.py",
    "engine/test_documented_commands.py",
    "engine/test_fakes_described.py",
    "engine/test_fakes_account.py",
    "engine/test_embedded.py",
    "engine/test_update_orders.py",
    "engine/test_mistakes.py",
    "browser/test_pictures.py",
)
# The date that every report bears, in whatever process it is made: 2026-01-01.
os.environ["SOURCE_DATE_EPOCH"] = "1767225600"
CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}

# Properties are searched anew on a developer's machine, a little at each run so that the tier stays quick; on CI
# they are searched longer and are the same on every run: a red run there is the change's fault. `make soak` searches
# anew and for as long as it takes.
hypothesis.settings.register_profile("default", deadline=timedelta(seconds=2), max_examples=10)
hypothesis.settings.register_profile("ci", deadline=timedelta(seconds=5), derandomize=True, max_examples=50)
hypothesis.settings.register_profile("soak", deadline=None, max_examples=2000, print_blob=True)
hypothesis.settings.load_profile("ci" if CI else "default")


def _command(name: str) -> bool:
    # Debian keeps nft and ip in sbin, which is not on every user's PATH.
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])) is not None


def _runs(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False, timeout=20).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _pulumi_folder() -> Path | None:
    written = ROOT / ".venv" / "pulumi-root"
    folder = Path(written.read_text(encoding="utf-8").strip()) if written.is_file() else None
    return folder if folder and (folder / "pulumi").is_file() else None


@cache
def _livekit_servers() -> list[Path]:
    """The newest first."""
    asked = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "livekit-server"), "--paths"], capture_output=True, text=True, check=True
    )
    return [Path(line) for line in asked.stdout.splitlines()]


def _livekit_server() -> Path | None:
    binary = _livekit_servers()[0]
    return binary if os.access(binary, os.X_OK) else None


def _compose_loader() -> Path | None:
    asked = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "compose-loader"), "--path"], capture_output=True, text=True, check=True
    )
    binary = Path(asked.stdout.strip())
    return binary if os.access(binary, os.X_OK) else None


def _mermaid() -> Path | None:
    asked = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "mermaid-js"), "--path"], capture_output=True, text=True, check=True
    )
    folder = Path(asked.stdout.strip())
    return folder if folder.is_dir() else None


@cache
def _languages() -> list[Path]:
    """YAML's language host, the generator of SDKs, the folder of TypeScript."""
    asked = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "languages"), "--paths"], capture_output=True, text=True, check=True
    )
    return [Path(line) for line in asked.stdout.splitlines()]


def _chromium() -> Path | None:
    import pictures

    return next((Path(path) for path in pictures.browsers() if _runs(path, "--version")), None)


# What a test can need, and whether this machine has it. Each is asked at most once.
PROBES: dict[str, Callable[[], bool]] = {
    "linux": lambda: sys.platform == "linux",
    "root": lambda: hasattr(os, "geteuid") and os.geteuid() == 0,
    "nft": lambda: _command("nft"),
    "iptables": lambda: _command("iptables-nft-restore") and _command("nft"),
    "ip": lambda: _command("ip"),
    # A network namespace of one's own, without being root outside of it.
    "unshare": lambda: _runs("unshare", "--map-root-user", "--net", "true"),
    # Named network namespaces, wired together: root, and a kernel that lets us.
    "netns": lambda: _command("ip") and _runs("unshare", "--net", "--mount", "true"),
    "go": lambda: _command("go"),
    "pulumi": lambda: _pulumi_folder() is not None,
    "ss": lambda: _command("ss"),
    "livekit-server": lambda: _livekit_server() is not None,
    "compose-loader": lambda: _compose_loader() is not None,
    "languages": lambda: all(path.exists() for path in _languages()),
    "older livekit-servers": lambda: all(os.access(binary, os.X_OK) for binary in _livekit_servers()),
    "moto": lambda: importlib.util.find_spec("moto") is not None,
    "browser": lambda: (
        all(importlib.util.find_spec(name) for name in ("playwright", "axe_playwright_python"))
        and _chromium() is not None
    ),
    "mermaid": lambda: _mermaid() is not None,
}


@cache
def _has(tool: str) -> bool:
    return PROBES[tool]()


@cache
def _order(file: str) -> tuple[bool, int, int]:
    """The fast ones first; of them, and of the others, those of LONG; the rest by TIERS."""
    name = Path(file).relative_to(ROOT / "tests").as_posix()
    tier = name.partition("/")[0]
    return (
        tier not in FAST,
        LONG.index(name) if name in LONG else len(LONG),
        TIERS.index(tier) if tier in TIERS else len(TIERS),
    )


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """One more than there are cores: a probe waits for answers that never come, an engine for its plugins. The fast
    tests too take 73 s so, and 98 s with one to a core.
    """
    return (yield) + 1


gc.disable()  # until all is collected, which is kept: there is hardly any garbage before


def pytest_collection_finish() -> None:
    """What is there by now stays for as long as the process: looking through it for garbage again and again is a tenth
    of what the tests cost."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_unconfigure() -> None:
    """pytest looks for garbage five times over before it ends, so that what ends badly is told: once is enough for what
    the tests left, and the rest is still in use."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """As pytest's own, but of a test that passes a worker sends its outcome alone, not that it begins, is set up, is
    taken down and ends: of 11,000 tests that would be 44,000 messages to write, to send and to read, of which nothing
    is shown.
    """
    options = item.config.option
    if not hasattr(item.config, "workerinput") or options.durations or options.xmlpath:
        return None
    for report in runtestprotocol(item, nextitem=nextitem, log=False):
        if report.when == "call" or not report.passed:
            item.ihook.pytest_runtest_logreport(report=report)
    return True


def _deselect(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of each test that is marked as a matrix all but a sample."""
    matrices = defaultdict(list)
    for item in items:
        if item.get_closest_marker("matrix"):
            assert isinstance(item, pytest.Function)
            matrices[item.parent, item.originalname].append(item)
    # the ids of a row, one for each `parametrize`; pytest has them in no other way
    chosen = {item for rows in matrices.values() for item in sample(rows, lambda item: item.callspec._idlist)}
    dropped = {item for rows in matrices.values() for item in rows} - chosen
    if dropped:
        config.hook.pytest_deselected(items=list(dropped))
        items[:] = [item for item in items if item not in dropped]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    _deselect(config, items)
    for item in items:
        needed = [tool for marker in item.iter_markers("needs") for tool in marker.args]
        unknown = [tool for tool in needed if tool not in PROBES]
        if unknown:
            raise pytest.UsageError(f"{item.nodeid} needs {unknown}; tests/conftest.py knows {list(PROBES)}")
        missing = sorted({tool for tool in needed if not _has(tool)})
        if missing:
            item.add_marker(pytest.mark.skip(reason=f"this machine has no {', no '.join(missing)}"))
    if gone := [name for name in LONG if not (ROOT / "tests" / name).is_file()]:
        raise pytest.UsageError(f"LONG of tests/conftest.py names files that are not there: {gone}")
    items.sort(key=lambda item: _order(str(item.path)))


class NotRun:
    """Gathers what was skipped: as (tier, file) -> reason -> how many."""

    def __init__(self) -> None:
        self.groups: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))

    def add(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if not report.skipped or hasattr(report, "wasxfail"):
            return
        file = report.nodeid.split("::")[0]
        tier = next((name for name in TIERS if file.startswith(f"tests/{name}/")), "other")
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        self.groups[tier, file][why.removeprefix("Skipped: ")] += 1

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.add(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self.add(report)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if CI and self.groups and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if not self.groups:
            return
        terminalreporter.section("not run")
        for (tier, file), reasons in sorted(self.groups.items()):
            for reason, count in sorted(reasons.items()):
                terminalreporter.line(f"{tier}: {file}: {count} not run: {reason}")
        if CI:
            terminalreporter.line("CI=true: a test that is not run fails the run", red=True)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(NotRun(), "livekit-firewall-not-run")


@pytest.fixture(scope="session")
def pulumi_root() -> Path:
    """The folder of pulumi, pulumi-language-python and what they start; `PulumiCommand` wants its parent."""
    folder = _pulumi_folder()
    if folder is None:
        pytest.skip("there is no Pulumi CLI; `make test` gets one")
    return folder


@pytest.fixture(scope="session")
def livekit_server() -> Path:
    """The livekit-server that tools/livekit-server builds."""
    binary = _livekit_server()
    if binary is None:
        pytest.skip("there is no livekit-server; `make test` builds one")
    return binary


@pytest.fixture(scope="session")
def compose_loader() -> Path:
    """Docker Compose's own loader, which tools/compose-loader builds."""
    binary = _compose_loader()
    if binary is None:
        pytest.skip("there is no compose-loader; `make test` builds one")
    return binary


@pytest.fixture(scope="session")
def languages() -> list[Path]:
    """What tools/languages gets: YAML's language host, the generator of SDKs, the folder of TypeScript."""
    if not _has("languages"):
        pytest.skip("not all is there of what tools/languages gets, as `make test` does")
    return _languages()


@pytest.fixture(scope="session")
def livekit_servers() -> dict[str, Path]:
    """All of those, by version, the newest first; a test needs "older livekit-servers"."""
    return {binary.name.removeprefix("livekit-server-v"): binary for binary in _livekit_servers()}


@pytest.fixture(scope="session")
def mermaid_builds() -> Path:
    """The folder of mermaid-10.js and the like, which tools/mermaid-js fetches."""
    folder = _mermaid()
    if folder is None:
        pytest.skip("there is no Mermaid; `make test` fetches it, with npm")
    return folder


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The Chrome or Chromium of this machine."""
    binary = _chromium()
    if binary is None:
        pytest.skip("there is no Chrome or Chromium; tools/system-packages installs one")
    return binary
