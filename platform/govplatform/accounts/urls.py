"""Sign-in, own account and people; they stand before Wagtail's own addresses of the same name."""

from django.urls import path
from wagtail.admin.auth import require_admin_access

from . import views

urlpatterns = [
    path("login/", views.SignInView.as_view(), name="wagtailadmin_login"),
    path("second-factor/", views.SecondFactorCheckView.as_view(), name="second_factor_check"),
    path("second-factor/setup/", views.SecondFactorSetupView.as_view(), name="second_factor_setup"),
    path("account/", require_admin_access(views.OwnAccountView.as_view()), name="wagtailadmin_account"),
    path("absence/", require_admin_access(views.AbsenceView.as_view()), name="absence"),
    path("people/", require_admin_access(views.PeopleView.as_view()), name="people"),
    path("people/new/", require_admin_access(views.NewPersonView.as_view()), name="people_new"),
    path("people/<int:user_id>/", require_admin_access(views.PersonView.as_view()), name="people_person"),
]
