"""How the story of a document is told."""

from django.utils.translation import gettext_lazy as _

from safetyplant.audit.history import register

register("document.created", sentence=_("%(actor)s created the document %(code)s."), icon="file-earmark-plus")
register("document.drafted", sentence=_("%(actor)s began version %(version)s."), icon="pencil-square")
register("document.edited", sentence=_("%(actor)s edited the draft of version %(version)s: %(count)s lines."), icon="pencil")
register("document.renamed", sentence=_("%(actor)s changed the title."), icon="pencil")
register("document.draft_discarded", sentence=_("%(actor)s discarded the draft of version %(version)s."), icon="trash")
register(
    "document.published",
    sentence=_("%(actor)s published version %(version)s, valid from %(valid_from)s."),
    icon="patch-check",
    tone="good",
)
register("document.withdrawn", sentence=_("%(actor)s withdrew the document from %(on)s on."), icon="archive", tone="bad")
