"""Through the real server, which has a limit of its own."""

import http.client
import re
import struct
from collections.abc import Mapping
from urllib.parse import urlencode

import pytest
from made_up import MadeUp
from questionnaire_forms import written
from served import serving
from visitors import NAME, PASSWORD

from appliance.web.questionnaire_sounds import MAX_WAV_BYTES

STEREO_BYTES_A_SECOND = 4 * 48_000


class Browser:
    """Logged in, with one cookie."""

    def __init__(self, address: str) -> None:
        self._host = address.removeprefix("http://")
        self._headers: dict[str, str] = {}

    def ask(self, path: str, body: bytes | None = None, kind: str = "") -> tuple[int, str, str]:
        """Status, location and text."""
        connection = http.client.HTTPConnection(self._host, timeout=60)
        connection.request("POST" if body else "GET", path, body, {**self._headers, "Content-Type": kind})
        answer = connection.getresponse()
        if cookie := answer.getheader("Set-Cookie"):
            self._headers["Cookie"] = cookie.partition(";")[0]
        text = answer.read().decode()
        connection.close()
        return answer.status, answer.getheader("Location") or "", text

    def token(self, path: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.ask(path)[2])
        assert found
        return found[1]

    def send(self, path: str, page: str, data: Mapping[str, str]) -> str:
        body = urlencode({"csrf_token": self.token(page), **data}).encode()
        status, location, _ = self.ask(path, body, "application/x-www-form-urlencoded")
        assert status == 302
        return location

    def bring(self, path: str, page: str, file: bytes) -> tuple[int, str]:
        head = f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{self.token(page)}\r\n--x\r\n'
        head += 'Content-Disposition: form-data; name="recording"; filename="a.wav"\r\n\r\n'
        status, _, text = self.ask(path, head.encode() + file + b"\r\n--x--\r\n", "multipart/form-data; boundary=x")
        return status, text


def stereo(data: bytes) -> bytes:
    form = struct.pack("<HHIIHH", 1, 2, 48_000, STEREO_BYTES_A_SECOND, 4, 16)
    return b"RIFF....WAVEfmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", len(data)) + data


@pytest.fixture
def recording() -> bytes:
    """25 s: 4.8 MB."""
    second = struct.pack("<96000h", *(9_000 if (n // 96) % 2 else -9_000 for n in range(96_000)))
    return stereo(second * 25)


def test_up_to_a_minute_in_stereo(live_made: MadeUp, recording: bytes) -> None:
    with serving(live_made.directory) as address:
        browser = Browser(address)
        browser.send("/login", "/login", {"name": NAME, "password": PASSWORD})
        saved = browser.send("/questionnaires/new", "/questionnaires/new", written()).partition("?")[0]
        path = f"{saved}/question_beskedet.wav"
        assert browser.bring(path, saved, recording)[0] == 302
        assert "egen inspelning" in browser.ask(saved)[2]
        status, told = browser.bring(path, saved, stereo(bytes(MAX_WAV_BYTES)))
        assert status == 413
        assert '<html lang="sv">' in told
