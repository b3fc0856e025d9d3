"""One error class a subsystem; each message says what was tried, what happened and what to do next."""


class EfterklangError(Exception):
    """Root of every error that a user may see: shown as one line, never as a stack trace."""

    exit_code = 1


class UsageError(EfterklangError):
    """What the user gave cannot be used: a file, an option, a value."""

    exit_code = 2


class ConfigError(UsageError):
    """The configuration file is missing, unreadable or says something impossible."""


class StoreError(EfterklangError):
    """The database cannot be opened, migrated or written."""


class CustodyError(EfterklangError):
    """A key is missing or does not open what it should."""


class RecordingsAwayError(CustodyError):
    """A recording cannot be read, and that is the box's fault: nothing is known against the recording itself."""


class IntakeError(UsageError):
    """A call record cannot be read."""


class NumberError(UsageError):
    """A number that must not be rung; the message does not repeat it."""


class TelephonyError(EfterklangError):
    """The SIP side cannot start or a call cannot be placed."""


class PromptError(EfterklangError):
    """A prompt's audio is missing or unusable."""


class AudioError(UsageError):
    """A sound file is not what it should be."""


class ModelError(EfterklangError):
    """A model is missing, damaged or of the wrong kind."""


class WebError(EfterklangError):
    """The page cannot be served."""
