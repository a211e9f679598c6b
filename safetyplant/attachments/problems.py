"""RFC 9457 answers of the file addresses."""

from typing import Any

from django.http import JsonResponse

from safetyplant.attachments.exceptions import UploadRefused


def problem(status: int, title: object, detail: object = "", *, kind: str = "about:blank", **facts: Any) -> JsonResponse:
    body = {"type": kind, "title": str(title), "status": status, "detail": str(detail), **facts}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def refusal(refused: UploadRefused) -> JsonResponse:
    response = problem(refused.status, refused.title, refused.message, kind=f"/problems/{refused.kind}", **refused.facts)
    if "received" in refused.facts:
        response["Upload-Offset"] = str(refused.facts["received"])
    return response
