import json

from made_up import MadeUp

from appliance.store import questionnaires


def freeze(box: MadeUp, version: int, words: str) -> int:
    return questionnaires.freeze(box.db, "short", version, json.dumps({"version": version, "words": words}))


def words_of(box: MadeUp, version: int) -> str | None:
    content = questionnaires.content_of(box.db, "short", version)
    return None if content is None else json.loads(content)["words"]


def test_other_words_are_another_version_whatever_is_said(box: MadeUp) -> None:
    assert [freeze(box, 1, "first"), freeze(box, 1, "second"), freeze(box, 1, "third")] == [1, 2, 3]
    assert [words_of(box, version) for version in (1, 2, 3, 4)] == ["first", "second", "third", None]


def test_the_same_words_keep_their_version(box: MadeUp) -> None:
    assert [freeze(box, 1, "first"), freeze(box, 2, "second"), freeze(box, 7, "first"), freeze(box, 1, "second")] == [
        1,
        2,
        1,
        2,
    ]


def test_a_version_of_its_maker_s_is_kept_where_it_is_the_newest(box: MadeUp) -> None:
    assert [freeze(box, 3, "first"), freeze(box, 5, "second"), freeze(box, 4, "third")] == [3, 5, 6]
    content = questionnaires.content_of(box.db, "short", 6)
    assert content is not None
    assert json.loads(content)["version"] == 6
