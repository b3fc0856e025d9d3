"""`efterklang questionnaires`: what is asked, of whom and when."""

import click


@click.group()
def questionnaires() -> None:
    """What is asked, of whom and when."""
