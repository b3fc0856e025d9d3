"""What the settings are made of: a frozen section that knows its keys, and values that are checked as they are read."""

import re
from ipaddress import ip_network
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints


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


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
