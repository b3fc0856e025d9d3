import json
from pathlib import Path

import numpy as np
import pytest
from shipped import SHIPPED

from appliance.errors import UsageError
from appliance.opinions.training.comments import (
    LabelledComment,
    held_out,
    near_duplicates,
    read_comments,
)

SHARE = 0.2


def _comments() -> list[LabelledComment]:
    return read_comments(SHIPPED / "training" / "train.jsonl")[:1000]


def test_about_the_asked_share_is_held_out() -> None:
    assert held_out(_comments(), SHARE, seed=1).mean() == pytest.approx(SHARE, abs=0.04)


def test_near_duplicates_are_on_the_same_side() -> None:
    original = _comments()[1]
    copies = [LabelledComment(f"z-{n}", f"{original.text} {word}", original.labels) for n, word in enumerate("abc")]
    for seed in range(20):
        chosen = held_out([original, *_comments()[2:50], *copies], SHARE, seed)
        assert len({bool(chosen[0]), *(bool(is_in) for is_in in chosen[-3:])}) == 1


def test_unlike_comments_are_not_grouped() -> None:
    groups = near_duplicates(["hon var trevlig och snäll", "hon var trevlig och snäll hon", "kön var lång", "🙂", "🙂"])
    assert groups[0] == groups[1]
    assert len(set(groups.tolist())) == 4


def test_more_comments_move_none_across() -> None:
    comments = _comments()
    fewer = held_out(comments[:500], SHARE, seed=1)
    assert (held_out(comments, SHARE, seed=1)[:500] != fewer).mean() < 0.01


def test_another_seed_draws_others() -> None:
    comments = _comments()
    assert np.any(held_out(comments, SHARE, seed=1) != held_out(comments, SHARE, seed=2))


@pytest.mark.parametrize(
    "line",
    ['{"id": "a"}', "[]", "{", '{"id": "a", "text": "b", "opinions": [{"area": "food", "tonality": "positive"}]}'],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "train.jsonl"
    good = json.dumps({"id": "a-1", "text": "hej", "opinions": []})
    path.write_text(f"{good}\n{line}\n", "utf-8")
    with pytest.raises(UsageError, match=r"train\.jsonl, line 2"):
        read_comments(path)
