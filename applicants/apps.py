from django.apps import AppConfig


class ApplicantsConfig(AppConfig):
    """Who applies, and how they are assessed."""

    name = "applicants"

    def ready(self) -> None:
        from applicants import permissions, privacy, services  # noqa: F401  (register rules, holdings, guards)
