"""Django's rules for passwords, in words that are there in every language."""

from django.contrib.auth.password_validation import MinimumLengthValidator as DjangoMinimumLengthValidator
from django.utils.translation import gettext as _


class MinimumLengthValidator(DjangoMinimumLengthValidator):
    """Django's own sentence has no Chinese."""

    def get_error_message(self) -> str:
        return _("Too short: a password has at least %(count)s characters.") % {"count": self.min_length}
