"""Serve the page with waitress: one process, a few threads, stopped cleanly by a signal."""

import http.client
import logging
import os
import socket
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Any, Final

from waitress import wasyncore
from waitress.server import create_server

from appliance import service
from appliance.errors import WebError
from appliance.settings import Settings, WebSettings
from appliance.signals import StopSignal
from appliance.store import Database, open_store, processes
from appliance.web import create_app
from appliance.web.opt_outs import MAX_LIST_BYTES
from appliance.web.questionnaire_sounds import MAX_WAV_BYTES

_NAME: Final = "web"
_THREADS: Final = 4
_MAX_REQUEST_BYTES: Final = 2 * max(MAX_LIST_BYTES, MAX_WAV_BYTES)
"""More is not even read. What each page takes is less: what is a little too large is refused in words."""
_BEAT_SECONDS: Final = 5.0
_ANSWER_SECONDS: Final = 10.0
_STOP_SECONDS: Final = 0.5
"""How long a signal to stop may wait to be seen."""

_log = logging.getLogger(__name__)


def bind(address: str) -> socket.socket:
    """A socket bound to "host:port"; WebError in one line where that cannot be had."""
    host, _, port = address.rpartition(":")
    host = host.strip("[]")
    try:
        family, kind, protocol, _, target = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise WebError(f"cannot bind {address}: no address of this computer: {error.strerror}; set web.bind") from error
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(target)
    except OSError as error:
        listener.close()
        reason = os.strerror(error.errno or 0).lower()
        raise WebError(f"cannot bind {address}: {reason}; stop what uses it or set web.bind") from error
    return listener


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; WebError where the address cannot be had."""
    stop = StopSignal()
    with bind(settings.web.bind) as listener:
        channels: dict[int, Any] = {}
        app = create_app(settings)
        server = create_server(
            app,
            channels,
            sockets=[listener],
            threads=_THREADS,
            ident=None,
            max_request_body_size=_MAX_REQUEST_BYTES,
            inbuf_overflow=_MAX_REQUEST_BYTES,  # in memory, whatever it is: it may hold telephone numbers
            **_proxy(settings.web),
        )
        over = Event()
        beats = Thread(target=_beat, args=(settings, listener.getsockname(), over), name="beat")
        beats.start()
        _log.info("the page is on http://%s", settings.web.bind)
        try:
            while not stop():
                wasyncore.loop(timeout=_STOP_SECONDS, use_poll=True, map=channels, count=1)
        finally:
            service.stopping()
            over.set()
            server.task_dispatcher.shutdown()
            wasyncore.close_all(channels, ignore_all=True)
            beats.join()


def _proxy(web: WebSettings) -> dict[str, Any]:
    if not web.trusted_proxy:
        return {}
    return {"trusted_proxy": web.trusted_proxy, "trusted_proxy_headers": {"x-forwarded-for"}}


def _beat(settings: Settings, address: tuple[str, int], over: Event) -> None:
    """Ask the page itself whether it answers, and say so to the store and to systemd; stay silent when it does not."""
    host, port = address[:2]
    asked = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 -- compared with, not bound to
    tell = service.ready
    db = open_store(settings.storage.directory)
    processes.begin(db, _NAME, os.getpid(), datetime.now(UTC))
    while True:
        if _answers(asked, port):
            tell(f"page on {host}:{port}")
            tell = service.alive
            _note(db, f"{host}:{port}")
        elif not over.is_set():
            _log.warning("the page on %s:%s does not answer itself", host, port)
        if over.wait(_BEAT_SECONDS):
            break
    processes.end(db, _NAME)
    db.close()


def _note(db: Database, address: str) -> None:
    try:
        processes.beat(db, _NAME, address, datetime.now(UTC))
    except Exception as error:  # noqa: BLE001 -- a full disk must not take away the page that can still be read
        _log.warning("the store takes no heartbeat: %s", error)


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=_ANSWER_SECONDS)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()
