#!/bin/sh
# Run once by PostgreSQL's container: the three roles, as deploy/install.sh makes them.
set -eu
psql --set ON_ERROR_STOP=1 --username postgres --dbname postgres \
    --set owner="$OWNER_PASSWORD" --set portal="$PORTAL_PASSWORD" --set copies="$COPIES_PASSWORD" <<'END'
CREATE ROLE alliance LOGIN PASSWORD :'portal';
CREATE ROLE alliance_owner LOGIN PASSWORD :'owner';
CREATE ROLE alliance_copies LOGIN REPLICATION PASSWORD :'copies';
CREATE DATABASE alliance OWNER alliance_owner;
ALTER SYSTEM SET max_slot_wal_keep_size = '4GB';
END
echo 'host replication alliance_copies all scram-sha-256' >>"$PGDATA/pg_hba.conf"
