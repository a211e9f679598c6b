from django.urls import path

from safetyplant.api.site import api
from safetyplant.attachments.views import upload

urlpatterns = [
    # The same view as the pages use; here a token may send, too.
    path("api/v1/files/<sha256:sent_sha256>/", upload, name="api-upload"),
    path("api/v1/", api.urls),
]
