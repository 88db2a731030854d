#!/bin/bash
# Brings the portal of this machine back from its copies, or from those in another folder; run as root:
#
#   alliance restore [FOLDER] [--to "2026-11-22 14:05"]
#
# Options are those of `manage.py restore`. What is there now is set aside, and put back where the copies
# are refused. For a machine whose database deploy/install.sh looks after.
set -euo pipefail

say() { printf '%s\n' "$*"; }

stop() {
    printf '%s\n' "$*" >&2
    exit 1
}

CONFIG=${ALLIANCE_CONFIG:-/etc/alliance}
ROOT=${CONFIG%/etc/alliance}
here=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
# shellcheck source=/dev/null
source "$CONFIG/places"
# shellcheck source=/dev/null
source "$here/deploy/steps/database.sh"
control=(supervisorctl --configuration "$ROOT/etc/supervisor/supervisord.conf")
before=before_$(date --utc +%Y%m%d_%H%M%S)
# What belongs to the tables of one moment, and to no other's.
parts=(private media staging trail_seal)

((EUID == 0)) || stop "Run this as root."
[[ $OWN_DATABASE == yes ]] || stop "The database is not of this machine: see docs/operations.md."
folder=$COPIES
if [[ ${1:-} && $1 != -* ]]; then
    folder=$(realpath "$1")
    shift
fi
setpriv --reuid "$ACCOUNT" --regid "$ACCOUNT" --init-groups test -r "$folder/copies" ||
    stop "The account $ACCOUNT cannot read copies in $folder: chown --recursive $ACCOUNT: $folder"

set_aside() {
    local part
    ask "ALTER DATABASE alliance RENAME TO alliance_$before"
    is_aside=yes
    ask 'CREATE DATABASE alliance OWNER alliance_owner'
    install -d -m 0700 -o "$ACCOUNT" -g "$ACCOUNT" "$DATA/$before"
    for part in "${parts[@]}"; do
        [[ ! -e $DATA/$part ]] || mv "$DATA/$part" "$DATA/$before/"
    done
}

put_back() {
    local part
    say "Putting back what was there"
    ask 'DROP DATABASE IF EXISTS alliance WITH (FORCE)'
    ask "ALTER DATABASE alliance_$before RENAME TO alliance"
    [[ -e $DATA/$before ]] || return 0
    for part in "${parts[@]}"; do
        rm -rf "${DATA:?}/$part"
        [[ ! -e $DATA/$before/$part ]] || mv "$DATA/$before/$part" "$DATA/"
    done
    rmdir "$DATA/$before"
}

finish() {
    [[ $is_restored || ! $is_aside ]] || put_back
    "${control[@]}" start 'alliance-web:*' alliance-worker alliance-backup >/dev/null
    say "The portal runs again."
}

is_aside='' is_restored=''
trap finish EXIT
say "Stopping the portal"
"${control[@]}" stop 'alliance-web:*' alliance-worker >/dev/null
"${control[@]}" stop alliance-backup >/dev/null # the last, so that it has all that was written
set_aside
ALLIANCE_CONFIG=$CONFIG "$here/deploy/portal" manage restore "$folder" "$@"
is_restored=yes
say "What was there before is in the database alliance_$before and in $DATA/$before, until you delete it."
