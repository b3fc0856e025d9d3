from datetime import timedelta

from due_calls import OPEN, Enqueue, NewDialer
from made_up import MadeUp

from appliance.custody.opt_outs import add
from appliance.custody.sealing import hash_number
from appliance.store import interviews, opt_outs
from appliance.types import E164, Outcome

OUT, IN = E164("+46701740606"), E164("+46701740607")


def opt_out(box: MadeUp) -> None:
    add(box.db, box.keys, hash_number(box.keys, OUT), "call", OPEN)


def test_though_it_was_queued_before(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    interview_id = enqueue(OUT)
    opt_out(box)
    assert dialer().next_call(OPEN) is None
    assert interviews.outcome_of(box.db, interview_id) == ("over", Outcome.OPTED_OUT)
    assert interviews.rings_of(box.db, interview_id) == 0
    assert box.db.execute("SELECT * FROM attempts").fetchall() == []


def test_though_it_is_queued_afterwards(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    opt_out(box)
    interview_id = enqueue(OUT)
    assert dialer().next_call(OPEN) is None
    assert interviews.outcome_of(box.db, interview_id) == ("over", Outcome.OPTED_OUT)
    assert box.db.execute("SELECT rang_at, outcome FROM attempts").fetchall() == [(None, Outcome.OPTED_OUT)]


def test_a_call_that_is_live_goes_on_and_no_other_follows(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    interview_id = enqueue(OUT)
    line = dialer()
    lease = line.next_call(OPEN)
    assert lease
    line.rang(lease, OPEN)
    opt_out(box)
    assert interviews.live_ids(box.db) == {interview_id}
    line.ended(lease, Outcome.NO_ANSWER, 480, OPEN)
    assert interviews.outcome_of(box.db, interview_id)[0] == "queued"
    much_later = OPEN + timedelta(hours=6)
    assert line.next_call(much_later) is None
    assert interviews.outcome_of(box.db, interview_id) == ("over", Outcome.OPTED_OUT)
    assert interviews.rings_of(box.db, interview_id) == 1


def test_the_next_in_the_queue_is_not_held_up(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    opt_out(box)
    enqueue(OUT)
    wanted = enqueue(IN)
    line = dialer()
    leases = [lease for _ in range(3) if (lease := line.next_call(OPEN))]
    assert [lease.interview_id for lease in leases] == [wanted]


def test_staff_s_own_call_does_not_ring_it_either(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    opt_out(box)
    interview_id = enqueue(OUT)
    assert dialer("dial-1", only=interview_id).next_call(OPEN) is None
    assert interviews.is_over(box.db, interview_id)


def test_opting_out_twice_is_once(box: MadeUp) -> None:
    opt_out(box)
    opt_out(box)
    assert opt_outs.contains(box.db, hash_number(box.keys, OUT))
    assert not opt_outs.contains(box.db, hash_number(box.keys, IN))
