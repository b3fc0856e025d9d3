"""`efterklang opt-outs`: numbers that are never rung again, kept as keyed hashes."""

import click


@click.group("opt-outs")
def opt_outs() -> None:
    """Numbers that are never rung again, kept as keyed hashes."""
