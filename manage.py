#!/usr/bin/env python
"""Django's commands. Without DATABASE_URL they use the demo's embedded servers, where those are installed."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "techforce.settings")
    if "DATABASE_URL" not in os.environ:
        use_embedded_servers()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


def use_embedded_servers() -> None:
    try:
        from techforce.demo.embedded import EmbeddedServerError
        from techforce.demo.environment import fill_environment
    except ModuleNotFoundError as error:
        sys.exit(
            f"DATABASE_URL is not set, and the demo's servers lack the package {error.name}.\n"
            "Set DATABASE_URL, REDIS_URL, EMAIL_URL and SECRET_KEY, or run `make install`."
        )
    try:
        fill_environment()
    except EmbeddedServerError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
