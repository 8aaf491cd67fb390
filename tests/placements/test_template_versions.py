"""Checklist templates as versions: copied, edited with their contradictions named, previewed, published for good."""

from typing import Any

import pgtrigger
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from placements import services
from placements.models import ChecklistTemplate, ChecklistTemplateStep
from placements.services.preview import seeded_steps, steps_in_use
from placements.services.template_versions import problems_in, steps_in
from techforce.core.errors import NotPermitted, Refused, TransitionRefused
from techforce.core.models import AuditEvent
from tests.factories.accounts import opm_staff
from tests.factories.program import VettingTierFactory
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

TIERS = ("L", "M", "NS-S", "H", "NS-TS")


@pytest.fixture(autouse=True)
def seeded() -> None:
    for tier in TIERS:
        VettingTierFactory(code=tier)
    services.seed_placements()


@pytest.fixture
def administrator() -> Any:
    return opm_staff("administrator")


def opm_desk(role: str) -> Desk:
    desk = Desk(opm_staff(role))
    desk.raise_request_exception = True
    return desk


def in_use(kind: str = "outside") -> ChecklistTemplate:
    return ChecklistTemplate.objects.in_use().get(kind=kind)


def draft(by: Any, kind: str = "outside") -> ChecklistTemplate:
    return services.copy_template_to_draft(template=in_use(kind), by=by)


def test_what_is_in_use_says_the_same_as_our_files() -> None:
    for kind in ("leave_of_absence", "separation", "outside"):
        for tier in TIERS:
            assert steps_in_use(kind, tier) == seeded_steps(kind, tier)


def test_a_copy_says_the_same_and_the_version_in_use_stays(administrator: Any) -> None:
    copy = draft(administrator)
    assert steps_in(copy) == steps_in(in_use())
    assert (copy.status, copy.version_number, copy.copied_from) == ("draft", 2, in_use())
    with pytest.raises(Refused, match="draft of this checklist already"):
        draft(administrator)


def test_publishing_retires_the_older_one_and_is_audited(administrator: Any) -> None:
    older, copy = in_use(), draft(administrator)
    services.publish_template(template=copy, by=administrator)
    older.refresh_from_db()
    assert (in_use(), older.status) == (copy, "retired")
    assert older.retired_on is not None
    taken = AuditEvent.objects.about(copy).values_list("action", "actor")
    assert ("placements.checklisttemplate:publish", administrator.pk) in taken


def test_others_neither_copy_nor_publish(administrator: Any) -> None:
    manager = opm_staff("program_manager")
    with pytest.raises(NotPermitted):
        draft(manager)
    with pytest.raises(NotPermitted):
        services.publish_template(template=draft(administrator), by=manager)


# ── A published version stays as it is ────────────────────────────────────────────────────────────
ATTACKS = (
    "UPDATE placements_checklisttemplatestep SET gate = 'none' WHERE template_id = %s",
    "DELETE FROM placements_checklisttemplatestep WHERE template_id = %s",
    "UPDATE placements_checklisttemplate SET digest = 'x' WHERE id = %s",
)


def run(sql: str, template: ChecklistTemplate) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [template.pk])


@pytest.mark.parametrize("sql", ATTACKS)
def test_the_database_keeps_a_published_version(sql: str) -> None:
    with pytest.raises(IntegrityError):
        run(sql, in_use())


def test_no_step_is_added_to_a_published_version_nor_moved_into_it(administrator: Any) -> None:
    step = draft(administrator).steps.get(code="C01")
    step.template = in_use()
    with pytest.raises(IntegrityError), transaction.atomic():
        step.save()
    step.pk, step.code = None, "C77"
    with pytest.raises(IntegrityError), transaction.atomic():
        step.save()


def test_control_without_the_triggers_it_changes() -> None:
    with pgtrigger.ignore("placements.ChecklistTemplateStep:published_steps_stay"):
        run(ATTACKS[0], in_use())
    assert not in_use().steps.exclude(gate="none").exists()


# ── Contradictions ────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"depends_on": ["C99"]}, "C03: counts on C99, which is not there"),
        ({"anchors": ["C04"], "depends_on": []}, ""),
        ({"condition": "it_rains"}, "C03: unknown word it_rains"),
        ({"anchors": ["EOD", "EOD"]}, "C03: names the same word twice in one list"),
        ({"alternatives": "C03|C04"}, "C03: C04 does not name the same alternatives at the same gate"),
    ],
)
def test_a_draft_with_a_contradiction_is_not_published(
    administrator: Any, columns: dict[str, Any], sentence: str
) -> None:
    copy = draft(administrator)
    copy.steps.filter(code="C03").update(**columns)
    if not sentence:
        copy.steps.filter(code="C04").update(anchors=["C03"])
        sentence = "C03: counts on itself, by way of what it counts on"
    assert sentence in problems_in(steps_in(copy))
    with pytest.raises(TransitionRefused, match=sentence):
        services.publish_template(template=copy, by=administrator)


# ── What a release brings ─────────────────────────────────────────────────────────────────────────
def test_a_release_does_not_take_away_what_staff_published(administrator: Any) -> None:
    copy = draft(administrator)
    copy.steps.filter(code="C12").update(offset=-45)
    services.publish_template(template=copy, by=administrator)
    assert str(services.seed_placements()) == "nothing to change"
    # As if the file had changed since.
    with pgtrigger.ignore("placements.ChecklistTemplate:published_version_stays"):
        ChecklistTemplate.objects.filter(kind="outside").update(seed_digest="an older file")
    services.seed_placements()
    assert in_use() == copy
    assert ChecklistTemplate.objects.get(kind="outside", status="draft").drafted_by is None


