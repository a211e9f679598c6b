from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "safetyplant.notifications"
    label = "notifications"

    def ready(self) -> None:
        # After the models are loaded, which both need.
        from safetyplant.health import register_probe
        from safetyplant.notifications.probe import probe_deliveries

        register_probe("deliveries", probe_deliveries)
