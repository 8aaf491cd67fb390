from django.apps import AppConfig


class ApplicantsConfig(AppConfig):
    """Who applies, and how they are assessed."""

    name = "applicants"

    def ready(self) -> None:
        from applicants import notifications, permissions, privacy, services  # noqa: F401  (register what is theirs)
