"""A checklist that the administrator is changing: its draft is there to look at, to preview and to publish."""

from placements.models import ChecklistTemplate
from placements.services import copy_template_to_draft
from techforce.core.seeding import Seeded
from techforce.demo.loading.accounts import account

EARLIER_EXIT = ("C12", -45)


def load_drafts(seeded: Seeded) -> None:
    versions = ChecklistTemplate.objects.filter(kind="outside")
    if versions.count() != 1:
        return
    draft = copy_template_to_draft(template=versions.in_use().get(), by=account("administrator"))
    code, offset = EARLIER_EXIT
    draft.steps.filter(code=code).update(offset=offset)
    seeded.count(draft, is_new=True)
