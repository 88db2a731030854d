#!/bin/bash
# Puts this version of the portal into service on a Debian 12 machine; run as root, in the checkout.
#
#   SITE_URL=https://alliance.example.org EMAIL_URL='smtp://…' \
#       DEFAULT_FROM_EMAIL='…' SECRETARIAT_EMAIL='…' deploy/install.sh
#
# The first run needs these four and keeps them; every later one is `deploy/install.sh` alone: with
# each new version, after a change in /etc/alliance, or whenever something is in doubt. What is as it
# should be stays as it is. docs/operations.md tells what it does, and what it reads besides.
set -euo pipefail
umask 0022
here=$(cd "$(dirname "$0")/.." && pwd)
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8

# A folder that stands for /, with a supervisor, an nginx and a PostgreSQL of its own.
ROOT=${ROOT:-}
CONFIG=$ROOT/etc/alliance
changed=

say() { printf '%s\n' "$*"; }

did() {
    changed=yes
    say "$*"
}

stop() {
    printf '%s\n' "$*" >&2
    exit 1
}

# Standard input into the file $1, with the mode $2, if it is not so yet.
put() {
    local new
    new=$(mktemp "$1.XXXXXX")
    cat >"$new"
    chmod "$2" "$new"
    if cmp --silent "$new" "$1"; then
        rm "$new"
        return
    fi
    mv "$new" "$1"
    did "Writing $1"
}

for step in choices machine database nginx version; do
    # shellcheck source=/dev/null
    source "$here/deploy/steps/$step.sh"
done

((EUID == 0)) || stop "Run this as root."
choose
install_packages
make_account_and_folders
make_environment
make_database
set_scanner
build_release
prepare_release
configure_nginx
serve_release
[[ $changed ]] || say "Nothing had to be changed."
say "Version $release is in service at $SITE_URL"
