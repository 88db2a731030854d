"""What the portal refuses, worded for the person who asked."""

from alliance.text import Text


class ActionRefused(Exception):
    """An action that may not happen now; `message` says why, in words for who pressed the button.

    Views catch it, show the message and keep everything that was typed.
    """

    def __init__(self, message: Text) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class ServiceAway(Exception):
    """Something that the portal cannot do without here does not answer: 503, and nothing was done.

    The message is for the log.
    """
