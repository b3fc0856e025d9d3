import pytest

from appliance.settings import SipSettings


@pytest.mark.parametrize(("local_port", "line", "port"), [(5080, 1, 5080), (5080, 3, 5082), (5080, 0, 0), (0, 2, 0)])
def test_lines_count_their_ports_from_the_first(local_port: int, line: int, port: int) -> None:
    sip = SipSettings(registrar="sip:pbx.example", local_port=local_port)
    assert sip.of_line(line).local_port == port
    assert sip.of_line(line).registrar == sip.registrar
