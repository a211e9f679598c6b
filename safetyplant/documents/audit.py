"""How the story of a document is told."""

from django.utils.translation import gettext_lazy as _

from safetyplant.audit.history import register

register("document.drafted", sentence=_("%(actor)s began version %(version)s."), icon="pencil-square")
register(
    "document.published",
    sentence=_("%(actor)s published version %(version)s, valid from %(valid_from)s."),
    icon="patch-check",
    tone="good",
)
register("document.withdrawn", sentence=_("%(actor)s withdrew the document from %(on)s on."), icon="archive", tone="bad")
