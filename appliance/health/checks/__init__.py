"""One file a check: TITLE says what should be so, `run(context)` gives an Issue for each thing that is not."""
