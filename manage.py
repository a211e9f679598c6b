#!/usr/bin/env python
"""Django's command line; uses the embedded PostgreSQL and Redis when no address is set (DESIGN §5)."""

import os
import sys

# These read no data: starting servers for them would only cost time.
WITHOUT_DATABASE = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "startapp",
    "version",
}


def needs_servers(arguments: list[str]) -> bool:
    command = arguments[1] if len(arguments) > 1 else "help"
    return not (command.startswith("-") or command in WITHOUT_DATABASE or "--help" in arguments or "-h" in arguments)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safetyplant.settings")
    if not os.environ.get("DATABASE_URL"):
        os.environ.setdefault("SAFETYPLANT_ENV", "local")
    from django.core.management import execute_from_command_line

    from safetyplant import embedded

    lease = None
    try:
        # In production a missing address is a fault that the settings name, never a reason to start a server.
        if os.environ.get("SAFETYPLANT_ENV", "production") != "production" and needs_servers(sys.argv):
            lease = embedded.provide()
            mail = embedded.running.facts_of(embedded.CHECKOUT).get("email_url")
            if mail:
                os.environ.setdefault("EMAIL_URL", mail)
        execute_from_command_line(sys.argv)
    except embedded.EmbeddedError as error:
        sys.exit(str(error))
    finally:
        if lease is not None:
            lease.release()


if __name__ == "__main__":
    main()
