"""A rung as staff read it: "-2bd" is “2 business days before”."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from techforce.core.ladders import RUNG


def rung_in_words(code: str) -> str:
    """The code itself where it is none of a ladder's: a rung of an older release, or a note without a date."""
    match = RUNG.fullmatch(code)
    if match is None:
        return code
    moment = _moment(int(match["days"]), match)
    return _with_repeat(moment, int(match["repeat"])) if match["repeat"] else moment


def _moment(days: int, match: re.Match[str]) -> str:
    if days == 0:
        return _("on %(day)s") % {"day": match["anchor"]} if match["anchor"] else _("on the day")
    words = {"length": _length(abs(days), match["unit"]), "day": match["anchor"]}
    if match["anchor"]:
        return (_("%(length)s after %(day)s") if days > 0 else _("%(length)s before %(day)s")) % words
    return (_("%(length)s after") if days > 0 else _("%(length)s before")) % words


def _length(days: int, unit: str) -> str:
    if unit == "bd":
        return ngettext("%(days)d business day", "%(days)d business days", days) % {"days": days}
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


def _with_repeat(moment: str, days: int) -> str:
    every = ngettext("%(moment)s, then every day", "%(moment)s, then every %(days)d days", days)
    return every % {"moment": moment, "days": days}
