"""RFC 9457 answers of the file addresses."""

from django.http import HttpRequest, HttpResponse

from safetyplant.access.rendering import problem
from safetyplant.attachments.exceptions import UploadRefused


def refusal(request: HttpRequest, refused: UploadRefused) -> HttpResponse:
    """Why a file was refused; `received` says from where a sender may go on."""
    response = problem(
        request, refused.status, refused.message, title=str(refused.title), type=f"/problems/{refused.kind}", **refused.facts
    )
    if "received" in refused.facts:
        response["Upload-Offset"] = str(refused.facts["received"])
    return response
