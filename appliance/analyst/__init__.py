"""The worker that takes a recorded comment through speech and opinions."""
