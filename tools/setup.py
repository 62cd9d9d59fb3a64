"""Sets up what a make target needs: `.venv` with some sections of requirements.txt, and the Pulumi CLI.

    python3 tools/setup.py check                base and check
    python3 tools/setup.py --cli test aws       base, pulumi, test and aws, and the CLI

A second run finds everything in place and takes milliseconds. .venv/pulumi-root then names the CLI's folder.
"""

import sys

if sys.version_info < (3, 10):  # noqa: UP036 - this is what tells the user so
    sys.exit("Python 3.10 or newer is needed, this is " + sys.version.split()[0] + "; try: make PYTHON=python3.12")

import argparse
import signal
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from pathlib import Path

from bootstrap import pulumi_cli
from bootstrap.environment import Environment
from bootstrap.progress import Progress, SetupError
from bootstrap.sections import SECTIONS, SectionError

ROOT = Path(__file__).resolve().parent.parent


def set_up(wanted: Iterable[str], *, cli: bool) -> None:
    environment = Environment(ROOT)
    missing = environment.missing([*wanted, *(["pulumi"] if cli else [])])
    root, remark = pulumi_cli.find() if cli else (None, "")
    if not missing and (root or not cli):
        if root:
            environment.remember_cli(root)
        return
    with Progress(ROOT / ".state" / "logs") as progress:
        if cli:
            progress.say(remark)
        environment.create(progress)
        # The section pulumi holds the installer of the CLI, so it comes first; the rest goes on beside the CLI.
        first = ("base", "pulumi")
        environment.install(progress, {name: text for name, text in missing.items() if name in first})
        rest = {name: text for name, text in missing.items() if name not in first}
        steps: list[Callable[[], object]] = [lambda: environment.install(progress, rest)]
        if cli:
            steps.append(lambda: environment.remember_cli(root or pulumi_cli.obtain(progress, environment)))
        together(steps, progress)


def together(steps: list[Callable[[], object]], progress: Progress) -> None:
    """Runs the steps at the same time. When one fails, or on Ctrl-C, the others are stopped at once."""
    with ThreadPoolExecutor() as pool:
        try:
            futures = [pool.submit(step) for step in steps]
            done, _ = wait(futures, return_when=FIRST_EXCEPTION)
            for future in done:
                future.result()
        except BaseException:
            progress.stop()
            raise


def report(work: Callable[[], None]) -> int:
    """Runs the work; a failure that was foreseen is its message, without a traceback."""
    # Ended by a supervisor, it must end its compilers and installers as it does on Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        work()
    except (SetupError, SectionError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except OSError as error:  # a full disk, a folder that is not ours: it names the path
        print(f"\nthe set-up cannot go on: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        return 130
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("section", nargs="*", help=f"sections of requirements.txt: {', '.join(SECTIONS)}")
    parser.add_argument("--cli", action="store_true", help="the Pulumi CLI as well")
    wanted = parser.parse_args()
    return report(lambda: set_up(wanted.section, cli=wanted.cli))


if __name__ == "__main__":
    sys.exit(main())
