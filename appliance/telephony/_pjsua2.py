"""The one importer of pjsua2: its objects with their rules of life, and nothing of what a survey is.

One thread touches these objects; callbacks only append plain values to a queue. A Call refers to nothing
that refers back: a stale Call hangs up whichever live call has got its id.
"""

import random
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from warnings import catch_warnings, simplefilter

from appliance.settings import SipSettings
from appliance.sound import CALL_RATE_HZ
from appliance.telephony._api import (
    CallHandle,
    Connected,
    Digit,
    Disconnected,
    Heard,
    Incoming,
    KeyWay,
    PhoneEvent,
    Registered,
    Ringing,
)
from appliance.telephony.callbacks import guarded
from appliance.telephony.identity import callers_of, passed_on_for, user_part
from appliance.telephony.info import key_in
from appliance.telephony.native import Native, bytes_of, zero_for
from appliance.telephony.quiet import quiet_stdout
from appliance.telephony.trusted import Trusted

with catch_warnings():
    simplefilter("ignore", DeprecationWarning)  # swig's own types, on import
    import pjsua2 as pj

_FRAME_BYTES: Final = CALL_RATE_HZ // 50 * 2
_LATE_MS: Final = 100
"""So late we hear: a comment heard late is whole, one heard at once has gaps where a packet or we were held up.
Keys of RFC 4733 do not wait."""
_MORE_CALLS_THAN_ANY: Final = 10_000
_SESSION_EXPIRES_SECONDS: Final = 1800
_REGISTRATION_SECONDS: Final = 120
"""So long a PBX may ring a line that has died."""
_RTP_PORTS: Final = (16_384, 32_000)  # begun anywhere: a PBX still sends to the ports of a line that has just died
_CODEC_PRIORITIES: Final = {"PCMA/8000/1": 255, "PCMU/8000/1": 254}
_TRANSPORTS: Final = {
    "udp": pj.PJSIP_TRANSPORT_UDP,
    "tcp": pj.PJSIP_TRANSPORT_TCP,
    "tls": pj.PJSIP_TRANSPORT_TLS,
}
_SRTP: Final = {
    "off": pj.PJMEDIA_SRTP_DISABLED,
    "optional": pj.PJMEDIA_SRTP_OPTIONAL,
    "required": pj.PJMEDIA_SRTP_MANDATORY,
}

SipError = pj.Error
NO_NETWORK: Final = pj.PJSUA_DESTROY_NO_NETWORK
NATIVE: Final = Native(pj._pjsua2.__file__)  # noqa: SLF001 -- the C library is inside swig's module
_GONE: Final = 481
_EVENT_GOES_ON: Final = 1
"""PJMEDIA_STREAM_DTMF_IS_UPDATE, which the wheel does not name: not the first packet of a key."""
_DECLINE: Final = 603


@dataclass(frozen=True, slots=True)
class MediaReady:
    """Audio flows, or flows again after a re-INVITE."""

    call: CallHandle


@dataclass(frozen=True, slots=True)
class MediaHeld:
    """The other side does not listen for now."""

    call: CallHandle


@dataclass(frozen=True, slots=True)
class Arrived:
    """An incoming call, with the Call that now stands for it."""

    call: "Call"
    incoming: Incoming


Queue = deque[PhoneEvent | MediaReady | MediaHeld | Arrived]


