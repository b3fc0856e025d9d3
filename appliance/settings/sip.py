"""The PBX and the way to it."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from appliance.errors import ConfigError
from appliance.settings.section import DialledNumber, Network, Section


class SipSettings(Section):
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
