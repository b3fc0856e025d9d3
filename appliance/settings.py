"""What the box is told, as frozen models; `settings_file` reads them."""

import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from appliance.errors import ConfigError
from appliance.hours import WeekHours, parse_week_hours
from appliance.types import Language

PRACTICE_MUNICIPALITY: Final = "Exempelköping"
"""The municipality of the practice calls; the shipped greeting speaks its name."""

PRACTICE_CALLER_ID: Final = "+46313900699"
"""Of a range that PTS keeps free for fiction."""


def _host_and_port(value: str) -> str:
    if not re.fullmatch(r"[^\s:]+:\d{1,5}|\[[0-9a-fA-F:]+\]:\d{1,5}", value) or int(value.rsplit(":", 1)[1]) > 65535:
        raise ValueError('must be "address:port", such as "127.0.0.1:8080"')
    return value


HostPort = Annotated[str, AfterValidator(_host_and_port)]


def _number_as_dialled(value: str) -> str:
    digits = re.sub(r"\(0\)|[\s()-]", "", value)
    if not re.fullmatch(r"(\+?\d{3,15})?", digits):
        raise ValueError('must be a telephone number, such as "0771000000"')
    return digits


DialledNumber = Annotated[str, AfterValidator(_number_as_dialled)]
"""Spaces, dashes and brackets are left out: it becomes part of a SIP address."""


NumberRange = Annotated[str, StringConstraints(pattern=r"^\+[1-9]\d{0,14}$")]


def _network(value: str) -> str:
    try:
        return str(ip_network(value, strict=False))
    except ValueError:
        raise ValueError('must be an address or a network, such as "192.0.2.10" or "10.1.2.0/24"') from None


