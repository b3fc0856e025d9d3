"""The profile wizard: from some lines of an unknown kind of call record to a profile, with questions where two fit."""
