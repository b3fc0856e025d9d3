from pathlib import Path

from appliance.analyst.sole import alone


def test_the_second_waits_and_gives_up_when_it_is_told_to(tmp_path: Path) -> None:
    asked = iter([True, True, False])
    with alone(tmp_path, lambda: True) as first, alone(tmp_path, lambda: next(asked)) as second:
        assert (first, second) == (True, False)
    assert next(asked, None) is None


def test_the_next_one_has_its_place_as_soon_as_it_ends(tmp_path: Path) -> None:
    with alone(tmp_path, lambda: False) as first:
        assert first
    with alone(tmp_path, lambda: False) as next_one:
        assert next_one


def test_two_boxes_have_an_analyst_each(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    with alone(tmp_path / "one", lambda: False) as one, alone(tmp_path / "two", lambda: False) as two:
        assert one
        assert two
