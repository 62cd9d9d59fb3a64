"""What needs no Linux, on every system: the workflow's jobs on macOS and Windows run this folder, and `make test` runs
it as here and with what these systems lack taken away.
"""
