from made_up import NUMBER, MadeUp

from appliance.intake.register import Register
from appliance.settings import Settings
from appliance.store import open_store
from appliance.store.upkeep import optimise
from appliance.types import Direction, EndedContact

WANTED = {
    "JOIN interviews i ON i.contact_id": "contacts_queued_on (draw_day>?)",
    "linked_id <> ''": "contacts_by_link (source=? AND linked_id=? AND ended_at>? AND ended_at<?)",
}
"""What a question says, and the index that is meant to answer it."""
SCANS = ("SCAN contacts", "SCAN c", "SCAN interviews", "SCAN i", "SCAN opt_outs", "SCAN attempts")


def contact(call_id: str, made: MadeUp) -> EndedContact:
    return EndedContact(
        "pbx", call_id, made.now, NUMBER, "Växel", 30, 120, Direction.INBOUND, answered=True, linked_id="one"
    )


def test_no_table_that_grows_is_read_through_for_a_contact(box: MadeUp) -> None:
    quotas = [{"queue": "Växel", "per": "month", "interviews": 9}]
    settings = Settings.model_validate({"dialer": {"share": 1}, "draw": {"daily_cap": 9, "quotas": quotas}})
    register = Register(box.db, box.keys, settings)
    asked: list[str] = []
    box.db.conn.set_trace_callback(asked.append)
    register.admit_all([contact(str(number), box) for number in range(3)], box.now)
    box.db.conn.set_trace_callback(None)
    selects = {statement for statement in asked if statement.lstrip().startswith("SELECT")}
    assert sum("contacts" in statement for statement in selects) > 3
    for statement in selects:
        plan = [row[3] for row in box.db.execute(f"EXPLAIN QUERY PLAN {statement}")]
        slow = [step for step in plan if step.startswith(SCANS) or step.endswith("(source=?)")]
        assert slow == [], f"{statement}: {plan}"
    for words, index in WANTED.items():
        (statement,) = {statement for statement in selects if words in statement}
        assert index in str(list(box.db.execute(f"EXPLAIN QUERY PLAN {statement}"))), statement


def test_the_nightly_care_lets_the_planner_know_the_contacts(box: MadeUp) -> None:
    Register(box.db, box.keys, Settings()).admit(contact("1", box), box.now)
    optimise(open_store(box.directory))  # which has asked nothing of them itself
    known = {row[0] for row in box.db.execute("SELECT idx FROM sqlite_stat1 WHERE tbl = 'contacts'")}
    assert {"contacts_by_link", "contacts_by_end"} <= known
