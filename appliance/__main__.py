"""`python -m appliance` is `efterklang`."""

from appliance.cli import main

main()