class Call(pj.Call):
    """Knows its handle and the queue, nothing else."""

    def __init__(self, account: "Account", queue: Queue, call_id: int = pj.PJSUA_INVALID_ID) -> None:
        super().__init__(account, call_id)
        self.handle = account.next_handle()
        self._queue = queue

    def place(self, uri: str, headers: dict[str, str]) -> None:
        parameters = pj.CallOpParam(True)
        for name, value in headers.items():
            header = pj.SipHeader()
            header.hName, header.hValue = name, value
            parameters.txOption.headers.append(header)
        self.makeCall(uri, parameters)

    def respond(self, status: int) -> None:
        parameters = pj.CallOpParam(True)
        parameters.statusCode = status
        self.answer(parameters)

    def end(self) -> None:
        self.hangup(pj.CallOpParam(True))

    def audio(self) -> Any:
        """The call's audio; it belongs to the call and must not be kept."""
        return self.getAudioMedia(-1)

    def packets_received(self) -> int:
        """RTP packets and RTCP reports: a PBX that is silent sends no RTP, but it still reports on ours."""
        stat = self.getStreamStat(0)  # kept: swig's parts die with the whole they are read from
        rtcp = stat.rtcp
        return int(rtcp.rxStat.pkt) + int(rtcp.txStat.updateCount)

    def onCallState(self, _prm: Any) -> None:  # noqa: N802 -- pjsua2 calls it by this name
        try:
            info = self.getInfo()
        except SipError:  # gone before we could look: an exception here would be lost, and the call with it
            self._queue.append(Disconnected(self.handle, _GONE))
            return
        if info.state == pj.PJSIP_INV_STATE_EARLY and info.role == pj.PJSIP_ROLE_UAC:
            self._queue.append(Ringing(self.handle))
        elif info.state == pj.PJSIP_INV_STATE_CONFIRMED:
            self._queue.append(Connected(self.handle))
        elif info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self._queue.append(Disconnected(self.handle, int(info.lastStatusCode)))

    def onCallMediaState(self, _prm: Any) -> None:  # noqa: N802 -- pjsua2 calls it by this name
        try:
            info = self.getInfo()  # kept: swig's parts die with the whole they are read from
        except SipError:
            return
        audio = (media.status for media in info.media if media.type == pj.PJMEDIA_TYPE_AUDIO)
        flows = pj.PJSUA_CALL_MEDIA_ACTIVE in audio
        self._queue.append(MediaReady(self.handle) if flows else MediaHeld(self.handle))

    def onDtmfEvent(self, prm: Any) -> None:  # noqa: N802 -- pjsua2 calls it by this name
        if prm.method == pj.PJSUA_DTMF_METHOD_RFC2833 and not prm.flags & _EVENT_GOES_ON:
            self._queue.append(Digit(self.handle, str(prm.digit)))

    @guarded
    def onCallTsxState(self, prm: Any) -> None:  # noqa: N802 -- pjsua2 calls it by this name
        event = prm.e.body.tsxState
        is_new = event.type == pj.PJSIP_EVENT_RX_MSG and event.tsx.state == pj.PJSIP_TSX_STATE_TRYING
        if is_new and event.tsx.method == "INFO" and (told := key_in(event.src.rdata.wholeMsg)):
            self._queue.append(Digit(self.handle, told.key, KeyWay.INFO, told.held_seconds))

    def onCallTransferRequest(self, prm: Any) -> None:  # noqa: N802 -- pjsua2 calls it by this name
        prm.statusCode = _DECLINE  # else PJSIP rings whoever is named there, and this object stands for that call

    onCallReplaceRequest = onCallTransferRequest  # noqa: N815 -- pjsua2 calls it by this name


class Tap(pj.AudioMediaPort):
    """Copies what the other side says; its callback runs on PJSIP's clock thread."""

    def __init__(self, queue: Queue, name: str) -> None:
        super().__init__()
        self._queue = queue
        self.handle: CallHandle | None = None
        audio = pj.MediaFormatAudio()
        audio.init(pj.PJMEDIA_FORMAT_PCM, CALL_RATE_HZ, 1, 20_000, 16)
        self.createPort(name, audio)

    def onFrameReceived(self, frame: Any) -> None:  # noqa: N802 -- pjsua2 calls it by this name
        handle = self.handle
        if handle is not None and frame.size == _FRAME_BYTES:
            self._queue.append(Heard(handle, bytes_of(frame.buf, _FRAME_BYTES)))


class Player(pj.AudioMediaPlayer):
    """Plays stretches of one WAV file; made once, never destroyed in service."""

    def __init__(self, atlas: Path) -> None:
        super().__init__()
        self.createPlayer(str(atlas), 0)

    def play(self, call: Call, start: int) -> None:
        """From a sample on, until silenced."""
        self.setPos(start)
        self.startTransmit(call.audio())

    def resume(self, call: Call) -> None:
        self.startTransmit(call.audio())

    def silence(self, call: Call) -> None:
        self.stopTransmit(call.audio())


class Account(pj.Account):
    """Our name at the PBX; takes incoming calls and numbers all calls."""

    def __init__(self, queue: Queue, trusted: Trusted) -> None:
        super().__init__()
        self._queue = queue
        self._trusted = trusted
        self._last_handle = 0

    def next_handle(self) -> CallHandle:
        self._last_handle += 1
        return CallHandle(self._last_handle)

    @guarded
    def onIncomingCall(self, prm: Any) -> None:  # noqa: N802 -- pjsua2 calls it by this name
        if not self._trusted.allows(prm.rdata.srcAddress):
            return  # PJSIP refuses a call that has no Call object by now
        message = str(prm.rdata.wholeMsg)
        call = Call(self, self._queue, prm.callId)
        asked = user_part(call.getInfo().localUri)
        incoming = Incoming(call.handle, asked, callers_of(message), passed_on_for(message))
        self._queue.append(Arrived(call, incoming))

    def onRegState(self, prm: Any) -> None:  # noqa: N802 -- pjsua2 calls it by this name
        self._queue.append(Registered(bool(self.getInfo().regIsActive), int(prm.code)))


