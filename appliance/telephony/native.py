"""What pjsua2 does not tell, asked of the C library inside its module; and bytes without swig's detour."""

import ctypes
from typing import Any


class Native:
    """By the file of swig's module, which holds PJSIP."""

    def __init__(self, file: str) -> None:
        self._library = ctypes.CDLL(file)

    def call_limit(self) -> int:
        """How many calls the process may hold, once PJSIP is there: what was compiled in."""
        return int(self._library.pjsua_call_get_max_count())

    def calls_held(self) -> int:
        """Also those hung up whose other side has not confirmed it: they end for us at once, for PJSIP only then."""
        return int(self._library.pjsua_call_get_count())

    def tls_library(self) -> str:
        """Name, version and date of the OpenSSL that is loaded, by its own word; empty where there is none."""
        for name in ("OpenSSL_version", "SSLeay_version"):  # since 1.1, and before
            if ask := getattr(self._library, name, None):
                ask.restype = ctypes.c_char_p
                return " ".join(ask(0).decode().split())
        return ""


def bytes_of(vector: Any, size: int) -> bytes:
    """A frame's bytes. swig would make a number of each of them: 3000 frames a second would take a processor's time.

    A std::vector begins with the address of its first element.
    """
    return ctypes.string_at(ctypes.c_void_p.from_address(int(vector.this)).value or 0, size)


def zero_for(value: Any) -> Any:
    """An enumeration's 0 in place of `value`, which swig has as a number or, before 2.16, as a pointer to its own."""
    if isinstance(value, int):
        return 0
    ctypes.c_int.from_address(int(value)).value = 0
    value.disown()
    return value
