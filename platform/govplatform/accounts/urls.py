"""Sign-in, own account and people; they stand before Wagtail's own addresses of the same name."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.urls import path
from wagtail.admin.auth import require_admin_access

from . import views


def signed_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """Wagtail's door, without hiding which view stands behind it."""
    return update_wrapper(require_admin_access(view), view)


urlpatterns = [
    path("login/", views.SignInView.as_view(), name="wagtailadmin_login"),
    path("session/", views.session_state, name="session_state"),
    path("second-factor/", views.SecondFactorCheckView.as_view(), name="second_factor_check"),
    path("second-factor/setup/", views.SecondFactorSetupView.as_view(), name="second_factor_setup"),
    path("second-factor/recovery-codes/", signed_in(views.new_recovery_codes), name="second_factor_recovery_codes"),
    path("account-resets/", signed_in(views.ResetsView.as_view()), name="account_resets"),
    path("start/<uidb64>/<token>/", views.StartView.as_view(), name="start"),
    path("own-offers/", views.OwnOffersView.as_view(), name="own_offers"),
    path("offers/", signed_in(views.OffersToConfirmView.as_view()), name="offers_to_confirm"),
    path("new-password/", views.NewPasswordView.as_view(), name="new_password"),
    path("account/", signed_in(views.OwnAccountView.as_view()), name="wagtailadmin_account"),
    path("absence/", signed_in(views.AbsenceView.as_view()), name="absence"),
    path("people/", signed_in(views.PeopleView.as_view()), name="people"),
    path("people/new/", signed_in(views.NewPersonView.as_view()), name="people_new"),
    path("people/<int:user_id>/", signed_in(views.PersonView.as_view()), name="people_person"),
]
