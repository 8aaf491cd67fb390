"""How often people are reminded of one kind of date, as administrators may change it."""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.lookups import Regex
from django.utils.translation import gettext_lazy as _

from techforce.core.history import track
from techforce.core.labels import record
from techforce.core.ladders import AS_STORED, LONGEST, declared
from techforce.core.models.base import Row, Versioned
from techforce.core.querysets import RowQuerySet

# A NULL becomes an empty text, which is no rung; and a text with the separator in it would be counted as two.
rungs_as_text = Func(
    F("rungs"), Value(";"), Value(""), function="array_to_string", output_field=models.TextField()
)
rungs_apart = Func(
    Func(rungs_as_text, Value(";"), function="string_to_array"),
    function="cardinality",
    output_field=models.IntegerField(),
)


class LadderQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.all() if user.has_perm("core.view_ladder") else self.none()

    def to_follow(self) -> Self:
        """Changed since what is under way was dated."""
        return self.filter(followed_version__lt=F("version"))


@track("version", "rungs", "is_own")
@record(
    "The rungs of one kind of reminder: distances from a date, and roles. No person.",
    keep="GRS 3.2, 30 months",
)
class Ladder(Row, Versioned):
    """Seeded from the file in which an app declares it (`core.ladders`)."""

    key = models.CharField(_("key"), max_length=60, unique=True, editable=False)
    rungs = ArrayField(
        models.CharField(max_length=LONGEST),
        verbose_name=_("rungs"),
        help_text=_("First to last: distance from the date, then > who hears of it"),
    )
    is_own = models.BooleanField(
        _("changed here"),
        default=False,
        editable=False,
        help_text=_("No: the starting value, which a release may change"),
    )
    followed_version = models.PositiveIntegerField(
        _("version followed"),
        default=1,
        editable=False,
        help_text=_("What is under way is dated by this version"),
    )

    following_since = models.DateTimeField(
        _("following since"),
        null=True,
        editable=False,
        help_text=_("When what is under way was first dated by this version"),
    )

    objects = LadderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder ladder")
        verbose_name_plural = _("reminder ladders")
        ordering = ("key",)
        indexes = [
            models.Index(
                fields=["id"], name="ladder_to_follow", condition=Q(followed_version__lt=F("version"))
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Regex(rungs_as_text, Value(f"^{AS_STORED}(;{AS_STORED})*$"))
                & Q(rungs__len=rungs_apart),
                name="ladder_of_rungs",
            ),
            models.CheckConstraint(
                condition=Q(followed_version__lte=F("version")), name="ladder_follows_what_was"
            ),
        ]

    def __str__(self) -> str:
        known = declared().get(self.key)
        return known.item if known else self.key
