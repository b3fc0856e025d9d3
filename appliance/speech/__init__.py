"""Sound in, words out, on the box's own processor."""

from appliance.speech.engine import Engine, load_engine
from appliance.speech.transcript import Transcript

__all__ = ["Engine", "Transcript", "load_engine"]
