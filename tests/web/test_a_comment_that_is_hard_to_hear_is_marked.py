from collections.abc import Callable

from made_up import MadeUp

Read = Callable[[str], str]


def shown(page: Read, made: MadeUp, level_dbfs: float | None, clipped_share: float | None) -> str:
    comment_id = made.comment("det gick bra")
    made.db["comments"].update(comment_id, {"level_dbfs": level_dbfs, "clipped_share": clipped_share})
    html = page("/comments")
    return html[html.index(f'id="comment-{comment_id}"') :].split("</article>")[0]


def test_faint_and_overdriven_sound_is_told_beside_the_words(page: Read, made: MadeUp) -> None:
    assert "svagt ljud" in shown(page, made, -41, 0)
    assert "överstyrt ljud" in shown(page, made, -6, 0.04)


def test_of_a_clear_comment_and_of_an_unmeasured_one_nothing_is_said(page: Read, made: MadeUp) -> None:
    for level, clipped in [(-25, 0.0), (None, None)]:
        assert 'class="heard"' not in shown(page, made, level, clipped)
