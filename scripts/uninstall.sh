#!/usr/bin/env bash
# Take Efterklang off a box, as root; what it has been told and what it has gathered stay.
set -euo pipefail

readonly SERVICE=efterklang
readonly UNITS=/etc/systemd/system
readonly STORAGE=/var/lib/efterklang
readonly ETC=/etc/efterklang

say() { printf 'uninstall: %s\n' "$*" >&2; }

remove_units() {
    if [[ -d /run/systemd/system ]]; then
        systemctl --quiet stop "$SERVICE.target" "$SERVICE-*" || true
    fi
    if command -v systemctl > /dev/null; then
        systemctl --quiet disable "$SERVICE.target" "$SERVICE"-{intake,analyst,web}.service "$SERVICE-nightly.timer" \
            "$SERVICE-line@.service" 2> /dev/null || true
    fi
    rm -rf "$UNITS/$SERVICE.target" "$UNITS/$SERVICE.target.wants" "$UNITS/$SERVICE"-*
    [[ ! -d /run/systemd/system ]] || { systemctl daemon-reload; systemctl --quiet reset-failed "$SERVICE-*" 2> /dev/null || true; }
}

remove_program() { rm -rf /opt/efterklang /usr/local/bin/efterklang /run/efterklang; }

# The data go to root: a later user must not get them with a number that is used again.
remove_user() {
    [[ ! -d $STORAGE ]] || chown -R root:root "$STORAGE"
    ! getent passwd "$SERVICE" > /dev/null || userdel "$SERVICE"
}

main() {
    ((EUID == 0)) || { say "must run as root: sudo scripts/uninstall.sh"; exit 1; }
    remove_units
    remove_program
    remove_user
    say "done. $ETC and $STORAGE are left; to erase them with everything that citizens have said: rm -r $ETC $STORAGE"
}

main "$@"
