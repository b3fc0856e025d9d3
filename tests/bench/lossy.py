"""A network namespace of one process tree, whose loopback loses packets."""

import shutil
import subprocess
from collections.abc import Sequence


def missing(*others: str) -> str | None:
    """Why there can be none here, or which other programs that are to run in it are not there."""
    lacking = [program for program in ("unshare", "ip", "tc", "iptables", *others) if not shutil.which(program)]
    if lacking:
        return f"needs {', '.join(lacking)}: apt-get install util-linux iproute2 iptables sip-tester"
    made = subprocess.run(within(["true"], 1), capture_output=True, text=True, check=False)
    return f"needs root and a kernel with netem or xt_statistic: {made.stderr.strip()}" if made.returncode else None


def within(command: Sequence[str], loss_percent: float) -> list[str]:
    """The command line that runs a command in there; loss is by netem, or by netfilter where the kernel has none."""
    netem = f"tc qdisc add dev lo root netem loss {loss_percent}% 2>/dev/null"
    netfilter = f"iptables -A INPUT -i lo -p udp -m statistic --mode random --probability {loss_percent / 100} -j DROP"
    script = f'set -e; ip link set lo up; {netem} || {netfilter}; exec "$@"'
    return ["unshare", "--net", "sh", "-c", script, "sh", *command]
