from allauth.socialaccount.providers.oauth2.urls import default_urlpatterns

from techforce.accounts.login_gov.provider import LoginGovProvider

urlpatterns = default_urlpatterns(LoginGovProvider)
