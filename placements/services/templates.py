"""Loads the checklist templates of placements/seed. A template that changed becomes a new version; placements under
way keep the steps that they began with."""

import hashlib
import tomllib
from pathlib import Path

from django.db import transaction

from placements import checklists
from placements.models import ChecklistTemplate, ChecklistTemplateStep
from placements.services.template_versions import put_in_use
from techforce.accounts.models import User
from techforce.core.seeding import Seeded
from techforce.program.models import VettingTier

SEED = Path(__file__).resolve().parent.parent / "seed"
FILES = ("vetting.toml", "ethics_leave.toml", "ethics_separation.toml", "ethics_outside.toml")


def read_seed() -> list[checklists.Template]:
    """The templates of our own writing, checked. Raises checklists.BadTemplate."""
    return checklists.read_templates(
        tomllib.loads((SEED / name).read_text(encoding="utf-8")) for name in FILES
    )


@transaction.atomic
def seed_placements() -> Seeded:
    """Put each template in use that is new or that a release changed. What staff published themselves stays in use:
    beside it the release's version waits as a draft."""
    seeded = Seeded()
    tiers = {tier.code: tier for tier in VettingTier.objects.order_by("pk")}
    for template in read_seed():
        _put(seeded, template, tiers.get(template.tier))
    return seeded


def _put(seeded: Seeded, template: checklists.Template, tier: VettingTier | None) -> None:
    digest = hashlib.sha256(repr(template.steps).encode()).hexdigest()
    versions = ChecklistTemplate.objects.filter(kind=template.kind, tier=tier)
    if versions.filter(seed_digest=digest).exists() or versions.filter(status="draft").exists():
        return
    older = versions.in_use().first()
    row = ChecklistTemplate.objects.create(
        kind=template.kind,
        tier=tier,
        version_number=versions.count() + 1,
        copied_from=older,
        effective_on=template.effective_on,
        seed_digest=digest,
    )
    rows = [_row(row, position, step) for position, step in enumerate(template.steps, start=1)]
    ChecklistTemplateStep.objects.bulk_create(rows)
    seeded.count(row, is_new=older is None)
    if older is None or older.drafted_by_id is None:
        put_in_use(row, effective_on=template.effective_on, by=User.objects.system())


def _row(template: ChecklistTemplate, position: int, step: checklists.Step) -> ChecklistTemplateStep:
    first = step.due[0] if step.due else None
    return ChecklistTemplateStep(
        template=template,
        position=position,
        code=step.code,
        title=step.title,
        owner_role=step.owner,
        recorder_role=step.recorder,
        shared_with=list(step.shared_with),
        gate=step.gate,
        anchors=[due.anchor for due in step.due],
        offset=first.offset if first else None,
        unit=first.unit if first else "",
        opens_anchor=step.opens.anchor if step.opens else "",
        opens_offset=step.opens.offset if step.opens else None,
        yearly_days=list(step.yearly),
        is_repeated=step.repeats,
        undated_reason=step.undated or ("yearly" if step.yearly else ""),
        depends_on=list(step.depends_on),
        alternatives="|".join(step.any_of),
        condition=step.when,
        outcomes=list(step.outcomes),
        accepted_outcomes=list(step.accepted),
        excusable_by=list(step.excusable_by),
        valid_days=step.valid_days,
        is_legal=step.is_legal,
        law=step.law,
        evidence=step.evidence,
        guidance=step.guidance,
        changed_by=list(step.changed_by),
        decided_by=step.decided_by,
    )
