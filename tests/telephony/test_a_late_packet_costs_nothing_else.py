"""PJSIP's jitter buffer shortens itself by throwing sound away; ours must not, whichever way swig has the setting."""

import subprocess
import sys

_ASK = """
import ctypes
from appliance.telephony._pjsua2 import pj
from appliance.telephony.native import zero_for
config = pj.EpConfig()
config.medConfig.jbDiscardAlgo = zero_for(config.medConfig.jbDiscardAlgo)
for each in (config, pj.EpConfig()):
    value = each.medConfig.jbDiscardAlgo
    if not isinstance(value, int):
        value.disown()
        value = ctypes.c_int.from_address(int(value)).value
    print(value)
"""
_NONE, _PROGRESSIVE = 0, 2


def test_the_buffer_is_told_to_keep_everything() -> None:
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", _ASK], capture_output=True, text=True, check=True)
    assert [int(line) for line in done.stdout.split()] == [_NONE, _PROGRESSIVE]
