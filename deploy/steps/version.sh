# Steps of install.sh: this version of the portal, made ready and put into service.

PARTS=(alliance organizations knowledge submissions templates static deploy manage.py requirements.txt)
KEPT_RELEASES=3

# The code in a folder named after what is in it, with the packages that it is pinned to.
build_release() {
    local archive venv
    archive=$(mktemp)
    tar --create --file "$archive" --directory "$here" --exclude=__pycache__ --sort=name \
        --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX "${PARTS[@]}"
    release=$(sha256sum "$archive" | cut -c1-12)
    venv=$CODE/venvs/$(sha256sum "$here/requirements.txt" | cut -c1-12)
    if [[ ! -e $venv/complete ]]; then
        did "Installing the pinned packages"
        rm -rf "$venv"
        /usr/bin/python3 -m venv "$venv"
        "$venv/bin/pip" install --quiet --quiet --disable-pip-version-check --no-input \
            --require-hashes --only-binary :all: --requirement "$here/requirements.txt"
        touch "$venv/complete"
    fi
    folder=$CODE/releases/$release
    if [[ ! -e $folder ]]; then
        did "Taking up version $release"
        rm -rf "$folder.new"
        mkdir "$folder.new"
        tar --extract --file "$archive" --directory "$folder.new"
        ln -s "$venv" "$folder.new/.venv"
        # The account that runs it may write nothing here.
        "$venv/bin/python" -m compileall -q "$folder.new" -s "$folder.new" -p "$folder"
        mv "$folder.new" "$folder"
    fi
    rm "$archive"
}

# Tables, contents and static files, by the new version while the earlier one still answers.
prepare_release() {
    say "Bringing tables, contents and static files up to date"
    ALLIANCE_CONFIG=$CONFIG "$folder/deploy/portal" manage prepare
}

serve_release() {
    local supervisor=$ROOT/etc/supervisor mark now number text
    control=(supervisorctl --configuration "$supervisor/supervisord.conf")
    mark=$CODE/in-service
    now=$(sha256sum "$CONFIG"/{environment,copies,places} "$folder/deploy/portal" | sha256sum)
    now="$release $now"
    [[ ! $ROOT ]] || own_supervisor "$supervisor"
    text=$(filled "$here/deploy/supervisor.conf.template")
    put "$supervisor/conf.d/alliance.conf" 0644 <<<"$text"
    if [[ $(readlink "$CODE/current" || true) != "$folder" ]]; then
        did "Putting version $release into service"
        ln -sfn "$folder" "$CODE/current.new"
        mv --no-target-directory "$CODE/current.new" "$CODE/current"
    fi
    start_supervisor
    "${control[@]}" update >/dev/null # starts what is new, and anew what has changed
    if [[ $now != "$(cat "$mark" 2>/dev/null)" ]]; then
        [[ $was_started ]] || restart_one_by_one
        for number in 1 2; do wait_until_ready "$number"; done
        printf '%s\n' "$now" >"$mark"
    fi
    remove_old_versions
}

start_supervisor() {
    was_started=
    "${control[@]}" pid >/dev/null 2>&1 && return
    was_started=yes
    did "Starting the supervisor"
    if [[ $ROOT ]]; then supervisord --configuration "${control[2]}"; else service supervisor start; fi
}

# Debian's supervisor with its own configuration, but below ROOT.
own_supervisor() {
    mkdir -p "$1/conf.d" "$ROOT/var/log/supervisor" "$ROOT/run"
    local text
    text=$(sed -E "s#(/var)?/run/#$ROOT/run/#; s#(/var/log/|/etc/)supervisor#$ROOT\1supervisor#" \
        /etc/supervisor/supervisord.conf)
    put "$1/supervisord.conf" 0644 <<<"$text"
}

# While one of the web processes ends what it has begun and starts anew, the other answers.
restart_one_by_one() {
    local number
    did "Starting the processes anew"
    for number in 1 2; do
        "${control[@]}" restart "alliance-web:$number" >/dev/null
        wait_until_ready "$number"
    done
    "${control[@]}" restart alliance-worker alliance-backup >/dev/null
}

# It takes requests as soon as it has loaded the portal, and says so by its number in a file.
wait_until_ready() {
    local attempt
    for ((attempt = 0; attempt < 300; attempt++)); do
        [[ -e $RUN/web-$1.pid ]] && answers && return
        sleep 0.2
    done
    stop "Web process $1 is not ready; its words are in $LOGS/web-$1.log"
}

answers() {
    curl --silent --fail --output /dev/null --max-time 5 --unix-socket "$RUN.sock" \
        --header "Host: ${HOSTS%% *}" http://portal/health/ready
}

remove_old_versions() {
    local old venv used
    for old in $(ls --sort=time "$CODE/releases" | grep -vx "$release" | tail --lines "+$KEPT_RELEASES"); do
        rm -rf "${CODE:?}/releases/$old"
    done
    used=$(readlink "$CODE"/releases/*/.venv)
    for venv in "$CODE"/venvs/*; do
        [[ $'\n'$used$'\n' == *$'\n'$venv$'\n'* ]] || rm -rf "$venv"
    done
}
