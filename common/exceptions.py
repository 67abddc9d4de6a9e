"""Errors that a person caused and can mend. Each carries the Vietnamese sentence that the person reads."""


class DomainError(Exception):
    """A rule of the house says no; `str(error)` is the message to show, `field` what it is about, where that was typed."""

    def __init__(self, words: object = "", *, field: str = "") -> None:
        super().__init__(words)
        self.field = field


class NotAllowed(DomainError):
    """This person may not do this here."""


class FileRefused(DomainError):
    """The file is not one that the portal takes; the message says why."""
