"""Sign-in with Login.gov: with the stand-in as a person would, and against a provider that cheats."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import jwt
import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa

from techforce.accounts.login_gov.client import ASSERTION_TYPE, client_assertion
from techforce.accounts.models import User
from techforce.demo.login_gov import launching
from techforce.demo.login_gov.keys import CLIENT_KEY, write_pair
from tests.accounts.identity_provider import CrookedProvider
from tests.accounts.stand_in import ASSURANCE, running, using
from tests.accounts.visitor import Visitor, mails_to
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

BEGIN = "/accounts/login_gov/login/"
CALLBACK = "/accounts/login_gov/login/callback/"


@pytest.fixture(scope="module")
def running_stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of a running stand-in, and the directory of its keys."""
    directory = tmp_path_factory.mktemp("login_gov")
    with running(directory, "http://testserver") as url:
        yield url, directory


@pytest.fixture
def stand_in(running_stand_in: tuple[str, Path]) -> Iterator[str]:
    """The stand-in, to which this application is a client for the length of a test."""
    url, directory = running_stand_in
    with using(url, directory / CLIENT_KEY):
        yield url


@pytest.fixture
def cheat(tmp_path: Path) -> Iterator[CrookedProvider]:
    key_file = tmp_path / "client.pem"
    write_pair(key_file)
    provider = CrookedProvider()
    provider.client_id = launching.CLIENT_ID
    with using(provider.url, key_file):
        yield provider
    provider.stop()


def begin(visitor: Visitor, query: str = "") -> str:
    """The address at the provider to which the browser is sent."""
    return visitor.post(BEGIN + query).headers["Location"]


def asked(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def choose(address: str, email: str) -> str:
    """What a person does at the stand-in; returns the address that leads back."""
    browser = requests.Session()
    page = browser.get(address, timeout=5)
    hidden = dict(re.findall(r'name="(csrfmiddlewaretoken|next)" value="([^"]*)"', page.text))
    hidden["next"] = hidden["next"].replace("&amp;", "&")
    answer = browser.post(page.url, {**hidden, "email": email}, timeout=5, allow_redirects=False)
    while answer.headers["Location"].startswith("/"):
        answer = browser.get(urljoin(page.url, answer.headers["Location"]), timeout=5, allow_redirects=False)
    return answer.headers["Location"].removeprefix("http://testserver")


def come_back(visitor: Visitor, provider: CrookedProvider, query: str = ""):
    """Begin, and return at once with a code; the provider answers as the test has arranged."""
    question = asked(begin(visitor, query))
    provider.nonce = provider.nonce or question["nonce"]
    return visitor.get(CALLBACK, {"code": "c", "state": question["state"]})


def test_a_person_signs_in_and_has_an_account_the_next_time(stand_in: str) -> None:
    for _time in range(2):
        visitor = Visitor()
        visitor.get(choose(begin(visitor), "maya.gov@mail.example"))
        assert visitor.is_signed_in()

    account = SocialAccount.objects.get(user__email="maya.gov@mail.example")
    assert account.extra_data == {"acr": ASSURANCE}


def test_the_browser_has_no_word_in_what_is_asked(cheat: CrookedProvider) -> None:
    wishes = "?auth_params=acr_values%3Dlow%26nonce%3Dmine&scope=social_security_number&acr_values=low"
    question = asked(begin(Visitor(), wishes))

    assert question["acr_values"] == ASSURANCE
    assert set(question["scope"].split()) == {"openid", "email"}
    assert len(question["nonce"]) >= 22
    assert question["nonce"] != "mine"
    assert len(question["state"]) >= 22


def test_an_honest_answer_of_the_crooked_provider_is_believed(
    cheat: CrookedProvider, visitor: Visitor
) -> None:
    come_back(visitor, cheat)

    assert visitor.is_signed_in()


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "n" * 64},
        {"aud": "another-client"},
        {"iss": "https://elsewhere.example"},
        {"acr": "http://idmanagement.gov/ns/assurance/loa/0"},
        {"exp": 1_700_000_000},
        {"sub": "person-2"},
    ],
    ids=lambda lie: next(iter(lie)),
)
def test_a_lie_in_the_id_token_signs_nobody_in(cheat: CrookedProvider, visitor: Visitor, lie: dict) -> None:
    cheat.claims = lie

    assert b"You are not signed in" in come_back(visitor, cheat).content
    assert not visitor.is_signed_in()


@pytest.mark.parametrize("claim", ["nonce", "acr", "exp", "aud"])
def test_nothing_may_be_left_out(cheat: CrookedProvider, visitor: Visitor, claim: str) -> None:
    cheat.left_out = {claim}

    come_back(visitor, cheat)

    assert not visitor.is_signed_in()


def test_a_signature_with_another_key_is_worth_nothing(cheat: CrookedProvider, visitor: Visitor) -> None:
    cheat.signing_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    come_back(visitor, cheat)

    assert not visitor.is_signed_in()


def test_an_unsigned_token_is_worth_nothing(cheat: CrookedProvider, visitor: Visitor) -> None:
    cheat.signing_key, cheat.algorithm = None, "none"

    come_back(visitor, cheat)

    assert not visitor.is_signed_in()


def test_a_state_of_another_browser_signs_nobody_in(cheat: CrookedProvider) -> None:
    thief, victim = Visitor(), Visitor()
    question = asked(begin(thief))
    cheat.nonce = question["nonce"]

    victim.get(CALLBACK, {"code": "c", "state": question["state"]})

    assert not victim.is_signed_in()


