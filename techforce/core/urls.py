"""Pages of the kernel: what somebody was reminded of."""

from django.urls import path

from techforce.core import views

urlpatterns = [
    path("", views.my_reminders, name="my_reminders"),
    path("<int:pk>/", views.acknowledge_reminder, name="acknowledge_reminder"),
    path("mails/", views.choose_mails, name="choose_mails"),
]
