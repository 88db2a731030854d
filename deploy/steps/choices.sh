# Steps of install.sh: what the first run was told, kept for all later ones.

# Where everything is; names that deploy/portal and the templates use as well.
choose() {
    local text
    if [[ ! -e $CONFIG/places ]]; then
        need SITE_URL EMAIL_URL DEFAULT_FROM_EMAIL SECRETARIAT_EMAIL
        mkdir -p "$CONFIG"
        text=$(places)
        put "$CONFIG/places" 0644 <<<"$text"
    fi
    # shellcheck source=/dev/null
    source "$CONFIG/places"
    COPIES=${COPIES:-$ROOT/var/backups/alliance}
    BALANCERS=${BALANCERS:-}
}

places() {
    cat <<-END
	# Where the portal is on this machine. Change it here and run deploy/install.sh again.
	ACCOUNT=${ACCOUNT:-alliance}
	DATA=$ROOT/var/lib/alliance
	STATIC=$ROOT/var/lib/alliance/static
	LOGS=$ROOT/var/log/alliance
	RUN=$ROOT/run/alliance
	# Copies are made here all the time: another machine's disk is a better place, and an encrypted one.
	COPIES=$ROOT/var/backups/alliance
	CODE=$ROOT/srv/alliance
	COMMAND=$ROOT/usr/local/sbin/alliance
	HTTP_PORT=${HTTP_PORT:-80}
	HTTPS_PORT=${HTTPS_PORT:-443}
	# Where Prometheus asks; it should reach no further than that.
	METRICS_PORT=${METRICS_PORT:-127.0.0.1:9180}
	# Load balancers in front of this machine, addresses or networks, separated by commas.
	BALANCERS=${BALANCERS:-}
	# Without a certificate of your own here, one is made that no browser trusts.
	CERTIFICATE=${CERTIFICATE:-$CONFIG/tls/certificate.pem}
	CERTIFICATE_KEY=${CERTIFICATE_KEY:-$CONFIG/tls/key.pem}
	# yes: on this machine, and looked after by deploy/install.sh
	OWN_DATABASE=$([[ -n ${DATABASE_URL:-} ]] && echo no || echo yes)
	DATABASE_PORT=${DATABASE_PORT:-5432}
	OWN_SCANNER=$([[ -n ${CLAMD_URL:-} ]] && echo no || echo yes)
	END
}

need() {
    local name
    for name in "$@"; do
        [[ -n ${!name:-} ]] || stop "The first run needs $name: see .env.example."
    done
}

# What the portal reads, with secrets made once. No run ever changes these files again.
make_environment() {
    local text
    if [[ ! -e $CONFIG/environment ]]; then
        need SITE_URL EMAIL_URL DEFAULT_FROM_EMAIL SECRETARIAT_EMAIL
        if [[ $OWN_DATABASE == yes ]]; then
            local at="127.0.0.1:$DATABASE_PORT/alliance"
            DATABASE_URL=postgresql://alliance:$(secret 24)@$at
            DATABASE_OWNER_URL=postgresql://alliance_owner:$(secret 24)@$at
        fi
        text=$(lines DATABASE_OWNER_URL)
        put "$CONFIG/owner" 0600 <<<"$text"
        text=$(environment)
        put "$CONFIG/environment" 0600 <<<"$text"
    fi
    # Later than the others: there are machines that were set up without it.
    if [[ ! -e $CONFIG/copies ]]; then
        [[ $OWN_DATABASE == no ]] ||
            DATABASE_COPIES_URL=postgresql://alliance_copies:$(secret 24)@127.0.0.1:$DATABASE_PORT/alliance
        text=$(lines DATABASE_COPIES_URL)
        put "$CONFIG/copies" 0600 <<<"$text"
    fi
    # shellcheck source=/dev/null
    SITE_URL=$(source "$CONFIG/environment" && echo "$SITE_URL")
    # shellcheck source=/dev/null
    HOSTS=$(source "$CONFIG/environment" && echo "${ALLOWED_HOSTS//,/ }")
}

environment() {
    ALLIANCE_MODE=production
    SECRET_KEY=$(secret 40)
    TRAIL_KEY=$(secret 40)
    METRICS_TOKEN=$(secret 40)
    ALLOWED_HOSTS=$(sed -E 's#^https://([^/:]+).*#\1#' <<<"$SITE_URL")
    BEHIND_TLS_PROXY=1
    TRUSTED_PROXY_COUNT=1
    X_ACCEL_REDIRECT=1
    CLAMD_URL=${CLAMD_URL:-unix:///run/clamav/clamd.ctl}
    # Of each of the two web processes that the supervisor keeps.
    WEB_WORKERS=$((($(nproc) + 1) / 2))
    say "# The portal's environment: see .env.example for what may be added."
    say "# Keep a copy of SECRET_KEY, and one of TRAIL_KEY where no administrator of the database is."
    lines ALLIANCE_MODE SITE_URL ALLOWED_HOSTS SECRET_KEY TRAIL_KEY METRICS_TOKEN DATABASE_URL \
        BEHIND_TLS_PROXY TRUSTED_PROXY_COUNT X_ACCEL_REDIRECT WEB_WORKERS \
        CLAMD_URL EMAIL_URL DEFAULT_FROM_EMAIL SECRETARIAT_EMAIL
    [[ -z ${PLAIN_LINES:-} ]] || lines PLAIN_LINES
    [[ -z ${SANCTIONS_LIST_ADDRESS:-} ]] || lines SANCTIONS_LIST_ADDRESS
}

# The variables with these names, as a shell and `docker compose` read them.
lines() {
    local name
    for name in "$@"; do
        [[ ${!name:-} != *[\'$'\n']* ]] || stop "$name holds a quotation mark or a line break."
        printf "%s='%s'\n" "$name" "${!name:-}"
    done
}

secret() { openssl rand -hex "$1"; }
