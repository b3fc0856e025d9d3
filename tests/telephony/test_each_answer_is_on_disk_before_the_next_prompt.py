import sqlite3

from telephony.conversation import Conversation

from appliance.store import database_path
from appliance.types import AnswerKind


def test_another_connection_sees_the_answer_when_the_next_prompt_begins(conversation: Conversation) -> None:
    path = database_path(conversation.desk.settings.storage.directory)
    seen: list[list[tuple[str, int | None]]] = []
    play = conversation.phone.play

    def play_and_look(*arguments: object) -> None:
        with sqlite3.connect(path) as other:
            seen.append(other.execute("SELECT question, value FROM answers").fetchall())
        other.close()
        play(*arguments)  # type: ignore[arg-type]

    conversation.phone.play = play_and_look  # type: ignore[method-assign]
    conversation.pick_up()
    conversation.press("1", "4", "#", "0")
    kinds = [(row["question"], row["kind"]) for row in conversation.desk.db["answers"].rows]
    assert [len(rows) for rows in seen] == [0, 0, 1, 2, 3]
    assert sorted(kind for _, kind in kinds) == sorted([AnswerKind.VALUE, AnswerKind.SKIPPED, AnswerKind.NO_OPINION])


def test_a_key_within_a_third_of_a_second_of_a_prompt_was_meant_for_the_one_before(conversation: Conversation) -> None:
    conversation.pick_up()
    conversation.press("1", "4")
    conversation.now -= 0.9
    conversation.press("2")
    conversation.now -= 0.85
    conversation.press("3")
    assert [row["value"] for row in conversation.desk.db["answers"].rows] == [4]
