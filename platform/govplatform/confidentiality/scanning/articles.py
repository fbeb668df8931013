"""The articles that the scanning rules carry out, as reviewers read them beside a finding."""

STATE_SECRETS = "《中华人民共和国政府信息公开条例》第十四条"
PRIVACY = "《中华人民共和国政府信息公开条例》第十五条"
INTERNAL_AFFAIRS = "《中华人民共和国政府信息公开条例》第十六条"
EXAMINATION = "《中华人民共和国政府信息公开条例》第十七条"
#: Content is checked daily for errors, and links are examined.
DAILY_READING = "《国务院办公厅关于进一步加强政府网站管理工作的通知》（国办函〔2011〕40号）第四条"
#: Interpretation with the document; the named steps of publishing.
INTERPRETATION = "《河北省政府网站管理办法》第二十一条、第三十四条"
MAP_NUMBER = "《地图管理条例》第二十二条"
ADVERTISING = "《江苏省政府办公厅关于促进政府网站有序健康发展的实施意见》第二部分第（一）项"
