"""The start page of the demo, on plain ``localhost``."""

from django.urls import path

from .start_page import start_page

urlpatterns = [path("", start_page)]
