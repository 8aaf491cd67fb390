"""The one page of the stand-in: who are you today?"""

from urllib.parse import parse_qs, urlencode, urlsplit

from allauth.account.models import EmailAddress
from allauth.idp.oidc.models import Client
from django import forms
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme


class PersonForm(forms.Form):
    email = forms.EmailField(label="E-mail address", max_length=150)


def people(request: HttpRequest) -> HttpResponse:
    way_on = safe_way_on(request)
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = person_with(form.cleaned_data["email"].lower())
        # The checker knows the user model of the application only; this process has Django's own.
        login(request, person, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]
        return redirect(way_on)
    return render(
        request, "login_gov/people.html", {"form": form, "next": way_on, "way_back": way_back(way_on)}
    )


def safe_way_on(request: HttpRequest) -> str:
    address = request.POST.get("next") or request.GET.get("next") or "/"
    is_own = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_own else "/"


def way_back(way_on: str) -> str:
    """Where a person who would rather not goes: to the application, which is told so; empty when nobody asked."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(way_on).query).items()}
    target = asked.get("redirect_uri", "")
    if target not in {uri for client in Client.objects.all() for uri in client.get_redirect_uris()}:
        return ""
    return f"{target}?{urlencode({'error': 'access_denied', 'state': asked.get('state', '')})}"


def person_with(address: str) -> User:
    person, _is_new = User.objects.get_or_create(username=address, defaults={"email": address})
    EmailAddress.objects.get_or_create(
        user=person, email=address, defaults={"verified": True, "primary": True}
    )
    return person
