"""The operators' screens about addresses, in the console tenant."""

from django.urls import path

from . import import_views, rule_views, views

urlpatterns = [
    path("ledger/", views.LedgerView.as_view(), name="ledger"),
    path("ledger/<int:address_id>/", views.AddressView.as_view(), name="ledger_address"),
    path("ledger/unknown/", views.UnknownView.as_view(), name="ledger_unknown"),
    path("ledger/hosts/", views.HostsView.as_view(), name="ledger_hosts"),
    path("ledger/rules/", rule_views.RulesView.as_view(), name="ledger_rules"),
    path("ledger/rules/<slug:code>/", rule_views.HostRulesView.as_view(), name="ledger_host_rules"),
    path("ledger/import/", import_views.ImportView.as_view(), name="ledger_import"),
    path("ledger/import/preview/", import_views.PreviewView.as_view(), name="ledger_import_preview"),
]
