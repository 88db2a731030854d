# Steps of install.sh: PostgreSQL with three roles. One owns the tables, the portal runs as another, and
# the third copies the server as a whole, with its log.

# Below ROOT the cluster is one of our own.
sockets=/var/run/postgresql
[[ ! $ROOT ]] || sockets=$ROOT/run/postgresql

make_database() {
    [[ $OWN_DATABASE == yes ]] || return 0
    local role
    make_cluster
    for role in alliance alliance_owner alliance_copies; do
        [[ $(ask "SELECT 1 FROM pg_roles WHERE rolname = '$role'") ]] || make_role "$role"
    done
    if [[ ! $(ask "SELECT 1 FROM pg_database WHERE datname = 'alliance'") ]]; then
        did "Making the database"
        ask 'CREATE DATABASE alliance OWNER alliance_owner'
    fi
    # Whoever keeps the log and stays away must not fill the disk: beyond this it goes on without them.
    if [[ $(ask 'SHOW max_slot_wal_keep_size') == -1 ]]; then
        did "Limiting what is kept for copies that stay away"
        ask "ALTER SYSTEM SET max_slot_wal_keep_size = '4GB'"
        ask 'SELECT pg_reload_conf()' >/dev/null
    fi
}

# Debian makes and starts a cluster with the package; below ROOT we do.
make_cluster() {
    local version
    version=$(find /usr/lib/postgresql -maxdepth 1 -name '[0-9]*' -printf '%f\n' | sort -n | tail -1)
    if [[ $ROOT ]]; then
        export PG_CLUSTER_CONF_ROOT=$ROOT/etc/postgresql
        install -d -m 0755 -o postgres -g postgres "$sockets" "$ROOT/var/log/postgresql"
        install -d -m 0755 "$PG_CLUSTER_CONF_ROOT" "$ROOT/var/lib/postgresql"
    fi
    if ! state_of_cluster "$version" >/dev/null; then
        did "Making a cluster of PostgreSQL $version"
        pg_createcluster --port "$DATABASE_PORT" --socketdir "$sockets" --encoding UTF8 \
            --locale C.UTF-8 --datadir "$ROOT/var/lib/postgresql/$version/main" \
            --logfile "$ROOT/var/log/postgresql/postgresql-$version-main.log" "$version" main >/dev/null
    fi
    if [[ $(state_of_cluster "$version") != online* ]]; then
        did "Starting PostgreSQL"
        pg_ctlcluster "$version" main start
    fi
}

state_of_cluster() {
    pg_lsclusters --no-header | awk -v version="$1" '$1 == version && $2 == "main" {print $4; found=1}
        END {exit !found}'
}

# The password goes by standard input: a command line can be read by everybody.
make_role() {
    local file=$CONFIG/environment password may=LOGIN
    case "$1" in
        alliance_owner) file=$CONFIG/owner ;;
        alliance_copies) file=$CONFIG/copies may='LOGIN REPLICATION' ;;
    esac
    password=$(sed -n "s#.*='postgresql://$1:\([^@]*\)@.*#\1#p" "$file")
    [[ $password ]] || stop "The database has no role $1, and $file no password for it."
    did "Making the database role $1"
    ask "CREATE ROLE $1 $may PASSWORD '$password'"
}

# One statement, as the administrator of the database.
ask() {
    (cd / && setpriv --reuid postgres --regid postgres --init-groups psql --no-psqlrc --quiet \
        --set ON_ERROR_STOP=1 --tuples-only --no-align --host "$sockets" --port "$DATABASE_PORT" \
        --dbname postgres <<<"$1")
}
