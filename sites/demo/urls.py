"""The address of the demo's start page, on plain ``localhost``."""

from django.urls import path

from .start_page import start_page

urlpatterns = [path("", start_page)]
