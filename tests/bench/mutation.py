"""What a broken or hostile sender makes of a SIP message: seeded, so that it comes again."""

import random
from collections.abc import Callable
from typing import Final

TOKENS: Final = (
    b"\x00", b"\r\n", b"\r\n\r\n", b"\n", b" ", b"\t", b"\r\n ", b'"', b"<", b">", b";", b",", b":", b"@", b"=", b"%",
    b"%00", b"%zz", b"[", b"]", b"[::1]", b"\\", b'\\"', b"sip:", b"sips:", b"tel:", b"*", b"\xff\xfe", b"\xc3\x28",
    b";lr", b";tag=", b"SIP/2.0", b"-1", b"0", b"4294967296", b"99999999999999999999", b"1e9", b"%s%n", b"127.0.0.1",
    b"0.0.0.0", b"RTP/AVP", b"Via: ", b"Content-Length: 0\r\n", b"Content-Length: 70000\r\n", b"a=rtpmap:",
    b"m=audio ", b"multipart/mixed;boundary=",
)  # fmt: skip
NUMBERS: Final = (b"0", b"-1", b"65536", b"2147483648", b"4294967295", b"18446744073709551616", b"00000000000007", b"")
MOST_BYTES: Final = 60_000
"""What fits into one datagram."""

Change = Callable[[bytes, random.Random], bytes]


def place(text: bytes, luck: random.Random) -> tuple[int, int]:
    """A short stretch somewhere in the text."""
    begin = luck.randrange(len(text) + 1)
    return begin, min(len(text), begin + luck.choice((1, 2, 5, 20, 100)))


def change_bytes(text: bytes, luck: random.Random) -> bytes:
    changed = bytearray(text)
    for _ in range(luck.choice((1, 1, 2, 8))):
        changed[luck.randrange(len(changed))] = luck.randrange(256)
    return bytes(changed)


def cut_out(text: bytes, luck: random.Random) -> bytes:
    begin, end = place(text, luck)
    return text[:begin] + text[end:]


def repeat(text: bytes, luck: random.Random) -> bytes:
    begin, end = place(text, luck)
    return text[:end] + text[begin:end] * luck.choice((1, 2, 30, 300)) + text[end:]


def put_in(text: bytes, luck: random.Random) -> bytes:
    begin, _ = place(text, luck)
    return text[:begin] + luck.choice(TOKENS) * luck.choice((1, 1, 1, 3, 200)) + text[begin:]


def cut_off(text: bytes, luck: random.Random) -> bytes:
    return text[: luck.randrange(len(text))]


def change_number(text: bytes, luck: random.Random) -> bytes:
    digits = [at for at, byte in enumerate(text) if 48 <= byte <= 57]
    if not digits:
        return text
    begin = end = luck.choice(digits)
    while end < len(text) and 48 <= text[end] <= 57:
        end += 1
    return text[:begin] + luck.choice(NUMBERS) + text[end:]


def move_lines(text: bytes, luck: random.Random) -> bytes:
    """A line is lost, doubled, or changes place or value with another."""
    lines = text.split(b"\r\n")
    one, other = luck.randrange(len(lines)), luck.randrange(len(lines))
    match luck.randrange(4):
        case 0:
            del lines[one]
        case 1:
            lines[one:one] = [lines[other]] * luck.choice((1, 2, 50))
        case 2:
            lines[one], lines[other] = lines[other], lines[one]
        case _:
            lines[one] = lines[one].partition(b":")[0] + b":" + lines[other].partition(b":")[2]
    return b"\r\n".join(lines)


CHANGES: Final[tuple[Change, ...]] = (
    change_bytes,
    cut_out,
    repeat,
    put_in,
    cut_off,
    change_number,
    move_lines,
    move_lines,
)


def mutate(text: bytes, luck: random.Random) -> bytes:
    """One to four changes; never empty, never longer than a datagram."""
    for _ in range(luck.choice((1, 1, 1, 2, 2, 3, 4))):
        text = luck.choice(CHANGES)(text, luck)[:MOST_BYTES] or b"\r\n"
    return text
