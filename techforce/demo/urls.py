"""Addresses that exist only in a demonstration."""

from django.urls import path

from techforce.demo import mailbox, views
from techforce.demo.design import design

urlpatterns = [
    path("design/", design, name="design"),
    path("demo/", views.index, name="demo"),
    path("demo/sign-in/<slug:slug>/", views.enter, name="demo_sign_in"),
    path("demo/mail/", mailbox.mail_list, name="demo_mail"),
    path("demo/mail/<slug:id>/", mailbox.mail, name="demo_mail_message"),
    path("demo/mail/<slug:id>/html/", mailbox.mail_html, name="demo_mail_html"),
]
