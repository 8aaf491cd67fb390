from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The one-command demonstration: embedded servers, a mail sink, sign-in by role."""

    name = "techforce.demo"
    label = "demo"
