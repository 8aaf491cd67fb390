from django.urls import path

from agencies import views

urlpatterns = [path("openings/", views.opening_list, name="openings")]
