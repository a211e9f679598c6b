"""What people did to their own account, as their history tells it."""

from django.utils.translation import gettext_lazy as _

from safetyplant.audit.history import register


def register_sentences() -> None:
    register("account.token_made", sentence=_("%(actor)s made the access token “%(token)s”."), icon="key")
    register("account.token_revoked", sentence=_("%(actor)s revoked the access token “%(token)s”."), icon="key")
    register("account.password_changed", sentence=_("%(actor)s chose a new password."), icon="key")
    register("account.pin_set", sentence=_("%(actor)s set a PIN on a shared phone."), icon="123")
    register("account.pin_closed", sentence=_("%(actor)s removed the PIN on a shared phone."), icon="123")
    register("account.switched", sentence=_("%(actor)s took over a shared phone by PIN."), icon="arrow-left-right")
