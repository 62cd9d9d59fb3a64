#!/bin/sh
# Fetches the key at every boot, and starts the containers. The parameter and its region are the arguments.
set -eu
umask 077
/snap/bin/aws ssm get-parameter --with-decryption --name "$1" --region "$2" \
  --query Parameter.Value --output text >/etc/livekit/keys.yaml
# Anew: after a boot Docker may have started it already, with the key from before, which it reads only once.
exec docker compose --file /etc/livekit/compose.yaml up --detach --force-recreate
