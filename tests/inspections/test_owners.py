"""Photos of drafts and of several findings."""

import hashlib
import io
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image

from inspections.models import Hazard
from inspections.services import FindingData
from inspections.workflows import submit_inspection
from safetyplant.attachments.models import Attachment
from safetyplant.attachments.services import receive, remove_orphans
from tests.factories.inspections import draft

pytestmark = pytest.mark.usefixtures("catalogue", "people")


@pytest.fixture
def sha(supervisor):
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(file, "JPEG")
    receive(io.BytesIO(file.getvalue()), by=supervisor)
    return hashlib.sha256(file.getvalue()).hexdigest()


def test_photos_of_a_draft_outlive_the_removal_of_orphans(station, supervisor, sha):
    inspection = draft(station, supervisor, failed={3: FindingData(text="Gate broken", photos=[sha])})
    much_later = timezone.now() + timedelta(days=60)
    assert remove_orphans(now=much_later) == 0
    inspection.delete()
    assert remove_orphans(now=much_later) == 1


def test_one_photo_shows_two_findings(station, supervisor, sha):
    failed = {3: FindingData(text="Gate broken", photos=[sha]), 4: FindingData(text="Belt guard loose", photos=[sha])}
    submit_inspection(draft(station, supervisor, failed=failed), by=supervisor)
    assert [hazard.photos.attachments.count() for hazard in Hazard.objects.all()] == [1, 1]
    assert Attachment.objects.count() == 2
