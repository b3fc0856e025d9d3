import random
import time
from datetime import timedelta

import pytest
from made_up import NOW, MadeUp
from visitors import Visitor

from appliance.store.clock import to_text
from appliance.types import DrawReason

CONTACTS = 100_000
REQUESTS = 40
WITHIN_SECONDS = 0.3
QUEUES = [f"Kö {number}" for number in range(40)]


def fill(made: MadeUp, luck: random.Random) -> None:
    """Four weeks of a busy contact center."""
    reasons = list(DrawReason)
    rows = []
    for number in range(CONTACTS):
        ended_at = to_text(NOW - timedelta(minutes=luck.uniform(0, 27 * 24 * 60)))
        rows.append(("pbx", str(number), ended_at, luck.choice(QUEUES), luck.choice(reasons), ended_at))
    with made.db.conn:
        made.db.conn.executemany(
            """INSERT INTO contacts (source, source_call_id, ended_at, queue, wait_seconds, talk_seconds, direction,
                 answered, reason, decided_at) VALUES (?, ?, ?, ?, 30, 100, 'inbound', 1, ?, ?)""",
            rows,
        )


@pytest.mark.slow
def test_with_a_hundred_thousand_contacts_the_page_comes_within_300_ms(made: MadeUp, anna: Visitor) -> None:
    fill(made, random.Random(1))
    taken = []
    for _ in range(REQUESTS):
        begun = time.perf_counter()
        assert anna.client.get("/selection?period=month").status_code == 200
        taken.append(time.perf_counter() - begun)
    taken.sort()
    p95 = taken[int(REQUESTS * 0.95) - 1]
    print(f"p50 {taken[REQUESTS // 2] * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms")  # noqa: T201 -- the measure itself
    assert p95 <= WITHIN_SECONDS
