"""What `make` does before the project itself can run: the Python environment and the Pulumi CLI.

Standard library only, since it runs before anything is installed.
"""
