"""Words that a site writes in its own way in traditional characters."""

import pytest

from govplatform.traditional.converting import traditional_page
from govplatform.traditional.words import read_words, words_of

pytestmark = pytest.mark.unit


def test_words_are_read_and_faults_name_the_line():
    assert read_words("范仲淹\r\n复核＝覆核\n\n") == ({"范仲淹": "范仲淹", "复核": "覆核"}, [])
    for line in ("=雲", "云=", "amp=云", "云<=雲<", "通知=命令", "云=雲雲", "云" * 41):
        words, faults = read_words(f"范仲淹\n{line}")
        assert words == {"范仲淹": "范仲淹"} and len(faults) == 1 and "第 2 行" in faults[0], line


def test_what_is_no_text_is_copied_as_it_is():
    kept = (
        '<!-- 发 --><script src="/发.js">发 < 里 </script><style>.发{}</style><textarea name="里">发</textarea>'
        '<input value="里" name="发"><p id="里" class="发">&amp;&#x53D1;</p><a href="//里.cn/"><img src="/里/"></a>'
        '<a href="https://other.cn/里/"></a><p translate="no">发<p>里</p>发</p><option value="里">'
    )
    assert traditional_page(kept, words_of(""), "https://a.cn") == kept
    # Signs that stand for nothing in a text, and which the conversion uses itself.
    assert traditional_page("<p>\ufdd0发\ufdd1</p>", words_of(""), "https://a.cn") == "<p>發</p>"
