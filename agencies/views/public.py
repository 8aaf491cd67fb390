"""The public list of openings: search, filters, and how many there are."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.models import Opening
from agencies.querysets import contains_words
from techforce.core.paging import keyset_page

LONGEST_KEYWORD = 100


@dataclass(frozen=True)
class Search:
    """What is looked for. The names in the address are those of USAJOBS; a discipline is a word of our own."""

    keyword: str
    agency: str
    discipline: str

    @classmethod
    def asked_by(cls, query: QueryDict) -> "Search":
        keyword = " ".join(query.get("Keyword", "")[:LONGEST_KEYWORD].split())
        return cls(keyword, query.get("Organization", ""), query.get("Discipline", ""))

    @property
    def is_narrowed(self) -> bool:
        return bool(self.keyword or self.agency or self.discipline)

    def openings(self) -> Any:
        chosen = {"agency__code": self.agency, "discipline__code": self.discipline}
        rows = Opening.objects.for_public_list().searched(self.keyword)
        return rows.filter(**{column: code for column, code in chosen.items() if code})


@dataclass(frozen=True)
class Facet:
    """One choice of a filter, and how many openings it would show beside the other choices."""

    code: str
    name: str
    count: int
    is_chosen: bool


class Facets:
    """Agencies and disciplines with published openings, counted by one query that also gives the total."""

    def __init__(self, search: Search) -> None:
        self.search = search
        matching = contains_words(search.keyword)
        found = Count("id", filter=matching) if matching else Count("id")
        columns = (
            "agency__code",
            "agency__display_name",
            "agency__name",
            "discipline__code",
            "discipline__name",
        )
        groups = Opening.objects.published().order_by().values_list(*columns)
        self.groups = [
            ((agency, display_name or name), (discipline, discipline_name), count)
            for agency, display_name, name, discipline, discipline_name, count in groups.annotate(found=found)
        ]

    @property
    def total(self) -> int:
        return sum(
            count
            for (agency, _name), (discipline, _discipline_name), count in self.groups
            if self.search.agency in ("", agency) and self.search.discipline in ("", discipline)
        )

    def agencies(self) -> list[Facet]:
        counts: Counter[Any] = Counter()
        for agency, (discipline, _name), count in self.groups:
            counts[agency] += count if self.search.discipline in ("", discipline) else 0
        return _facets(counts, self.search.agency)

    def disciplines(self) -> list[Facet]:
        counts: Counter[Any] = Counter()
        for (agency, _name), discipline, count in self.groups:
            counts[discipline] += count if self.search.agency in ("", agency) else 0
        return _facets(counts, self.search.discipline)


def _facets(counts: Counter[Any], chosen: str) -> list[Facet]:
    facets = [Facet(code, name, count, code == chosen) for (code, name), count in counts.items()]
    return sorted(facets, key=lambda facet: facet.name.casefold())


@require_safe
@login_not_required
def opening_list(request: HttpRequest) -> HttpResponse:
    """Published openings, the soonest deadline first."""
    search = Search.asked_by(request.GET)
    facets = Facets(search)
    page = keyset_page(search.openings(), request.GET, keys=("closes_at", "id"))
    context = {
        "search": search,
        "agencies": facets.agencies(),
        "disciplines": facets.disciplines(),
        "total": facets.total,
        "openings": page.rows,
        "previous_url": page.previous_url,
        "next_url": page.next_url,
    }
    return render(request, "openings/list.html", context)
