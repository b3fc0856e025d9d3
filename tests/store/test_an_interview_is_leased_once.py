import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta

from made_up import NOW, MadeUp

from appliance.store import interviews, open_store
from appliance.types import InterviewId

MINUTE = timedelta(minutes=1)
LINE = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from appliance.store import interviews, open_store

db = open_store(Path(sys.argv[1]))
now = datetime.now(UTC) + timedelta(days=3650)
print("ready", flush=True)
sys.stdin.readline()
while lease := interviews.lease_due(db, sys.argv[2], now, now + timedelta(minutes=1)):
    print(lease.interview_id)
"""


def test_eight_threads_share_the_queue_without_a_doublet(box: MadeUp) -> None:
    queued = [box.queued() for _ in range(80)]
    taken: list[InterviewId] = []
    begin = threading.Barrier(8)

    def work(line: str) -> None:
        db = open_store(box.directory)
        begin.wait()
        while lease := interviews.lease_due(db, line, NOW, NOW + MINUTE):
            taken.append(lease.interview_id)
        db.close()

    threads = [threading.Thread(target=work, args=(f"line-{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(queued)


def test_three_processes_share_the_queue_without_a_doublet(box: MadeUp) -> None:
    queued = [box.queued() for _ in range(45)]
    command = [sys.executable, "-c", LINE, str(box.directory)]
    lines = [
        subprocess.Popen([*command, f"line-{number}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for number in range(3)
    ]
    for line in lines:
        assert line.stdout
        assert line.stdout.readline() == "ready\n"
    for line in lines:
        assert line.stdin
        line.stdin.write("go\n")
        line.stdin.flush()
    taken = [InterviewId(int(said)) for line in lines for said in line.communicate(timeout=60)[0].split()]
    assert Counter(taken) == Counter(queued)


def test_the_most_overdue_comes_first_and_what_is_not_due_stays(box: MadeUp) -> None:
    late, later = box.queued(NOW - 2 * MINUTE), box.queued(NOW - 3 * MINUTE)
    box.queued(NOW + MINUTE)
    leases = [interviews.lease_due(box.db, "line-1", NOW, NOW + MINUTE) for _ in range(3)]
    assert [lease and lease.interview_id for lease in leases] == [later, late, None]


def test_a_named_interview_is_taken_though_it_is_not_due_but_only_once(box: MadeUp) -> None:
    box.queued(NOW - MINUTE)
    wanted = box.queued(NOW + MINUTE)
    lease = interviews.lease_due(box.db, "dial-1", NOW, NOW + MINUTE, only=wanted)
    assert lease is not None
    assert lease.interview_id == wanted
    assert interviews.lease_due(box.db, "dial-2", NOW, NOW + MINUTE, only=wanted) is None
