"""`efterklang web`: the local page."""

import click

from appliance import logs
from appliance.settings import Settings, practice_settings


@click.command()
@click.pass_obj
def web(settings: Settings) -> None:
    """Serve the local page until it is told to stop."""
    from appliance.web.serve import serve

    logs.set_up("web")
    serve(settings if settings.sip else practice_settings(settings))
