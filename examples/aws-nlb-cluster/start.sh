#!/bin/sh
# Fetches the secrets at every boot, and starts livekit-server. The arguments: a region, the address of Redis, and the
# parameters with the API key, the password of Redis, the certificate of TURN/TLS and its private key.
set -eu
umask 077
region=$1
parameter() {
  /snap/bin/aws ssm get-parameter --with-decryption --region "$region" --name "$1" --query Parameter.Value --output text
}
parameter "$3" >/etc/livekit/keys.yaml
password=$(parameter "$4")
# In quotes, which ElastiCache allows in no password: without them Compose would put variables in.
printf "REDIS_HOST=%s\nREDIS_PASSWORD='%s'\n" "$2" "$password" >/etc/livekit/redis.env
parameter "$5" >/etc/livekit/turn.pem
parameter "$6" >/etc/livekit/turn.key
# Anew: after a boot Docker may have started it already, with the files from before, which it reads only once.
exec docker compose --file /etc/livekit/compose.yaml up --detach --force-recreate
