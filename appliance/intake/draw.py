"""The random draw: a keyed function of the day's seed and the contact, so that a day can be repeated and audited."""

import hmac


def is_drawn(seed: bytes, source: str, source_call_id: str, share: float) -> bool:
    """Whether a contact is among the drawn share (0–1); independent of every other contact."""
    digest = hmac.digest(seed, f"{source}\0{source_call_id}".encode(), "sha256")
    return int.from_bytes(digest[:8]) < share * 2**64
