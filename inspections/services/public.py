"""Who stands for people that report without signing in, and the receipt they get."""

import base64
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from responsibilities.models import Person
from responsibilities.services.people import create_person

#: Known by name only: nobody can sign in as it, and it sees nothing.
USERNAME = "public-report"
#: 50 random bits, in letters that are read out without mistakes.
CODE_LETTERS = 10


def public_reporter() -> Person:
    """Made at the first report; two at once make one."""
    known = Person.objects.filter(username=USERNAME).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            person, _secret = create_person(
                by=None,
                with_password=False,
                username=USERNAME,
                name=_("Reported without signing in"),
                is_external=True,
                is_active=False,
            )
    except (IntegrityError, ValidationError):
        # Somebody else's first report was faster.
        return Person.objects.get(username=USERNAME)
    return person


def code_of(client_id: UUID) -> str:
    """The receipt number of a report: the same one however often it is sent, and not to be guessed from anything shown."""
    digest = salted_hmac("inspections.public_report", str(client_id), algorithm="sha256").digest()
    letters = base64.b32encode(digest).decode().translate(str.maketrans("OI", "89"))[:CODE_LETTERS]
    return f"{letters[:5]}-{letters[5:]}"


def tidy_code(text: str) -> str:
    """As typed by somebody who reads it off a slip: any case, with or without the dash."""
    letters = "".join(character for character in text.upper() if character.isascii() and character.isalnum())
    return f"{letters[:5]}-{letters[5:10]}" if len(letters) == CODE_LETTERS else ""
