"""Screens of cases: for clerks of a desk, editors who answer, and supervisors of all sites."""

from django.urls import path

from . import desk_views, unit_views, views
from .exchange_views import ErrorExchangeView
from .oversight_views import CaseSitesView
from .passing_views import PassDeskView
from .question_views import QuestionBaseView
from .retention_views import RetentionView

urlpatterns = [
    path("cases/", views.CasesView.as_view(), name="cases"),
    path("cases/replies/", desk_views.SavedRepliesView.as_view(), name="case_replies"),
    path("cases/<int:case_id>/print/", desk_views.CasePrintView.as_view(), name="case_print"),
    path("cases/sites/", CaseSitesView.as_view(), name="case_sites"),
    path("cases/desk/", PassDeskView.as_view(), name="pass_desk"),
    path("cases/units/", unit_views.UnitsView.as_view(), name="case_units"),
    path("cases/error-reports/", ErrorExchangeView.as_view(), name="error_exchange"),
    path("cases/questions/", QuestionBaseView.as_view(), name="question_base"),
    path("retention/", RetentionView.as_view(), name="retention"),
    path("cases/<int:case_id>/", views.CaseView.as_view(), name="case"),
]
