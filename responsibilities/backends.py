"""Who is asking: the person with their unit, which every page needs to know what they may see."""

from allauth.account.auth_backends import AuthenticationBackend

from responsibilities.models import Person


class PersonBackend(AuthenticationBackend):
    """Allauth's backend, reading person and unit in one query instead of two on every request."""

    def get_user(self, user_id: int) -> Person | None:
        person = Person.objects.select_related("unit").defer("search", "unit__search").filter(pk=user_id).first()
        return person if person is not None and self.user_can_authenticate(person) else None
