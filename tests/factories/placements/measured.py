"""The public numbers and what is measured once a day."""

import datetime

import factory

from placements import models
from tests.factories.agencies import AgencyFactory, OfficeFactory
from tests.factories.program import VettingTierFactory


class EditionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.NumbersEdition

    as_of = factory.Sequence(lambda n: datetime.date(2026, 1, 5) + n * datetime.timedelta(days=7))
    publish_on = factory.LazyAttribute(lambda o: o.as_of + datetime.timedelta(days=7))


class MeasuredTimeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.MeasuredTime

    stretch = models.Stretch.TO_CLEAR
    tier = factory.SubFactory(VettingTierFactory)
    agency = factory.SubFactory(AgencyFactory)
    as_of = datetime.date(2026, 11, 2)
    count, ready, low, median, high = 20, 15, 30, 60, 90


class VettingRecordFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.VettingRecord

    office = factory.SubFactory(OfficeFactory)
    tier = factory.SubFactory(VettingTierFactory)
    as_of = datetime.date(2026, 11, 2)
    kept, missed, unpromised = 3, 1, 0


class FigureFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.NumbersFigure

    edition = factory.SubFactory(EditionFactory)
    measure = models.Measure.OPENINGS
    amount = 12
