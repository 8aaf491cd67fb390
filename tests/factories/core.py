"""Rows of the kernel: dull and valid."""

import datetime

import factory
from django.utils import timezone

from techforce.core import models
from techforce.core.calendar import today
from tests.factories.accounts import UserFactory


class AuditEventFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.AuditEvent

    actor = factory.SubFactory(UserFactory)
    action = "agencies.opening:pause"
    subject_type = "agencies.opening"
    subject_id = 1


class AccessEventFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.AccessEvent

    actor = factory.SubFactory(UserFactory)
    subject_type = "applicants.document"
    subject_id = 1
    purpose = "review"


class OutboxMessageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.OutboxMessage

    message_class = models.MessageClass.TRANSACTIONAL
    template_key = "accounts/invitation"
    recipient = factory.SubFactory(UserFactory)
    subject_type = "accounts.user"
    subject_id = factory.SelfAttribute("recipient.pk")
    dedupe_key = factory.Sequence(lambda n: f"message-{n}")


class ReminderLedgerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.ReminderLedger

    rule = "placements.items"
    subject_type = "placements.checklistitem"
    subject_id = 1
    cycle = 1
    threshold = "due-7d"
    recipient = factory.SubFactory(UserFactory)
    message = factory.SubFactory(OutboxMessageFactory)


class WatchFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Watch

    rule = "offer"
    subject_type = "placements.offer"
    subject_id = factory.Sequence(lambda n: n + 1)


class LadderFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Ladder

    key = factory.Sequence(lambda n: f"ladder_{n}")
    rungs = ["-7d", "0d"]


class BounceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Bounce

    user = factory.SubFactory(UserFactory)
    address = factory.SelfAttribute("user.email")
    failure_code = "smtp-550"


class MailChoiceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.MailChoice

    user = factory.SubFactory(UserFactory)


class LegalHoldFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.LegalHold

    matter = factory.Sequence(lambda n: f"Docket {n}")
    subject_type = "applicants.application"
    starts_on = factory.LazyFunction(today)
    placed_by = factory.SubFactory(UserFactory)


class ClosureFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Closure

    on = factory.Sequence(lambda n: today() + datetime.timedelta(days=n))
    reason = "Executive order"


class HeartbeatFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Heartbeat

    name = factory.Sequence(lambda n: f"worker-{n}")
    at = factory.LazyFunction(timezone.now)
