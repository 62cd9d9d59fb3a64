"""What a platform is stands in its own record: nothing else is keyed by platforms or asks for one by name."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from livekit_firewall.model.rules import RuleSet
from livekit_firewall.platforms.platform import Options
from livekit_firewall.platforms.registry import BY_ARGUMENT, BY_NAME, PLATFORMS

from ..sources import nodes, parsed

ROOT = Path(__file__).parents[3]
PACKAGES = (ROOT / "components" / "livekit_firewall", ROOT / "policy", ROOT / "tools")
NAMES = {*BY_NAME, *BY_ARGUMENT}
PACKAGES_OF_SDKS = {one.package for one in PLATFORMS if one.sdk}
WORDS = (
    NAMES
    | PACKAGES_OF_SDKS
    | {
        word
        for one in PLATFORMS
        for word in (one.title, one.sdk, one.component.name, one.target.__name__, *one.component.outputs)
        if word
    }
)
"""All that tells a platform from the others."""
ONE = re.compile(rf"({'|'.join(map(re.escape, WORDS))})([.:/].*)?")
OWN = re.compile(rf"platforms\.({'|'.join(BY_NAME)})\b")
ONES = re.compile(rf"\b({'|'.join(PACKAGES_OF_SDKS)}|azure):[\w/]+:\w|{OWN.pattern}")

OWN_FOLDERS = {f"platforms/{name}" for name in BY_NAME}
"""The folders of the platforms themselves."""

EXCEPTIONS = {
    "platforms/registry.py": "the rows",
    "deployment/arguments.py": "the arguments: a field for each target, of its own type",
    "firewall_args.py": "the arguments as types: a key for each target, of its own",
    "__init__.py": "the public API: the components and targets by their names",
    "host/component.py": "the component of the host, whose platform this is",
    "host/applied.py": "the same: what is loaded on this machine",
    "host/claims.py": "the same: which files and machines a target takes",
    "host/standalone/provider.py": "`host` is the name of the machine that a ruleset was applied on",
    "inputs/compose/load.py": "`host` is the name of a network of Docker",
    "settings/keys.py": "`gcp` and `azure` are keys of egress's own file: where it stores recordings",
    "settings/chart_services.py": "`aws` is a value of LiveKit's chart, `loadBalancer.type`",
    "probe/listener/divert.py": "`nftables` is the key under which nft prints JSON",
    "bootstrap/sections.py": "the extras, whose names a set-up without the package needs",
    "stack.py": "what `make up` says of the file of a ruleset, which is on this machine",
    "reference.py": "a table of the page for each argument, with its type",
}


def ones(nodes: Iterable[ast.expr | None]) -> set[str]:
    """The platforms that texts stand for, or begin with."""
    texts = {one.value for one in nodes if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return {found[1] for one in texts if (found := ONE.fullmatch(one))}


def keyed(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Displays of two platforms or more, branches by one, and modules or types of one."""
    docstrings = {id(node.value) for node in nodes(tree) if isinstance(node, ast.Expr)}
    for node in nodes(tree):
        if isinstance(node, ast.Dict | ast.Set | ast.Tuple | ast.List):
            given = ones(node.keys if isinstance(node, ast.Dict) else node.elts)
            if len(given) > 1:
                yield node.lineno, f"a table of {sorted(given)}"
        elif isinstance(node, ast.Compare):
            lone = [one.elts[0] for one in node.comparators if isinstance(one, DISPLAYS) and len(one.elts) == 1]
            if given := ones([node.left, *node.comparators, *lone]):
                yield node.lineno, f"a branch by {sorted(given)}"
        elif isinstance(node, ast.MatchValue):
            if given := ones([node.value]):
                yield node.lineno, f"a case of {sorted(given)}"
        elif isinstance(node, ast.Subscript):
            if given := ones([node.slice]):
                yield node.lineno, f"one platform of a table: {sorted(given)}"
        elif isinstance(node, ast.Attribute):
            if node.attr in ARGUMENTS:
                yield node.lineno, f"one platform of all: {node.attr}"
        elif isinstance(node, ast.Call):
            yield from ((node.lineno, what) for what in in_a_call(node))
        elif isinstance(node, ast.ImportFrom):
            if OWN.search(f"{'platforms.' * (node.level == 1)}{node.module}"):
                yield node.lineno, f"a module of {node.module}"
        elif isinstance(node, ast.Constant) and id(node) not in docstrings and ONES.search(str(node.value)):
            yield node.lineno, f"a type or a module of one platform: {node.value}"


