"""`efterklang draw`: who is drawn: the seed of each day, and whether a day was drawn as its seed says."""

import click


@click.group()
def draw() -> None:
    """Who is drawn: the seed of each day, and whether a day was drawn as its seed says."""
