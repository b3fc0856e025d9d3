"""WAV files that went wrong, made from good ones by a seed: the same seed gives the same files."""

import random
import struct
from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
from sounds import comments, wav

from appliance.sound import Samples, parse_wav

_SECONDS: Final = 1.5
_FMT, _ENCODING, _CHANNELS, _RATE, _BYTE_RATE, _ALIGN, _BITS, _DATA_SIZE, _HEADER = 12, 20, 22, 24, 28, 32, 34, 40, 44
"""Where each field of a plain header begins, and its length."""
_SIZES: Final = (0, 1, 2, 7, 15, 17, 2**16, 2**31 - 1, 2**31, 2**32 - 2, 2**32 - 1)


def good() -> list[bytes]:
    """One sentence in every encoding that telephones and their software write."""
    sound = comments(1)[0][0]
    kept = type(sound)(sound.samples[: int(_SECONDS * sound.rate)], sound.rate)
    narrow, wide, high = kept.samples, kept.at(16000).samples, kept.at(44100).samples
    return [
        wav(_pcm(narrow, 16)),
        wav(_nearest(narrow, 6), 6, bits=8),
        wav(_nearest(narrow, 7), 7, bits=8),
        wav(_nearest(narrow, 1), bits=8),
        wav(_pcm(wide, 16), rate=16000),
        wav(_pcm(np.repeat(high, 2), 24), channels=2, rate=44100, bits=24),
        wav(wide.astype("<f4").tobytes(), 3, rate=16000, bits=32),
    ]


