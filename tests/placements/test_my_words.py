"""Each state of each workflow that a person can see has its words, so that a new state without them fails here."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from agencies.workflow import OPENING
from applicants.workflow import APPLICATION, DOCUMENT
from partners.workflow import NOMINATION
from placements.models import Area, OfferKind, UndatedReason
from placements.services import read_seed
from placements.services.standing import step_words, words
from placements.workflow import ITEM, OFFER, PLACEMENT, SELECTION
from techforce.core.workflow import Workflow

TABLES = [
    (APPLICATION, words.APPLICATION),
    (OFFER, words.OFFER_STATES),
    (PLACEMENT, words.PLACEMENT),
    (SELECTION, words.SELECTION),
    (OPENING, words.OPENING),
    (DOCUMENT, words.DOCUMENT),
    (NOMINATION, words.NOMINATION),
    (ITEM, step_words.OWN_STEP),
]
FORBIDDEN = re.compile(
    r"\b(scores?|rat(ed|ings?)|rank(ed|ing)?|adjudicat\w+|determination|conflict|blocked|unfavorable)\b", re.I
)
PUBLIC_WORDS = {
    "Received",
    "Reviewed",
    "Referred",
    "Not referred",
    "Selected",
    "Not selected",
    "Hired",
    # the person's own doing
    "Not submitted",
    "Withdrawn",
}


@pytest.mark.parametrize(("flow", "table"), TABLES, ids=lambda value: getattr(value, "model", ""))
def test_every_state_has_its_words(flow: Workflow, table: dict[str, Any]) -> None:
    assert set(table) == set(flow.states.values)


@pytest.mark.parametrize("kind", OfferKind.values)
def test_every_state_of_each_kind_of_offer_has_its_sentence(kind: str) -> None:
    assert {status for of, status in words.OFFER if of == kind} == set(OFFER.states.values)


def test_every_field_of_checks_has_its_words() -> None:
    assert set(step_words.OFFICE) == set(step_words.NOT_MET) == set(Area.values)


def test_every_reason_for_no_date_has_its_words() -> None:
    assert set(step_words.UNDATED) == set(UndatedReason)


def test_every_own_step_of_the_templates_says_how_to_do_it() -> None:
    own = {step.code for template in read_seed() for step in template.steps if step.owner == "candidate"}
    assert own <= set(step_words.HOW_TO)


def test_a_step_that_a_later_template_brings_says_who_explains_it() -> None:
    assert "security office" in str(step_words.how_to("V99", "security_officer"))
    assert "Your agency" in str(step_words.how_to("V99", "supervisor"))


def told() -> Iterator[words.Words]:
    yield from (*words.APPLICATION.values(), *words.OFFER.values(), *words.PLACEMENT.values())
    yield from (value for value in vars(words).values() if isinstance(value, words.Words))


def test_only_public_words_stand_on_the_tag() -> None:
    assert {str(one.label) for one in told()} <= PUBLIC_WORDS


def test_no_sentence_speaks_of_scores_ranks_or_reasons_of_the_offices() -> None:
    tables = (words.SELECTION, words.OPENING, words.NOMINATION, words.OFFER_STATES)
    sentences = [str(one.sentence) for one in told()] + [str(w) for t in tables for w in t.values()]
    sentences += [str(word) for word in (*step_words.OWN_STEP.values(), *step_words.HOW_TO.values())]
    assert [sentence for sentence in sentences if FORBIDDEN.search(sentence)] == []