def test_a_matching_address_does_not_open_an_account_that_exists(
    cheat: CrookedProvider, visitor: Visitor
) -> None:
    owner = UserFactory(email="owner@mail.example")
    cheat.person = {**cheat.person, "email": "owner@mail.example"}

    come_back(visitor, cheat)

    assert not visitor.is_signed_in()
    assert not SocialAccount.objects.filter(user=owner).exists()
    assert "sign in instead" in mails_to("owner@mail.example")[-1].body


def test_an_address_that_nobody_confirmed_is_asked_for_a_code(
    cheat: CrookedProvider, visitor: Visitor
) -> None:
    cheat.person = {**cheat.person, "email": "new@mail.example", "email_verified": False}

    come_back(visitor, cheat)

    assert not visitor.is_signed_in()
    assert len(mails_to("new@mail.example")) == 1


def test_who_is_signed_in_links_it_and_is_told_by_mail(cheat: CrookedProvider, visitor: Visitor) -> None:
    person = UserFactory()
    visitor.sign_in(person)

    come_back(visitor, cheat, "?process=connect")

    assert SocialAccount.objects.get(uid="person-1").user == person
    assert "linked to your account" in mails_to(person.email)[-1].body


def test_a_provider_that_is_away_is_said_in_a_sentence(cheat: CrookedProvider, visitor: Visitor) -> None:
    cheat.stop()

    page = visitor.post(BEGIN)

    assert b"You are not signed in" in page.content


@pytest.mark.parametrize("answer", [["a", "list"], {}, {"issuer": 5}])
def test_a_provider_that_describes_nothing_is_said_in_a_sentence(
    cheat: CrookedProvider, visitor: Visitor, answer: Any
) -> None:
    cheat.nonsense = {"/.well-known/openid-configuration": answer}

    assert b"You are not signed in" in visitor.post(BEGIN).content


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/.well-known/openid-configuration", ["a", "list"]),
        ("/token", ["a", "list"]),
        ("/token", {"access_token": "a", "id_token": 5}),
        ("/token", {"access_token": "a", "expires_in": "soon"}),
        ("/keys", ["a", "list"]),
        ("/keys", {}),
        ("/keys", {"keys": 5}),
        ("/keys", {"keys": ["one"]}),
        ("/keys", {"keys": [{"kid": "one", "kty": "RSA"}]}),
        ("/keys", {"keys": [{"kid": "one", "kty": "RSA", "n": 5, "e": "AQAB"}]}),
        ("/keys", {"keys": [{"kid": "one", "kty": "RSA", "n": "AQAB", "e": "é"}]}),
        ("/userinfo", ["person-1"]),
        ("/userinfo", {"sub": "person-1", "email": ["maya@mail.example"]}),
    ],
)
def test_nonsense_of_the_provider_is_said_in_a_sentence(
    cheat: CrookedProvider, visitor: Visitor, path: str, answer: Any
) -> None:
    state = asked(begin(visitor))["state"]
    cheat.nonsense = {path: answer}

    page = visitor.get(CALLBACK, {"code": "c", "state": state})

    assert b"You are not signed in" in page.content
    assert not visitor.is_signed_in()


def test_without_configuration_there_is_no_such_door(visitor: Visitor) -> None:
    assert visitor.get(BEGIN).status_code == 404
    assert not visitor.sees("Login.gov", "/accounts/login/")


def test_the_sign_in_page_offers_it_where_it_is_configured(cheat: CrookedProvider, visitor: Visitor) -> None:
    assert visitor.sees("Login.gov", "/accounts/login/")
    assert visitor.sees("never joined by a matching e-mail address", BEGIN)


def test_who_declines_there_reads_that_nothing_happened(cheat: CrookedProvider, visitor: Visitor) -> None:
    state = asked(begin(visitor))["state"]

    page = visitor.get(CALLBACK, {"error": "access_denied", "state": state}, follow=True)

    assert b"Nothing was changed" in page.content


def ask_for_token(url: str, assertion: str) -> int:
    body = {
        "grant_type": "authorization_code",
        "code": "unknown",
        "client_assertion": assertion,
        "client_assertion_type": ASSERTION_TYPE,
    }
    return requests.post(f"{url}/identity/o/api/token", body, timeout=5).status_code


def test_the_stand_in_asks_for_our_assertion_once(stand_in: str) -> None:
    good = client_assertion(launching.CLIENT_ID, audience=f"{stand_in}/identity/o/api/token")
    forged = jwt.encode(
        jwt.decode(good, options={"verify_signature": False}),
        rsa.generate_private_key(public_exponent=65537, key_size=2048),
        algorithm="RS256",
    )
    elsewhere = client_assertion(launching.CLIENT_ID, audience="https://elsewhere.example/token")

    assert ask_for_token(stand_in, forged) == 401
    assert ask_for_token(stand_in, elsewhere) == 401
    assert (
        ask_for_token(stand_in, client_assertion("somebody", audience=f"{stand_in}/identity/o/api/token"))
        == 401
    )
    assert ask_for_token(stand_in, good) == 400  # it is who it says; only the code is unknown
    assert ask_for_token(stand_in, good) == 401


def test_nobody_is_made_in_passing(cheat: CrookedProvider, visitor: Visitor) -> None:
    cheat.claims = {"nonce": "n" * 64}

    come_back(visitor, cheat)

    assert not User.objects.filter(email="maya@mail.example").exists()
