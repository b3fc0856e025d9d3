#!/usr/bin/env bash
# Install, install again and uninstall in a throw-away copy of this machine: everything written goes to memory.
# As root, in a mount namespace of its own:  unshare --mount --pid --fork tests/scripts/install_in_a_copy.sh CHECKOUT RESULTS
set -euo pipefail

readonly CHECKOUT=$1 RESULTS=$2
readonly COPY=/mnt

make_copy() {
    mount --make-rprivate /
    mount -t tmpfs -o size=4g tmpfs "$COPY"
    mkdir "$COPY"/{upper,work,all}
    mount -t overlay -o "lowerdir=/,upperdir=$COPY/upper,workdir=$COPY/work" overlay "$COPY/all"
    mount -t proc proc "$COPY/all/proc"
    mount --rbind /dev "$COPY/all/dev"
    mount --bind "$RESULTS" "$COPY/all/mnt"
    cp --remove-destination --dereference /etc/resolv.conf /etc/hosts "$COPY/all/etc/"
    rm -rf "$COPY"/all/{opt,etc,var/lib}/efterklang
}

# Mode, owner and content of everything that the installer writes; the database's log comes and goes.
snapshot() {
    cd "$COPY/all"
    find opt/efterklang etc/efterklang etc/systemd/system var/lib/efterklang usr/local/bin -not -name '*.db-*' \
        \( -type f -printf '%p %m %U ' -exec sha256sum {} + -o -not -type f -printf '%p %m %U %l\n' \) | sort
}

inside() { chroot "$COPY/all" "$@"; }

main() {
    make_copy
    inside "$CHECKOUT/scripts/install.sh" > "$RESULTS/first.out" 2> "$RESULTS/first.err"
    snapshot > "$RESULTS/first"
    inside "$CHECKOUT/scripts/install.sh" > "$RESULTS/second.out" 2> "$RESULTS/second.err"
    snapshot > "$RESULTS/second"
    inside efterklang check --json > "$RESULTS/check" || true
    inside stat -c '%a %U:%G %n' /var/lib/efterklang /var/lib/efterklang/efterklang.db /etc/efterklang/efterklang.toml \
        /opt/efterklang /usr/local/bin/efterklang > "$RESULTS/modes"
    inside setpriv --reuid nobody --regid nogroup --clear-groups ls /var/lib/efterklang > "$RESULTS/nobody" 2>&1 || true
    inside "$CHECKOUT/scripts/uninstall.sh" 2> "$RESULTS/uninstall.err"
    (cd "$COPY/all" && find etc opt usr run var/cache var/lib var/log -xdev -name '*efterklang*' -prune \
        -not -name efterklang-pbx) > "$RESULTS/left"
    inside getent passwd efterklang > "$RESULTS/user" || true
}

main "$@"
