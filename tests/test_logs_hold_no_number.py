import logging
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.logs import Redacting

FORMATTER = Redacting("%(message)s")
SEPARATORS = st.sampled_from(["", " ", "-"])
AROUND = st.text(st.characters(codec="utf-8", exclude_categories=["N"]), max_size=10)


def logged(message: str, *arguments: object) -> str:
    return FORMATTER.format(logging.LogRecord("test", logging.INFO, __file__, 1, message, arguments, None))


@given(before=AROUND, digits=st.text("0123456789", min_size=7, max_size=16), separators=st.data(), after=AROUND)
def test_a_run_of_seven_digits_or_more_is_masked_however_it_is_grouped(
    before: str, digits: str, separators: st.DataObject, after: str
) -> None:
    grouped = digits[0] + "".join(separators.draw(SEPARATORS) + digit for digit in digits[1:])
    line = logged("%s", f"{before}{grouped}{after}")
    assert re.search(r"\d", line) is None
    assert "[digits]" in line


@pytest.mark.parametrize(
    "number",
    ["070-174 06 05", "+46 70 174 06 05", "0046701740605", "08-465 004 00", "19121212-1212", "sip:0701740605@x"],
)
def test_no_number_as_people_write_it_is_left(number: str) -> None:
    assert re.search(r"\d{2}", logged("rang %s", number)) is None


@given(digits=st.text("0123456789", min_size=1, max_size=6), after=AROUND)
def test_what_a_log_needs_is_left_as_it_is(digits: str, after: str) -> None:
    assert logged("%s", f"interview {digits} {after}").startswith(f"interview {digits}")


def test_numbers_in_a_stack_trace_are_masked_as_well() -> None:
    program = (
        "import logging; from appliance import logs; logs.set_up('line-1')\n"
        "try: raise ValueError('0701740605')\n"
        "except ValueError: logging.getLogger('x').exception('no such number: %s', '+46 70 174 06 05')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == ""
    assert done.stderr.startswith("ERROR   line-1: no such number: [digits]\n")
    assert "ValueError: [digits]" in done.stderr.splitlines()


def test_a_process_logs_one_line_with_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    from appliance import logs

    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        logs.set_up("intake")
        logging.getLogger("appliance.intake").info("calls.csv: %d contacts", 3)
        logging.getLogger("appliance.intake").debug("not said")
    finally:
        root.handlers[:], root.level = before
    assert capsys.readouterr() == ("", "INFO    intake: calls.csv: 3 contacts\n")
