"""Makes the provider from the source text of its modules, in a process that can import nothing of the package."""

import hashlib
import sys
import types


def start(sources: "dict[str, str]", starter: str) -> object:
    """The provider, its modules in a package of their own, so that two versions do not meet."""
    own = hashlib.sha256(repr(sorted(sources.items())).encode()).hexdigest()[:16]
    package = f"livekit_firewall_live_{own}"
    if package not in sys.modules:
        sys.modules[package] = types.ModuleType(package)
        sys.modules[package].__path__ = []
        for name, source in sources.items():
            full = f"{package}.{name}"
            module = types.ModuleType(full)
            module.__package__ = package
            sys.modules[full] = module
            exec(compile(source, f"<{full}>", "exec"), module.__dict__)  # noqa: S102 (our own text)
            setattr(sys.modules[package], name, module)
    return sys.modules[f"{package}.provider"].AppliedRulesetProvider(sources, starter)
