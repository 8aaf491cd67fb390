"""What services raise. Each carries a sentence that tells the reader what to do; views turn them into 409 or 422."""

from collections.abc import Mapping


class Refused(Exception):
    """A rule of the program says no. `str(error)` is the sentence to show."""


class Conflict(Refused):
    """Somebody else changed the same thing first; load it again."""


class TransitionRefused(Refused):
    """One or more rows may not take the transition; `reasons` maps primary key to a sentence."""

    def __init__(self, reasons: Mapping[int, str]) -> None:
        self.reasons = dict(reasons)
        super().__init__(" ".join(dict.fromkeys(self.reasons.values())))


class NotPermitted(Refused):
    """The actor's role does not allow this."""
