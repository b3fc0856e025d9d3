import pytest
from made_up import MadeUp
from wires import Intake

from appliance.errors import ConfigError
from appliance.settings import TcpSettings


def test_a_connection_that_is_called_like_another_shipped_profile_is_refused(box: MadeUp) -> None:
    with pytest.raises(ConfigError, match="mx-one: is the name of another profile"):
        Intake(box, TcpSettings(name="mx-one", profile="avaya-cm", connect="127.0.0.1:9"))
