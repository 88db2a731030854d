# Steps of install.sh: packages, the account, folders, the virus scanner.

PACKAGES=(
    python3 python3-venv
    nginx libnginx-mod-http-brotli-filter libnginx-mod-http-brotli-static
    supervisor
    postgresql-client
    ca-certificates curl gettext-base openssl
)

# Debian's packages that are missing.
install_packages() {
    local wanted=("${PACKAGES[@]}") missing=() package
    [[ $OWN_DATABASE == no ]] || wanted+=(postgresql)
    [[ $OWN_SCANNER == no ]] || wanted+=(clamav-daemon clamav-freshclam)
    for package in "${wanted[@]}"; do
        dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null |
            grep -qx installed || missing+=("$package")
    done
    [[ ${missing[*]} ]] || return 0
    did "Installing ${missing[*]}"
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

make_account_and_folders() {
    if ! id "$ACCOUNT" >/dev/null 2>&1; then
        did "Making the account $ACCOUNT"
        getent group "$ACCOUNT" >/dev/null || groupadd --system "$ACCOUNT"
        useradd --system --gid "$ACCOUNT" --no-create-home --home-dir "$DATA" \
            --shell /usr/sbin/nologin "$ACCOUNT"
    fi
    # nginx sends pictures and, once a view has said so, private files.
    if ! id --name --groups www-data | grep -qw -- "$ACCOUNT"; then
        did "Letting nginx read the portal's files"
        usermod --append --groups "$ACCOUNT" www-data
    fi
    install -d -m 0755 "$CONFIG/tls" "$CODE/releases" "$CODE/venvs" "${COMMAND%/*}"
    install -d -m 0750 -o "$ACCOUNT" -g "$ACCOUNT" "$DATA" "$RUN"
    install -d -m 0750 -g adm "$LOGS"
    install -d -m 0700 -o "$ACCOUNT" -g "$ACCOUNT" "$COPIES"
    put "$COMMAND" 0755 <<-END
	#!/bin/sh
	# The portal of this machine: see deploy/portal.
	ALLIANCE_CONFIG='$CONFIG' exec '$CODE/current/deploy/portal' "\$@"
	END
}

# clamd says when it gave up on a file, and has room above the largest.
SCANNER_LINES=(
    "AlertExceedsMax yes"
    "StreamMaxLength 250M"
    "MaxFileSize 250M"
    "MaxScanSize 1000M"
)

set_scanner() {
    [[ $OWN_SCANNER == yes ]] || return 0
    local file=$ROOT/etc/clamav/clamd.conf names text
    [[ -z $ROOT || -e $file ]] || { mkdir -p "${file%/*}" && cp /etc/clamav/clamd.conf "$file"; }
    names=$(printf '%s\n' "${SCANNER_LINES[@]%% *}" | paste --serial --delimiters='|')
    text=$(grep -Ev "^($names) " "$file" && printf '%s\n' "${SCANNER_LINES[@]}")
    put "$file" 0644 <<<"$text"
    # A restart that failed is tried again by the next run.
    [[ ! $ROOT && ! $CONFIG/scanner-restarted -nt $file ]] || return 0
    if service clamav-daemon restart; then
        touch "$CONFIG/scanner-restarted"
    else
        say "The virus scanner does not start before it has its signatures; until then files wait."
    fi
}
