#!/bin/bash
# Custom data of the machine, at its first boot; the program puts DOMAIN and livekit.yaml in place.
set -eu
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y docker.io openssl
mkdir -p /etc/livekit
(umask 077 && echo "livekit: \"$(openssl rand -hex 32)\"" >/etc/livekit/keys.yaml)
cat >/etc/livekit/livekit.yaml <<'LIVEKIT'
@LIVEKIT@
LIVEKIT
docker run -d --name livekit --network host --restart unless-stopped -v /etc/livekit:/etc/livekit:ro \
  livekit/livekit-server:v1.13.11 --config /etc/livekit/livekit.yaml
docker run -d --name caddy --network host --restart unless-stopped -v caddy:/data \
  caddy:2.10 caddy reverse-proxy --from "@DOMAIN@" --to 127.0.0.1:7880
