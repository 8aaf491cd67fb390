"""Long and still easy to guess: what lists of common passwords miss once fifteen characters are asked for."""

import re
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MIN_DISTINCT = 5
_REPEATED = re.compile(r"(.+?)\1+")


class PatternValidator:
    """Refuses one piece repeated, counting up or down, and very few different characters."""

    def validate(self, password: str, user: Any = None) -> None:
        if _REPEATED.fullmatch(password) or len(set(password)) < MIN_DISTINCT or _counts(password):
            raise ValidationError(
                _("This password follows a simple pattern. Use a few words that do not belong together."),
                code="password_pattern",
            )

    def get_help_text(self) -> str:
        return _("Your password can’t be one piece repeated or a row such as 1234.")


def _counts(password: str) -> bool:
    """Each character is the neighbor of the one before, in the same direction; after 9 comes 0."""
    steps = {ord(after) - ord(before) for before, after in pairwise(password)}
    return steps <= {1, -9} or steps <= {-1, 9}
