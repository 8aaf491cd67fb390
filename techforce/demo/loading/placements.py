"""From the selection to the end of a term: who was considered, offered a job, screened, checked, and serves."""

import datetime
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db.models import F

from agencies.models import Opening
from applicants.models import Application, Interview
from placements import conflicts
from placements.models import Determination, Offer, OfferKind, Placement, Referral, Selection
from placements.services.dates import redate
from placements.services.facts import known_about
from techforce.accounts.models import User
from techforce.core.calendar import EASTERN, next_business_day
from techforce.core.seeding import Seeded
from techforce.demo.loading import cohorts
from techforce.demo.loading.cast import Cast
from techforce.demo.loading.certificates import opening_of
from techforce.demo.loading.checklists import ask_for_more_time
from techforce.demo.loading.content import address, day, end_of, moment, read
from techforce.demo.loading.service import first_day, serve, serve_after_transfer
from techforce.demo.loading.story import Step, Story

HOLDS_NO_SEAT = ("fell_through", "transferred")


def load_placements(seeded: Seeded) -> None:
    story, cast = Story(), Cast()
    seats: Counter[int] = Counter()
    told: list[Telling] = []
    for entry in sorted(read("placements")["selections"], key=lambda entry: entry["proposed"]):
        cohort = cohorts.by_slug(entry.get("cohort", cohorts.CURRENT))
        application = Application.objects.select_related("applicant__user").get(
            cohort=cohort, applicant__user__email=address(entry["name"])
        )
        opening = opening_of(entry, cohort)
        if not Selection.objects.filter(opening=opening, application=application).exists():
            telling = Telling(story, cast, entry, application, opening, seats)
            telling.tell()
            told.append(telling)
            seeded.count(application, is_new=False)
    story.write()
    new = Placement.objects.filter(due_on__isnull=True).select_related("opening").order_by("pk")
    redate(new, by=cast.system)
    for telling in told:
        telling.ask_for_more_time()
    story.write()
    for key, count in seats.items():
        Opening.objects.filter(pk=key).update(seats_filled=F("seats_filled") + count)


class Telling:
    """What became of one person at one opening."""

    def __init__(
        self,
        story: Story,
        cast: Cast,
        entry: dict[str, Any],
        application: Application,
        opening: Opening,
        seats: Counter[int],
    ) -> None:
        self.story, self.cast, self.entry = story, cast, entry
        self.application, self.opening, self.seats = application, opening, seats
        self.person: User = application.applicant.user

    def tell(self) -> None:
        selection = self.select()
        if "meets" in self.entry:
            self.meet(selection, self.entry["meets"])
        screen = self.screen(selection)
        if "tentative" not in self.entry:
            return
        tentative = self.offer(selection, OfferKind.TENTATIVE, self.entry["tentative"])
        firm = None
        if "firm" in self.entry:
            firm = self.offer(selection, OfferKind.FIRM, self.entry["tentative"] | self.entry["firm"])
        if "placement" in self.entry:
            self.serve(selection, screen, tentative, firm)

    def ask_for_more_time(self) -> None:
        """Once the steps are dated."""
        if "more_time" in self.entry:
            placement = Placement.objects.get(applicant=self.application.applicant, opening=self.opening)
            ask_for_more_time(self.story, placement, self.entry["more_time"], self.by)

    def by(self, arrow: str) -> User:
        return self.cast.taking(arrow, person=self.person, agency_code=self.opening.agency.code)

    def select(self) -> Selection:
        begun = moment(self.entry["proposed"], hour=9)
        selection = Selection(
            application=self.application,
            applicant_id=self.application.applicant_id,
            cohort_id=self.application.cohort_id,
            opening=self.opening,
            referral=Referral.objects.get(opening=self.opening),
            created_at=begun,
        )
        self.story.note(selection, "placements.selection:propose", at=begun, by=self.by("propose"))
        self.story.tell(selection, self.entry["path"], self.by)
        selection.selected_by = self.by("select") if selection.selected_at else None
        selection.save()
        return selection

    def meet(self, selection: Selection, entry: dict[str, Any]) -> None:
        """An interview that is fixed and still to come, on a day on which offices are open."""
        hour = datetime.time(entry["hour"])
        starts_at = datetime.datetime.combine(next_business_day(day(entry["after"])), hour, tzinfo=EASTERN)
        interview = Interview(
            application_id=selection.application_id,
            opening=self.opening,
            place=entry["place"],
            starts_at=starts_at,
            ends_at=starts_at + datetime.timedelta(hours=1),
            created_at=moment(-2, hour=14),
        )
        self.story.take(interview, "book", at=interview.created_at, by=self.by("interview"))
        interview.save()

    def screen(self, selection: Selection) -> Determination:
        """What the rule proposes, and what the ethics official signed."""
        entry = self.entry.get("screen", {"path": []})
        proposal = conflicts.screen(known_about(selection).facts())
        determination = Determination(
            selection=selection,
            proposed_result=proposal.result,
            rule_codes=list(proposal.rules),
            is_restricted=proposal.is_restricted,
            created_at=selection.created_at,
        )
        self.story.note(
            determination,
            "placements.determination:propose",
            at=determination.created_at,
            by=self.cast.system,
        )
        self.story.tell(determination, entry["path"], self.by)
        if determination.signed_at:
            determination.signed_by, determination.signed_result = self.by("sign"), entry["signed"]
        determination.save()
        return determination

    def offer(self, selection: Selection, kind: str, entry: dict[str, Any]) -> Offer:
        cohort, steps = self.opening.cohort, entry["path"]
        offer = Offer(
            selection=selection,
            applicant_id=selection.applicant_id,
            opening=self.opening,
            cohort=cohort,
            kind=kind,
            pay_rate=entry["pay"],
            pay_min=cohort.pay_min,
            pay_max=cohort.pay_max,
            starts_on=first_day(self.entry["starts"]),
            response_due_at=end_of(entry["due"]) if "due" in entry else None,
            prepared_by=self.by("send"),
            created_at=moment(Step.parse(steps[0]).day if steps else -1, hour=8),
        )
        self.story.tell(offer, steps, self.by)
        offer.save()
        return offer

    def serve(
        self, selection: Selection, screen: Determination, tentative: Offer, firm: Offer | None
    ) -> None:
        plan = self.entry["placement"]
        by: Callable[[str], User] = self.by
        placement = serve(self.story, by, plan, tentative, firm, screen)
        self.seats[placement.opening_id] += placement.status not in HOLDS_NO_SEAT
        if "transfer" in self.entry:
            entry = self.entry["transfer"]
            opening = opening_of(entry, self.application.cohort)
            serve_after_transfer(self.story, self.cast, entry, placement, opening)
            self.seats[opening.pk] += 1
