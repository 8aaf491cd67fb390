"""What a person may download of what is held about them, table by table.

Each app says in its `privacy.py`, for each table, either which columns go into the download (`give`) or that they do
not, and why (`withhold`). A column that is labelled personal or restricted and appears in neither fails a test, so a
new one cannot be forgotten in either direction.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.constants import LOOKUP_SEP
from django.utils.translation import gettext_lazy as _lazy

from techforce.core.labels import Sensitivity

Lookup = Any
"""A path such as "cohort__name", or an expression."""
Files = Callable[[Any], Iterable[tuple[str, str]]]
"""`files(user)` gives for each file its name in the download and its name in the store."""

ROWS_AT_ONCE = 500
BOOKKEEPING = frozenset(
    {"id", "public_id", "version", "created_at", "nudge_on", "reminder_cycle", "next_reminder_at"}
)
"""Columns by which the program finds and versions its rows. They say nothing about anybody."""
LABELLED = (Sensitivity.PERSONAL, Sensitivity.RESTRICTED)


class Topic(models.TextChoices):
    """The headings under which a person reads it, in this order."""

    APPLYING = "applying", _lazy("You and your applications")
    RESULTS = "results", _lazy("Results")
    LETTERS = "letters", _lazy("Conversations and interviews")
    OFFERS = "offers", _lazy("Offers and service")
    NOMINATION = "nomination", _lazy("Nomination by a company")
    ROLES = "roles", _lazy("Roles that you hold")
    ACCOUNT = "account", _lazy("Your account")


@dataclass(frozen=True, kw_only=True)
class Share:
    """The part of one table that its person gets. `owner` is the path from a row to their account."""

    name: str
    title: Any
    topic: Topic
    model: type[models.Model]
    owner: str
    columns: Mapping[str, Lookup]
    only: models.Q = field(default_factory=models.Q)

    def rows(self, user: Any) -> Iterator[dict[str, Any]]:
        own = self._of(user).order_by("pk")
        for values in own.values_list(*self.columns.values()).iterator(ROWS_AT_ONCE):
            yield dict(zip(self.columns, values, strict=True))

    def holds_anything(self, user: Any) -> bool:
        return self._of(user).exists()

    def _of(self, user: Any) -> models.QuerySet[Any]:
        return self.model._base_manager.filter(self.only, **{self.owner: user.pk})

    @property
    def labels(self) -> dict[str, str]:
        """A name for each column in words, from the model."""
        return {key: _label(self.model, key, lookup) for key, lookup in self.columns.items()}

    @property
    def accounted(self) -> set[str]:
        """Columns of the table that are given, or that lead to the person."""
        lookups = [lookup for lookup in self.columns.values() if isinstance(lookup, str)]
        return {lookup.split(LOOKUP_SEP)[0] for lookup in (*lookups, self.owner)}


@dataclass(frozen=True)
class Withheld:
    """Columns that stay inside, and the reason; no columns means the rest of the table."""

    model: type[models.Model]
    reason: str
    columns: frozenset[str]


_SHARES: dict[str, Share] = {}
_WITHHELD: list[Withheld] = []
_FILES: dict[str, Files] = {}


def give(
    name: str,
    title: Any,
    model: type[models.Model],
    /,
    *,
    owner: str,
    columns: Iterable[str] = (),
    only: models.Q | None = None,
    under: Topic = Topic.ACCOUNT,
    **renamed: Lookup,
) -> None:
    """Register a part of the download: `columns` under their own names, `renamed` under the names given here. People
    read it `under` a heading; words for a column are registered in `core.privacy.readable`."""
    found = {column: column for column in columns} | renamed
    _SHARES[name] = Share(
        name=name,
        title=title,
        model=model,
        owner=owner,
        columns=found,
        only=only or models.Q(),
        topic=under,
    )


def withhold(model: type[models.Model], reason: str, *columns: str) -> None:
    """Register that `columns`, or all that is not given, stay inside. `reason` is for whoever reads the code."""
    _WITHHELD.append(Withheld(model, reason, frozenset(columns)))


def give_files(name: str, files: Files) -> None:
    """Register files that go into the download beside the data."""
    _FILES[name] = files


def shares() -> tuple[Share, ...]:
    return tuple(_SHARES.values())


def files_of(user: Any) -> list[tuple[str, str]]:
    return [entry for files in _FILES.values() for entry in files(user)]


def unaccounted() -> list[str]:
    """Labelled columns of which nobody said whether their person gets them."""
    return [
        f"{model._meta.label}.{name}"
        for model in apps.get_models()
        if not model._meta.proxy
        for name in sorted(_labelled(model) - _accounted(model))
    ]


def _labelled(model: type[models.Model]) -> set[str]:
    fields = model._meta.local_fields
    labelled = {each.name for each in fields if getattr(each, "sensitivity", None) in LABELLED}
    return labelled - BOOKKEEPING


def _accounted(model: type[models.Model]) -> set[str]:
    found = {column for share in shares() if share.model is model for column in share.accounted}
    for withheld in _WITHHELD:
        if withheld.model is model:
            found |= withheld.columns or _labelled(model)
    return found


def _label(model: type[models.Model], key: str, lookup: Lookup) -> str:
    """The column's own name; what comes from another table is named by its key."""
    own = {column.name: column for column in model._meta.concrete_fields}
    return str(own[lookup].verbose_name) if lookup in own else key.replace("_", " ")
