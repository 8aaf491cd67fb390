from django.apps import AppConfig


class PlacementsConfig(AppConfig):
    """Puts people and openings together, and watches over them until the term is over."""

    name = "placements"

    def ready(self) -> None:
        from placements import permissions, privacy, reminders  # noqa: F401  (register what is theirs)
        from placements.services import seed_placements  # importing them registers the guards
        from techforce.core.seeding import register_seeder

        register_seeder("placements", seed_placements)
