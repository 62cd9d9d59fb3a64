"""Compose files, read by the rules of Docker Compose: variables, `extends`, `include`, merging, profiles.

Facts: github.com/compose-spec/compose-go/v2 v2.16.2; tests/compose_loader compares this reader with it.
Nothing comes from the environment of this machine, as it is not the server's: `${VAR}` has its value in the .env file
beside the compose file, or is empty.
"""