DISPLAYS = (ast.Tuple, ast.List, ast.Set)
ARGUMENTS = {*BY_ARGUMENT} - {"host"}  # of a URL, of Docker and so on
SEARCHES = ("get", "startswith", "endswith", "removeprefix", "getattr", "hasattr", "match", "fullmatch", "search")


def in_a_call(node: ast.Call) -> Iterator[str]:
    named = {one.arg for one in node.keywords if one.arg} & NAMES
    if len(named) > 1:
        yield f"a table of {sorted(named)}"
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if isinstance(node.func, ast.Attribute) and name == "split" and isinstance(node.func.value, ast.Constant):
        given = {*str(node.func.value.value).split()} & WORDS
        if len(given) > 1:
            yield f"a table of {sorted(given)}"
    elif name in SEARCHES and (given := ones(node.args[:2])):
        yield f"one platform of a table: {sorted(given)}"


def modules() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted(package.rglob("*.py")):
            yield path.relative_to(package).as_posix(), path


def test_nothing_else_is_keyed_by_platforms():
    found = [
        f"{name}:{line}: {what}"
        for name, path in modules()
        if name not in EXCEPTIONS and name.rpartition("/")[0] not in OWN_FOLDERS
        for line, what in keyed(parsed(path))
    ]
    assert found == []


def test_every_exception_is_one():
    for name in EXCEPTIONS:
        paths = [path for known, path in modules() if known == name]
        assert any(list(keyed(parsed(path))) for path in paths), name


@pytest.mark.parametrize(
    "text",
    [
        'PORTS = {"aws": 1, "gcp": 2}',
        'CUTS = frozenset({"aws", "digitalocean"})',
        'CUTS = frozenset(("azure", "host"))',
        'for name in ["aws", "nftables"]: pass',
        'KEYS = "ipv6 aws gcp".split()',
        'if platform == "nftables": pass',
        'if "host" not in targets: pass',
        'match platform:\n    case "gcp": pass',
        'target = targets["gcp"]',
        'target = targets.get("gcp")',
        "target = arguments.gcp",
        'target = getattr(arguments, "azure")',
        "CUTS = dict(aws=True, gcp=False)",
        'if platform.title == "Google Cloud": pass',
        'if platform.sdk in ("pulumi_aws",): pass',
        'if platform.package == "azure-native": pass',
        'if type(target).__name__ == "AwsTarget": pass',
        'if component.name in {"HetznerFirewall"}: pass',
        'if problem.path.startswith("aws."): pass',
        'if type.startswith("hcloud:"): pass',
        'if output == "gcp_firewall_ids": pass',
        'KIND = "hcloud:index/firewall:Firewall"',
        "from ...platforms.aws.target import AwsTarget",
        'KIND = "aws:ec2/securityGroup:SecurityGroup"',
        'import_module("livekit_firewall.platforms.aws.render")',
    ],
)
def test_is_found(text):
    assert len(list(keyed(ast.parse(text)))) == 1


@pytest.mark.parametrize(
    "text",
    [
        '"""aws:ec2/securityGroup:SecurityGroup is what is read."""',
        'row = {"host": outcome.host, "protocol": "tcp"}',
        'yield Advice(text, "host", keys)',
        "from ..platforms.registry import PLATFORMS",
    ],
)
def test_is_none(text):
    assert list(keyed(ast.parse(text))) == []


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda one: one.name)
class TestEachRecord:
    def test_names_what_is_there(self, platform):
        assert isinstance(platform.placeholder, platform.target)
        assert all(isinstance(value, int) for value in platform.limits.values())
        assert platform.from_cli().recognises({}) is False
        assert all(token in platform.from_pulumi().TYPES for token in platform.made)

    def test_refuses_the_target_of_another(self, platform):
        for other in PLATFORMS:
            if other is not platform:
                with pytest.raises(TypeError, match=f"{other.target.__name__} is no target of {platform.title}"):
                    platform.render(RuleSet(), other.placeholder, Options())

    def test_says_why_a_firewall_cannot_be_imported_where_its_reader_has_no_ids(self, platform):
        source = (PACKAGES[0] / "platforms" / platform.name / "from_cli.py").read_text()
        assert bool(platform.no_import) is ("adopted" not in source)
        assert bool(platform.no_import) is not bool(platform.import_note)


def test_the_registry_loads_no_rendering_and_no_reader():
    program = (
        "import sys; import livekit_firewall.platforms.registry; "
        "print([name for name in sys.modules if name.startswith('livekit_firewall.platforms.') and "
        "name.rpartition('.')[2] in ('render', 'native', 'limits', 'from_cli', 'from_pulumi', 'component')])"
    )
    environment = {"PYTHONPATH": ":".join(sys.path)}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == "[]\n"
