from celery.signals import task_postrun, task_prerun
from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "safetyplant.audit"
    label = "audit"

    def ready(self) -> None:
        from safetyplant.audit import audit, context  # noqa: F401 - models must be loaded before sentences

        task_prerun.connect(context.enter_task, dispatch_uid="audit-context")
        task_postrun.connect(context.leave_task, dispatch_uid="audit-context")
