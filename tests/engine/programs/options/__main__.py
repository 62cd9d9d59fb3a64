"""The function of `tests/engine/option_programs.py` that OPTION_PROGRAM names; the repository is at REPOSITORY."""

import os
import sys
from importlib import import_module

sys.path.append(os.environ["REPOSITORY"])
getattr(import_module("tests.engine.option_programs"), os.environ["OPTION_PROGRAM"])()
