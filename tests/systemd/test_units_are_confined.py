import re
from collections.abc import Callable
from configparser import ConfigParser

import pytest

Analyze = Callable[..., tuple[str, str]]


def test_exposure_stays_within_what_was_promised(service: str, analyze: Analyze) -> None:
    promised = 0.5 if service in {"efterklang-analyst.service", "efterklang-nightly.service"} else 1.5
    told, complaints = analyze("security", "--offline=true", f"./{service}")
    exposure = re.search(r"Overall exposure level for \S+: ([\d.]+)", told)
    assert exposure, complaints
    assert float(exposure[1]) <= promised


def test_systemd_understands_every_line(service: str, analyze: Analyze) -> None:
    _, complaints = analyze("verify", f"./{service}", "./efterklang.target", "./efterklang-nightly.timer")
    assert [line for line in complaints.splitlines() if "efterklang" in line] == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("User", "efterklang"),
        ("UMask", "0077"),
        ("CapabilityBoundingSet", ""),
        ("ProtectSystem", "strict"),
        ("IPAddressDeny", "any"),
        ("MemorySwapMax", "0"),
        ("LimitCORE", "0"),
        ("StateDirectoryMode", "0700"),
        ("RuntimeDirectoryPreserve", "yes"),
    ],
)
def test_the_sandbox_reaches_every_service(unit: ConfigParser, key: str, value: str) -> None:
    assert unit["Service"][key] == value


def test_who_hears_citizens_has_no_network(unit: ConfigParser, service: str) -> None:
    needs_one = service in {"efterklang-intake.service", "efterklang-line@.service", "efterklang-web.service"}
    assert (unit["Service"].get("PrivateNetwork") != "yes") == needs_one
    assert ("IPAddressAllow" in unit["Service"]) == needs_one


def test_a_process_that_hangs_is_found_and_one_that_falls_comes_back(unit: ConfigParser, service: str) -> None:
    section = unit["Service"]
    if section["Type"] == "oneshot":
        return
    assert section["Type"] == "notify"
    assert 10 <= int(section["WatchdogSec"]) <= 300
    assert section["Restart"] == ("always" if service == "efterklang-analyst.service" else "on-failure")
    assert section["RestartPreventExitStatus"] == "2"
    assert unit["Unit"]["StartLimitIntervalSec"] == "0"
    assert unit["Unit"]["PartOf"] == "efterklang.target"
    assert unit["Install"]["WantedBy"] == "efterklang.target"


def test_the_intake_s_connections_outlive_it(unit: ConfigParser, service: str) -> None:
    is_intake = service == "efterklang-intake.service"
    assert ("FileDescriptorStoreMax" in unit["Service"]) == is_intake
    if is_intake:
        assert int(unit["Service"]["FileDescriptorStoreMax"]) >= 32
