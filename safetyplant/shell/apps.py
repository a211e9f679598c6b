from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "safetyplant.shell"
    label = "shell"

    def ready(self) -> None:
        # After the models are loaded, which the figure needs.
        from safetyplant.notifications.metrics import unread_messages  # noqa: PLC0415
        from safetyplant.shell.navigation import register_counter  # noqa: PLC0415

        register_counter("inbox", unread_messages)
