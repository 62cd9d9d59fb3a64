"""Builds the sdist, and from it the wheel, into dist/: the same bytes from the same commit (`make dist`).

    python3 tools/dist.py            and build/livekit-firewall.cdx.json, the bill of materials

What git tracks is built, in a folder of its own, so that nothing else that lies about gets in. Times are those of
SOURCE_DATE_EPOCH, else of the commit. Needs setuptools, which requirements.txt pins: another version, or another zlib,
may compress to other bytes.
"""

from __future__ import annotations

import gzip
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from bootstrap.sections import EXTRAS, split

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("components/livekit_firewall", "pyproject.toml", "README.md", "LICENSE")


def build(root: Path, into: Path) -> list[Path]:
    """The sdist and the wheel of the tree at `root`."""
    epoch = time_of(root)
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder, "tree")
        for name in git(root, "ls-files", "-z", *PARTS).split("\0"):
            if name:
                (tree / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(root / name, tree / name)
        sdist = backend("sdist", tree, epoch)
        sdist.write_bytes(normal(sdist, epoch))
        with tarfile.open(sdist) as archive:
            archive.extractall(folder, filter="data")
        wheel = backend("wheel", Path(folder, sdist.name.removesuffix(".tar.gz")), epoch)
        into.mkdir(parents=True, exist_ok=True)
        return [Path(shutil.copy(made, into)) for made in (sdist, wheel)]


def backend(kind: str, tree: Path, epoch: int) -> Path:
    """Has the build backend make one file, in a folder beside the tree."""
    into = tree.with_name(kind)
    into.mkdir()
    call = f"import sys; from setuptools import build_meta; build_meta.build_{kind}(sys.argv[1])"
    given = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch), "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-I", "-c", call, str(into)]
    done = subprocess.run(command, cwd=tree, env=given, capture_output=True, text=True, check=False, umask=0o022)
    if done.returncode:
        sys.exit(f"dist: the {kind} cannot be built:\n{done.stdout}{done.stderr}")
    (made,) = into.iterdir()
    return made


def normal(sdist: Path, epoch: int) -> bytes:
    """The archive with its members sorted, of one time and of no owner: setuptools takes the files' own."""
    made = io.BytesIO()
    with (
        tarfile.open(sdist) as old,
        gzip.GzipFile("", "wb", mtime=epoch, fileobj=made) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as new,
    ):
        for member in sorted(old.getmembers(), key=lambda one: one.name):
            member.mtime, member.uid, member.gid, member.uname, member.gname = epoch, 0, 0, "", ""
            member.mode, member.pax_headers = 0o755 if member.isdir() else 0o644, {}
            new.addfile(member, old.extractfile(member) if member.isfile() else None)
    return made.getvalue()


def bill(root: Path, made: Path) -> Path:
    """The bill of materials (CycloneDX): what the package and its extras are tested with, by version and hash."""
    sections = split((root / "requirements.txt").read_text(encoding="utf-8"))
    pinned = "".join(sections[name] for name in ("base", *EXTRAS))
    made.parent.mkdir(parents=True, exist_ok=True)
    command = [Path(sys.executable).with_name("cyclonedx-py"), "requirements", "--pyproject", root / "pyproject.toml"]
    command += ["--mc-type", "library", "--output-reproducible", "--output-file", made, "-"]
    given = {**os.environ, "SOURCE_DATE_EPOCH": str(time_of(root)), "PYTHONWARNINGS": "ignore"}
    subprocess.run(command, env=given, input=pinned, text=True, check=True)
    return made


def time_of(root: Path) -> int:
    return int(os.environ.get("SOURCE_DATE_EPOCH") or git(root, "log", "-1", "--format=%ct"))


def git(root: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", root, *words], check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    for path in (*build(ROOT, ROOT / "dist"), bill(ROOT, ROOT / "build" / "livekit-firewall.cdx.json")):
        print(path.relative_to(ROOT))
