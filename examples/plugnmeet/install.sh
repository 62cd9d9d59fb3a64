#!/bin/bash
# User data of the Droplet. plugNmeet's installer asks its questions on a terminal, and makes every secret by itself.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive MEET=@MEET@ TURN=@TURN@ EMAIL=@EMAIL@
umask 077
exec >>/var/log/plugnmeet-install.log 2>&1 # root alone: the installer prints the API's secret

apt-get update
apt-get install -y bind9-dnsutils expect
cd /root
wget https://raw.githubusercontent.com/mynaparrot/plugNmeet-install/main/install.sh -O plugnmeet-install.sh

# Certificates are asked for by name, so the names have to lead here first.
address=$(curl -sf http://169.254.169.254/metadata/v1/interfaces/public/0/ipv4/address)
for name in "$MEET" "$TURN"; do
  until [ "$(dig +short A "$name" @1.1.1.1 | tail -n 1)" = "$address" ]; do sleep 10; done
done

umask 022 # of what it installs, other users read some
expect <<'EXPECT'
set timeout -1
spawn bash plugnmeet-install.sh
expect {
  -re {plugNmeet server domain[^\n]*: $} { send "$env(MEET)\r"; exp_continue }
  -re {turn server domain[^\n]*: $} { send "$env(TURN)\r"; exp_continue }
  -re {email address: $} { send "$env(EMAIL)\r"; exp_continue }
  -re {y/n: $} { send "n\r"; exp_continue }
  eof
}
lassign [wait] pid spawned failed status
exit $status
EXPECT
