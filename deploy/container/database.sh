#!/bin/sh
# Run once by PostgreSQL's container: the two roles, as deploy/install.sh makes them.
set -eu
psql --set ON_ERROR_STOP=1 --username postgres --dbname postgres \
    --set owner="$OWNER_PASSWORD" --set portal="$PORTAL_PASSWORD" <<'END'
CREATE ROLE alliance LOGIN PASSWORD :'portal';
CREATE ROLE alliance_owner LOGIN PASSWORD :'owner';
CREATE DATABASE alliance OWNER alliance_owner;
END
