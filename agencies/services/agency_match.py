"""Which agency of the table an announcement means, by code or by a name that may be written in several ways."""

import re
from collections.abc import Hashable, Iterator
from typing import TypeVar

from agencies.models import Agency
from agencies.usajobs import Announcement

AGENCY_WIDE = re.compile(r"\s*-\s*agency wide$", re.IGNORECASE)
LITTLE_WORDS = frozenset({"of", "the", "and", "for", "in", "us"})

Words = frozenset[str]
Key = TypeVar("Key", bound=Hashable)


class AgencyNotFound(LookupError):
    """`reason` is one of `import_notes`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class AgencyIndex:
    """All agencies, looked up in memory. A department never stands in for a component that it lacks."""

    def __init__(self) -> None:
        agencies = list(Agency.objects.order_by("pk"))
        self._by_id = {agency.pk: agency for agency in agencies}
        self._by_code = {agency.code: agency for agency in agencies}
        self._by_name: dict[str, list[Agency]] = {}
        self._by_words: dict[Words, list[Agency]] = {}
        for agency in agencies:
            for name in {agency.name, agency.display_name} - {""}:
                _file(self._by_name, name_key(name), agency)
                _file(self._by_words, words_of(name), agency)

    def find(self, announcement: Announcement) -> Agency:
        """The agency in use that is meant. Raises AgencyNotFound if there is none, or more than one."""
        if not (announcement.agency_codes or announcement.organization or announcement.department):
            raise AgencyNotFound("no_agency")
        reason = "unknown_agency"
        for candidates in self._candidates(announcement):
            in_use = [agency for agency in candidates if agency.is_active]
            if agency := self._only_one(in_use):
                return agency
            if candidates and reason == "unknown_agency":
                reason = "ambiguous_agency" if in_use else "retired_agency"
        raise AgencyNotFound(reason)

    def _only_one(self, agencies: list[Agency]) -> Agency | None:
        """An independent agency is often listed twice: NF, and NF00 with the same name. Then the longer code is
        meant, as in the present form."""
        lowest = [one for one in agencies if all(one.code.startswith(other.code) for other in agencies)]
        return lowest[0] if lowest else None

    def _candidates(self, announcement: Announcement) -> Iterator[list[Agency]]:
        """By the most specific code, then by each way to read the name, the literal one first."""
        if announcement.agency_codes and (named := self._by_code.get(announcement.agency_codes[-1])):
            yield [named]
        department = self._department(announcement.department)
        for name in _readings(announcement.organization, announcement.department):
            for found in (self._by_name.get(name_key(name), []), self._by_words.get(words_of(name), [])):
                yield [agency for agency in found if department is None or self._is_part(agency, department)]

    def _department(self, name: str) -> Agency | None:
        found = [agency for agency in self._by_name.get(name_key(name), []) if agency.is_active]
        return found[0] if len(found) == 1 else None

    def _is_part(self, agency: Agency | None, department: Agency) -> bool:
        while agency is not None and agency.pk != department.pk:
            agency = self._by_id[agency.parent_id] if agency.parent_id else None
        return agency is not None


def _readings(organization: str, department: str) -> Iterator[str]:
    """ "Interior, US Fish and Wildlife Service" of the Department Of The Interior is also read without its
    first word, and "… - Agency Wide" as the department."""
    yield organization or department
    head, _comma, tail = organization.partition(", ")
    if tail and head.casefold() in department.casefold():
        yield tail
    if AGENCY_WIDE.search(organization):
        yield f"{department} - Agency Wide"
        yield department


def name_key(name: str) -> str:
    """`name` without capitals, punctuation and a leading article: "U. S." and "United States" are "us"."""
    text = re.sub(r"\bu\.?\s?s\.(?=\W|$)|\bunited states\b", "us", name.casefold()).replace("&", " and ")
    return " ".join(re.findall(r"\w+", text)).removeprefix("the ")


def words_of(name: str) -> Words:
    """The words that count, in any order: "Bureau of the Census" is the "U.S. Census Bureau". What stands in
    brackets, mostly an abbreviation, does not count."""
    return frozenset(name_key(re.sub(r"\([^)]*\)", " ", name)).split()) - LITTLE_WORDS


def _file(index: dict[Key, list[Agency]], key: Key, agency: Agency) -> None:
    entries = index.setdefault(key, [])
    if agency not in entries:
        entries.append(agency)
