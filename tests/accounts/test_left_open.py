"""A page that one person left open, sent after somebody else signed in at the same browser: it acts for nobody."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from applicants.models import Application, CaseThread
from techforce.accounts.models import User
from tests.accounts.visitor import Visitor
from tests.applicants.filling import at, draft, typed
from tests.factories.applicants import SubmittedApplicationFactory

pytestmark = pytest.mark.django_db

OWN_PAGES: dict[str, dict[str, str]] = {
    "/my/withdraw/": {},
    "/my/questions/ask/": {"topic": "question", "body": "Of the first person.", "key": str(uuid4())},
}


@pytest.fixture
def clock(time_machine: Any) -> Any:
    time_machine.move_to(timezone.now().replace(microsecond=0), tick=False)
    return time_machine


def token(visitor: Visitor) -> str:
    return visitor.cookies["csrftoken"].value


def signed_in(visitor: Visitor, user: User) -> None:
    """Through the form, as a browser does, which checks where the form comes from."""
    visitor.get("/accounts/login/")
    visitor.handler.enforce_csrf_checks = False
    visitor.sign_in(user)
    visitor.handler.enforce_csrf_checks = True
    assert visitor.session.get("_auth_user_id") == str(user.pk)


@pytest.mark.parametrize("path", OWN_PAGES)
@pytest.mark.parametrize("ending", ["expired", "signed out"])
def test_a_form_of_one_person_does_nothing_for_the_next(path: str, ending: str, clock: Any) -> None:
    first, second = (SubmittedApplicationFactory().applicant.user for _n in range(2))
    visitor = Visitor(enforce_csrf_checks=True)
    signed_in(visitor, first)
    visitor.get(path)
    left_open = {**OWN_PAGES[path], "csrfmiddlewaretoken": token(visitor)}
    if ending == "expired":
        clock.shift(timedelta(minutes=31))
    else:
        visitor.post("/accounts/logout/", {"csrfmiddlewaretoken": token(visitor)})
    signed_in(visitor, second)

    answer = visitor.post(path, left_open)

    assert answer.status_code == 403
    assert not Application.objects.filter(withdraws_at__isnull=False).exists()
    assert not CaseThread.objects.exists()


def test_the_same_form_does_its_work_for_the_person_who_opened_it() -> None:
    """The control: only the other account is in the way."""
    user = SubmittedApplicationFactory().applicant.user
    visitor = Visitor(enforce_csrf_checks=True)
    signed_in(visitor, user)
    visitor.get("/my/withdraw/")
    visitor.post("/my/withdraw/", {"csrfmiddlewaretoken": token(visitor), "confirm": "on"})
    assert Application.objects.filter(withdraws_at__isnull=False).exists()


def test_a_draft_left_open_is_not_saved_into_the_draft_of_the_next(clock: Any) -> None:
    """Also with a token of the second session, as after a reload of another tab: the address names the draft."""
    mine = draft()
    theirs = draft(cohort=mine.cohort)
    visitor = Visitor()
    visitor.sign_in(mine.applicant.user)
    form = typed(visitor.get(at(mine, "employers"))) | {"now": "Harbor Board", "has_none": ""}
    clock.shift(timedelta(minutes=31))
    visitor.get("/accounts/login/")
    visitor.sign_in(theirs.applicant.user)
    assert visitor.post(at(mine, "employers"), form).status_code == 404
    for row in (mine, theirs):
        row.refresh_from_db()
        assert "Harbor Board" not in str(row.answers)
