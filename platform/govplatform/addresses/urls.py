"""The operators' screens about addresses, in the console tenant."""

from django.urls import path

from . import views

urlpatterns = [
    path("ledger/", views.LedgerView.as_view(), name="ledger"),
    path("ledger/<int:address_id>/", views.AddressView.as_view(), name="ledger_address"),
    path("ledger/unknown/", views.UnknownView.as_view(), name="ledger_unknown"),
    path("ledger/hosts/", views.HostsView.as_view(), name="ledger_hosts"),
]
