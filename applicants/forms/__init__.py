"""The pages of the application form, one form a step, and what people write to the program office."""

from applicants.forms.background import EmployersForm, ExperienceForm, ResumeForm
from applicants.forms.base import StepForm, TextForm
from applicants.forms.choices import DisciplinesForm, PreferencesForm, SkillsForm
from applicants.forms.person import ConsentForm, ContactForm, EligibilityForm, SupportForm
from applicants.forms.questions import (
    LONGEST_LETTER,
    FirstQuestionForm,
    LetterForm,
    QuestionForm,
    ReviewRequestForm,
)
from applicants.forms.submit import StartForm, SubmitForm

FORM_OF: dict[str, type[StepForm]] = {
    "eligibility": EligibilityForm,
    "contact": ContactForm,
    "disciplines": DisciplinesForm,
    "experience": ExperienceForm,
    "resume": ResumeForm,
    "skills": SkillsForm,
    "preferences": PreferencesForm,
    "employers": EmployersForm,
    "consent": ConsentForm,
    "support": SupportForm,
}

__all__ = [
    "FORM_OF",
    "LONGEST_LETTER",
    "FirstQuestionForm",
    "LetterForm",
    "QuestionForm",
    "ReviewRequestForm",
    "StartForm",
    "StepForm",
    "SubmitForm",
    "TextForm",
]
