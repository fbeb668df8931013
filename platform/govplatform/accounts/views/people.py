"""People of a site, for its administrator; people of the whole platform, for its operators (T12)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django_otp import user_has_device

from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from govplatform.ways_of_writing import named_in

from ..actions import deactivate_user, revoke_role
from ..credentials.access import access_of, end_sessions, unlock_account
from ..credentials.resets import request_reset, takes_two
from ..credentials.sign_in_links import has_begun, issue_link, link_takes_two, open_account
from ..forms import GrantForm, JoinForm, NewPersonForm
from ..models import AccountReset, Membership, User
from ..offers.actions import offer_role
from ..permissions import is_platform_operator, reasons_against_managing
from ..queries import get_user, people_of
from ..roles import OPERATOR, ROLES, SITE_ADMIN
from ..screens.screen import Screen
from .offers import answer_for_site, offers_of_site, settled_of_site
from .start import show_link


class _PeopleScreen(Screen):
    """``tenant``: the site whose console this is; ``everywhere``: an operator in the console tenant."""

    header_icon = "group"
    roles = frozenset({SITE_ADMIN.code, OPERATOR.code})
    everywhere: bool

    def may_open(self) -> bool:
        self.everywhere = self.tenant.is_console and is_platform_operator(self.user())
        return not reasons_against_managing(self.user(), self.tenant)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("people"), _t("人员"))]

    def visible_people(self) -> Any:
        return User.objects.order_by("full_name") if self.everywhere else people_of(self.tenant)


class PeopleView(_PeopleScreen):
    template_name = "accounts/people.html"
    page_title = _("人员")

    def crumbs(self) -> list[tuple[str, str]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wanted = self.asked("q")["q"]
        people = self.visible_people().filter(named_in(wanted, "full_name", "username"))
        page = self.page_of(people.order_by("full_name", "pk"))
        memberships = Membership.objects.select_related("tenant").order_by("tenant__code", "role")
        memberships = memberships.filter(user__in=[user.pk for user in page])
        if not self.everywhere:
            memberships = memberships.filter(tenant=self.tenant)
        roles: dict[int, list[dict[str, Any]]] = {}
        for m in memberships:
            roles.setdefault(m.user_id, []).append(
                {"label": ROLES[m.role].label, "site": m.tenant.short_name or m.tenant.full_name, "since": m.granted_at}
            )
        access = access_of(page)
        return super().get_context_data(
            people=[{"user": user, "roles": roles.get(user.pk, []), "access": access[user.pk]} for user in page],
            page=page,
            query=self.other_filters(),
            everywhere=self.everywhere,
            tenant=self.tenant,
            wanted=wanted,
            offers=offers_of_site(self.tenant, self.user()),
            settled=settled_of_site(self.tenant),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            return answer_for_site(request, self.tenant, self.user()) or redirect("people")
        except Refused as refusal:
            return self.refuse(refusal)


class NewPersonView(_PeopleScreen):
    """Two ways onto the site: a new account, or one that exists on the platform already."""

    template_name = "accounts/new_person.html"
    page_title = _("添加人员")
    header_icon = "user"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", NewPersonForm(tenant=self.tenant))
        kwargs.setdefault("join_form", JoinForm(tenant=self.tenant, prefix="join"))
        return super().get_context_data(tenant=self.tenant, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        joining = "join" in request.POST
        form: NewPersonForm | JoinForm = (
            JoinForm(request.POST, tenant=self.tenant, prefix="join")
            if joining
            else NewPersonForm(request.POST, tenant=self.tenant)
        )
        if form.is_valid():
            try:
                return self._invite(form) if isinstance(form, JoinForm) else self._open(form)
            except Refused as refusal:
                self.tell(refusal)
        return self.render_to_response(self.get_context_data(**{"join_form" if joining else "form": form}))

    def _invite(self, form: JoinForm) -> HttpResponse:
        username, role = form.cleaned_data["username"], form.cleaned_data["role"]
        offer_role(get_user(username), role, tenant=self.tenant, acting_user=self.user())
        # The full name is the person's to give: it stands in the list when they have accepted.
        messages.success(self.request, _t("已邀请 %(name)s；本人登录后接受，才在本站任职。") % {"name": username})
        return redirect("people")

    def _open(self, form: NewPersonForm) -> HttpResponse:
        given = form.cleaned_data
        user, link = open_account(
            given["username"],
            full_name=given["full_name"],
            role=given["role"],
            tenant=self.tenant,
            acting_user=self.user(),
        )
        return show_link(self.request, user, link, go_on=reverse("people"))


class PersonView(_PeopleScreen):
    """One person: roles, and for operators the account itself."""

    template_name = "accounts/person.html"
    header_icon = "user"

    person: User

    def find(self, **named: Any) -> None:
        self.person = get_object_or_404(self.visible_people(), pk=named["user_id"])

    def get_page_title(self) -> str:
        return str(self.person)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        held = Membership.objects.filter(user=self.person).select_related("tenant", "granted_by")
        if not self.everywhere:
            held = held.filter(tenant=self.tenant)
        kwargs.setdefault("form", GrantForm(sites=self._sites()))
        return super().get_context_data(
            person=self.person,
            memberships=[
                {"membership": m, "label": ROLES[m.role].label} for m in held.order_by("tenant__code", "role")
            ],
            everywhere=self.everywhere,
            is_self=self.person.pk == self.request.user.pk,
            # What was typed for an act that was refused.
            given={self.request.POST.get("act", ""): self.request.POST.get("reason", "")},
            has_second_factor=user_has_device(self.person),
            access=access_of([self.person])[self.person.pk],
            # What a link alone must not open is reset by two, begun or not.
            by_reset=has_begun(self.person) or link_takes_two(self.person),
            takes_two=takes_two(self.person, AccountReset.What.PASSWORD),
            **kwargs,
        )

    def _sites(self) -> Any:
        return Tenant.objects.order_by("code") if self.everywhere else Tenant.objects.filter(pk=self.tenant.pk)

    def post(self, request: HttpRequest, user_id: int) -> HttpResponse:
        person = self.person
        act = request.POST.get("act", "")
        handlers: dict[str, Callable[[User], str | HttpResponse]] = {
            "grant": self._grant,
            "revoke": self._revoke,
            "unlock": self._unlock,
            "end_sessions": self._end_sessions,
        }
        if self.everywhere:
            handlers |= {
                "deactivate": self._deactivate,
                "password": self._reset_password,
                "second_factor": self._reset_factor,
                "link": self._new_link,
            }
        if act not in handlers:
            raise Http404
        try:
            done = handlers[act](person)
        except Refused as refusal:
            self.tell(refusal)
            return render(request, self.template_name, self.get_context_data())
        if isinstance(done, HttpResponse):
            return done
        messages.success(request, done)
        if not self.visible_people().filter(pk=person.pk).exists():
            return redirect("people")
        return redirect("people_person", person.pk)

    def _grant(self, person: User) -> str:
        form = GrantForm(self.request.POST, sites=self._sites())
        if not form.is_valid():
            raise Refused([_t("请选择站点和角色。")])
        tenant, role = form.cleaned_data["site"], form.cleaned_data["role"]
        offer_role(person, role, tenant=tenant, acting_user=self.user())
        if ROLES[role].takes_two:
            return _t("已邀请担任“%(role)s”，须由第二人确认并由本人接受。") % {"role": ROLES[role].label}
        return _t("已邀请担任“%(role)s”，由本人接受后生效。") % {"role": ROLES[role].label}

    def _revoke(self, person: User) -> str:
        tenant = get_tenant(self.request.POST.get("site", "")) if self.everywhere else self.tenant
        role = self.request.POST.get("role", "")
        revoke_role(person, role, tenant=tenant, acting_user=self.user())
        return _t("已收回“%(role)s”。") % {"role": ROLES[role].label}

    def _unlock(self, person: User) -> str:
        reason = self.request.POST.get("reason", "")
        unlock_account(person, reason=reason, tenant=self.tenant, acting_user=self.user())
        return _t("%(user)s 可以马上再登录。") % {"user": person}

    def _end_sessions(self, person: User) -> str:
        reason = self.request.POST.get("reason", "")
        end_sessions(person, reason=reason, tenant=self.tenant, acting_user=self.user())
        return _t("%(user)s 的全部会话已结束。") % {"user": person}

    def _deactivate(self, person: User) -> str:
        deactivate_user(person, reason=self.request.POST.get("reason", ""), acting_user=self.user())
        return _t("账号 %(user)s 已停用。") % {"user": person}

    def _reset_password(self, person: User) -> str | HttpResponse:
        reason = self.request.POST.get("reason", "")
        _reset, link = request_reset(person, what=AccountReset.What.PASSWORD, reason=reason, acting_user=self.user())
        if link:
            return show_link(self.request, person, link, go_on=reverse("people_person", args=[person.pk]))
        return _t("已申请，须由另一位运维人员或监管员在“账号重设”中确认。")

    def _reset_factor(self, person: User) -> str:
        request_reset(person, reason=self.request.POST.get("reason", ""), acting_user=self.user())
        return _t("已申请，须由另一位运维人员或监管员在“账号重设”中确认。")

    def _new_link(self, person: User) -> HttpResponse:
        link = issue_link(person, on=self.tenant, acting_user=self.user())
        return show_link(self.request, person, link, go_on=reverse("people_person", args=[person.pk]))