# ── In the admin ──────────────────────────────────────────────────────────────────────────────────
def page(template: ChecklistTemplate) -> str:
    return reverse("admin:placements_checklisttemplate_change", args=[template.pk])


def fields_of(step: ChecklistTemplateStep) -> dict[str, Any]:
    """What the form of a step sends when nothing was touched."""
    columns = {
        name: getattr(step, name)
        for name in (
            "position", "code", "title", "owner_role", "recorder_role", "gate", "offset", "unit", "undated_reason",
            "condition", "law", "evidence", "guidance", "decided_by", "shared_with", "excusable_by",
        )
    }  # fmt: skip
    lists = ("anchors", "yearly_days", "depends_on", "outcomes", "accepted_outcomes")
    columns |= {name: ", ".join(getattr(step, name)) for name in lists}
    columns |= {"alternatives": step.alternatives.replace("|", ", "), "_version": step.version}
    return {name: "" if value is None else value for name, value in columns.items()}


def press(desk: Client, template: ChecklistTemplate, name: str) -> str:
    address = reverse("admin:placements_checklisttemplate_act", args=[template.pk, name])
    return desk.post(address, follow=True).content.decode()


def test_an_administrator_copies_edits_compares_and_publishes() -> None:
    desk = opm_desk("administrator")
    assert "The draft is made." in press(desk, in_use(), "copy")
    copy = ChecklistTemplate.objects.get(status="draft")
    step = copy.steps.get(code="C12")
    address = reverse("admin:placements_checklisttemplatestep_change", args=[step.pk])
    assert desk.get(address).status_code == 200
    answer = desk.post(address, fields_of(step) | {"offset": "-45"}, follow=True)
    assert answer.redirect_chain[-1][0] == page(copy)
    assert "Changed: C12 Exit counseling: distance -30 → -45" in " ".join(answer.content.decode().split())
    asked = {"kind": "outside", "tier": "M", "with_drafts": "on", "eod": "2026-11-30"}
    dates = desk.get(reverse("admin:checklist_dates"), asked).content.decode()
    assert "Entry on duty</td>" in dates
    assert "2028-10-15" in dates
    assert "2028-10-30" in dates
    assert "The version is in use." in press(desk, copy, "publish")
    assert in_use() == copy


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"depends_on": "C02, C99"}, "counts on C99, which is not there"),
        ({"depends_on": "C03"}, "counts on itself"),
        ({"accepted_outcomes": "perhaps"}, "accepts an outcome that it cannot have"),
        ({"accepted_outcomes": ""}, "This field is required."),
        ({"anchors": "EOD", "offset": "-32768", "unit": "months"}, "Give at most 120, before or after."),
        ({"anchors": "EOD", "offset": "3661", "unit": "business_days"}, "Give at most 3660"),
        ({"opens_anchor": "EOD", "opens_offset": "3661"}, "less than or equal to 3660"),
        ({"anchors": "EOD," * 500}, "Give at most 10 of them."),
        ({"anchors": "EOD, EOD"}, "Give each of them once."),
        ({"unit": ""}, "Give what it counts from, the distance and its unit together"),
        ({"recorder_role": "candidate"}, "candidate is not one of the available choices"),
        ({"code": "C04"}, "The draft has a step C04 already."),
    ],
)
def test_a_step_that_contradicts_the_draft_comes_back_with_a_sentence(
    administrator: Any, changes: dict[str, str], sentence: str
) -> None:
    step = draft(administrator).steps.get(code="C03")
    desk = opm_desk("administrator")
    address = reverse("admin:placements_checklisttemplatestep_change", args=[step.pk])
    answer = desk.post(address, fields_of(step) | changes)
    assert sentence in answer.content.decode()


def test_a_step_is_added_to_a_draft_and_taken_out_again(administrator: Any) -> None:
    copy, desk = draft(administrator), opm_desk("administrator")
    add = reverse("admin:placements_checklisttemplatestep_add")
    assert desk.get(f"{add}?template={copy.pk}").status_code == 200
    sent = fields_of(copy.steps.get(code="C12")) | {"template": copy.pk, "code": "C13", "title": "Farewell"}
    assert "Farewell" in desk.post(add, sent, follow=True).content.decode()
    step = copy.steps.get(code="C13")
    remove = reverse("admin:placements_checklisttemplatestep_act", args=[step.pk, "remove"])
    assert desk.post(remove, follow=True).status_code == 200
    assert not copy.steps.filter(code="C13").exists()


def test_a_published_step_has_no_form_and_a_reviewer_changes_nothing(administrator: Any) -> None:
    step = in_use().steps.get(code="C12")
    address = reverse("admin:placements_checklisttemplatestep_change", args=[step.pk])
    assert opm_desk("administrator").post(address, fields_of(step) | {"offset": "-45"}).status_code == 403
    in_draft = draft(administrator).steps.get(code="C12")
    address = reverse("admin:placements_checklisttemplatestep_change", args=[in_draft.pk])
    assert opm_desk("reviewer").post(address, fields_of(in_draft)).status_code == 403


def test_retiring_asks_first_and_leaves_nothing_in_use() -> None:
    template, desk = in_use(), opm_desk("administrator")
    address = reverse("admin:placements_checklisttemplate_act", args=[template.pk, "retire"])
    assert desk.post(address, {}).status_code == 422
    desk.post(address, {"is_understood": "on"})
    template.refresh_from_db()
    assert template.status == "retired"
