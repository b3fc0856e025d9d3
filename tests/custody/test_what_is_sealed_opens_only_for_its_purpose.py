from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.custody.keys import Keys, load_keys
from appliance.custody.sealing import hash_number, seal, seal_number, unseal, unseal_number
from appliance.errors import CustodyError
from appliance.types import E164

KEY = st.binary(min_size=32, max_size=32)
DATA = st.binary(max_size=300)
PURPOSE = st.binary(max_size=40)
NUMBERS = st.integers(5, 99).map(lambda last: E164(f"+467017406{last:02}"))


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return load_keys(tmp_path_factory.mktemp("box"))


@given(key=KEY, data=DATA, purpose=PURPOSE)
def test_what_goes_in_comes_out(key: bytes, data: bytes, purpose: bytes) -> None:
    assert unseal(key, seal(key, data, purpose), purpose) == data


@given(key=KEY, data=DATA, purpose=PURPOSE)
def test_the_same_data_never_looks_the_same_twice(key: bytes, data: bytes, purpose: bytes) -> None:
    assert seal(key, data, purpose) != seal(key, data, purpose)


@given(key=KEY, data=DATA, purpose=PURPOSE, place=st.data())
def test_any_flipped_bit_is_refused(key: bytes, data: bytes, purpose: bytes, place: st.DataObject) -> None:
    sealed = bytearray(seal(key, data, purpose))
    bit = place.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(CustodyError):
        unseal(key, bytes(sealed), purpose)


@given(key=KEY, data=DATA, purpose=PURPOSE, length=st.data())
def test_a_cut_seal_is_refused(key: bytes, data: bytes, purpose: bytes, length: st.DataObject) -> None:
    sealed = seal(key, data, purpose)
    with pytest.raises(CustodyError):
        unseal(key, sealed[: length.draw(st.integers(0, len(sealed) - 1))], purpose)


@given(key=KEY, other=KEY, data=DATA, purpose=PURPOSE)
def test_another_key_is_refused(key: bytes, other: bytes, data: bytes, purpose: bytes) -> None:
    if key != other:
        with pytest.raises(CustodyError, match="does not open"):
            unseal(other, seal(key, data, purpose), purpose)


@given(key=KEY, data=DATA, purpose=PURPOSE, other=PURPOSE)
def test_another_purpose_is_refused(key: bytes, data: bytes, purpose: bytes, other: bytes) -> None:
    if purpose != other:
        with pytest.raises(CustodyError, match="does not open"):
            unseal(key, seal(key, data, purpose), other)


@given(number=NUMBERS, other=NUMBERS)
def test_a_number_opens_for_its_own_hash_only(keys: Keys, number: E164, other: E164) -> None:
    sealed = seal_number(keys, number)
    assert number.encode() not in sealed
    assert unseal_number(keys, sealed, hash_number(keys, number)) == number
    if number != other:
        with pytest.raises(CustodyError, match=r"^a sealed number does not open: the master key or the data"):
            unseal_number(keys, sealed, hash_number(keys, other))


@given(number=NUMBERS, other=NUMBERS)
def test_a_hash_tells_numbers_apart_and_nothing_else(keys: Keys, number: E164, other: E164) -> None:
    assert (hash_number(keys, number) == hash_number(keys, other)) == (number == other)
    assert len(hash_number(keys, number)) == 32


def test_a_hash_is_keyed_so_that_nobody_can_try_all_numbers(keys: Keys, tmp_path: Path) -> None:
    number = E164("+46701740605")
    assert hash_number(keys, number) != hash_number(load_keys(tmp_path), number)


USES: list[Callable[[Keys], bytes]] = [
    lambda keys: keys.sealing,
    lambda keys: keys.wrapping,
    lambda keys: keys.hashing,
    lambda keys: keys.web,
]


def test_each_use_has_a_key_of_its_own_that_stays(tmp_path: Path) -> None:
    keys, again = load_keys(tmp_path), load_keys(tmp_path)
    assert len({use(keys) for use in USES}) == len(USES)
    assert [use(keys) for use in USES] == [use(again) for use in USES]


def test_keys_do_not_show_themselves_in_a_log(keys: Keys) -> None:
    assert keys.sealing.hex()[:8] not in repr(keys)
    assert repr(keys.sealing)[:8] not in repr(keys)
