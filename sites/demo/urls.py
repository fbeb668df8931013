"""The address of the demo's start page, on plain ``localhost``."""

from django.urls import path

from .start_page import start_page

handler400 = "sites.demo.start_page.bad_request"

urlpatterns = [path("", start_page)]
