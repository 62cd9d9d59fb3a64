"""Serves the component to the engine: `pulumi-resource-livekit` starts it, or Pulumi's language host for Python."""

import sys

if __name__ == "__main__":
    try:
        from livekit_firewall.hosted.serve import main
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("livekit_firewall"):
            raise
        sys.exit(
            f"pulumi-resource-livekit: {sys.executable} has no {error.name}; run: "
            f"{sys.executable} -m pip install -r {sys.path[0]}/requirements.txt"
        )
    main(sys.argv[1:])
