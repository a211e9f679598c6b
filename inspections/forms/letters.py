"""What is noted of a letter of outside inspectors, and its answer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from responsibilities.forms.widgets import day_field, long_text
from safetyplant.texts import TextField


class LetterForm(forms.Form):
    number = TextField(label=_("Number of their document"), max_length=80)
    reply_due_on = day_field(label=_("Reply due by"))


class ReplyForm(forms.Form):
    reply = long_text(_("What was answered?"), help_text=_("In a few words, with the number of our letter."))
