"""Loaded by schemathesis: no description says what day it is, so moments are of a past that is never today."""

from datetime import UTC, datetime

import schemathesis
from hypothesis import strategies as st

FIRST, LAST = (int(datetime(year, 1, 2, tzinfo=UTC).timestamp()) for year in (2000, 2026))
moments = st.integers(FIRST, LAST).map(lambda seconds: datetime.fromtimestamp(seconds, UTC).isoformat())
schemathesis.openapi.format("date-time", moments)