def make_endpoint() -> Any:
    """PJSIP without threads of its own and without a socket; it holds as many calls as it was built for."""
    config = pj.EpConfig()
    config.uaConfig.threadCnt = 0
    config.uaConfig.mainThreadOnly = True
    config.uaConfig.maxCalls = _MORE_CALLS_THAN_ANY
    config.uaConfig.userAgent = "Efterklang"
    config.medConfig.clockRate = config.medConfig.sndClockRate = CALL_RATE_HZ
    config.medConfig.noVad = True
    config.medConfig.ecTailLen, config.medConfig.ptime = 0, 20
    config.medConfig.sndAutoCloseTime = -1  # never: only a clock that runs removes the ports of players given up
    # PJMEDIA_JB_DISCARD_NONE: a packet that comes late must not cost another bit of the comment.
    config.medConfig.jbDiscardAlgo = zero_for(config.medConfig.jbDiscardAlgo)
    config.medConfig.jbInit = config.medConfig.jbMinPre = _LATE_MS
    config.medConfig.jbMaxPre, config.medConfig.jbMax = 3 * _LATE_MS, 10 * _LATE_MS
    config.logConfig.level = config.logConfig.consoleLevel = 0  # SIP messages hold telephone numbers
    config.logConfig.msgLogging = 0
    endpoint = pj.Endpoint()
    with quiet_stdout():
        endpoint.libCreate()
    endpoint.libInit(config)
    return endpoint


def start_endpoint(sip: SipSettings) -> tuple[Any, Any]:
    """Start PJSIP; returns the endpoint and the id of its transport."""
    endpoint = make_endpoint()
    transport = endpoint.transportCreate(_TRANSPORTS[sip.transport], _transport_config(sip))
    endpoint.libStart()
    endpoint.audDevManager().setNullDev()
    for codec in endpoint.codecEnum2():
        endpoint.codecSetPriority(codec.codecId, _CODEC_PRIORITIES.get(codec.codecId, 0))
    return endpoint, transport


def port_of(endpoint: Any, transport: Any) -> int:
    """The port that a transport waits on."""
    return int(endpoint.transportGetInfo(transport).localAddress.rpartition(":")[2])


def _transport_config(sip: SipSettings) -> Any:
    config = pj.TransportConfig()
    config.port = sip.local_port
    config.boundAddress = config.publicAddress = sip.local_address
    if sip.transport == "tls":
        config.tlsConfig.verifyServer = True
        config.tlsConfig.CaListFile = str(sip.ca_file)
        if sip.cert_file:  # without one we can ring and not be rung: a TLS listener must show who it is
            config.tlsConfig.certFile, config.tlsConfig.privKeyFile = str(sip.cert_file), str(sip.key_file)
    return config


def account_config(sip: SipSettings, transport: Any) -> Any:
    """How we present ourselves: registered under our user, or a trunk that shows the municipality's number."""
    scheme, host = sip.registrar.split(":", 1)
    config = pj.AccountConfig()
    config.idUri = f"{scheme}:{sip.user if sip.register_ else sip.caller_id or sip.user}@{host.split(';')[0]}"
    config.regConfig.registrarUri = sip.registrar_uri() if sip.register_ else ""
    config.regConfig.registerOnAdd = False
    config.regConfig.timeoutSec = _REGISTRATION_SECONDS
    config.regConfig.retryIntervalSec = 0  # when to register is ours to say: `Registration`
    if password := sip.password():
        config.sipConfig.authCreds.append(pj.AuthCredInfo("digest", "*", sip.user, 0, password))
    config.sipConfig.transportId = transport
    config.mediaConfig.srtpUse = _SRTP[sip.srtp]
    config.mediaConfig.srtpSecureSignaling = 1 if sip.transport == "tls" else 0
    config.mediaConfig.transportConfig.boundAddress = sip.local_address
    config.mediaConfig.transportConfig.port = random.randrange(*_RTP_PORTS, 2)  # noqa: S311 -- no secret
    config.callConfig.timerUse = pj.PJSUA_SIP_TIMER_OPTIONAL
    config.callConfig.timerSessExpiresSec = _SESSION_EXPIRES_SECONDS
    return config
