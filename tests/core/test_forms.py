"""Forms as a person meets them: labels, hints, errors, and answers that are kept."""

import datetime
import re

import pytest
from django import forms
from django.http import QueryDict

from techforce.core.calendar import add_months, today
from techforce.core.forms import CountedTextarea, Form, MemorableDate, in_our_style


class ContactForm(Form):
    name = forms.CharField(label="Full name", help_text="As on your passport.")
    nickname = forms.CharField(label="Nickname", required=False)
    place = forms.ChoiceField(
        label="Place", choices=[("dc", "Washington"), ("x", "Remote")], widget=forms.RadioSelect
    )
    skills = forms.MultipleChoiceField(
        label="Skills", choices=[("py", "Python"), ("go", "Go")], widget=forms.CheckboxSelectMultiple
    )
    born = forms.DateField(label="Start", widget=MemorableDate)
    why = forms.CharField(label="Why", max_length=20, widget=CountedTextarea, required=False)
    sure = forms.BooleanField(label="I am sure")


GOOD = "name=Jo&place=dc&skills=py&born_month=2&born_day=3&born_year=2027&sure=on"


def contact(query: str) -> ContactForm:
    return ContactForm(QueryDict(query))


def good_but(typed: dict[str, str]) -> ContactForm:
    answers = QueryDict(GOOD, mutable=True)
    for name, value in typed.items():
        answers[name] = value
    return ContactForm(answers)


def tag(html: str, identifier: str) -> str:
    """The opening tag with this id."""
    found = re.search(rf'<[a-z]+[^>]*\bid="{identifier}"[^>]*>', html)
    assert found, f"nothing has the id {identifier}"
    return found[0]


def test_a_complete_form_is_valid() -> None:
    form = contact(GOOD)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["born"] == datetime.date(2027, 2, 3)


def test_hint_is_read_with_the_field() -> None:
    html = str(ContactForm())
    assert 'aria-describedby="id_name_helptext"' in tag(html, "id_name")
    assert "As on your passport." in html


def test_error_is_read_with_the_field_after_the_hint() -> None:
    html = str(contact(""))
    assert 'aria-describedby="id_name_helptext id_name_error"' in tag(html, "id_name")
    assert 'aria-invalid="true"' in tag(html, "id_name")
    tag(html, "id_name_error")


def test_every_reference_leads_to_an_element() -> None:
    for html in (str(ContactForm()), str(contact(""))):
        for identifiers in re.findall(r'aria-describedby="([^"]+)"', html):
            for identifier in identifiers.split():
                tag(html, identifier)
        for identifier in re.findall(r'<label[^>]* for="([^"]+)"', html):
            tag(html, identifier)


def test_the_error_summary_links_to_what_can_take_the_focus() -> None:
    html = str(contact(""))
    targets = re.findall(r'<a href="#([^"]+)"', html)
    assert targets == ["id_name", "id_place_0", "id_skills_0", "id_born_month", "id_sure"]
    assert all(re.match("<(input|select)", tag(html, target)) for target in targets)


def test_an_untouched_form_has_no_error_summary() -> None:
    assert "data-error-summary" not in str(ContactForm())


def test_an_error_of_the_whole_form_stands_in_the_summary() -> None:
    form = contact(GOOD)
    form.is_valid()
    form.add_error(None, "The window has closed.")
    assert "<li>The window has closed.</li>" in str(form)


def test_optional_fields_say_so_and_required_ones_stay_required() -> None:
    html = str(ContactForm())
    assert html.count("(optional)") == 2
    assert " required" in tag(html, "id_name")
    assert not contact("").is_valid()


def test_checkboxes_and_radio_buttons_are_drawn_as_what_they_are() -> None:
    html = str(ContactForm())
    assert 'class="usa-radio__input"' in tag(html, "id_place_0")
    assert 'class="usa-checkbox__input"' in tag(html, "id_skills_0")
    assert 'class="usa-checkbox__input"' in tag(html, "id_sure")


