"""Upward traffic from tenancy: higher layers fill a new template or site."""

from django.dispatch import Signal

#: Sent inside the template schema after its migrations, as owner. Receivers fill in what every
#: site has (roles, workflow, permissions). They must be idempotent. No arguments.
template_prepared = Signal()

#: Sent inside a new site's schema, in the transaction that provisions it. ``tenant``: Tenant.
tenant_provisioned = Signal()
