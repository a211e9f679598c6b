"""The field for photos in a plain form."""

import io
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from safetyplant.attachments import services
from safetyplant.attachments.forms import PhotosField
from safetyplant.attachments.models import Attachment
from tests.attachments.pictures import picture, sha

pytestmark = pytest.mark.django_db


class ReportForm(forms.Form):
    text = forms.CharField()
    photos = PhotosField(required=False)


def form_of(
    person: Any, *, files: list[bytes] = (), shas: list[str] = (), text: str = "leak", required: bool = False
) -> ReportForm:
    data = QueryDict(mutable=True)
    data["text"] = text
    data.setlist("photos_sha", shas)
    sent = MultiValueDict({"photos": [SimpleUploadedFile(f"p{n}.jpg", one) for n, one in enumerate(files)]})
    form = ReportForm(data, sent)
    form.fields["photos"].by = person
    form.fields["photos"].required = required
    return form


def test_several_files_are_received(worker: Any) -> None:
    form = form_of(worker, files=[picture(), picture(size=(90, 90))])
    assert form.is_valid(), form.errors
    assert [photo.uploaded_by_id for photo in form.cleaned_data["photos"]] == [worker.pk] * 2


def test_photos_sent_before_and_with_the_form(worker: Any) -> None:
    before = services.receive(io.BytesIO(picture()), by=worker)
    form = form_of(worker, files=[picture(), picture(size=(90, 90))], shas=[before.sent_sha256])
    assert form.is_valid(), form.errors
    assert len(form.cleaned_data["photos"]) == 2


def test_no_photos_are_fine_unless_required(worker: Any) -> None:
    assert form_of(worker).is_valid()
    assert "photos" in form_of(worker, required=True).errors


def test_form_shown_again_keeps_the_photos(worker: Any) -> None:
    form = form_of(worker, files=[picture()], text="")
    assert not form.is_valid()
    html = str(form["photos"])
    photo = Attachment.objects.get()
    assert f'name="photos_sha" value="{photo.sent_sha256}" checked' in html
    assert photo.thumb_url in html
    again = form_of(worker, shas=[photo.sent_sha256])
    assert again.is_valid()
    assert again.cleaned_data["photos"] == [photo]


def test_bad_photo_is_named_and_the_good_one_kept(worker: Any) -> None:
    form = form_of(worker, files=[picture(), b"not a photo"])
    assert not form.is_valid()
    assert "p1.jpg" in str(form.errors["photos"])
    assert Attachment.objects.get().sent_sha256 in str(form["photos"])


def test_other_peoples_and_senseless_hashes_are_refused(worker: Any, worker2: Any) -> None:
    theirs = services.receive(io.BytesIO(picture()), by=worker2)
    for value in (theirs.sent_sha256, "x", "0" * 64, "é" * 64, "\x00" * 64):
        assert "photos" in form_of(worker, shas=[value]).errors


def test_more_than_six_are_refused(worker: Any) -> None:
    form = form_of(worker, files=[picture(size=(50 + number, 50)) for number in range(7)])
    assert "At most 6 photos" in str(form.errors["photos"])


def test_one_form_never_shows_the_photos_of_another(worker: Any, worker2: Any) -> None:
    form_of(worker, files=[picture()]).is_valid()
    other = form_of(worker2)
    other.is_valid()
    assert sha(picture()) not in str(other["photos"])
    assert sha(picture()) not in str(ReportForm()["photos"])


def test_field_without_person_is_a_mistake() -> None:
    with pytest.raises(RuntimeError):
        form_of(None).is_valid()
