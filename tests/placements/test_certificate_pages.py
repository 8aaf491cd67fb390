"""The program manager issues a certificate of all who are qualified, refers it, and sees what came back."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.models import Opening
from placements import services
from placements.models import Certificate, CertificateEntry, Referral
from techforce.accounts.models import OpmRole, User
from techforce.core.calendar import today
from techforce.core.errors import Conflict
from techforce.core.models import OutboxMessage
from techforce.program.models import Cohort, Discipline
from tests.accounts.visitor import mails_to
from tests.factories import placements as made
from tests.factories.accounts import opm_staff
from tests.factories.agencies import PublishedOpeningFactory, agency_member
from tests.factories.applicants import ApplicantFactory, QualifiedApplicationFactory, RecusalFactory
from tests.factories.program import CohortFactory, DisciplineFactory
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

NEW = "/admin/certificates/new/"
DAY = datetime.timedelta(days=1)


@pytest.fixture
def manager() -> User:
    return opm_staff(OpmRole.PROGRAM_MANAGER)


@pytest.fixture
def desk(manager: User) -> Desk:
    return at_desk(manager)


@pytest.fixture
def cohort() -> Cohort:
    found: Cohort = CohortFactory()
    return found


@pytest.fixture
def discipline() -> Discipline:
    found: Discipline = DisciplineFactory(code="software")
    return found


def at_desk(user: User) -> Desk:
    desk = Desk(user)
    desk.raise_request_exception = True
    return desk


def qualified(cohort: Cohort, discipline: Discipline, name: str = "Robin Reyes", **fields: Any) -> Any:
    person = ApplicantFactory(legal_name=name)
    return QualifiedApplicationFactory(cohort=cohort, disciplines=[discipline], applicant=person, **fields)


def answers(cohort: Cohort, discipline: Discipline) -> dict[str, str]:
    return {
        "cohort": str(cohort.pk),
        "discipline": str(discipline.pk),
        "authority": "5 CFR 213.3102(r)",
        "expires_on": (today() + 200 * DAY).isoformat(),
    }


# ── Issuing ───────────────────────────────────────────────────────────────────────────────────────
def test_the_preview_names_who_is_on_the_list_and_why_others_are_not(
    desk: Desk, cohort: Cohort, discipline: Discipline
) -> None:
    qualified(cohort, discipline, "Ada Brightwater")
    qualified(cohort, discipline, "Cyrus Dell", withdraws_at=timezone.now() + DAY)
    expired = qualified(cohort, discipline, "Edda Fairlie")
    expired.outcomes.update(decided_on=today() - 9 * DAY, expires_on=today() - DAY)
    qualified(cohort, DisciplineFactory(code="data"), "Gus Holm")

    page = desk.get(NEW, answers(cohort, discipline)).content.decode()

    assert "1 name on the list" in page
    assert "Ada Brightwater" in page
    assert "Asked to withdraw" in page
    assert "The result has expired" in page
    assert "Gus Holm" not in page
    assert not Certificate.objects.exists()


def test_the_list_that_was_seen_is_issued_with_a_number(
    desk: Desk, cohort: Cohort, discipline: Discipline
) -> None:
    people = {qualified(cohort, discipline).pk, qualified(cohort, discipline).pk}
    digest = desk.get(NEW, answers(cohort, discipline)).context["preview"]["digest"]

    answer = desk.post(NEW, {**answers(cohort, discipline), "digest": digest})

    certificate = Certificate.objects.get()
    assert answer.headers["Location"] == f"/admin/placements/certificate/{certificate.pk}/change/"
    assert certificate.status == "issued"
    assert certificate.number.endswith("-SOFTWARE-001")
    assert set(certificate.entries.values_list("application", flat=True)) == people


def test_a_list_that_changed_meanwhile_is_shown_again(
    desk: Desk, cohort: Cohort, discipline: Discipline
) -> None:
    qualified(cohort, discipline)
    digest = desk.get(NEW, answers(cohort, discipline)).context["preview"]["digest"]
    qualified(cohort, discipline, "Late Comer")

    answer = desk.post(NEW, {**answers(cohort, discipline), "digest": digest})

    assert answer.status_code == 409
    assert "The list has changed" in answer.content.decode()
    assert "Late Comer" in answer.content.decode()
    assert not Certificate.objects.exists()


def test_a_person_whom_the_manager_knows_is_on_the_list_but_not_named(
    manager: User, desk: Desk, cohort: Cohort, discipline: Discipline
) -> None:
    known = qualified(cohort, discipline, "Ada Brightwater")
    RecusalFactory(user=manager, applicant=known.applicant)

    answer = desk.get(NEW, answers(cohort, discipline))

    assert "Ada Brightwater" not in answer.content.decode()
    assert "1 further name is on the list" in answer.content.decode()
    desk.post(NEW, {**answers(cohort, discipline), "digest": answer.context["preview"]["digest"]})
    assert CertificateEntry.objects.get().application == known


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("cohort", "", "required"),
        ("cohort", "99999999", "valid choice"),
        ("authority", "", "required"),
        ("expires_on", "2020-01-01", "one year from now"),
        ("expires_on", "soon", "valid date"),
    ],
)
def test_a_wrong_answer_is_named_and_the_others_are_kept(
    desk: Desk, cohort: Cohort, discipline: Discipline, name: str, value: str, message: str
) -> None:
    qualified(cohort, discipline)
    data = {**answers(cohort, discipline), name: value}
    for answer in (desk.get(NEW, data), desk.post(NEW, data)):
        assert answer.status_code == 422
        assert message in answer.content.decode()
        kept = {key: field for key, field in data.items() if key != name}
        assert all(answer.context["form"][key].value() == field for key, field in kept.items())
    assert not Certificate.objects.exists()


def test_nobody_qualified_is_said_and_not_issued(desk: Desk, cohort: Cohort, discipline: Discipline) -> None:
    answer = desk.get(NEW, answers(cohort, discipline))
    assert "nothing to issue" in answer.content.decode()
    refused = desk.post(NEW, {**answers(cohort, discipline), "digest": answer.context["preview"]["digest"]})
    assert refused.status_code == 422


@pytest.mark.parametrize("role", [role for role in OpmRole.values if role != OpmRole.PROGRAM_MANAGER])
def test_only_a_program_manager_issues(role: str, cohort: Cohort, discipline: Discipline) -> None:
    desk = at_desk(opm_staff(role))
    assert desk.get(NEW).status_code == 403
    assert desk.post(NEW, answers(cohort, discipline)).status_code == 403


def test_numbers_are_counted_within_the_cohort_and_a_digest_is_checked(
    manager: User, cohort: Cohort, discipline: Discipline
) -> None:
    qualified(cohort, discipline)
    terms = {"authority": "5 CFR 213.3102(r)", "expires_on": today() + DAY, "by": manager}
    numbers = [
        services.issue_list(cohort=cohort, discipline=discipline, **terms).number for _number in range(2)
    ]
    assert [number[-3:] for number in numbers] == ["001", "002"]
    with pytest.raises(Conflict):
        services.issue_list(cohort=cohort, discipline=discipline, digest="of another list", **terms)


# ── Referring ─────────────────────────────────────────────────────────────────────────────────────
def certificate_of(cohort: Cohort, discipline: Discipline, manager: User) -> Certificate:
    certificate: Certificate = services.issue_list(
        cohort=cohort,
        discipline=discipline,
        authority="5 CFR 213.3102(r)",
        expires_on=today() + 200 * DAY,
        by=manager,
    )
    return certificate


def opening_of(cohort: Cohort, discipline: Discipline, **fields: Any) -> Opening:
    opening: Opening = PublishedOpeningFactory(cohort=cohort, discipline=discipline, **fields)
    return opening


def test_a_referral_tells_the_agency_and_each_person_once(
    desk: Desk, manager: User, cohort: Cohort, discipline: Discipline
) -> None:
    person = qualified(cohort, discipline).applicant.user
    certificate, opening = certificate_of(cohort, discipline, manager), opening_of(cohort, discipline)
    second = opening_of(cohort, discipline, office=opening.office)
    hr, hiring = (agency_member(role, agency=opening.agency) for role in ("hr_specialist", "hiring_manager"))
    agency_member("security_officer", agency=opening.agency), agency_member("hr_specialist")
    path = f"/admin/placements/certificate/{certificate.pk}/act/refer/"

    for one in (opening, second):
        answer = desk.post(path, {"opening": one.pk, "due_on": (today() + 15 * DAY).isoformat()})
        assert answer.status_code == 302

    assert Referral.objects.count() == 2
    assert [mail.subject for mail in mails_to(person.email)] == [
        f"Your application {person.applicant.applications.get()} was referred to an agency"
    ]
    waiting = OutboxMessage.objects.filter(template_key="certificate_waiting", recipient__in=[hr, hiring])
    assert waiting.count() == 4
    assert OutboxMessage.objects.filter(template_key="certificate_waiting").count() == 4


def test_the_mails_say_that_something_waits_and_no_name(
    manager: User, cohort: Cohort, discipline: Discipline
) -> None:
    qualified(cohort, discipline, "Ada Brightwater")
    certificate, opening = certificate_of(cohort, discipline, manager), opening_of(cohort, discipline)
    hr = agency_member(agency=opening.agency)

    services.refer_certificate(certificate=certificate, opening=opening, due_on=today() + DAY, by=manager)

    (mail,) = mails_to(hr.email)
    assert certificate.number in mail.subject
    assert "Brightwater" not in mail.body
    assert str(opening) not in mail.body


def test_a_referral_goes_to_an_opening_of_the_discipline_and_only_once(
    desk: Desk, manager: User, cohort: Cohort, discipline: Discipline
) -> None:
    qualified(cohort, discipline)
    certificate, opening = certificate_of(cohort, discipline, manager), opening_of(cohort, discipline)
    other = opening_of(cohort, DisciplineFactory(code="data"))
    services.refer_certificate(certificate=certificate, opening=opening, by=manager)
    path = f"/admin/placements/certificate/{certificate.pk}/act/refer/"

    for choice in (opening, other, opening_of(CohortFactory(), discipline)):
        answer = desk.post(path, {"opening": choice.pk, "due_on": (today() + DAY).isoformat()})
        assert answer.status_code == 422
        assert "Error:" in answer.content.decode()
    past = desk.post(path, {"opening": opening.pk, "due_on": today().isoformat()})
    assert "after today" in past.content.decode()
    assert Referral.objects.count() == 1


def test_what_came_back_is_counted_and_the_certificate_is_closed(
    desk: Desk, manager: User, cohort: Cohort, discipline: Discipline
) -> None:
    qualified(cohort, discipline), qualified(cohort, discipline)
    certificate, opening = certificate_of(cohort, discipline, manager), opening_of(cohort, discipline)
    referral = services.refer_certificate(certificate=certificate, opening=opening, by=manager)
    page, hr = f"/admin/placements/certificate/{certificate.pk}/", agency_member(agency=opening.agency)
    assert "not returned it yet" in desk.post(f"{page}act/complete/").content.decode()

    services.record_dispositions(
        referral=referral, entries=list(certificate.entries.order_by("pk")), code="not_considered", by=hr
    )
    services.return_referral(referral=referral, by=hr)

    assert "Not considered: 2" in desk.get(f"{page}change/").content.decode()
    assert desk.post(f"{page}act/complete/").status_code == 302
    certificate.refresh_from_db()
    assert certificate.status == "completed"


@pytest.mark.parametrize("role", [OpmRole.HR_DECIDER, OpmRole.AUDITOR, OpmRole.ADMINISTRATOR])
def test_others_read_a_certificate_and_do_not_refer_it(
    role: str, manager: User, cohort: Cohort, discipline: Discipline
) -> None:
    qualified(cohort, discipline)
    certificate, opening = certificate_of(cohort, discipline, manager), opening_of(cohort, discipline)
    desk, page = at_desk(opm_staff(role)), f"/admin/placements/certificate/{certificate.pk}/"

    assert "Refer to an agency" not in desk.get(f"{page}change/").content.decode()
    desk.post(f"{page}act/refer/", {"opening": opening.pk, "due_on": (today() + DAY).isoformat()})

    assert not Referral.objects.exists()


def test_the_page_of_a_certificate_costs_the_same_with_one_and_with_three_referrals(
    desk: Desk, manager: User, cohort: Cohort, discipline: Discipline
) -> None:
    qualified(cohort, discipline)
    certificate = certificate_of(cohort, discipline, manager)
    page = f"/admin/placements/certificate/{certificate.pk}/change/"
    desk.get(page)
    costs = []
    for more in (1, 2):
        for _number in range(more):
            made.ReferralFactory(certificate=certificate, opening=opening_of(cohort, discipline))
        with CaptureQueriesContext(connection) as queries:
            desk.get(page)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_the_work_page_counts_what_waits(
    desk: Desk, manager: User, cohort: Cohort, discipline: Discipline
) -> None:
    qualified(cohort, discipline)
    certificate = certificate_of(cohort, discipline, manager)
    services.refer_certificate(certificate=certificate, opening=opening_of(cohort, discipline), by=manager)
    qualified(cohort, discipline)
    counts = {str(entry["label"]): entry["count"] for entry in desk.get("/admin/").context["work"]}
    assert (counts["Qualified people to certify"], counts["Certificates to return"]) == ("1", "1")
