"""A contact has ended: one adapter a file, all give one `EndedContact`; the funnel decides, with one reason each."""
