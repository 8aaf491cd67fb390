from django.apps import AppConfig


class LoginGovConfig(AppConfig):
    name = "techforce.accounts.login_gov"
    label = "login_gov"
    verbose_name = "Login.gov"
