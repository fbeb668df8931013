"""What Wagtail is told: which of its parts are used, and how."""

WAGTAIL_SITE_NAME = "政务公开集约化平台"
WAGTAILADMIN_BASE_URL = "https://console.localhost"
WAGTAILIMAGES_IMAGE_MODEL = "media.SiteImage"
WAGTAILDOCS_DOCUMENT_MODEL = "media.SiteDocument"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "pdf", "pptx", "rtf", "txt", "xlsx", "zip", "ofd", "mp3", "mp4"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_MAX_UPLOAD_SIZE = 50 * 1024 * 1024
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_IMAGE_FORM_BASE = "sites.media.forms.ImageForm"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "sites.media.forms.DocumentForm"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
# As many as the copy for citizens is made of (confidentiality.scanning.stripped_pictures).
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 80_000_000
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "search.editors.backend"}}
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_FINISH_WORKFLOW_ACTION = "govplatform.review.workflow_end.finish_workflow"
WAGTAIL_WORKFLOW_CANCEL_ON_PUBLISH = True
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
# One time for everybody: deadlines and the record are in it.
WAGTAIL_USER_TIME_ZONES = ["Asia/Shanghai"]
WAGTAIL_CONTENT_LANGUAGES = [("zh-hans", "简体中文")]
WAGTAILADMIN_PERMITTED_LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILADMIN_COMMENTS_ENABLED = True
WAGTAIL_SLUG_GENERATION = False
