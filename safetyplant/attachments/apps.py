from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    name = "safetyplant.attachments"
    label = "attachments"
