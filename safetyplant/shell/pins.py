"""Shared phones: setting a PIN on a device, and switching to another person by it."""

import itertools
from typing import Any, cast

from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from safetyplant.access.models import DevicePin
from safetyplant.access.pins import DIGITS, close_pin, person_by_pin, pin_of, pins_on, set_pin
from safetyplant.access.rules import public, signed_in
from safetyplant.access.transitions import require
from safetyplant.audit.services import record
from safetyplant.shell.devices import device_of, remember
from safetyplant.texts import TextField


class PinInput(forms.PasswordInput):
    def __init__(self, **attrs: Any) -> None:
        super().__init__(
            attrs={"inputmode": "numeric", "pattern": f"[0-9]{{{DIGITS}}}", "maxlength": DIGITS, "autocomplete": "off", **attrs}
        )


class SetPinForm(forms.Form):
    """The password once more, then the PIN: once, for a mistyped one is simply set anew."""

    password = forms.CharField(
        label=gettext_lazy("Your password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    pin = TextField(
        label=gettext_lazy("PIN of six digits"),
        widget=PinInput(),
        help_text=gettext_lazy("Not one that is easily guessed, such as 123456 or a birthday."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("The password is not right."))
        return password

    def clean_pin(self) -> str:
        pin: str = self.cleaned_data["pin"]
        if len(pin) != DIGITS or not (pin.isascii() and pin.isdigit()):
            raise forms.ValidationError(_("A PIN has six digits."))
        if _is_guessed(pin):
            raise forms.ValidationError(_("This PIN is easily guessed. Choose another one."))
        return pin


def _is_guessed(pin: str) -> bool:
    """One digit, two in turn, or a row up or down."""
    steps = {(int(after) - int(before)) % 10 for before, after in itertools.pairwise(pin)}
    return len(set(pin)) < 3 or steps in ({1}, {9})


class SwitchForm(forms.Form):
    person = forms.TypedChoiceField(
        label=gettext_lazy("Who are you?"), coerce=int, widget=forms.RadioSelect(attrs={"data-look": "chips"})
    )
    pin = TextField(label=gettext_lazy("PIN of six digits"), widget=PinInput())

    def __init__(self, *args: Any, pins: list[DevicePin], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.choices = [(pin.person_id, pin.person.name) for pin in pins]


@public
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def switch(request: HttpRequest) -> HttpResponse:
    """Take over this device by PIN; whoever was signed in is signed out.

    SECURITY: names are shown to whoever holds the device, and only of those who set a PIN on it.
    """
    device = device_of(request)
    pins = pins_on(device.key) if device is not None else []
    form = SwitchForm(request.POST or None, pins=pins, initial={"person": request.GET.get("person")})
    if request.method == "POST" and device is not None and form.is_valid():
        person = person_by_pin(device.key, form.cleaned_data["person"], form.cleaned_data["pin"])
        if person is not None:
            return _let_in(request, person)
        form.add_error("pin", _("The PIN is not right. After five wrong ones it ends, and the password is needed."))
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "pins": pins, "next": request.POST.get("next", request.GET.get("next", ""))}
    return render(request, "account/switch.html", context, status=status)


def _let_in(request: HttpRequest, person: Any) -> HttpResponse:
    with transaction.atomic():
        login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
        record("account.switched", person, by=person)
    url = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    response = redirect(url if is_ours else "/field/")
    remember(request, response, person.username)
    return response


def can_have_pin(person: Any) -> bool:
    """SECURITY: whoever chose a second factor keeps it; six digits must not go round it."""
    return person.is_active and not is_mfa_enabled(person)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def pin(request: HttpRequest) -> HttpResponse:
    """Set or renew one's PIN on this device."""
    device, person = device_of(request), cast(Any, request.user)
    form = SetPinForm(request.POST or None, user=person)
    may = can_have_pin(person) and device is not None
    if request.method == "POST" and form.is_valid():
        require(may, _("Sign in with your password on this device first; with a second factor there is no PIN."))
        with transaction.atomic():
            set_pin(person, device.key, form.cleaned_data["pin"], by=person)  # type: ignore[union-attr]
            record("account.pin_set", person, by=person)
        messages.success(request, _("Your PIN is set. Whoever else uses this phone can switch to you and back with it."))
        return redirect("account_pin")
    status = 422 if request.method == "POST" else 200
    own = pin_of(person, device.key) if device is not None else None
    return render(request, "account/pin.html", {"form": form, "may": may, "own": own}, status=status)


@signed_in
@require_POST
def pin_close(request: HttpRequest) -> HttpResponse:
    device, person = device_of(request), cast(Any, request.user)
    if device is not None and close_pin(person, device.key):
        record("account.pin_closed", person, by=person)
    messages.success(request, _("There is no PIN of yours on this device any more."))
    return redirect("account_pin")