def test_a_group_of_options_carries_its_error_once() -> None:
    html = str(contact(""))
    assert '<fieldset class="usa-fieldset" aria-describedby="id_place_error">' in html
    assert "aria-invalid" not in tag(html, "id_place_0")


@pytest.mark.parametrize("query", ["born_month=2&born_day=31&born_year=2027", "born_day=x", "born_year=2027"])
def test_a_date_that_cannot_be_is_refused_and_kept(query: str) -> None:
    form = contact(query)
    assert form.errors["born"] == ["Enter a valid date."]
    for answer in query.split("&"):
        name, value = answer.split("=")
        shown = f'<option value="{value}" selected>' if name == "born_month" else f'value="{value}"'
        assert shown in str(form)


def test_a_stored_date_is_shown_in_its_parts() -> None:
    html = str(ContactForm(initial={"born": datetime.date(2027, 2, 3)}))
    assert '<option value="2" selected>February</option>' in html
    assert 'value="2027"' in tag(html, "id_born_year")


def test_a_long_text_is_kept_and_refused_not_cut() -> None:
    form = contact(f"{GOOD}&why={'a' * 21}")
    html = str(form)
    assert "why" in form.errors
    assert "a" * 21 in html
    assert "maxlength" not in tag(html, "id_why")
    assert "You can enter up to 20 characters" in html
    assert "id_why_count" in tag(html, "id_why")


def test_what_a_person_typed_is_escaped() -> None:
    assert "<script>" not in str(contact("name=<script>alert(1)</script>"))


def test_a_form_of_another_package_gets_our_markup_and_labels_instead_of_placeholders() -> None:
    class Foreign(forms.Form):
        login = forms.EmailField(
            label="E-mail", widget=forms.EmailInput(attrs={"placeholder": "E-mail address"})
        )

    html = in_our_style(Foreign(QueryDict("login=nobody"))).render()
    assert 'class="usa-input usa-input--error"' in tag(html, "id_login")
    assert "placeholder" not in html
    assert "data-error-summary" in html


# ── What no form takes ────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "sign", ["\r\n", "\t", "\x1b", "\x85", "\u2028", "\u2029", "\u202a", "\u202e", "\u2066", "\u2069"]
)
def test_one_line_stays_one_line_and_reads_as_it_is_written(sign: str) -> None:
    form = good_but({"name": f"Eve{sign}Bcc: x"})
    assert list(form.errors) == ["name"]
    assert "on one line" in form.errors["name"][0]


@pytest.mark.parametrize(
    "name", ["Zoë Núñez", "O’Neil-Łuków", "אבי כהן", "محمد\u200c علی", "李 小龙", " Jo\r\n"]
)
def test_names_of_all_scripts_are_one_line(name: str) -> None:
    form = good_but({"name": name})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["name"] == name.strip()


def test_a_paragraph_keeps_its_lines() -> None:
    form = good_but({"why": "One\r\ntwo\tthree"})
    assert form.is_valid(), form.errors


@pytest.mark.parametrize(("years", "is_near"), [(-11, False), (-10, True), (10, True), (11, False)])
def test_a_day_lies_within_ten_years_of_today(years: int, is_near: bool) -> None:
    day = add_months(today(), 12 * years)
    typed = {"born_year": str(day.year), "born_month": str(day.month), "born_day": str(day.day)}
    form = good_but(typed)
    assert form.is_valid() is is_near
    assert is_near or re.match(
        r"Enter a day between \w+ \d+, \d{4} and \w+ \d+, \d{4}\.", str(form.errors["born"][0])
    )


def test_a_field_that_a_form_adds_by_itself_is_held_to_the_same() -> None:
    form = ContactForm(QueryDict(f"{GOOD}&extra=a%0Ab&day=9999-12-31"))
    form.fields |= {"extra": forms.CharField(), "day": forms.DateField()}
    assert sorted(form.errors) == ["day", "extra"]


def test_the_rules_of_one_form_do_not_pile_up() -> None:
    form = contact(GOOD)
    for _again in range(3):
        form.full_clean()
    assert len(form.fields["name"].validators) == 1 + len(ContactForm.base_fields["name"].validators)
