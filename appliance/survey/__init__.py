"""The survey itself: its questions, its dialogue as a pure state machine, and what the citizen hears."""
