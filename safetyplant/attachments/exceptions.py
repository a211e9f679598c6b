"""Why a file is refused, each with its HTTP status and a sentence for the person who sent it."""

from django.utils.translation import gettext_lazy as _


class UploadRefused(Exception):
    status = 422
    kind = "upload-refused"
    title = _("The photo was not accepted")

    def __init__(self, message: object, **facts: object) -> None:
        super().__init__(message)
        self.message, self.facts = message, facts


class TooLarge(UploadRefused):
    status = 413
    kind = "too-large"
    title = _("The photo is too large")


class Unsupported(UploadRefused):
    status = 415
    kind = "unsupported-type"
    title = _("This kind of file is not accepted")


class Unreadable(UploadRefused):
    kind = "unreadable"
    title = _("The photo can't be read")


class WrongHash(UploadRefused):
    kind = "wrong-hash"
    title = _("The photo arrived damaged")


class WrongRange(UploadRefused):
    status = 416
    kind = "wrong-range"
    title = _("This piece does not follow the ones received")


class BadRequest(UploadRefused):
    status = 400
    kind = "bad-request"
    title = _("The upload was not understood")


class TooMany(UploadRefused):
    status = 429
    kind = "too-many"
    title = _("Too many photos")
