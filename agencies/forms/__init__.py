"""What an agency fills in."""

from agencies.forms.beginning import NewOpeningForm, writable_offices
from agencies.forms.change import ChangeForm, SeatsForm
from agencies.forms.draft import DraftForm

__all__ = ["ChangeForm", "DraftForm", "NewOpeningForm", "SeatsForm", "writable_offices"]
