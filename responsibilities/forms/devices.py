"""What is asked of whoever registers the device in their hand."""

from django import forms
from django.utils.translation import gettext_lazy as _

from responsibilities.forms.widgets import day_field
from safetyplant.texts import TextField


class DeviceForm(forms.Form):
    name = TextField(label=_("Name of the device"), max_length=80, help_text=_("As it is written on it: Ex phone 3."))
    certificate = TextField(label=_("Certificate"), max_length=120, help_text=_("Its number and class: Ex ib IIC T4 Gb."))
    valid_until = day_field(label=_("Valid until"))
