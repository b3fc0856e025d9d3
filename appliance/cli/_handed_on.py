"""Run as `_handed_on.py 17,19 COMMAND…`: becomes the command, with those descriptors from 3 on (sd_listen_fds)."""

import os
import sys
from fcntl import F_DUPFD_CLOEXEC, fcntl
from typing import Final

_FIRST: Final = 3
_OUT_OF_THE_WAY: Final = 200


def main(descriptors: list[int], command: list[str]) -> None:
    copies = [fcntl(descriptor, F_DUPFD_CLOEXEC, _OUT_OF_THE_WAY) for descriptor in descriptors]
    for descriptor in descriptors:
        os.close(descriptor)
    for place, copy in enumerate(copies, _FIRST):
        os.dup2(copy, place)
    os.environ["LISTEN_PID"] = str(os.getpid())
    os.execv(command[0], command)  # noqa: S606 -- our own command


if __name__ == "__main__":
    main([int(descriptor) for descriptor in sys.argv[1].split(",")], sys.argv[2:])
