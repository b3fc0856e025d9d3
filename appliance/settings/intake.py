"""How the box learns that a contact has ended."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import Field, model_validator

from appliance.errors import ConfigError
from appliance.settings.section import HostPort, Network, Section

MIN_TOKEN_CHARACTERS: Final = 32
_OUR_SOURCES: Final = frozenset({"ami", "dial", "housekeeping", "http", "inbox", "practice", "survey-extension"})
"""What the box's own ways in are called."""


class AmiSettings(Section):
    """Asterisk's manager interface (AMI): FreePBX and its kin."""

    address: HostPort
    user: str
    password_file: Path
    tls: bool = False
    ca_file: Path = Path("/etc/ssl/certs/ca-certificates.crt")
    cdr: bool = True
    """Takes call detail records as well, for calls that no queue saw."""
    queue_names: Mapping[str, str] = Field(default_factory=dict)
    """What queues that Asterisk calls by numbers are called by people, and by the deny list."""

    def password(self) -> str:
        """ConfigError where its file cannot be read."""
        try:
            return self.password_file.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ConfigError(f"intake.ami.password_file {self.password_file}: {error.strerror}") from error


class TcpSettings(Section):
    """Call records as lines over TCP. Exactly one of `listen` and `connect`."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")
    """The source that its contacts are recorded under."""
    profile: str
    """How a line reads: a shipped profile (mx-one, avaya-cm, ip-office, 3cx, …) or the path of a TOML file."""
    listen: HostPort | None = None
    """The PBX connects to us here."""
    connect: HostPort | None = None
    """We connect to the PBX there."""
    trusted_addresses: tuple[Network, ...] = ()
    """Where a PBX may connect from; empty: nobody may."""

    @model_validator(mode="after")
    def _has_one_way(self) -> Self:
        if (self.listen is None) == (self.connect is None):
            raise ValueError("needs either listen or connect")
        if self.listen and not self.trusted_addresses:
            raise ValueError("listen needs trusted_addresses: the PBX's address")
        if self.connect and self.trusted_addresses:
            raise ValueError("connect needs no trusted_addresses: we connect to the PBX; remove them")
        return self

    @model_validator(mode="after")
    def _has_a_name_of_its_own(self) -> Self:
        if self.name in _OUR_SOURCES:
            raise ValueError(f"the name {self.name} is taken by a source of the box itself; choose another")
        return self


class IntakeSettings(Section):
    """The file inbox is always there; folders in it are named after profiles."""

    profile: str = "efterklang"
    """Of the files that lie in the inbox itself: a shipped profile or the path of a TOML file."""
    done: Literal["masked", "none"] = "masked"
    """What is kept in done/ of a file taken in: its lines with numbers masked and each one's reason, or nothing."""
    http_token_file: Path | None = None
    """POST /api/v1/ended-contacts is open to who knows this token; left out: to nobody."""
    ami: AmiSettings | None = None
    tcp: tuple[TcpSettings, ...] = ()

    def http_token(self) -> str:
        """What opens the HTTP inbox; ConfigError where its file cannot be read or it is too short to be no guess."""
        if self.http_token_file is None:
            raise ConfigError("intake.http_token_file is not set")
        where = f"intake.http_token_file {self.http_token_file}"
        try:
            token = self.http_token_file.read_text(encoding="ascii").strip()
        except OSError as error:
            raise ConfigError(f"{where}: {error.strerror}") from error
        except UnicodeDecodeError:
            raise ConfigError(f"{where}: holds other than ASCII; run: openssl rand -hex 32") from None
        if len(token) < MIN_TOKEN_CHARACTERS:
            raise ConfigError(
                f"{where}: the token must have {MIN_TOKEN_CHARACTERS} characters; run: openssl rand -hex 32"
            )
        return token

    @model_validator(mode="after")
    def _names_each_source_once(self) -> Self:
        names = [source.name for source in self.tcp]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two tcp sources have the name {twice[0]}")
        return self
