from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    name = "sites.articles"
    label = "articles"
    verbose_name = _("信息")

    def ready(self) -> None:
        from govplatform.lifecycle.notices.pages import register_notice_pages

        from .notices import ArticleNotices

        register_notice_pages(ArticleNotices())
