"""Load the ruleset on a machine that runs already, over SSH, and roll it back if SSH does not get in again.

Each command is a connection of its own. The first checks the ruleset, starts a timer that puts back what was in
force, and loads it; the second stops the timer, which it can only if the ruleset lets a new connection in.
"""

import shlex

import pulumi
import pulumi_command as command

from livekit_firewall import LiveKitFirewall

CHECK_AND_LOAD = """\
set -eu
umask 077
mkdir -p /var/lib/livekit-firewall
cd /var/lib/livekit-firewall
if nft -s list table inet livekit 2>/dev/null | grep -q 'comment "owner 1/[0-9]* project=[^ ]'; then
  echo "host.apply of some stack owns the firewall of this machine, so nothing was changed" >&2
  exit 1
fi
run=$(mktemp -d run.XXXXXX)
cat >"$run/new.nft"
nft -c -f "$run/new.nft"
printf 'table inet livekit\\ndelete table inet livekit\\n' >"$run/old.nft"
nft -s list table inet livekit >>"$run/old.nft" 2>/dev/null || :
# Who makes the folder `decided` first has decided. On a full disk nobody can: then this puts back the old one too.
setsid sh -c 'trap "" HUP; sleep 60; cd "$1" || exit
  mkdir decided || [ ! -d decided ] || exit
  for pause in 0 1 5 15 30 60; do sleep $pause; nft -f old.nft && exit; done' sh "$run" \\
  </dev/null >/dev/null 2>&1 &
nft -f "$run/new.nft"
echo "$run" >latest
"""

CONFIRM_AND_KEEP = """\
set -eu
# All is written before it is confirmed: on a full disk this fails, and what was in force before is put back.
mkdir -p /etc/livekit-firewall
cat >/etc/livekit-firewall/host.nft.new
cat >/etc/livekit-firewall/unit.new <<'UNIT'
[Unit]
Description=Firewall of this LiveKit host
DefaultDependencies=no
Wants=network-pre.target
Before=network-pre.target
After=local-fs.target nftables.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=nft -f /etc/livekit-firewall/host.nft

[Install]
WantedBy=sysinit.target
UNIT
cd /var/lib/livekit-firewall
mkdir "$(cat latest)/decided" || {
  [ -d "$(cat latest)/decided" ] || { echo "it cannot be confirmed, and will be rolled back" >&2; exit 1; }
  echo "too late: what was in force before is in force again" >&2
  exit 1
}
mv /etc/livekit-firewall/unit.new /etc/systemd/system/livekit-firewall.service
mv /etc/livekit-firewall/host.nft.new /etc/livekit-firewall/host.nft
echo "${owner:-}" >/etc/livekit-firewall/owner
systemctl daemon-reload
systemctl enable livekit-firewall.service
"""

REMOVE = """\
# Not what a command of another name or stack keeps now: Pulumi deletes the old one after it created the new one.
if [ "$(cat /etc/livekit-firewall/owner 2>/dev/null)" != "${owner:-}" ]; then
  echo "the firewall of this machine is left as it is: it is not this one's" >&2
  exit 0
fi
systemctl disable livekit-firewall.service
rm -rf /etc/systemd/system/livekit-firewall.service /etc/livekit-firewall /var/lib/livekit-firewall
nft delete table inet livekit
"""

KEPT = "kept"

config = pulumi.Config()
firewall = LiveKitFirewall("livekit", livekit_config="livekit.yaml", https=True, host={})


def over_ssh(
    name: str, script: str, delete: str | None = None, after: command.remote.Command | None = None
) -> command.remote.Command:
    """Another ruleset is another stdin, and so an update in place: no `triggers`, which would replace and so remove."""
    return command.remote.Command(
        name,
        connection={
            "host": config.require("address"),
            "host_key": config.require("hostKey"),  # without it anybody in between could be the machine
            "user": "root",
            "private_key": config.require_secret("privateKey"),
        },
        create=script,
        update=script,
        delete=delete,
        stdin=firewall.host_ruleset,
        opts=pulumi.ResourceOptions(depends_on=after),
    )


loaded = over_ssh("loaded", CHECK_AND_LOAD)
owner = f"owner={shlex.quote(f'{pulumi.get_project()}/{pulumi.get_stack()}/{KEPT}')}\n"
over_ssh(KEPT, owner + CONFIRM_AND_KEEP, delete=owner + REMOVE, after=loaded)

pulumi.export("exposure", firewall.exposure)
