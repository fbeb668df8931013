"""Pages that show a resource of the common library; what the source took back may be taken down here."""

import django.db.models.deletion
import govplatform.review.preview
import wagtail.fields
from django.db import migrations, models

#: As review.0005 wrote it, and besides: when the source was withdrawn, reposts and copies come down in nobody's name.
WITHDRAWAL = """
CREATE OR REPLACE FUNCTION public.gov_gate_withdrawal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.break_glass THEN
    IF NOT public.gov_is_supervisor(NEW.withdrawn_by_id) OR NEW.confirm_by IS NULL THEN
      RAISE EXCEPTION 'gate: a supervisor alone withdraws at once, to be confirmed by a time' USING ERRCODE = 'GP003';
    END IF;
  ELSIF NEW.withdrawn_by_id IS NULL AND EXISTS (
      SELECT 1 FROM public.content_library_repost r
      JOIN public.tenancy_tenant t ON t.id = r.tenant_id
      JOIN public.content_library_resource x ON x.id = r.resource_id
      WHERE t.schema_name = TG_TABLE_SCHEMA AND r.page_id = NEW.page_id AND x.status = 'withdrawn') THEN
    RETURN NEW;
  ELSIF NOT public.gov_holds_role(TG_TABLE_SCHEMA, NEW.withdrawn_by_id,
      ARRAY['content-reviewer', 'confidentiality-reviewer']) THEN
    RAISE EXCEPTION 'gate: a reviewer of the site withdraws' USING ERRCODE = 'GP003';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("content_library", "0002_kept"),
        ("review", "0005_levels"),
        ("media", "0001_initial"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="RepostPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.page",
                    ),
                ),
                ("summary", models.TextField(blank=True, max_length=500, verbose_name="摘要")),
                ("source", models.CharField(max_length=100, verbose_name="来源")),
                ("author", models.CharField(blank=True, max_length=60, verbose_name="作者")),
                (
                    "keywords",
                    models.CharField(
                        blank=True, help_text="多个词之间用空格隔开。", max_length=200, verbose_name="主题词"
                    ),
                ),
                ("subject_class", models.CharField(blank=True, max_length=4, verbose_name="主题分类")),
                ("audience", models.CharField(blank=True, max_length=100, verbose_name="服务对象")),
                (
                    "disclosure",
                    models.CharField(
                        choices=[("proactive", "主动公开"), ("on_request", "依申请公开"), ("withheld", "不予公开")],
                        default="proactive",
                        max_length=12,
                        verbose_name="公开方式",
                    ),
                ),
                (
                    "repostable",
                    models.BooleanField(
                        db_default=True,
                        default=True,
                        help_text="不勾选即“不得转载”：其他站点在信息资源库中看不到这条信息，也不能转载。",
                        verbose_name="允许转载",
                    ),
                ),
                ("index_number", models.CharField(blank=True, editable=False, max_length=40, verbose_name="索引号")),
                (
                    "body",
                    wagtail.fields.StreamField(
                        [
                            ("heading", 2),
                            ("rich_text", 3),
                            ("table", 9),
                            ("image", 14),
                            ("gallery", 18),
                            ("attachment", 21),
                            ("media", 27),
                            ("chart", 33),
                            ("quotation", 36),
                        ],
                        blank=True,
                        block_lookup={
                            0: (
                                "wagtail.blocks.ChoiceBlock",
                                [],
                                {"choices": [("2", "一级标题"), ("3", "二级标题"), ("4", "三级标题")], "label": "级别"},
                            ),
                            1: ("wagtail.blocks.CharBlock", (), {"label": "文字", "max_length": 200}),
                            2: ("wagtail.blocks.StructBlock", [[("level", 0), ("text", 1)]], {}),
                            3: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {
                                    "features": [
                                        "bold",
                                        "italic",
                                        "ol",
                                        "ul",
                                        "hr",
                                        "link",
                                        "document-link",
                                        "superscript",
                                        "subscript",
                                    ],
                                    "icon": "pilcrow",
                                    "label": "正文",
                                    "template": "blocks/rich_text.html",
                                },
                            ),
                            4: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "表题", "max_length": 200, "required": False},
                            ),
                            5: (
                                "wagtail.blocks.BooleanBlock",
                                (),
                                {"default": True, "label": "首行是表头", "required": False},
                            ),
                            6: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "单元格", "max_length": 2000, "required": False},
                            ),
                            7: ("wagtail.blocks.ListBlock", (6,), {"label": "行"}),
                            8: ("wagtail.blocks.ListBlock", (7,), {"label": "内容"}),
                            9: ("wagtail.blocks.StructBlock", [[("caption", 4), ("header_row", 5), ("rows", 8)]], {}),
                            10: ("wagtail.images.blocks.ImageChooserBlock", (), {"label": "图片"}),
                            11: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "图注", "max_length": 200, "required": False},
                            ),
                            12: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "help_text": "读屏软件读出的内容；纯装饰图片请勾选下面一项。",
                                    "label": "替代文字",
                                    "max_length": 200,
                                    "required": False,
                                },
                            ),
                            13: ("wagtail.blocks.BooleanBlock", (), {"label": "纯装饰", "required": False}),
                            14: (
                                "wagtail.blocks.StructBlock",
                                [[("image", 10), ("caption", 11), ("alt", 12), ("decorative", 13)]],
                                {},
                            ),
                            15: ("wagtail.blocks.CharBlock", (), {"label": "替代文字", "max_length": 200}),
                            16: ("wagtail.blocks.StructBlock", [[("image", 10), ("alt", 15), ("caption", 11)]], {}),
                            17: ("wagtail.blocks.ListBlock", (16,), {"label": "图片", "min_num": 1}),
                            18: ("wagtail.blocks.StructBlock", [[("items", 17)]], {}),
                            19: ("wagtail.documents.blocks.DocumentChooserBlock", (), {"label": "附件"}),
                            20: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "显示名称", "max_length": 200, "required": False},
                            ),
                            21: ("wagtail.blocks.StructBlock", [[("document", 19), ("title", 20)]], {}),
                            22: (
                                "wagtail.blocks.ChoiceBlock",
                                [],
                                {"choices": [("video", "视频"), ("audio", "音频")], "label": "类别"},
                            ),
                            23: ("wagtail.documents.blocks.DocumentChooserBlock", (), {"label": "文件"}),
                            24: ("wagtail.blocks.CharBlock", (), {"label": "标题", "max_length": 200}),
                            25: ("wagtail.blocks.TextBlock", (), {"label": "文字稿"}),
                            26: ("wagtail.images.blocks.ImageChooserBlock", (), {"label": "封面", "required": False}),
                            27: (
                                "wagtail.blocks.StructBlock",
                                [[("kind", 22), ("file", 23), ("title", 24), ("transcript", 25), ("poster", 26)]],
                                {},
                            ),
                            28: ("wagtail.images.blocks.ImageChooserBlock", (), {"label": "图表"}),
                            29: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "图题", "max_length": 200, "required": False},
                            ),
                            30: ("wagtail.blocks.CharBlock", (), {"label": "单元格", "required": False}),
                            31: ("wagtail.blocks.ListBlock", (30,), {"label": "行"}),
                            32: (
                                "wagtail.blocks.ListBlock",
                                (31,),
                                {"default": [], "label": "数据表", "required": False},
                            ),
                            33: (
                                "wagtail.blocks.StructBlock",
                                [[("image", 28), ("caption", 29), ("alt", 15), ("data_table", 32)]],
                                {},
                            ),
                            34: ("wagtail.blocks.TextBlock", (), {"label": "引文"}),
                            35: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "出处", "max_length": 200, "required": False},
                            ),
                            36: ("wagtail.blocks.StructBlock", [[("text", 34), ("attribution", 35)]], {}),
                        },
                        verbose_name="正文",
                    ),
                ),
                ("resource", models.UUIDField(editable=False, verbose_name="转载的资源")),
                (
                    "mode",
                    models.CharField(
                        choices=[("mirror", "同步转载"), ("pinned", "固定版本"), ("link", "链接")],
                        editable=False,
                        max_length=8,
                        verbose_name="转载方式",
                    ),
                ),
                ("version", models.PositiveIntegerField(editable=False, verbose_name="版本")),
                ("version_digest", models.CharField(editable=False, max_length=64, verbose_name="SM3")),
                (
                    "picture",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="media.siteimage",
                        verbose_name="题图",
                    ),
                ),
            ],
            options={
                "verbose_name": "转载",
                "verbose_name_plural": "转载",
                "indexes": [models.Index(fields=["resource"], name="repostpage_resource")],
            },
            bases=(govplatform.review.preview.ConsolePreviewMixin, "wagtailcore.page", models.Model),
        ),
        migrations.RunSQL(WITHDRAWAL, migrations.RunSQL.noop),
    ]
