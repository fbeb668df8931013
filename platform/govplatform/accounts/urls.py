"""Sign-in and second factor; they stand before Wagtail's own addresses of the same name."""

from django.urls import path

from . import views

urlpatterns = [
    path("login/", views.SignInView.as_view(), name="wagtailadmin_login"),
    path("second-factor/", views.SecondFactorCheckView.as_view(), name="second_factor_check"),
    path("second-factor/setup/", views.SecondFactorSetupView.as_view(), name="second_factor_setup"),
]
