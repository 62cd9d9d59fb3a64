"""Real previews for the tests of `livekit-firewall review`, made by the real engine over the fake clouds.

    python -m tests.engine.previews [--on aws] [CHANGE ...]

writes `tests/previews/<platform>/<change>.json`, for some changes also `<change>.changed-only.json`: without the
resources that stay the same, as `pulumi preview --json` prints it of its own accord.

    change.py       what a change is, and what is expected of its review, written by hand
    ours.py         changes of LiveKitFirewall, each on every platform where it makes sense
    foreign_*.py    changes of firewalls that somebody else wrote, per cloud
    tables.py       all of them
    normal.py       what is made the same on every run, and nothing else
    make.py         the engine's part

The tables are plain data and import no SDK: the unit tier reads them beside the files.
"""
