from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "safetyplant.shell"
    label = "shell"

    def ready(self) -> None:
        # After the models are loaded, which the figure needs.
        from safetyplant.notifications.metrics import unread_messages
        from safetyplant.shell import audit
        from safetyplant.shell.navigation import register_counter

        register_counter("inbox", unread_messages)
        audit.register_sentences()
