"""AES-256-GCM for small data and keyed hashes of numbers. A seal names what it is for and opens for nothing else."""

import hmac
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from appliance.custody.keys import Keys
from appliance.errors import CustodyError
from appliance.types import E164, NumberHash

_NONCE_BYTES: Final = 12


def seal(key: bytes, data: bytes, purpose: bytes) -> bytes:
    """Encrypt data as nonce (12 bytes) + ciphertext + tag (16 bytes), bound to a purpose."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, data, purpose)


def unseal(key: bytes, sealed: bytes, purpose: bytes) -> bytes:
    """Decrypt what `seal` made; CustodyError where key, purpose or content differ."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], purpose)
    except (InvalidTag, ValueError) as error:
        what = purpose.split(b":")[0].decode(errors="replace")
        raise CustodyError(f"a sealed {what} does not open: the master key or the data has changed") from error


def hash_number(keys: Keys, number: E164) -> NumberHash:
    return NumberHash(hmac.digest(keys.hashing, number.encode(), "sha256"))


def seal_number(keys: Keys, number: E164) -> bytes:
    return seal(keys.sealing, number.encode(), b"number:" + hash_number(keys, number))


def unseal_number(keys: Keys, sealed: bytes, number_hash: NumberHash) -> E164:
    return E164(unseal(keys.sealing, sealed, b"number:" + number_hash).decode())
