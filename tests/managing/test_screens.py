"""The screens of 网站设置, as the administrator, the operator and those who may not send them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from govplatform.audit.models import Entry
from govplatform.tenancy.queries import get_tenant
from sites.columns.models import Column
from sites.home.models import HomePage
from sites.media.models import SiteImage
from tests import factories
from tests.review.frame.frame_cases import waiting
from tests.writing.fragments import RED


@pytest.fixture
def admin(alpha, console):
    return console("alpha_admin", "alpha")


def text(answer):
    return answer.content.decode()


def formset(*rows, **more):
    data = {"rows-TOTAL_FORMS": str(len(rows)), "rows-INITIAL_FORMS": "0", "frame_reason": "", **more}
    for number, row in enumerate(rows):
        data |= {f"rows-{number}-{part}": value for part, value in row.items()}
    return data


def addresses():
    return [
        reverse("site_settings"), reverse("site_settings_columns"), reverse("site_settings_home"),
        reverse("site_settings_column", args=[factories.column().pk]), reverse("site_settings_rows", args=["links"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "site"),
    [("alpha_editor", "alpha"), ("alpha_content", "alpha"), ("beta_admin", "beta"), ("operator", "console")],
)
def test_only_the_sites_own_administrator_opens_them(alpha, console, who, site):
    client = console(who, site)
    column = factories.column().pk
    before = Column.objects.get(pk=column).title
    for address in addresses():
        answers = [client.get(address).status_code, client.post(address, {"title": "改了"}).status_code]
        # On another site these are that site's own screens.
        assert answers[0] == 403 if site != "beta" else answers[0] in (200, 404)
    assert Column.objects.get(pk=column).title == before
    assert not Entry.objects.filter(chain=alpha.schema_name, act__in=("column.change", "site.change")).exists()


def test_the_first_screen_says_what_is_filed_and_keeps_what_was_typed(admin):
    told = text(admin.get(reverse("site_settings")))
    assert "变更须报主管单位备案" in told and "?kind=change" in told and "电话：0000-0000000" in told
    assert admin.post(reverse("site_settings"), {"look": "", "theme": "county", "colours": "red"}).status_code == 302
    assert (get_tenant("alpha").theme, get_tenant("alpha").colours) == ("county", "red")
    bad = admin.post(reverse("site_settings"), {"look": "", "theme": "glitter", "colours": ""})
    assert bad.status_code == 400 and get_tenant("alpha").theme == "county"
    asked = {"traditional_pages": "", "traditional": "yes", "traditional_words": "云里=雲里\n通知=命令"}
    bad = admin.post(reverse("site_settings"), asked)
    assert bad.status_code == 400 and "第 2 行" in text(bad) and "云里=雲里" in text(bad)
    assert admin.post(reverse("site_settings"), {**asked, "traditional_words": "云里=雲里"}).status_code == 302
    assert get_tenant("alpha").traditional and get_tenant("alpha").traditional_words == "云里=雲里"
    words = {"words": "", "short_name": "机密★10年", "undertaker": "", "icp_number": "云ICP备1号", "frame_reason": ""}
    refused = admin.post(reverse("site_settings"), {**words, "police_record_number": ""})
    assert refused.status_code == 400 and "机密★10年" in text(refused) and "“简称”" in text(refused)
    done = admin.post(
        reverse("site_settings"), {**words, "short_name": "澄州", "police_record_number": ""}, follow=True
    )
    assert "平台运维人员或监管员确认后生效" in text(done)
    # The proposal lies with the platform: the reader has no screen of it there, and takes it back here.
    assert "/admin/frame-texts/" not in text(done).split('class="settings-part"')[2]
    assert "改动已撤回" in text(admin.post(reverse("site_settings"), {"withdraw": ""}, follow=True))
    assert admin.post(reverse("site_settings"), {"withdraw": ""}).status_code == 400


def test_columns_are_moved_by_their_buttons(admin):
    home = HomePage.objects.get()
    order = list(Column.objects.child_of(home).order_by("path").values_list("pk", flat=True))
    address = reverse("site_settings_columns")
    answer = admin.post(address, {"parent": home.pk, "order": order, "down": order[0]})
    assert answer.headers["Location"].endswith(f"#column-{order[0]}")
    now = list(Column.objects.child_of(home).order_by("path").values_list("pk", flat=True))
    assert now == [order[1], order[0], *order[2:]]
    for given in ({"parent": home.pk, "order": order[:2]}, {"parent": "999999", "order": order}, {"order": ["x"]}):
        assert admin.post(address, given).status_code == 400


def test_a_column_is_changed_on_its_screen(admin):
    column = factories.column()
    address = reverse("site_settings_column", args=[column.pk])
    form = {
        "title": "要闻", "description": column.description, "keywords": column.keywords, "column_type": "news",
        "list_template": "summaries", "update_duty": "periodic", "update_limit_days": "14", "frame_reason": "",
        "responsible_unit": "政务公开科",
    }  # fmt: skip
    told = text(admin.post(address, form, follow=True))
    assert "本站的内容审核人员确认后生效" in told and "文字待确认" in told and "导航中不显示" in told
    column = factories.column()
    assert (column.title, column.list_template, column.responsible_unit) == ("工作动态", "summaries", "政务公开科")
    assert waiting(column).after == {"title": "要闻"}
    refused = admin.post(address, {**form, "title": "", "update_limit_days": "两周"})
    assert refused.status_code == 400 and 'value="两周"' in text(refused)
    refused = admin.post(address, {**form, "title": "机密★10年"})
    assert refused.status_code == 400 and 'value="机密★10年"' in text(refused)


def test_sections_are_placed_on_their_screen(admin):
    address = reverse("site_settings_home")
    names = ("carousel", "headline", "policies", "services", "columns", "topics", "links", "leaders", "institutions")
    forms = ("pictures", "usual", "titles", "icons", "one", "cards", "groups", "portraits", "contacts")
    data = {}
    for number, (name, form) in enumerate(zip(names, forms, strict=True)):
        data |= {f"{name}-form": form, f"{name}-place": str(20 - number)}
    assert "至少要显示一个版块" in text(admin.post(address, data))
    data |= {"policies-shown": "on", "columns-shown": "on"}
    assert admin.post(address, data).status_code == 302
    assert HomePage.objects.get().sections == ["columns:one", "policies:titles"]
    assert admin.post(address, {**data, "columns-place": ""}).status_code == 400


def test_rows_are_kept_when_they_are_refused_and_proposed_when_not(admin):
    address = reverse("site_settings_rows", args=["notices"])
    refused = admin.post(address, formset({"title": "系统维护", "url": "javascript:1", "until": "2099-01-01"}))
    assert refused.status_code == 400
    assert "“首页提示”第 1 行：链接地址" in text(refused) and 'value="系统维护"' in text(refused)
    assert admin.post(address, formset({"title": "系统维护", "until": "明天"})).status_code == 400
    done = admin.post(address, formset({"title": "系统维护", "until": "2099-01-01"}, {"title": ""}), follow=True)
    assert "本站的内容审核人员确认后生效" in text(done) and 'value="系统维护"' in text(done)
    assert waiting(HomePage.objects.get()).after == {"notices": [{"title": "系统维护", "until": "2099-01-01"}]}


def test_a_picture_is_uploaded_where_it_is_used_and_looked_at_before_it_is_confirmed(admin, console):
    address = reverse("site_settings_rows", args=["logo"])
    broken = SimpleUploadedFile("logo.png", b"no picture", content_type="image/png")
    assert admin.post(address, formset({"upload": broken, "alt": "徽标"})).status_code == 400
    without_alt = SimpleUploadedFile("logo.png", RED, content_type="image/png")
    refused = admin.post(address, formset({"upload": without_alt, "alt": ""}))
    assert "“标识”第 1 行：请填写替代文字" in text(refused) and not SiteImage.objects.exists()
    admin.post(
        address, formset({"upload": SimpleUploadedFile("logo.png", RED, content_type="image/png"), "alt": "徽标"})
    )
    image, proposal = SiteImage.objects.get(), waiting(HomePage.objects.get())
    assert proposal.after["logo"][0]["image"] == image.pk
    seen = reverse("frame_picture", args=[image.pk])
    reviewer = console("alpha_content", "alpha")
    assert seen in text(reviewer.get(reverse("frame_text", args=[proposal.pk])))
    assert reviewer.get(seen).headers["Content-Type"] == "image/png"
    assert admin.get(seen).status_code == 200
    assert console("alpha_editor", "alpha").get(seen).status_code == 403
    drafts = factories.image("草稿里的图")
    assert admin.get(reverse("frame_picture", args=[drafts.pk])).status_code == 404
    # Several at once are not confirmed without having been looked at.
    ticked = {"chosen": f"{proposal.pk}:{proposal.digest}", "opinion": "同意。"}
    assert "请打开看过后单独办理" in text(reviewer.post(reverse("frame_texts"), ticked))


def test_an_operator_sets_level_and_superior_site(alpha, console):
    client = console("operator", "console")
    address = reverse("lifecycle_site_record", args=["beta"])
    given = {"facts": "", "level": "city", "parent": "", "theme": "base", "colours": "slate"}
    assert client.post(address, given).status_code == 302
    beta = get_tenant("beta")
    assert (beta.level, beta.parent, beta.theme, beta.colours) == ("city", None, "base", "slate")
    refused = client.post(reverse("lifecycle_site_record", args=["alpha"]), {**given, "parent": "beta"})
    assert refused.status_code == 302
    client.post(address, {**given, "parent": "alpha"})
    assert get_tenant("beta").parent is None, "that would go round in a circle"
