#!/bin/sh
# Fetches the secrets at every boot, and starts livekit-server. The arguments: a region, the address of Redis, the
# parameters with the API key and with the password of Redis.
set -eu
umask 077
parameter() {
  /snap/bin/aws ssm get-parameter --with-decryption --region "$1" --name "$2" --query Parameter.Value --output text
}
parameter "$1" "$3" >/etc/livekit/keys.yaml
password=$(parameter "$1" "$4")
# In quotes, which ElastiCache allows in no password: without them Compose would put variables in.
printf "REDIS_HOST=%s\nREDIS_PASSWORD='%s'\n" "$2" "$password" >/etc/livekit/redis.env
exec docker compose --file /etc/livekit/compose.yaml up --detach
