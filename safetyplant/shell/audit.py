"""What people did to their own account, as their history tells it."""

from django.utils.translation import gettext_lazy as _

from safetyplant.audit.history import register


def register_sentences() -> None:
    register("account.token_made", sentence=_("%(actor)s made the access token “%(token)s”."), icon="key")
    register("account.token_revoked", sentence=_("%(actor)s revoked the access token “%(token)s”."), icon="key")
    register("account.password_changed", sentence=_("%(actor)s chose a new password."), icon="key")
