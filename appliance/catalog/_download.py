"""One file over HTTPS: redirects followed, a cut connection taken up again, the proxy of the environment used."""

import http.client
import shutil
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import IO, Any, Final

from appliance.catalog._models import Watch
from appliance.errors import ModelError

OFFLINE: Final = "without a network, fetch it elsewhere and give --from FILE or DIR"
SPARE_BYTES: Final = 64 << 20
"""Left free on the disk that a model is put on: the box's calls and its log go on."""
_TIMEOUT_SECONDS: Final = 60
_BLOCK_BYTES: Final = 1 << 20
_TRIES: Final = 5
"""In a row that brought nothing."""
_WAIT_SECONDS: Final = 1.0
_MAY_PASS: Final = {408, 425, 429, 500, 502, 503, 504}
"""HTTP answers that are worth another try."""


class _CutError(Exception):
    """The network broke off."""


class _SecureRedirects(urllib.request.HTTPRedirectHandler):
    """Large files lie on other hosts than their repository; those have to be asked over TLS too."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        try:
            _demand_tls(newurl)
        except ModelError:
            fp.close()
            raise
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def download(url: str, target: Path, watch: Watch) -> None:
    """Put what a URL gives into a file; ModelError says why it could not be had, OSError of the disk."""
    _demand_tls(url)
    fruitless = 0
    with target.open("wb") as out:
        while True:
            begun_at = out.tell()
            try:
                _fetch_rest(url, out, target, watch)
            except _CutError as error:
                fruitless = fruitless + 1 if out.tell() == begun_at else 0
                if fruitless == _TRIES or not _may_pass(error.__cause__):
                    raise ModelError(f"{url}: {error}; {OFFLINE}") from error
                time.sleep(_WAIT_SECONDS * (fruitless + 1))
            else:
                return


def demand_room(folder: Path, needed_bytes: int) -> None:
    """ModelError where a folder's disk has less room than that, and some to spare."""
    free = shutil.disk_usage(folder).free
    if free < needed_bytes + SPARE_BYTES:
        needed = (needed_bytes + SPARE_BYTES) / 1e6
        raise ModelError(f"{folder}: {needed:.0f} MB are needed and {free / 1e6:.0f} MB are free; make room, or --into")


def _demand_tls(url: str) -> None:
    if not url.startswith(("https://", "http://127.0.0.1:")):
        raise ModelError(f"{url}: a model is fetched over https only")


def _fetch_rest(url: str, out: IO[bytes], target: Path, watch: Watch) -> None:
    """Append what is still missing."""
    # S310: what opens it has looked at the scheme.
    request = urllib.request.Request(url, headers={"Range": f"bytes={out.tell()}-"} if out.tell() else {})  # noqa: S310
    try:
        answer = urllib.request.build_opener(_SecureRedirects).open(request, timeout=_TIMEOUT_SECONDS)
    except (OSError, http.client.HTTPException) as error:
        if isinstance(error, urllib.error.HTTPError):
            error.close()
        said = f"{getattr(error, 'reason', '') or error}"
        raise _CutError(" ".join(said.split())) from error
    with answer:
        if answer.status != http.HTTPStatus.PARTIAL_CONTENT:  # a host that cannot resume sends all of it again
            out.seek(0)
            out.truncate()
        left_bytes = int(answer.headers.get("Content-Length") or 0)
        total_bytes = out.tell() + left_bytes if left_bytes else 0
        demand_room(target.parent, left_bytes)
        while block := _read(answer):
            out.write(block)
            watch(target.name, out.tell(), total_bytes)
    if out.tell() < total_bytes:
        raise _CutError(f"ended after {out.tell()} of {total_bytes} bytes")


def _read(answer: http.client.HTTPResponse) -> bytes:
    try:
        return answer.read(_BLOCK_BYTES)
    except (OSError, http.client.HTTPException) as error:
        raise _CutError(f"the connection broke: {error}") from error


def _may_pass(error: BaseException | None) -> bool:
    """Whether the same question may be answered a moment later."""
    if isinstance(error, urllib.error.HTTPError):
        return error.code in _MAY_PASS
    # A name that is not found, a certificate that is refused: both stay as they are.
    return not isinstance(error, urllib.error.URLError) or isinstance(error.reason, ConnectionError | TimeoutError)
