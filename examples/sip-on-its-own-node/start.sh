#!/bin/bash
# Startup script of both machines, at every boot. Secrets are fetched by the machine's own account, and stay in memory.
set -euo pipefail
LIVEKIT=livekit/livekit-server:v1.13.11 SIP=livekit/sip:v1.11.0 REDIS=redis:7.4 CADDY=caddy:2.10
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y curl docker.io jq

about() { curl -sf -H 'Metadata-Flavor: Google' "http://metadata.google.internal/computeMetadata/v1/instance/$1"; }
secret() { # tried again until the account's permission has arrived
  curl -sf --retry 30 --retry-delay 10 --retry-all-errors -H "Authorization: Bearer $token" \
    "https://secretmanager.googleapis.com/v1/$(about "attributes/livekit-$1"):access" |
    jq -r .payload.data | base64 -d
}
# In a file, since arguments are seen by every user of the machine
SERVE='umask 077; printf "bind 127.0.0.1 %s\nsave \"\"\nrequirepass %s\n" "$PRIVATE" "$REDISCLI_AUTH" >/tmp/redis.conf
exec redis-server /tmp/redis.conf'
run() { # NAME OPTIONS… IMAGE COMMAND…
  docker rm -f "$1" 2>/dev/null || true
  docker run -d --name "$1" --network host --restart unless-stopped "${@:2}"
}

token=$(about service-accounts/default/token | jq -r .access_token)
api_secret=$(secret api-secret)
redis_password=$(secret redis-password)
config=$(about attributes/livekit-config)
case $(about attributes/livekit-node) in
sfu)
  domain=$(about attributes/livekit-domain)
  private=$(about network-interfaces/0/ip)
  PRIVATE=$private REDISCLI_AUTH=$redis_password run redis -e PRIVATE -e REDISCLI_AUTH $REDIS sh -c "$SERVE"
  LIVEKIT_CONFIG=$config LIVEKIT_KEYS="telephony: \"$api_secret\"" REDIS_PASSWORD=$redis_password \
    run livekit -e LIVEKIT_CONFIG -e LIVEKIT_KEYS -e REDIS_PASSWORD $LIVEKIT
  run caddy -v caddy:/data $CADDY caddy reverse-proxy --from "$domain" --to 127.0.0.1:7880
  ;;
sip) # the section `redis` is the last of sip.yaml
  SIP_CONFIG_BODY="$config"$'\n'"  password: \"$redis_password\"" \
    LIVEKIT_API_KEY=telephony LIVEKIT_API_SECRET=$api_secret \
    run sip -e SIP_CONFIG_BODY -e LIVEKIT_API_KEY -e LIVEKIT_API_SECRET $SIP
  ;;
esac
