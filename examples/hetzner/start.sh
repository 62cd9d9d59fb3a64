#!/bin/sh
# Makes the key at the first boot, so that it is nowhere but on the machine, and starts livekit-server at every one.
set -eu
umask 077
cd /etc/livekit
[ -s keys.yaml ] || printf 'API%s: %s\n' "$(openssl rand -hex 6)" "$(openssl rand -hex 24)" >keys.yaml
exec docker compose up --detach
