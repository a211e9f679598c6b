"""What the log says about imports."""

from django.utils.translation import gettext_lazy as _

from safetyplant.audit.history import register


def register_sentences() -> None:
    register(
        "import.finished",
        sentence=_("imported “%(file)s” as %(target)s: %(created)s new, %(updated)s changed, %(skipped)s skipped"),
        icon="file-earmark-arrow-up",
        tone="good",
    )