Network = Annotated[str, AfterValidator(_network)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class MunicipalitySettings(_Section):
    name: str = PRACTICE_MUNICIPALITY
    """Spoken in the greeting and shown on the page."""
    code: str = Field("9999", pattern=r"^\d{4}$")
    """SCB's municipality code."""
    group: str = ""
    """SKR's municipality group."""
    function: Literal["kontaktcenter", "växel"] = "kontaktcenter"
    time_zone: str = "Europe/Stockholm"

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError('is no time zone; "Europe/Stockholm" is one') from None
        return value


class StorageSettings(_Section):
    directory: Path = Path("/var/lib/efterklang")
    memory_directory: Path = Path("/dev/shm")  # noqa: S108 -- recordings must never touch a disk
    """Memory-backed; a comment is recorded here before it is encrypted onto the disk."""
    min_free_mib: int = Field(2048, ge=0)
    min_free_percent: float = Field(5, ge=0, le=50)
    """No new calls where less of the disk is free than either of these; answers of live calls are kept all the same."""


class SipSettings(_Section):
    registrar: str = Field(pattern=r"^sips?:[^\s]+$")
    """The PBX: sip:host[:port]."""
    register_: bool = Field(default=True, alias="register")
    """False: a trunk that trusts our address."""
    user: str = "efterklang"
    password_file: Path | None = None
    transport: Literal["udp", "tcp", "tls"] = "udp"
    ca_file: Path = Path("/etc/ssl/certs/ca-certificates.crt")
    """Certificates that the PBX's certificate is checked against (tls); by default those that the machine trusts."""
    cert_file: Path | None = None
    """Our own certificate (tls), shown to a PBX that rings us; with it `key_file`. Both are PEM."""
    key_file: Path | None = None
    srtp: Literal["off", "optional", "required"] = "off"
    local_address: str = ""
    """Address to bind; empty is any."""
    local_port: int = Field(0, ge=0, le=65_000)
    """Of the first line, the next line has the next port; 0 is any free port."""
    caller_id: DialledNumber = ""
    """The municipality's own, answerable number."""
    trusted_addresses: tuple[Network, ...] = ()
    """Where calls may come from beside the registrar's own addresses: a session border controller, a second PBX."""
    survey_extension: str = Field("", pattern=r"^[A-Za-z0-9_.+-]{0,40}$")
    """The user part that the PBX asks for when it puts a citizen through to an interview at once; empty is none."""
    trunk_calls: int = Field(0, ge=0, le=4096)
    """At most so many calls of ours at a time over all processes; 0 is as many as the processes hold."""
    processes: int = Field(2, ge=1, le=64)
    calls_per_process: int = Field(4, ge=1, le=64)

    @model_validator(mode="after")
    def _has_both_halves_of_a_certificate(self) -> Self:
        if (self.cert_file is None) != (self.key_file is None):
            given, missing = ("key_file", "cert_file") if self.key_file else ("cert_file", "key_file")
            raise ValueError(f"{given} needs {missing} beside it")
        return self

    def of_line(self, number: int) -> Self:
        """The same trunk for line `number` (from 1), with a port of its own; 0 is a line beside them, on any port."""
        port = self.local_port + number - 1 if self.local_port and number else 0
        return self.model_copy(update={"local_port": port})

    def registrar_uri(self) -> str:
        """The PBX's URI with the transport it is reached by."""
        return self.registrar if self.transport == "udp" else f"{self.registrar};transport={self.transport}"

    def target_uri(self, number: str) -> str:
        """The URI that rings a number through the PBX."""
        scheme, host = self.registrar_uri().split(":", 1)
        return f"{scheme}:{number}@{host}"

    def identity_headers(self) -> dict[str, str]:
        """A registered user shows the municipality's number beside its own name (RFC 3325)."""
        if not (self.register_ and self.caller_id):
            return {}
        scheme, host = self.registrar.split(":", 1)
        return {"P-Asserted-Identity": f"<{scheme}:{self.caller_id}@{host}>"}

    def password(self) -> str:
        """The trunk's password, empty where none is set; ConfigError where its file cannot be read."""
        if self.password_file is None:
            return ""
        try:
            return self.password_file.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ConfigError(f"sip.password_file {self.password_file}: {error.strerror}") from error


class DialerSettings(_Section):
    hours: WeekHours = Field(default_factory=lambda: parse_week_hours({"mon-fri": "09:00-20:00", "sat": "10:00-16:00"}))
    """Calling hours by weekday, local time; holidays and their eves are never rung."""
    holidays: bool = False
    """True rings on holidays and eves too (practice)."""
    delay_minutes: float = Field(5, ge=0, le=10_080)
    """After the contact ended."""
    latest_hours: float = Field(48, gt=0, le=720)
    """A contact older than this is not rung any more."""
    share: float = Field(0.25, ge=0, le=1)
    """Of eligible contacts."""
    quiet_days: int = Field(90, ge=0, le=3_650)
    ring_seconds: int = Field(28, ge=5, le=120)
    max_attempts: int = Field(3, ge=1, le=10)
    """Real rings only."""
    calls_per_minute: int = Field(60, ge=1, le=6_000)
    """No more calls than this are begun in any minute, over all processes."""
    allowed_ranges: tuple[NumberRange, ...] = ("+46",)
    """Beginnings of the numbers that may be rung, in international form; all others never are."""

    @field_validator("hours", mode="before")
    @classmethod
    def _parse_hours(cls, value: Any) -> Any:
        if isinstance(value, tuple):
            return value
        if not isinstance(value, dict):
            raise ValueError('must be a table, such as { mon-fri = "09:00-20:00" }')  # noqa: TRY004 -- pydantic's way
        return parse_week_hours(value)


class FunnelSettings(_Section):
    min_talk_seconds: int = Field(15, ge=0)
    denied_queues: tuple[str, ...] = ("socialtjänst", "skyddade", "skolhälsa", "elevhälsa", "våld i nära")
    """A queue whose name holds one of these words is never surveyed."""


class SurveySettings(_Section):
    questionnaire: str = "kontaktcenter"
    """A name of a shipped questionnaire, or the path of a TOML file."""
    language: Language = Language.SWEDISH
    max_recording_seconds: int = Field(120, ge=5, le=600)
    silence_seconds: float = Field(4, ge=1, le=20)


class PromptsSettings(_Section):
    voice: str = ""
    """An espeak-ng voice, such as mb-sw2, or the path of a Piper voice (.onnx); empty: the best that espeak-ng has."""


class WebSettings(_Section):
    bind: HostPort = "127.0.0.1:8080"
    tls: bool = False
    """A proxy in front serves the page by TLS: cookies are Secure and browsers are told to stay with TLS."""
    trusted_proxy: str = ""
    """Address of that proxy; its X-Forwarded-For says who logs in."""


class SpeechSettings(_Section):
    model: str = "whisper-base"
    """A name in models/catalog.toml."""
    threads: int = Field(0, ge=0, le=64)
    """0 is one a core, at most 4."""


class OpinionsSettings(_Section):
    model: str = "opinions-sv"


class Settings(_Section):
    """Everything the box is told; `sip` left out means the practice municipality."""

    municipality: MunicipalitySettings = MunicipalitySettings()
    storage: StorageSettings = StorageSettings()
    sip: SipSettings | None = None
    dialer: DialerSettings = DialerSettings()
    funnel: FunnelSettings = FunnelSettings()
    survey: SurveySettings = SurveySettings()
    prompts: PromptsSettings = PromptsSettings()
    web: WebSettings = WebSettings()
    speech: SpeechSettings = SpeechSettings()
    opinions: OpinionsSettings = OpinionsSettings()


def practice_settings(settings: Settings) -> Settings:
    """The same box in the practice municipality: rings at any hour, at once, each contact once, most of them."""
    dialer = DialerSettings(
        hours=parse_week_hours({"mon-sun": "00:00-24:00"}),
        holidays=True,
        delay_minutes=0,
        share=0.8,
        quiet_days=0,
        ring_seconds=10,
        max_attempts=1,
        calls_per_minute=6_000,
    )
    storage = settings.storage.model_copy(update={"min_free_mib": 64, "min_free_percent": 0})
    return settings.model_copy(update={"dialer": dialer, "storage": storage})


def practice_trunk(pbx_port: int, calls: int) -> SipSettings:
    """The way to one of the practice municipality's exchanges, on loopback."""
    return SipSettings(
        registrar=f"sip:127.0.0.1:{pbx_port}",
        register=False,
        local_address="127.0.0.1",
        caller_id=PRACTICE_CALLER_ID,
        trunk_calls=4096,
        calls_per_process=calls,
    )
