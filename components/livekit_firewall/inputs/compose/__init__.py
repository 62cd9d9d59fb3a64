"""Compose files by the rules of Docker Compose: read, filled in, extended and merged to the services that run.

Facts: github.com/compose-spec/compose-go/v2 v2.16.2; tests/compose_loader holds what is read here against it.
Nothing comes from the environment of this machine, as it is not the server's: `${VAR}` is what the .env file beside
the compose file says, or empty.
"""
