"""Rules of views that are not ours, by URL namespace, URL name or module. Ours carry their rule themselves."""

from collections.abc import Callable
from typing import Any

from django.urls import ResolverMatch

from safetyplant.access.rules import PUBLIC, SIGNED_IN, Rule

#: The admin pages show all records of the plant. The right is the rooms' own; here it is only asked for by name.
RECORDS = Rule("records", check=lambda user: user.standing.everywhere("view_audit"))

BY_NAMESPACE: dict[str, Rule] = {
    "admin": RECORDS,
    # Operations check rows and rights themselves through the same querysets and workflows as pages.
    "api": SIGNED_IN,
}

BY_NAME: dict[str, Rule] = {
    "account_login": PUBLIC,
    "account_logout": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    # Between password and code nobody is signed in yet; allauth admits only a login in progress.
    "mfa_authenticate": PUBLIC,
    "mfa_index": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "javascript-catalog": PUBLIC,
}

#: Files of the front end: public by nature.
BY_MODULE: dict[str, Rule] = {"django.views.static": PUBLIC, "django.contrib.staticfiles.views": PUBLIC}


def rule_for(view: Callable[..., Any], match: ResolverMatch) -> Rule | None:
    """The rule of a resolved view; None when nobody declared one."""
    own = getattr(view, "access_rule", None) or getattr(getattr(view, "view_class", None), "access_rule", None)
    if own is not None:
        return own
    for namespace in match.namespaces:
        # django-ninja's own namespaces carry a version: api-1.0.0.
        found = BY_NAMESPACE.get(namespace.partition("-")[0])
        if found is not None:
            return found
    if not match.namespaces and match.url_name in BY_NAME:
        return BY_NAME[match.url_name]
    return BY_MODULE.get(getattr(view, "__module__", ""))
