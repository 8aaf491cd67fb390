import threading

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import ProtectedError

from techforce.program.models import Company
from tests.factories.program import CompanyAliasFactory, CompanyFactory, RecruitingChannelFactory

pytestmark = pytest.mark.django_db


def names(companies: object) -> set[str]:
    return {company.name for company in companies}


def chain() -> tuple[Company, Company, Company]:
    top = CompanyFactory(name="Top")
    middle = CompanyFactory(name="Middle", parent=top)
    return top, middle, CompanyFactory(name="Bottom", parent=middle)


def test_a_family_is_everybody_under_the_same_top() -> None:
    top, middle, bottom = chain()
    sibling = CompanyFactory(name="Sibling", parent=top)
    CompanyFactory(name="Stranger")

    for member in (top, middle, bottom, sibling):
        assert names(member.family()) == {"Top", "Middle", "Bottom", "Sibling"}


def test_a_company_that_moves_takes_its_subsidiaries_along() -> None:
    top, middle, bottom = chain()
    buyer = CompanyFactory(name="Buyer", parent=CompanyFactory(name="Holding"))

    Company.objects.filter(pk=middle.pk).update(parent=buyer)

    assert names(bottom.family()) == {"Holding", "Buyer", "Middle", "Bottom"}
    assert names(top.family()) == {"Top"}


def test_a_top_that_is_bought_brings_its_whole_family() -> None:
    top, _middle, bottom = chain()
    buyer = CompanyFactory(name="Buyer")

    Company.objects.filter(pk=top.pk).update(parent=buyer)

    assert names(buyer.family()) == {"Buyer", "Top", "Middle", "Bottom"}
    assert names(bottom.family()) == names(buyer.family())


def test_a_company_that_is_sold_stands_alone() -> None:
    _top, middle, bottom = chain()

    Company.objects.filter(pk=middle.pk).update(parent=None)

    assert names(bottom.family()) == {"Middle", "Bottom"}


@pytest.mark.parametrize("distance", [0, 1, 2])
def test_no_company_becomes_its_own_ancestor(distance: int) -> None:
    companies = chain()

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE program_company SET parent_id = %s WHERE id = %s",
            [companies[distance].pk, companies[0].pk],
        )


def test_nobody_writes_a_family_by_hand() -> None:
    top, middle, bottom = chain()
    stranger = CompanyFactory(name="Stranger")

    Company.objects.filter(pk=bottom.pk).update(family_root=stranger)

    bottom.refresh_from_db()
    assert bottom.family_root == top
    assert middle.family().count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_do_not_close_a_circle() -> None:
    first, second = CompanyFactory(), CompanyFactory()
    start = threading.Barrier(2)

    def move(company: Company, parent: Company) -> None:
        try:
            with transaction.atomic():
                start.wait(timeout=10)
                Company.objects.filter(pk=company.pk).update(parent=parent)
        except (IntegrityError, OperationalError):
            refused.append(company.pk)
        finally:
            connection.close()

    refused: list[int] = []
    moves = [threading.Thread(target=move, args=pair) for pair in ((first, second), (second, first))]
    for thread in moves:
        thread.start()
    for thread in moves:
        thread.join(timeout=20)

    assert len(refused) == 1
    assert Company.objects.filter(parent=None).count() == 1


def test_a_company_is_found_by_any_of_its_names_in_any_case() -> None:
    company = CompanyFactory(name="Meta")
    CompanyAliasFactory(company=company, name="Meta Platforms")
    CompanyAliasFactory(company=company, name="Facebook")

    for text in ("meta", " FACEBOOK ", "Meta Platforms"):
        assert list(Company.objects.known_as(text)) == [company]
    assert not Company.objects.known_as("Platforms").exists()


def test_an_alias_belongs_to_one_company_in_any_case() -> None:
    CompanyAliasFactory(name="AWS")

    with pytest.raises(IntegrityError), transaction.atomic():
        CompanyAliasFactory(name="aws")


def test_two_companies_do_not_share_a_name_in_any_case() -> None:
    CompanyFactory(name="Box", slug="box")

    with pytest.raises(IntegrityError), transaction.atomic():
        CompanyFactory(name="BOX", slug="another-box")


def test_a_parent_is_not_deleted_under_its_subsidiaries() -> None:
    top, *_rest = chain()

    with pytest.raises(ProtectedError):
        top.delete()


def test_only_a_partner_channel_names_a_company() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RecruitingChannelFactory(kind="news", company=CompanyFactory())
