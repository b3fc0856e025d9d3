"""Every route that there is, with an address that leads to it."""

from flask import Flask
from werkzeug.routing.converters import NumberConverter


def routes(app: Flask) -> list[tuple[str, str, str]]:
    """Endpoint, method and an address; what stands for an argument may name nothing that there is."""
    with app.test_request_context():
        return [
            (rule.endpoint, method, app.url_for(rule.endpoint, **values))
            for rule in app.url_map.iter_rules()
            for values in [
                {
                    name: 2026 if isinstance(one, NumberConverter) else "page.css"
                    for name, one in rule._converters.items()
                }
            ]
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        ]
