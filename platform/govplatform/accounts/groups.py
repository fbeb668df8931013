"""The roles of every site, as groups in its template, with what Wagtail asks of groups."""

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from .roles import EDITOR, ROLES, SITE_ADMIN

_ACCESS = ("wagtailadmin", "access_admin")
#: role -> page permissions on the root; which pages they reach is narrowed by the testers
_PAGE_PERMISSIONS = {
    EDITOR.code: ("add_page", "change_page"),
    SITE_ADMIN.code: ("add_page", "change_page", "publish_page"),
}
#: role -> permissions on the root collection. Wagtail asks for those of its own image and document
#: models, whichever models are configured (``auth_model`` of its permission policies).
_COLLECTION_PERMISSIONS = {
    EDITOR.code: (
        ("wagtailimages", "add_image"), ("wagtailimages", "change_image"), ("wagtailimages", "choose_image"),
        ("wagtaildocs", "add_document"), ("wagtaildocs", "change_document"), ("wagtaildocs", "choose_document"),
    ),
}  # fmt: skip


def prepare_groups() -> None:
    """One group per role and nothing else; Wagtail's sample groups go. Idempotent."""
    ContentType.objects.clear_cache()
    Group.objects.exclude(name__in=ROLES).delete()
    root = Page.objects.get(depth=1)
    collection = Collection.get_first_root_node()
    access = Permission.objects.get(content_type__app_label=_ACCESS[0], codename=_ACCESS[1])
    for code in ROLES:
        group, _created = Group.objects.get_or_create(name=code)
        group.permissions.set([access])
        # What a role no longer has goes as well: the definition above is the whole of it.
        GroupPagePermission.objects.filter(group=group).exclude(
            permission__codename__in=_PAGE_PERMISSIONS.get(code, ())
        ).delete()
        GroupCollectionPermission.objects.filter(group=group).exclude(
            permission__codename__in=[name for _label, name in _COLLECTION_PERMISSIONS.get(code, ())]
        ).delete()
        for codename in _PAGE_PERMISSIONS.get(code, ()):
            permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
            GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
        for app_label, codename in _COLLECTION_PERMISSIONS.get(code, ()):
            permission = Permission.objects.get(content_type__app_label=app_label, codename=codename)
            GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)
