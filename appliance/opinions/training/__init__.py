"""How the opinions model is made: needs the `train` extra; nothing that runs on the box comes here."""
