from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "safetyplant.shell"
    label = "shell"
