"""Media switched off and no address anywhere: PJSIP 2.17 as released reads that address through a null pointer."""

from importlib.metadata import version
from pathlib import Path

import pytest
from telephony.live_call import live_call

NOTHING = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 0 RTP/AVP 8\r\n"


def test_a_re_invite_with_such_an_offer_ends_nothing(tmp_path: Path) -> None:
    if not version("pjsua2-python").endswith("+efterklang"):
        pytest.skip("the quick-start wheel aborts by an assertion; scripts/build_pjsua2 --install makes this run")
    with live_call(tmp_path) as call:
        [dialog] = call.pbx.dialogs.values()
        call.pbx.wire.send(call.pbx._inside("INVITE", dialog, NOTHING))
        call.listen(1.5)
        assert call.line.alive, call.line.log.read_text()
        assert max(call.replies("INVITE")) >= 400
