from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "safetyplant.notifications"
    label = "notifications"
