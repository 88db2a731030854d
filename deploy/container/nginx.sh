#!/bin/sh
# Fills in the site for a container, whose places are always the same, and becomes nginx.
set -eu
export ACME=/var/www/acme CONFIG=/etc/alliance DATA=/var/lib/alliance STATIC=/var/lib/alliance/static LOGS=/var/log/nginx
export HTTP_PORT=80 HTTPS_PORT=443 METRICS_PORT=9180
export CERTIFICATE=/etc/alliance/tls/certificate.pem CERTIFICATE_KEY=/etc/alliance/tls/key.pem
HOSTS=$(echo "$ALLOWED_HOSTS" | tr ',' ' ')
HOST=${ALLOWED_HOSTS%%,*}
OBJECTS=${OBJECTS:-http://127.0.0.1:9}
RESOLVERS=$(awk '$1 == "nameserver" && $2 !~ /%/ { print $2 ~ /:/ ? "[" $2 "]" : $2 }' /etc/resolv.conf)
RESOLVERS=${RESOLVERS:-127.0.0.1}
export HOSTS HOST SITE_URL OBJECTS RESOLVERS
envsubst '$CONFIG $DATA $STATIC $LOGS $HOSTS $HOST $SITE_URL $HTTP_PORT $HTTPS_PORT $METRICS_PORT $CERTIFICATE $CERTIFICATE_KEY $OBJECTS $RESOLVERS $ACME' \
    </etc/alliance/nginx/alliance.conf.template >/etc/nginx/sites-enabled/alliance.conf
echo 'upstream alliance_web { server web:8000 max_fails=0; }' >/etc/alliance/nginx/upstream.conf
{
    for address in $(echo "${BALANCERS:-}" | tr ',' ' '); do echo "set_real_ip_from $address;"; done
    echo 'real_ip_header X-Forwarded-For; real_ip_recursive on;'
} >/etc/alliance/nginx/balancers.conf
exec nginx -g 'daemon off;'
