"""A form field for photos, working from a plain form, and from a script that has sent them before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from safetyplant.attachments import images, limits, services
from safetyplant.attachments.exceptions import UploadRefused
from safetyplant.attachments.models import Attachment

SHA_LENGTH = 64


@dataclass(slots=True)
class SentPhotos:
    """What came with the form: files, and hashes of photos received before."""

    files: Sequence[Any] = ()
    shas: Sequence[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.files or self.shas)


class PhotosInput(forms.Widget):
    """A file input for several photos, with those already received above it, each kept by a ticked box (no script needed).

    `received` is filled by the field while it cleans: a form shown again after an error keeps every photo that arrived.
    """

    template_name = "attachments/photos_input.html"
    needs_multipart_form = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.received: list[Attachment] = []
        self.max_photos = limits.MAX_PHOTOS

    def __deepcopy__(self, memo: dict[int, Any]) -> "PhotosInput":
        copy = super().__deepcopy__(memo)
        copy.received = []  # each form its own: what one person sent must never show in another's form
        return copy

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> SentPhotos:
        listed = getattr(data, "getlist", None)
        shas = listed(f"{name}_sha") if listed else list(data.get(f"{name}_sha", []))
        sent = files.getlist(name) if hasattr(files, "getlist") else list(files.get(name, [])) if files else []
        return SentPhotos(files=sent, shas=list(dict.fromkeys(sha.strip().lower() for sha in shas if sha.strip())))

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in files and f"{name}_sha" not in data

    def use_required_attribute(self, initial: Any) -> bool:
        return False  # a photo received before is enough, which the browser can't know

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        control = {name: part for name, part in context["widget"]["attrs"].items() if name != "required"}
        context["widget"] |= {
            "control": flatatt(control),
            "received": self.received,
            "accept": images.ACCEPT,
            "max": self.max_photos,
        }
        return context

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        """With the house's own templates and tags, which Django's renderer of forms does not know."""
        return mark_safe(render_to_string(template_name, context))  # noqa: S308 - a template's output


class PlainPhotosInput(PhotosInput):
    """For pages without sign-in: no script sends photos before the form, and those received are not shown again."""

    template_name = "attachments/photos_plain.html"


class PhotosField(forms.Field):
    """Cleans to a list of unbound `Attachment`s of the person in `by`, which the form sets (`form.fields["photos"].by = user`).

    Bad photos are named in the error; the good ones of the same form are kept and shown again.
    """

    widget = PhotosInput
    default_error_messages = {
        "required": _("Add at least one photo."),
        "too_many": ngettext_lazy("At most %(max)s photo.", "At most %(max)s photos.", "max"),
        "lost": _("A photo has not arrived. Add it again."),
        "refused": _("%(file)s: %(reason)s"),
    }

    def __init__(self, *, by: Any = None, max_photos: int = limits.MAX_PHOTOS, **options: Any) -> None:
        self.by, self.max_photos = by, max_photos
        super().__init__(**options)
        self.widget.max_photos = max_photos

    def clean(self, value: SentPhotos | None) -> list[Attachment]:
        if self.by is None:
            raise RuntimeError("PhotosField needs `by`, the person who sends the photos.")
        sent = value or SentPhotos()
        if self.required and not sent:
            raise ValidationError(self.error_messages["required"], code="required")
        received, errors = self._receive_all(sent)
        self.widget.received = received
        if len(received) + len(errors) > self.max_photos or len(sent.files) + len(sent.shas) > self.max_photos * 2:
            errors.append(ValidationError(self.error_messages["too_many"], code="too_many", params={"max": self.max_photos}))
        if errors:
            raise ValidationError(errors)
        return received

    def _receive_all(self, sent: SentPhotos) -> tuple[list[Attachment], list[ValidationError]]:
        received: dict[int, Attachment] = {}
        errors: list[ValidationError] = []
        for sha in sent.shas[: self.max_photos * 2]:
            found = services.find_received(sha, by=self.by) if len(sha) == SHA_LENGTH and sha.isalnum() else None
            if found is None:
                errors.append(ValidationError(self.error_messages["lost"], code="lost"))
            else:
                received[found.pk] = found
        for file in sent.files[: self.max_photos * 2]:
            try:
                photo = services.receive(file, by=self.by)
            except UploadRefused as refused:
                params = {"file": file.name, "reason": refused.message}
                errors.append(ValidationError(self.error_messages["refused"], code="refused", params=params))
            else:
                received[photo.pk] = photo
        return list(received.values()), errors

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)
