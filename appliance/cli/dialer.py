"""`efterklang dialer`: whether citizens are rung: pause, resume, stop."""

import click


@click.group()
def dialer() -> None:
    """Whether citizens are rung: pause, resume, stop."""
