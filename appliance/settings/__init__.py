"""What the box is told, as frozen models; `settings_file` reads them."""

from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from appliance.hours import parse_week_hours
from appliance.settings.dialer import DialerSettings
from appliance.settings.intake import AmiSettings, IntakeSettings, TcpSettings
from appliance.settings.section import DialledNumber, HostPort, Section
from appliance.settings.selection import DrawSettings, FunnelSettings, Quota, SelectionPolicy, queue_key
from appliance.settings.sip import SipSettings
from appliance.settings.speech import SpeechSettings
from appliance.types import Language

__all__ = [
    "PRACTICE_CALLER_ID",
    "PRACTICE_MUNICIPALITY",
    "AmiSettings",
    "DialerSettings",
    "DialledNumber",
    "DrawSettings",
    "FunnelSettings",
    "IntakeSettings",
    "MunicipalitySettings",
    "OpinionsSettings",
    "PromptsSettings",
    "Quota",
    "SelectionPolicy",
    "Settings",
    "SipSettings",
    "SpeechSettings",
    "StorageSettings",
    "SurveySettings",
    "TcpSettings",
    "WebSettings",
    "practice_settings",
    "practice_trunk",
    "queue_key",
]

PRACTICE_MUNICIPALITY: Final = "Exempelköping"
"""The municipality of the practice calls; the shipped greeting speaks its name."""

PRACTICE_CALLER_ID: Final = "+46313900699"
"""Of a range that PTS keeps free for fiction."""


class MunicipalitySettings(Section):
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


class StorageSettings(Section):
    directory: Path = Path("/var/lib/efterklang")
    memory_directory: Path = Path("/dev/shm")  # noqa: S108 -- recordings must never touch a disk
    """Memory-backed; a comment is recorded here before it is encrypted onto the disk."""
    min_free_mib: int = Field(2048, ge=0)
    min_free_percent: float = Field(5, ge=0, le=50)
    """No new calls where less of the disk is free than either of these; answers of live calls are kept all the same."""


class SurveySettings(Section):
    questionnaire: str = "kontaktcenter"
    """A name of a shipped questionnaire, or the path of a TOML file."""
    language: Language = Language.SWEDISH
    max_recording_seconds: int = Field(120, ge=5, le=600)
    silence_seconds: float = Field(4, ge=1, le=20)


class PromptsSettings(Section):
    voice: str = ""
    """An espeak-ng voice, such as mb-sw2, or the path of a Piper voice (.onnx); empty: the best that espeak-ng has."""


class WebSettings(Section):
    bind: HostPort = "127.0.0.1:8080"
    tls: bool = False
    """A proxy in front serves the page by TLS: cookies are Secure and browsers are told to stay with TLS."""
    trusted_proxy: str = ""
    """Address of that proxy; its X-Forwarded-For says who logs in."""


class OpinionsSettings(Section):
    model: str = "opinions-sv"


class Settings(Section):
    """Everything the box is told; `sip` left out means the practice municipality."""

    municipality: MunicipalitySettings = MunicipalitySettings()
    storage: StorageSettings = StorageSettings()
    sip: SipSettings | None = None
    intake: IntakeSettings = IntakeSettings()
    funnel: FunnelSettings = FunnelSettings()
    draw: DrawSettings = DrawSettings()
    dialer: DialerSettings = DialerSettings()
    survey: SurveySettings = SurveySettings()
    prompts: PromptsSettings = PromptsSettings()
    web: WebSettings = WebSettings()
    speech: SpeechSettings = SpeechSettings()
    opinions: OpinionsSettings = OpinionsSettings()

    def selection(self) -> SelectionPolicy:
        """Who is surveyed as the file has it; staff may change some of it on the page."""
        return SelectionPolicy(
            min_talk_seconds=self.funnel.min_talk_seconds,
            denied_queues=self.funnel.denied_queues,
            unnamed_queues=self.funnel.unnamed_queues,
            quiet_days=self.dialer.quiet_days,
            share=self.dialer.share,
            queue_shares=self.draw.queue_shares,
            daily_cap=self.draw.daily_cap,
            spread_over=self.draw.spread_over,
            quotas=self.draw.quotas,
        )


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
