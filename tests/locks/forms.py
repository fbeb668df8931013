"""What the editor's forms send."""

#: What the editor's form sends for a new article.
ARTICLE = {
    "title": "同时写的一篇", "slug": "", "summary": "", "source": "本站", "author": "", "keywords": "",
    "subject_class": "", "audience": "", "disclosure": "proactive", "picture": "", "go_live_at": "", "expire_at": "",
    "body-count": "1", "body-0-deleted": "", "body-0-order": "0", "body-0-type": "quotation", "body-0-id": "",
    "body-0-value-text": "正文。", "body-0-value-attribution": "", "comments-TOTAL_FORMS": "0",
    "comments-INITIAL_FORMS": "0", "comments-MIN_NUM_FORMS": "0", "comments-MAX_NUM_FORMS": "",
}  # fmt: skip
