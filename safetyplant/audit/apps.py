from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "safetyplant.audit"
    label = "audit"
