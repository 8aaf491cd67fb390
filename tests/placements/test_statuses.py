"""I6: no status changes but by the workflow, whoever tries and how."""

import pytest

from techforce.core.models import AuditEvent
from techforce.core.workflow import all_workflows, transition, workflow_of
from tests.factories import partners, placements
from tests.factories.agencies import agency_member
from tests.factories.placements import SelectionFactory
from tests.placements.attacks import refused, run

pytestmark = pytest.mark.django_db

MADE_BY = {
    "placements.Certificate": placements.CertificateFactory,
    "placements.Referral": placements.ReferralFactory,
    "placements.Selection": placements.SelectionFactory,
    "placements.MatchRound": placements.MatchRoundFactory,
    "placements.Offer": placements.OfferFactory,
    "placements.Placement": placements.PlacementFactory,
    "placements.Determination": placements.DeterminationFactory,
    "placements.ChecklistItem": placements.ChecklistItemFactory,
    "placements.ChecklistTemplate": placements.DraftTemplateFactory,
    "placements.NumbersEdition": placements.EditionFactory,
    "placements.TrainingEnrollment": placements.TrainingEnrollmentFactory,
    "placements.DisclosureExtension": placements.DisclosureExtensionFactory,
    "partners.Partner": partners.PartnerFactory,
    "partners.Nomination": partners.NominationFactory,
}
OTHER = "is only for the workflow"


def another_state(row):
    return next(state for state in workflow_of(row).states.values if state != row.status)


def test_each_workflow_of_these_apps_is_attacked():
    ours = {
        flow.model for flow in all_workflows() if flow.model.partition(".")[0] in ("placements", "partners")
    }
    assert ours == set(MADE_BY)


@pytest.mark.parametrize("model", MADE_BY)
def test_update_cannot_change_a_status(model):
    row = MADE_BY[model]()
    with refused(OTHER):
        type(row).objects.filter(pk=row.pk).update(status=another_state(row))


@pytest.mark.parametrize("model", MADE_BY)
def test_save_cannot_change_a_status(model):
    row = MADE_BY[model]()
    row.status = another_state(row)
    with refused(OTHER):
        row.save()


@pytest.mark.parametrize("model", MADE_BY)
def test_raw_sql_cannot_change_a_status(model):
    row = MADE_BY[model]()
    with refused(OTHER):
        run(f"UPDATE {row._meta.db_table} SET status = %s WHERE id = %s", another_state(row), row.pk)


@pytest.mark.parametrize("model", MADE_BY)
def test_a_state_that_nobody_listed_cannot_be_inserted(model):
    with refused("status_known|issued_past_draft|entered_with_record|answer_is_whole"):
        MADE_BY[model](status="limbo")


def test_a_legal_transition_leaves_exactly_one_audit_row():
    selection = SelectionFactory()
    manager = agency_member("hiring_manager", agency=selection.opening.agency)
    transition(selection, "shortlist", by=manager)
    event = AuditEvent.objects.about(selection).get()
    assert (event.actor, event.from_state, event.to_state) == (manager, "proposed", "shortlisted")