def _pcm(samples: Samples, bits: int) -> bytes:
    whole = (samples.astype(np.float64) * 2 ** (bits - 1)).round().clip(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    octets = whole.astype("<i4").view("u1").reshape(-1, 4)
    return octets[:, : bits // 8].tobytes()


def _nearest(samples: Samples, encoding: int) -> bytes:
    """The code of each sample in an encoding that has 256 of them."""
    levels = parse_wav(wav(bytes(range(256)), encoding, bits=8)).samples
    order = np.argsort(levels)
    ends = (levels[order][1:] + levels[order][:-1]) / 2
    return order[np.searchsorted(ends, samples)].astype("u1").tobytes()


def mutated(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Files with what was done to each; every kind of harm comes up equally often."""
    luck = random.Random(seed)
    whole = good()
    for number in range(count):
        harm = _HARMS[number % len(_HARMS)]
        data = harm(luck, luck.choice(whole))
        yield f"{number}, seed {seed}: {harm.__name__.strip('_')}", data


def _put(data: bytes, at: int, form: str, *values: int) -> bytes:
    return data[:at] + struct.pack(form, *values) + data[at + struct.calcsize(form) :]


def _bits_flipped(luck: random.Random, data: bytes) -> bytes:
    return _flipped(luck, data, len(data))


def _header_flipped(luck: random.Random, data: bytes) -> bytes:
    return _flipped(luck, data, _HEADER)


def _flipped(luck: random.Random, data: bytes, before: int) -> bytes:
    changed = bytearray(data)
    for _ in range(luck.randint(1, 8)):
        changed[luck.randrange(before)] ^= 1 << luck.randrange(8)
    return bytes(changed)


def _cut_off_in_its_header(luck: random.Random, data: bytes) -> bytes:
    return data[: luck.randint(0, _HEADER)]


def _cut_off(luck: random.Random, data: bytes) -> bytes:
    return data[: luck.randrange(len(data))]


def _a_size_lies(luck: random.Random, data: bytes) -> bytes:
    return _put(data, luck.choice((4, 16, _DATA_SIZE)), "<I", luck.choice((*_SIZES, luck.randrange(2**32))))


def _strange_frames(luck: random.Random, data: bytes) -> bytes:
    lied = _put(data, _BYTE_RATE, "<I", luck.choice(_SIZES))
    return _put(lied, _ALIGN, "<H", luck.choice((0, 1, 3, 5, 255, 65535)))


def _strange_channels(luck: random.Random, data: bytes) -> bytes:
    return _put(data, _CHANNELS, "<H", luck.choice((0, 2, 3, 7, 8, 9, 255, 65535)))


def _strange_rate(luck: random.Random, data: bytes) -> bytes:
    return _put(data, _RATE, "<I", luck.choice((0, 1, 3999, 4001, 7999, 96001, 192000, 192001, 2**31, 2**32 - 1)))


def _strange_bits(luck: random.Random, data: bytes) -> bytes:
    return _put(data, _BITS, "<H", luck.choice((0, 1, 4, 7, 8, 12, 16, 20, 24, 32, 64, 65535)))


def _strange_encoding(luck: random.Random, data: bytes) -> bytes:
    adpcm, ima, gsm, mp3 = 2, 17, 49, 85
    return _put(data, _ENCODING, "<H", luck.choice((0, 1, adpcm, 3, 6, 7, ima, gsm, mp3, 0xFFFE, 0xFFFF)))


def _numbers_that_are_none(luck: random.Random, data: bytes) -> bytes:
    """Floats, some of them not a number, endless, beyond every scale or next to nothing."""
    bits = luck.choice((32, 64))
    values = np.array([luck.uniform(-2, 2) for _ in range(4000)], f"<f{bits // 8}")
    strange = [np.nan, np.inf, -np.inf, 1e38, -1e38, 1e-42, -0.0]
    for _ in range(luck.choice((1, 40, 4000))):
        values[luck.randrange(4000)] = luck.choice(strange)
    body = values.tobytes() if luck.random() < 0.5 else luck.randbytes(values.nbytes)
    return wav(body, 3, rate=luck.choice((8000, 16000)), bits=bits)


def _extensible(luck: random.Random, data: bytes) -> bytes:
    inner = struct.pack("<H", luck.choice((1, 2, 3, 6, 7, 0xFFFE))) + luck.randbytes(14)
    more = struct.pack("<HHI", luck.choice((0, 22, 65535)), luck.choice((0, 8, 16, 24, 33)), luck.choice(_SIZES))
    form = struct.pack("<H", 0xFFFE) + data[22:36] + (more + inner)[: luck.choice((0, 2, 8, 9, 10, 24))]
    return data[:16] + struct.pack("<I", len(form)) + form + data[36:]


def _another_family(luck: random.Random, data: bytes) -> bytes:
    name = luck.choice((b"RF64", b"RIFX", b"BW64", b"riff", b"FORM", b"OggS", b"ID3\4"))
    return name + data[4:8] + luck.choice((b"WAVE", b"AVI ", b"wave")) + data[12:]


def _no_sound(luck: random.Random, data: bytes) -> bytes:
    empty = _put(data[:_HEADER], _DATA_SIZE, "<I", 0)
    return empty + (data[_HEADER:] if luck.random() < 0.5 else b"")


def _sound_before_format(luck: random.Random, data: bytes) -> bytes:
    return data[:_FMT] + data[36:] + data[_FMT:36] * luck.randint(0, 2)


def _more_chunks(luck: random.Random, data: bytes) -> bytes:
    kinds = [
        b"LIST" + struct.pack("<I", 2**20) + bytes(2**20),
        b"LIST" + struct.pack("<I", luck.choice(_SIZES)) + b"INFO",
        bytes(8 * 5000),
        b"fmt " + struct.pack("<I", luck.choice((0, 16, 40))) + luck.randbytes(16),
        data[36:],
        luck.randbytes(luck.randint(1, 300)),
    ]
    at = luck.choice((_FMT, 36, len(data)))
    return data[:at] + luck.choice(kinds) + data[at:]


def _blocks_moved(luck: random.Random, data: bytes) -> bytes:
    start, end = sorted(luck.randrange(len(data)) for _ in range(2))
    block = luck.choice((b"", data[start:end] * 2, luck.randbytes(end - start), bytes(end - start)))
    return data[:start] + block + data[end:]


def _anything(luck: random.Random, data: bytes) -> bytes:
    return luck.choice((b"", data[:_HEADER])) + luck.randbytes(luck.randrange(2000))


_HARMS: Final[tuple[Callable[[random.Random, bytes], bytes], ...]] = (
    *(_bits_flipped, _header_flipped, _cut_off_in_its_header, _cut_off, _a_size_lies, _strange_frames),
    *(_strange_channels, _strange_rate, _strange_bits, _strange_encoding, _numbers_that_are_none, _extensible),
    *(_another_family, _no_sound, _sound_before_format, _more_chunks, _blocks_moved, _anything),
)
