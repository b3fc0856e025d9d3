"""Through PortAudio: with a PulseAudio null sink where one can be started, and with no such device at all."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import appliance
from appliance.sound import read_wav

_PACKAGE = Path(appliance.__file__).parent
_EFTERKLANG = [sys.executable, "-c", "from appliance.cli import main; main()"]


def _efterklang(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [*_EFTERKLANG, *arguments]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL
    )


@pytest.mark.parametrize(("verb", "what"), [("record", "microphone"), ("play", "loudspeaker")])
def test_a_device_that_is_not_there_is_one_clear_line(tmp_path: Path, verb: str, what: str) -> None:
    told = _efterklang(dict(os.environ), "--storage", str(tmp_path), "prompts", verb, "thanks", "--device", "nowhere")
    if "PortAudio is missing" in told.stderr:
        pytest.skip("no PortAudio on this machine")
    assert told.returncode == 1
    assert told.stderr.splitlines()[-1].startswith(f"efterklang: cannot use 'nowhere' as {what}: ")
    assert "Traceback" not in told.stderr


@pytest.fixture
def room(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a machine whose microphone hears what its loudspeaker plays."""
    if not shutil.which("pulseaudio") or not shutil.which("paplay"):
        pytest.skip("needs pulseaudio, pulseaudio-utils and libasound2-plugins")
    socket = tmp_path / "pulse" / "native"
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path), "PULSE_SERVER": f"unix:{socket}"}
    modules = [f"module-native-protocol-unix socket={socket} auth-anonymous=1", "module-null-sink rate=48000"]
    command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", *(f"--load={m}" for m in modules)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(100):
                if socket.exists():
                    break
                time.sleep(0.1)
            yield environment
        finally:
            server.terminate()


def test_what_is_said_into_the_microphone_becomes_the_prompt(room: dict[str, str], tmp_path: Path) -> None:
    said = _PACKAGE / "survey" / "audio" / "sv" / "thanks.wav"
    loop = ["sh", "-c", 'while paplay "$0"; do sleep 0.5; done', str(said)]
    with subprocess.Popen(loop, env=room, stderr=subprocess.DEVNULL) as speaker:
        told = _efterklang(room, "--storage", str(tmp_path), "prompts", "record", "later", "--seconds", "8")
        speaker.terminate()
    if "cannot use the default microphone" in told.stderr:
        pytest.skip("PortAudio does not reach PulseAudio here: install libasound2-plugins")
    assert told.returncode == 0, told.stderr
    assert _likeness(tmp_path / "prompts" / "sv" / "later.wav", said) > 0.8
    listed = _efterklang(room, "--storage", str(tmp_path), "prompts", "list", "--json").stdout.splitlines()
    (row,) = (row for row in map(json.loads, listed) if (row["key"], row["language"]) == ("later", "sv"))
    assert (row["source"], row["wording"]) == ("own", "current")


def _likeness(recorded: Path, said: Path) -> float:
    """The best normalised correlation of what was said with any stretch of what was recorded."""
    (long, _), (short, _) = read_wav(recorded), read_wav(said)
    size = 1 << (len(long) + len(short)).bit_length()
    match = np.fft.irfft(np.fft.rfft(long, size) * np.conj(np.fft.rfft(short, size)), size)[: len(long)]
    energy = np.concatenate([[0.0], np.cumsum(long.astype(np.float64) ** 2)])
    starts = np.arange(max(1, len(long) - len(short)))
    stretch = np.sqrt(energy[np.minimum(starts + len(short), len(long))] - energy[starts])
    return float((match[: len(starts)] / np.maximum(stretch * np.linalg.norm(short), 1e-6)).max())
