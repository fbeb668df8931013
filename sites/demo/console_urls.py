"""Addresses of a console host in the demo: those of every installation, and the way in from the start page."""

from django.urls import path

from govplatform.console import urls as every_installation

from .sign_in import NAME, DemoSignInView

urlpatterns = [
    path("admin/demo-sign-in/", DemoSignInView.as_view(), name=NAME),
    *every_installation.urlpatterns,
]
handler400 = every_installation.handler400
handler403 = every_installation.handler403
handler404 = every_installation.handler404
handler500 = every_installation.handler500
