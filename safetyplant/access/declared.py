"""Rules of views that are not ours, by URL namespace or by full view name."""

from safetyplant.access.rules import PUBLIC, SIGNED_IN, Rule

STAFF = Rule("staff", check=lambda user: user.is_staff)

BY_NAMESPACE: dict[str, Rule] = {"admin": STAFF}
BY_VIEW_NAME: dict[str, Rule] = {}
BY_MODULE: dict[str, Rule] = {"django.views.static": PUBLIC, "django.contrib.staticfiles.views": PUBLIC}

__all__ = ["BY_MODULE", "BY_NAMESPACE", "BY_VIEW_NAME", "SIGNED_IN"]
