"""The list of everything that this console may see, with its filters."""

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from content_library.distribution.reposting import reasons_against_reposting, reposts_on
from content_library.resources.permissions import reasons_against_importing
from content_library.resources.queries import COUNTED_UP_TO, ResourcePage, list_resources
from govplatform.refusals import Refused

from ...models import Repost, Resource
from ..forms import MOST_SUGGESTED, FilterForm, RepostForm, listed_sites
from ..permissions import is_source, may_repost_here
from .frame import LibraryScreen


class BrowseView(LibraryScreen):
    template_name = "library_console/browse.html"
    page_title = _("信息资源库")

    def crumbs(self) -> list[tuple[str, str]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = FilterForm(self.request.GET)
        found, problems = self._find(form)
        resources = found.resources if found else []
        may_repost = may_repost_here(self.request.user, self.tenant)
        query = self.request.GET.copy()
        after = query.pop("after", [""])[0]
        return super().get_context_data(
            form=form,
            found=found,
            problems=problems,
            rows=self._rows(resources),
            most=COUNTED_UP_TO,
            sites=self._suggested_sites(),
            may_repost=may_repost,
            repost_form=RepostForm() if may_repost and resources else None,
            query=query.urlencode(),
            after=after,
            own=self.tenant,
            # for the quick link "?site=…", which keeps the other filters
            is_console=self.tenant.is_console,
            clear=reverse("library_browse"),
            may_import=not reasons_against_importing(self.user(), None if self.tenant.is_console else self.tenant),
            **kwargs,
        )

    def _find(self, form: FilterForm) -> tuple[ResourcePage | None, list[str]]:
        if not form.is_valid():
            return None, [str(error) for errors in form.errors.values() for error in errors]
        try:
            return list_resources(form.wanted(self.tenant), after=self.request.GET.get("after", "")), []
        except Refused as refusal:
            return None, list(refusal.reasons)

    def _suggested_sites(self) -> list[str]:
        names = list(listed_sites().values_list("full_name", flat=True)[: MOST_SUGGESTED + 1])
        return names if len(names) <= MOST_SUGGESTED else []

    def _rows(self, resources: list[Resource]) -> list[dict[str, Any]]:
        """Return what the template needs of each resource, with two statements however many rows there are."""
        used = dict(
            Repost.objects.filter(resource__in=resources, state=Repost.State.LIVE)
            .values_list("resource_id")
            .annotate(total=Count("pk", filter=~Q(tenant=self.tenant)))
        )
        here = {} if self.tenant.is_console else reposts_on(self.tenant, resources)
        rows = []
        for resource in resources:
            own = is_source(resource, self.tenant)
            rows.append(
                {
                    "resource": resource,
                    "subject": resource.get_subject_class_display(),
                    "used": used.get(resource.pk, 0),
                    "here": here.get(resource.pk),
                    "own": own,
                    "tickable": not own and resource.pk not in here and not reasons_against_reposting(resource),
                }
            )
        return rows
