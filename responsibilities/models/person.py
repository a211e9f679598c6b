"""People: the user model."""

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from responsibilities import querysets, standing
from responsibilities.choices import Grade, MailMode, Shift
from safetyplant.search.fields import SearchIndex, SearchVector


class Person(AbstractBaseUser, PermissionsMixin):
    """A user of the system. Logs in with the employee number; may have no e-mail.

    What someone may see and do, the read-only admin included, comes from `Appointment` and the unit tree, never from groups
    or flags here; `is_active=False` refuses the next request. `is_external` marks people known only by name (a contractor's
    worker in an old record), who can never log in.
    """

    username = models.CharField(
        _("employee number"),
        max_length=40,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("Someone with this employee number exists already.")},
    )
    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    unit = models.ForeignKey(
        "responsibilities.Unit", models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("unit")
    )
    post = models.ForeignKey(
        "responsibilities.Post", models.SET_NULL, null=True, blank=True, related_name="people", verbose_name=_("post")
    )
    grade = models.CharField(_("grade"), max_length=8, choices=Grade, default=Grade.WORKER)
    is_middle_level = models.BooleanField(_("middle level or above"), default=False)
    shift = models.CharField(_("shift"), max_length=4, choices=Shift, default=Shift.DAY)
    language = models.CharField(_("language"), max_length=8, blank=True, choices=[("en", "English"), ("zh-hans", "简体中文")])
    mail_mode = models.CharField(_("mail"), max_length=8, choices=MailMode, default=MailMode.EACH)
    is_external = models.BooleanField(_("known by name only"), default=False)
    #: Rises when all sessions end for good, whatever becomes of the person's access afterwards.
    session_round = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    must_change_password = models.BooleanField(_("has to choose a password of their own"), default=False, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    search = SearchVector("username", "name")

    objects = querysets.PersonManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["unit", "name"], name="person_unit_name"), SearchIndex(name="person_search")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(is_external=True, is_active=True), name="person_external_never_logs_in")
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def standing(self) -> "standing.Standing":
        """Roles held today and what follows from them; read once per request, since a request loads its user anew."""
        return standing.standing_of(self)

    @property
    def initials(self) -> str:
        """The surname character in Chinese, two capitals in Latin: what the avatar shows."""
        if self.name and self.name[0] > "⺀":
            return self.name[0]
        words = self.name.split()
        return "".join(word[0] for word in words[:2]).upper()

    def set_password(self, raw_password: str | None) -> None:
        """Whoever sets a password says whether it is temporary, afterwards; by itself a new password is one's own."""
        super().set_password(raw_password)
        self.must_change_password = False

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """SECURITY: what a session must show at each request: beside the password, that its round is not over."""
        of_password: str = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        return f"{of_password}.{self.session_round}" if self.session_round else of_password

    def end_sessions(self) -> None:
        """Unsaved. Whoever comes back signs in anew."""
        self.session_round += 1

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name
