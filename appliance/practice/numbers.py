"""Telephone numbers that PTS keeps free for films and books: nobody answers them, so nobody can be rung by mistake."""

from typing import Final

from appliance.types import E164

_RANGES: Final = (
    (46_70_174_06_05, 46_70_174_06_99),
    (46_31_390_06_00, 46_31_390_06_98),  # 99 is the municipality's own
    (46_40_628_04_00, 46_40_628_04_99),
    (46_8_465_004_00, 46_8_465_004_99),
    (46_980_319_200, 46_980_319_299),
)
FICTIONAL_NUMBERS: Final = tuple(E164(f"+{number}") for first, last in _RANGES for number in range(first, last + 1))
