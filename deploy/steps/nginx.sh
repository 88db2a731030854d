# Steps of install.sh: the certificate and the site of nginx.

configure_nginx() {
    local nginx=$ROOT/etc/nginx file text
    make_certificate
    install -d -m 0755 "$nginx/sites-enabled" "$CONFIG/nginx" "$(acme)"
    [[ ! $ROOT ]] || own_nginx "$nginx"
    for file in proxy sending headers accel objects tls; do
        put "$CONFIG/nginx/$file.conf" 0644 <"$here/deploy/nginx/$file.conf"
    done
    text=$(upstream)
    put "$CONFIG/nginx/upstream.conf" 0644 <<<"$text"
    text=$(balancers)
    put "$CONFIG/nginx/balancers.conf" 0644 <<<"$text"
    text=$(filled "$here/deploy/nginx/alliance.conf.template" | both_families)
    put "$nginx/sites-enabled/alliance.conf" 0644 <<<"$text"
    # Debian's welcome page would answer whoever asks for no name of ours.
    if [[ -L $nginx/sites-enabled/default ]]; then
        rm "$nginx/sites-enabled/default"
        did "Removing the welcome page of nginx"
    fi
    have_nginx_take_it_up
}

filled() {
    ACCOUNT=$ACCOUNT RUN=$RUN COPIES=$COPIES OBJECTS=$(objects) RESOLVERS=$(resolvers) CONFIG=$CONFIG \
        DATA=$DATA STATIC=$STATIC LOGS=$LOGS COMMAND=$COMMAND HOSTS=$HOSTS \
        SITE_URL=$SITE_URL HTTP_PORT=$HTTP_PORT HTTPS_PORT=$HTTPS_PORT METRICS_PORT=$METRICS_PORT \
        ACME=$(acme) HOST=${HOSTS%% *} CERTIFICATE=$CERTIFICATE CERTIFICATE_KEY=$CERTIFICATE_KEY envsubst \
        '$ACCOUNT $RUN $COPIES $CONFIG $DATA $STATIC $LOGS $COMMAND $HOSTS $HOST $SITE_URL $HTTP_PORT $HTTPS_PORT $METRICS_PORT $CERTIFICATE $CERTIFICATE_KEY $OBJECTS $RESOLVERS $ACME' \
        <"$1"
}

# Where certbot and its like put what the authority asks for.
acme() { echo "$ROOT/var/www/acme"; }

# A port alone is that of IPv4: whoever comes by IPv6 is let in as well, where the machine has it.
both_families() {
    if [[ -e /proc/net/if_inet6 ]]; then
        sed -E 's/^( *listen )([0-9]+)( .*)?;$/&\n\1[::]:\2\3;/'
    else
        cat
    fi
}

# Where the bucket of FILES_URL is, as in https://s3.example.org; nowhere without one.
objects() {
    local url scheme=https host bucket
    # shellcheck source=/dev/null
    url=$(source "$CONFIG/environment" && echo "${FILES_URL:-}")
    [[ $url ]] || url="s3://127.0.0.1:9/none?tls=0"
    [[ ! $url =~ [?\&]tls=0 ]] || scheme=http
    host=${url##*@}
    host=${host#s3://}
    bucket=${host#*/}
    host=${host%%/*}
    [[ ! $url =~ [?\&]style=virtual ]] || host=${bucket%%[/?]*}.$host
    echo "$scheme://$host"
}

# Who tells this machine where a name is.
resolvers() {
    local found
    found=$(awk '$1 == "nameserver" && $2 !~ /%/ { print $2 ~ /:/ ? "[" $2 "]" : $2 }' /etc/resolv.conf)
    echo ${found:-127.0.0.1}
}

# Both web processes wait at one socket. It stands there twice so that a page is asked for again
# where the process that had begun it was killed.
upstream() {
    cat <<-END
	upstream alliance_web {
	    server unix:$RUN.sock max_fails=0;
	    server unix:$RUN.sock max_fails=0;
	}
	END
}

# From whom we believe where a request came from: the address before those that are ours.
balancers() {
    local address
    echo "# Load balancers in front of this machine: BALANCERS."
    for address in ${BALANCERS//,/ }; do
        echo "set_real_ip_from $address;"
    done
    echo "real_ip_header X-Forwarded-For;"
    echo "real_ip_recursive on;"
}

make_certificate() {
    [[ ! -e $CERTIFICATE ]] || return 0
    did "Making a certificate that no browser trusts: put a real one into $CERTIFICATE"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 \
        -subj "/CN=${HOSTS%% *}" -addext "subjectAltName=DNS:${HOSTS// /,DNS:}" \
        -keyout "$CERTIFICATE_KEY" -out "$CERTIFICATE" 2>/dev/null
    chmod 0600 "$CERTIFICATE_KEY"
}

# Debian's nginx with its own configuration, but below ROOT.
own_nginx() {
    local text
    mkdir -p "$1/conf.d" "$ROOT/run" "$ROOT/var/log/nginx"
    install -d -m 0700 -o www-data "$ROOT"/var/lib/nginx/{,body,proxy}
    put "$1/conf.d/places.conf" 0644 <<-END
	client_body_temp_path $ROOT/var/lib/nginx/body;
	proxy_temp_path $ROOT/var/lib/nginx/proxy;
	END
    text=$(sed -E "s#(pid |_log |include )(/run|/var/log|/etc/nginx/(conf|sites))#\1$ROOT\2#" \
        /etc/nginx/nginx.conf)
    put "$1/nginx.conf" 0644 <<<"$text"
}

# Not without need: a reload hangs up on whoever keeps a line open. What an earlier run has written, and
# nginx did not take, is still to be taken up.
have_nginx_take_it_up() {
    local nginx=(nginx -c "$ROOT/etc/nginx/nginx.conf" -e "$LOGS/nginx.log")
    local taken=$CONFIG/nginx/taken_up now is_running=
    now=$({
        id --groups www-data
        cat "$ROOT"/etc/nginx/{nginx.conf,conf.d/*,sites-enabled/*} "$CONFIG"/nginx/*.conf "$CERTIFICATE" || :  # conf.d may be empty
    } 2>/dev/null | sha256sum)
    ! kill -0 "$(cat "$ROOT/run/nginx.pid" 2>/dev/null)" 2>/dev/null || is_running=yes
    [[ ! $is_running || $now != "$(cat "$taken" 2>/dev/null)" ]] || return 0
    "${nginx[@]}" -t -q || stop "nginx does not take its configuration; what runs is as it was."
    if [[ $is_running ]]; then
        "${nginx[@]}" -s reload
    elif [[ $ROOT ]]; then
        "${nginx[@]}"
    else
        service nginx start
    fi
    echo "$now" >"$taken"
}
