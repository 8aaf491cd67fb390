"""Where the work is done."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models.opening import Opening
from agencies.querysets import OpeningPlaceQuerySet
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row


@record("A place of work of an opening.", keep="with its opening", sensitivity=Sensitivity.PUBLIC)
class OpeningPlace(Row):
    opening = models.ForeignKey(Opening, models.CASCADE, related_name="places", verbose_name=_("opening"))
    city = models.CharField(_("city"), max_length=80)
    state = models.CharField(_("state"), max_length=2, help_text=_("Two letters"))

    objects = OpeningPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place of work")
        verbose_name_plural = _("places of work")
        ordering = ("state", "city")
        constraints = [
            models.UniqueConstraint(fields=["opening", "state", "city"], name="one_row_an_opening_and_place"),
            models.CheckConstraint(condition=Q(state__regex=r"^[A-Z]{2}$"), name="place_state_form"),
            models.CheckConstraint(condition=~Q(city=""), name="place_has_a_city"),
        ]

    def __str__(self) -> str:
        return f"{self.city}, {self.state}"
