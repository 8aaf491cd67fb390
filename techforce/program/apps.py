from django.apps import AppConfig


class ProgramConfig(AppConfig):
    """What both sides share: cohorts, companies, disciplines, series, tiers, skills."""

    name = "techforce.program"
    label = "program"

    def ready(self) -> None:
        from techforce.core.seeding import register_seeder
        from techforce.program import permissions, reminders, services  # noqa: F401  (register rules and guards)
        from techforce.program.seed import seed_program

        register_seeder("program", seed_program)
