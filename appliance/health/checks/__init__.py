"""One file a check: TITLE says what should be so, `run(context)` gives an Issue for each thing that is not.

It may also give a line of text: what it saw, where that is worth a word even if all is well.
"""
