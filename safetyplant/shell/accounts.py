"""Signing in through allauth, with the rules of a plant."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.mfa.adapter import DefaultMFAAdapter
from django import forms
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from safetyplant.access.models import ApiToken
from safetyplant.shell.devices import remember
from safetyplant.shell.guessing import TooMany, count_try, remember_address
from safetyplant.texts import TextField


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the safety officer; nobody signs up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("The employee number or the password is not right."),
        "account_inactive": _("This account is closed. Ask your safety officer if that is a mistake."),
        "too_many_login_attempts": _(
            "Too many wrong attempts from this device. Wait five minutes, then try again. Your account stays open elsewhere."
        ),
        "too_many_login_attempts_elsewhere": _(
            "Too many wrong attempts with this account. Sign in on a device you have used before, or from the plant; "
            "else wait an hour, or ask your safety officer for a new password."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """SECURITY: how often, and why so, stands in `guessing`; a right password gives the try back."""
        try:
            self._login_failed_rl_usage = count_try(request, credentials.get("username", ""))
        except TooMany as refusal:
            raise self.validation_error(refusal.code) from refusal

    def post_login(self, request: HttpRequest, user: Any, **hooks: Any) -> HttpResponse:
        response = super().post_login(request, user, **hooks)
        remember(request, response, user.username)
        remember_address(request)
        return response


class MfaAdapter(DefaultMFAAdapter):
    """A second factor is each person's choice; the shared demo accounts never have one."""

    def get_totp_issuer(self) -> str:
        return "SafetyPlant"

    def is_mfa_enabled(self, user: Any, types: list[str] | None = None) -> bool:
        return not getattr(user, "is_demo", False) and super().is_mfa_enabled(user, types)


class LoginForm(AllauthLoginForm):
    """Fields `username` and `password` (the outside contract), where allauth says `login`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label = _("Employee number")
        login.widget.attrs = {
            "autocomplete": "username",
            "autocapitalize": "none",
            "autocorrect": "off",
            "spellcheck": "false",
        }
        password.label = _("Password")
        password.help_text = ""
        password.widget.attrs = {"autocomplete": "current-password"}

    def add_prefix(self, field_name: str) -> str:
        return super().add_prefix("username" if field_name == "login" else field_name)

    def clean(self) -> dict[str, Any]:
        """The password was right, so saying that the account is closed tells a stranger nothing."""
        cleaned = super().clean()
        if self.user is not None and not self.user.is_active:
            raise AccountAdapter().validation_error("account_inactive")
        return cleaned


class ChangePasswordForm(AllauthChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Present password")
        self.fields["password1"].label = _("New password")
        self.fields["password1"].help_text = _("At least ten characters; a short sentence is easy to remember.")
        self.fields["password2"].label = _("New password once more")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class PreferencesForm(forms.ModelForm):
    """What a person decides for themselves: language and mail."""

    class Meta:
        model = get_user_model()
        fields = ["language", "mail_mode"]
        widgets = {"language": forms.RadioSelect(attrs={"data-look": "seg"}), "mail_mode": forms.RadioSelect}
        help_texts = {
            "language": _("Pages and messages come in this language, on every device."),
            "mail_mode": _("Every message is in your inbox in any case."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language: Any = self.fields["language"]
        language.choices = [("", _("As the device")), *[choice for choice in language.choices if choice[0]]]
        mail = self.fields["mail_mode"]
        mail.label = pgettext_lazy("form", "Mail")
        if not self.instance.email:
            mail.help_text = _("No mail address is kept for you; ask your safety officer. Messages stay in your inbox.")


class TokenForm(forms.ModelForm):
    class Meta:
        model = ApiToken
        fields = ["name"]
        field_classes = {"name": TextField}
        labels = {"name": _("What is it for?")}
        help_texts = {"name": _("For example: nightly export of hazards")}
