"""How each PBX writes one part of a call, to the vendors' documented layouts, and what the record is to be read as."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from records import STOCKHOLM

from appliance.types import Direction, EndedContact

SOURCE: Final = "pbx"
QUEUES: Final = {"5100": "Växel", "5110": "Bygg och bo", "5120": "Skola", "5130": "Socialtjänst", "5140": "Miljö"}
"""What staff call the queues, by what the PBX calls them."""


@dataclass(frozen=True)
class Part:
    """One part of a call, as one record tells it; times of a whole call are those of its first part."""

    call: int
    part: int
    begin: datetime
    """When the whole call began, UTC, on a whole second."""
    before_seconds: int
    """What had passed of the call when this part began."""
    wait_seconds: int
    talk_seconds: int
    hold_seconds: int
    direction: Direction
    number: str
    """The citizen's, or the calling extension's; empty: anonymous."""
    queue: str
    agent: str
    answered: bool
    is_last: bool = True

    @property
    def answered_at(self) -> datetime:
        return self.begin + timedelta(seconds=self.before_seconds + self.wait_seconds)

    @property
    def ended_at(self) -> datetime:
        return self.answered_at + timedelta(seconds=self.talk_seconds)

    @property
    def calling(self) -> str:
        return self.agent if self.direction is Direction.OUTBOUND else self.number

    @property
    def called(self) -> str:
        return {Direction.INBOUND: self.queue, Direction.OUTBOUND: self.number}.get(self.direction, self.agent)


@dataclass(frozen=True)
class Vendor:
    """A format."""

    headings: tuple[str, ...]
    columns: Callable[[Part], dict[str, str]]
    join: Callable[[Mapping[str, str]], str]
    meant: Callable[[Part, Mapping[str, str], str], EndedContact]
    """Of a part, its columns and its fingerprint."""
    time: str
    talk: str


def _contact(part: Part, call_id: str) -> EndedContact:
    return EndedContact(
        source=SOURCE,
        source_call_id=call_id,
        ended_at=part.ended_at,
        number=part.number or None,
        queue=QUEUES.get(part.queue, ""),
        wait_seconds=part.wait_seconds,
        talk_seconds=part.talk_seconds,
        direction=part.direction,
        answered=part.answered,
        linked_id=str(part.call),
    )


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _to_the_minute(moment: datetime) -> datetime:
    return moment.replace(second=0)


# --- Efterklang's own CSV -------------------------------------------------------------------------------------------

_OWN: Final = "call_id,linked_id,ended_at,number,queue,wait_seconds,talk_seconds,direction,answered"


def _own_columns(part: Part) -> dict[str, str]:
    values = (
        *(f"{part.call}-{part.part}", str(part.call), f"{part.ended_at.astimezone(STOCKHOLM):%Y-%m-%dT%H:%M:%S}"),
        *(part.number, QUEUES.get(part.queue, ""), str(part.wait_seconds), str(part.talk_seconds)),
        *(str(part.direction), "ja" if part.answered else "nej"),
    )
    return dict(zip(_OWN.split(","), values, strict=True))


# --- Mitel MX-ONE, ASB 501 standard ---------------------------------------------------------------------------------


def _mx_one_columns(part: Part) -> dict[str, str]:
    code = {Direction.OUTBOUND: "", Direction.INTERNAL: "J", Direction.INBOUND: "T" if part.part else "I"}
    ended, talk = part.ended_at.astimezone(STOCKHOLM), part.talk_seconds
    return {
        "": "   ",
        "date": f"{ended:%m%d}",
        "time": f"{ended:%H%M} ",
        "duration": f"{talk // 3600}{talk // 60 % 60:02}{talk % 60:02}",
        "pulses": " 0000 ",
        "condition": f"{code[part.direction] if part.answered else 'C':2} ",
        "access": f"{'0' if part.direction is Direction.OUTBOUND else '':5}{'':5} ",
        "dialled": f"{part.called:20} ",
        "calling": f"{part.calling:10} ",
        "account": f"{'':15} {'':6} {'':3} {'':2} {'':2} ",
        "line": f"{part.call % 10**8:08}{part.part}",
    }


def _mx_one_meant(part: Part, _: Mapping[str, str], fingerprint: str) -> EndedContact:
    contact = _contact(part, fingerprint)
    return replace(contact, ended_at=_to_the_minute(part.ended_at), wait_seconds=0, linked_id="")


# --- Avaya Communication Manager, customized ------------------------------------------------------------------------


def _avaya_columns(part: Part) -> dict[str, str]:
    code = {Direction.OUTBOUND: "A", Direction.INTERNAL: "0", Direction.INBOUND: "9"}
    ended = part.ended_at.astimezone(STOCKHOLM)
    return {
        "cond-code": code[part.direction] if part.answered else "H",
        "date": f"{ended:%d%m%y}",
        "time": f"{ended:%H%M}",
        "sec-dur": f"{part.talk_seconds or part.wait_seconds:05}",
        "calling-num": f"{part.calling:>15}",
        "dialed-num": f"{part.called:>18}",
        "vdn": f"{part.queue:>7}",
        "ucid": f"{1:05}{part.call % 10**5:05}{part.begin.timestamp():010.0f}",
        "in-trk-code": f"{'*801' if part.direction is Direction.INBOUND else '':4}",
        "code-used": f"{'*802' if part.direction is Direction.OUTBOUND else '':4}",
        "in-crt-id": f"{part.part:03}",
        "out-crt-id": "   ",
    }


def _avaya_meant(part: Part, columns: Mapping[str, str], fingerprint: str) -> EndedContact:
    contact = _contact(part, fingerprint)
    return replace(contact, ended_at=_to_the_minute(part.ended_at), wait_seconds=0, linked_id=columns["ucid"])


# --- Avaya IP Office, SMDR ------------------------------------------------------------------------------------------


def _ip_office_columns(part: Part) -> dict[str, str]:
    outside = part.direction is not Direction.INTERNAL
    dialled = part.called
    values = (
        *(f"{part.begin.astimezone(STOCKHOLM):%Y/%m/%d %H:%M:%S}", _clock(part.talk_seconds), str(part.wait_seconds)),
        *(part.calling, "I" if part.direction is Direction.INBOUND else "O", dialled, dialled, ""),
        *("0" if outside else "1", str(1_000_000 + part.call), "0" if part.is_last else "1"),
        *(f"E{part.agent}", f"Agent {part.agent}", "T9001" if outside else "E4999", "LINE 1.1", str(part.hold_seconds)),
        *("0", "0", "n/a", "", "0", "", "0", "", "0", "0", "0", "", "", ""),
    )
    return {str(place): value for place, value in enumerate(values)}


def _ip_office_meant(part: Part, columns: Mapping[str, str], fingerprint: str) -> EndedContact:
    lasted = timedelta(seconds=part.wait_seconds + part.talk_seconds + part.hold_seconds)
    linked_id = f"{columns['9']}-{columns['0']}"
    return replace(_contact(part, fingerprint), ended_at=part.begin + lasted, linked_id=linked_id)


# --- 3CX ------------------------------------------------------------------------------------------------------------


def _3cx_number(number: str, *, inside: bool) -> str:
    if inside:
        return f"Ext.{number}"
    return f"+46{number[1:]}" if number else "Anonymous"


def _3cx_columns(part: Part) -> dict[str, str]:
    start = part.begin + timedelta(seconds=part.before_seconds)
    moments = (start, part.answered_at if part.answered else None, part.ended_at)
    caller = _3cx_number(part.calling, inside=part.direction is not Direction.INBOUND)
    called = _3cx_number(part.called, inside=part.direction is not Direction.OUTBOUND)
    inbound = part.direction is Direction.INBOUND
    values = (
        *(
            f"Call {part.call}",
            f"0000018F{part.call:08X}_{part.part}",
            _clock(part.talk_seconds) if part.answered else "",
        ),
        *(f"{moment:%Y/%m/%d %H:%M:%S}" if moment else "" for moment in moments),
        *("TerminatedBySrc", caller, called, "10001" if inbound else part.calling, part.queue or "10001", part.called),
        *("", f"Ext.{part.agent}", part.agent, "", "", "", "", f"Chain: {caller};{called};Ext.{part.agent};"),
        *("ExternalLine", "Queue", "Extension", "", "", "Andersson, Agent", ""),
    )
    return {str(place): value for place, value in enumerate(values)}


def _3cx_meant(part: Part, columns: Mapping[str, str], _: str) -> EndedContact:
    number = columns["8" if part.direction is Direction.OUTBOUND else "7"]
    return replace(_contact(part, columns["1"]), number=number, linked_id=columns["0"])


# --- Cisco Unified Communications Manager ---------------------------------------------------------------------------

_CUCM: Final = (
    *("cdrRecordType", "globalCallID_callManagerId", "globalCallID_callId", "origLegCallIdentifier"),
    *("dateTimeOrigination", "origNodeId", "origSpan", "origIpAddr", "callingPartyNumber"),
    *("callingPartyUnicodeLoginUserID", "origCause_location", "origCause_value", "destLegCallIdentifier", "destNodeId"),
    *("destSpan", "destIpAddr", "originalCalledPartyNumber", "finalCalledPartyNumber"),
    *("finalCalledPartyUnicodeLoginUserID", "destCause_location", "destCause_value", "dateTimeConnect"),
    *("dateTimeDisconnect", "lastRedirectDn", "pkid", "originalCalledPartyNumberPartition"),
    *("callingPartyNumberPartition", "finalCalledPartyNumberPartition", "lastRedirectDnPartition", "duration"),
    *("origDeviceName", "destDeviceName", "globalCallId_ClusterID", "origConversationId", "comment"),
    *("huntPilotPartition", "huntPilotDN", "wasCallQueued", "totalWaitTimeInQueue"),
)
_CUCM_TEXT: Final = {
    *("callingPartyNumber", "originalCalledPartyNumber", "finalCalledPartyNumber", "lastRedirectDn", "pkid"),
    *("origDeviceName", "destDeviceName", "globalCallId_ClusterID", "comment", "huntPilotDN", "huntPilotPartition"),
    *(name for name in _CUCM if name.endswith(("Partition", "LoginUserID"))),
}
_TYPES: Final = ",".join("VARCHAR(50)" if name in _CUCM_TEXT else "INTEGER" for name in _CUCM)


def _cucm_columns(part: Part) -> dict[str, str]:
    def epoch(moment: datetime) -> str:
        return f"{moment.astimezone(UTC).timestamp():.0f}"

    final = part.agent if part.direction is Direction.INBOUND else part.called
    known = {
        "cdrRecordType": "1",
        "globalCallID_callManagerId": "2",
        "globalCallID_callId": str(part.call),
        "dateTimeOrigination": epoch(part.begin + timedelta(seconds=part.before_seconds)),
        "callingPartyNumber": part.calling,
        "originalCalledPartyNumber": part.called,
        "finalCalledPartyNumber": final,
        "dateTimeConnect": epoch(part.answered_at) if part.answered else "0",
        "dateTimeDisconnect": epoch(part.ended_at),
        "pkid": str(uuid.UUID(int=part.call * 16 + part.part)),
        "duration": str(part.talk_seconds),
        "globalCallId_ClusterID": "StandAloneCluster",
        "huntPilotDN": part.queue,
        "comment": 'ConfControllerDn="4000", till',
    }
    return {name: known.get(name, "" if name in _CUCM_TEXT else "0") for name in _CUCM}


def _cucm_join(columns: Mapping[str, str]) -> str:
    def quoted(text: str) -> str:
        return '"{}"'.format(text.replace('"', '""'))

    return ",".join(quoted(text) if name in _CUCM_TEXT else text for name, text in columns.items())


def _cucm_meant(part: Part, columns: Mapping[str, str], _: str) -> EndedContact:
    return replace(_contact(part, columns["pkid"]), linked_id=f"StandAloneCluster-2-{part.call}")


# --------------------------------------------------------------------------------------------------------------------


def _by_commas(columns: Mapping[str, str]) -> str:
    return ",".join(columns.values())


VENDORS: Final = {
    "efterklang": Vendor(
        (_OWN,), _own_columns, _by_commas, lambda part, columns, _: _contact(part, columns["call_id"]),
        "ended_at", "talk_seconds",
    ),
    "mx-one": Vendor((), _mx_one_columns, lambda columns: "".join(columns.values()), _mx_one_meant, "time", "duration"),
    "avaya-cm": Vendor(
        ("1123", ""), _avaya_columns, lambda columns: " ".join(columns.values()), _avaya_meant, "date", "sec-dur"
    ),
    "ip-office": Vendor((), _ip_office_columns, _by_commas, _ip_office_meant, "0", "1"),
    "3cx": Vendor((), _3cx_columns, _by_commas, _3cx_meant, "5", "2"),
    "cucm": Vendor(
        (",".join(f'"{name}"' for name in _CUCM), _TYPES), _cucm_columns, _cucm_join, _cucm_meant,
        "dateTimeDisconnect", "duration",
    ),
}  # fmt: skip
