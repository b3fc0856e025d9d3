"""Sound in, words out, on the box's own processor."""

from appliance.speech.audio import Samples, Sound, from_pcm, read_wav
from appliance.speech.engine import Engine, load_engine
from appliance.speech.transcript import Transcript

__all__ = ["Engine", "Samples", "Sound", "Transcript", "from_pcm", "load_engine", "read_wav"]
