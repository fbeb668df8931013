"""Whatever a person reads passes through gettext, so that a catalogue can say it in another language."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("platform/", "content_library/", "sites/", "themes/", "search/")
pytestmark = pytest.mark.unit

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
#: Names of ours that the tools of gettext do not know.
OUR_NAMES = ("_t", "_l", "said")
GETTEXT = {"_", "_t", "_l", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext",
           "pgettext_lazy"}  # fmt: skip

#: Why Chinese stands in the code as it is -> where: path -> names of constants and functions.
DATA: dict[str, dict[str, str]] = {
    "what an official letter says and is set in: it is Chinese whatever the language of the screen": {
        "platform/govplatform/cases/disclosure/letter_texts.py": "in_words",
        "sites/interaction/requests/letter_docx.py": "_BODY _TITLE letter_as_docx",
        "sites/interaction/requests/letter_pdf.py": "letter_as_pdf",
    },
    "what documents, labels and names are recognised by: patterns, characters, words": {
        "search/asking/parsing.py": "_NO_NUMBER",
        "search/asking/shortening.py": "_ASKING _GENERAL _YEAR _of_a_number",
        "search/editors/asking.py": "_as_number",
        "search/statistics/keepable.py": "_LONG_NUMBER _ACCOUNT _HOUSE _MAY_BEGIN _without_numbers",
        "search/text/document_numbers.py": "_NUMBER",
        "sites/service_guides/documents_named.py": "LEADING_UP",
        "search/text/simplified.py": "_LEFT",
        "platform/govplatform/traditional/words.py": "_NUMBERS _ALSO",
        "themes/templatetags/variants.py": "_PLAIN_NAME _VARIANT_NAME",
        "search/text/sounds.py": "_IN_TWO_WAYS",
        "sites/arrivals/reading/addresses.py": "_CHINESE",
        "sites/arrivals/reading/kinds.py": "_ERROR _NUMBERED _NOTHING _PLACEHOLDER",
        "sites/arrivals/reading/sources.py": "_SOURCE_LABEL",
        "sites/interaction/form_tokens.py": "_NUMERALS",
        "platform/govplatform/cases/models/error_report.py": "NATIONAL_WORDS",
        "platform/govplatform/cases/disclosure/identity.py": "_OTHER_NUMBER",
        "platform/govplatform/cases/error_reports/table.py": "SHEET HEADINGS _ALSO _TIME",
        "sites/managing/fields.py": "_YES _NO",
        "sites/pages/one_line.py": "_WIDE",
        "sites/pages/typed_dates.py": "_DATES",
        "sites/arrivals/reading/times.py": "_CLOCK _LABELLED _with_clock labelled_time",
        "content_library/metadata.py": "_EMPTY_WORDS",
        "content_library/vocabularies/suggestions.py": "_EMPTY",
        "content_library/vocabularies/frame_words.py": "TermKind.proper_names",
        "sites/columns/frame_words.py": "ColumnKind.proper_names",
        "content_library/resources/numbering.py": "_SEPARATORS",
        "platform/govplatform/confidentiality/scanning/disguises.py": "_WORDS _PARTED_MARK _BEFORE_MARK _KEPT",
        "platform/govplatform/confidentiality/scanning/rules/addresses.py": (
            "_COUNT _UNIT _TEAM _TAIL _CORE _HOME _OFFICE _BEFORE _GROUP_NUMBER Address._is_home Address._begin"
        ),
        "platform/govplatform/confidentiality/scanning/rules/aggregation.py": (
            "_NAME_HEAD _HEADS _SAID _EMPTY _named_patterns"
        ),
        "platform/govplatform/confidentiality/scanning/rules/bank_numbers.py": "_LABEL _OTHER_LABEL",
        "platform/govplatform/confidentiality/scanning/rules/documents.py": "_PASSPORT_LABEL",
        "platform/govplatform/confidentiality/scanning/rules/facts.py": "_MAP _NOT_MAP _APPROVAL _ADVERTISING_WORDS",
        "platform/govplatform/confidentiality/scanning/rules/identity_numbers.py": (
            "_SERIAL_LABEL _AMOUNT _CREDIT_LABEL _OTHER_LABEL _PERSON_LABEL"
        ),
        "platform/govplatform/confidentiality/scanning/rules/marks.py": (
            "_TERM _FIRST _LEVEL _STARRED _ALONE _LINE _LABELLED _BRACKETED SecrecyMark.hits _INTERNAL _KEEP "
            "_CLOSED _INTERNAL_TRIGGER _INTERNAL_LINE _ENDS _ITEM _PUBLIC_LABEL InternalMark._mark _COPY "
            "_COPY_HEAD CopyNumber.hits"
        ),
        "platform/govplatform/confidentiality/scanning/rules/names.py": (
            "SURNAMES _DOUBLE NAME _CELL _NOT_A_NAME _TABLE_WORDS LABELLED APART SEX"
        ),
        "platform/govplatform/confidentiality/scanning/rules/papers.py": "_BETWEEN _NUMBERS _LABEL_END",
        "platform/govplatform/confidentiality/scanning/rules/phone_numbers.py": "_LABEL _OTHER_LABEL _ANOTHER",
        "platform/govplatform/confidentiality/scanning/rules/plates.py": (
            "_PROVINCE _PLATE _SERVICE _EMBASSY _LABEL _APART Plate._of_embassies"
        ),
        "platform/govplatform/confidentiality/scanning/rules/touched.py": "_WORD_BEFORE _free_before",
        "platform/govplatform/dictionaries/value_rules.py": "_NUMBER_TEXT",
        "platform/govplatform/untrusted_files/characters.py": "_RADICALS",
        "platform/govplatform/untrusted_files/encodings.py": "is_everyday",
        "sites/documents_in/telling_characters.py": "_IGNORED",
        "sites/documents_in/extraction/html/office_lists.py": "_NUMBER",
        "sites/writing/numbers.py": "_NOTHING",
        "sites/writing/tidying/words.py": ("_CJK _COUNT _blanks"),
        "sites/documents_in/extraction/recognition/assembly.py": (
            "_TABLE_CAPTION _IMAGE_CAPTION _APPENDIX _ENDS_DOCUMENT _lead_in_bold"
        ),
        "sites/documents_in/extraction/recognition/dates.py": "DIGITS _C DATE _PARTS _number",
        "sites/documents_in/extraction/recognition/document_numbers.py": (
            "NUMBER ORDER _YEAR _SERIAL _PARTS normalise_number number_of_line"
        ),
        "sites/documents_in/extraction/encodings.py": "_DAMAGE",
        "sites/documents_in/extraction/recognition/front_matter.py": (
            "_MASTHEAD _SIGNER _APPENDIX _ADDRESSED _COPY_OR_SECRECY is_addressee _continues_title"
        ),
        "sites/documents_in/extraction/recognition/furniture.py": "_WORDS _SEPARATOR _LINES",
        "sites/documents_in/extraction/recognition/labels.py": "LABELS _LABEL read_label_line",
        "sites/documents_in/extraction/recognition/numbering.py": "_C _RULES _VALUES read_numbering chinese_number",
        "sites/documents_in/extraction/recognition/offices.py": (
            "_SUFFIX _NOT_FIRST _ABBREVIATED _ACT _OF_TITLE is_office_line"
        ),
        "sites/documents_in/extraction/pdf/lines.py": "_PAGE_NUMBER _DECORATED _NOTE",
        "sites/documents_in/extraction/pdf/second.py": "ideographs",
        "sites/documents_in/extraction/recognition/recognise.py": "language_variant _take_tail_labels",
        "sites/documents_in/extraction/spacing.py": "CJK",
        "sites/documents_in/extraction/recognition/titles.py": "KINDS GLUED_TITLE _STATES _says_about wants_more",
        "sites/documents_in/extraction/recognition/ungluing.py": (
            "_N _C _ACTS _PUBLISHED _SECTION _CHAPTER _ARTICLE _ADDRESSEE _AFTER_NUMBER"
        ),
        "sites/documents_in/extraction/word/controls.py": "Controls.is_contents",
        "sites/documents_in/extraction/word/eq_fields.py": "_TEN",
        "sites/documents_in/extraction/word/lists.py": "label_of",
        "sites/documents_in/extraction/word/margins.py": "_PAGE_NUMBER",
        "sites/documents_in/extraction/word/number_formats.py": (
            "_SIMPLE _CIRCLE _LEGAL_SIMPLIFIED _LEGAL_TRADITIONAL _STEMS _BRANCHES _COUNTING _FORMATS"
        ),
        "sites/documents_in/extraction/word/story.py": "_CONTENTS_WORDS",
        "sites/documents_in/extraction/word/styles.py": ("_TITLES _QUOTES _CONTENTS heading_level is_contents_heading"),
        "sites/documents_in/card_fields.py": "_NUMBERED",
        "sites/documents_in/corrections.py": "_FILE",
        "sites/documents_in/enclosing.py": "_LEADING _SERIAL _DIGITS",
        "sites/documents_in/extraction/recognition/closing.py": "_REMARK _ENCLOSED _APPENDIX _SERIAL read_closing",
        "sites/documents_in/page_building.py": "build_page disclosure_of",
        "sites/home/service_icons.py": "_WORDS",
        "sites/service_guides/table.py": (
            "SHEET HEADINGS OTHER_WORDS NO_MATERIALS NOT_ALWAYS EXAMPLE _COPIES material_of"
        ),
    },
    "findings made in a guarded process with numbers or other words put in: stored as found, in Chinese": {
        "platform/govplatform/confidentiality/scanning/engine.py": "_DISGUISED _with_rest",
        "platform/govplatform/confidentiality/scanning/files.py": "_bounded",
        "platform/govplatform/confidentiality/scanning/readers/pdf.py": "_pages _annotations",
        "platform/govplatform/confidentiality/scanning/readers/reading.py": "read_source _no_reader",
        "platform/govplatform/confidentiality/scanning/readers/sheet_rows.py": "SheetRows.read",
        "platform/govplatform/confidentiality/scanning/readers/spreadsheet.py": "read_spreadsheet",
        "platform/govplatform/confidentiality/scanning/readers/unreadable.py": "LOOK",
        "platform/govplatform/confidentiality/scanning/readers/word.py": "_Document.aside",
        "platform/govplatform/confidentiality/scanning/rules/aggregation.py": "KINDS across_column _group",
        "platform/govplatform/confidentiality/scanning/rules/dictionary.py": "_KIND Dictionary.message Dictionary.hits",
        "platform/govplatform/confidentiality/scanning/rules/documents.py": "Passport.hits",
        "platform/govplatform/confidentiality/scanning/rules/identity_numbers.py": "_hit",
        "platform/govplatform/confidentiality/scanning/stripping.py": "strip_metadata",
    },
    "the embedded database and its command run before there are settings": {
        "platform/govplatform/embedded/__main__.py": "main _show_status",
        "platform/govplatform/embedded/account.py": "ServerAccount.command server_account",
        "platform/govplatform/embedded/cluster.py": "make_roles_and_database",
        "platform/govplatform/embedded/folders.py": "_private_folder choose_socket_folder",
        "platform/govplatform/embedded/installation.py": "tools_dir",
        "platform/govplatform/embedded/locks.py": "starting",
        "platform/govplatform/embedded/server.py": "_bring_up _end _send",
    },
    "the supervisor runs without Django, and speaks when nothing else can": {
        "platform/govplatform/serving/proc.py": "port_holder",
        "platform/govplatform/serving/run_record.py": "RunFolder.acquire RunFolder._describe_holder",
        "platform/govplatform/serving/supervisor.py": "Supervisor._start Supervisor._after_end",
    },
    "put into a sentence of the guarded process that is translated without it": {
        "sites/documents_in/extraction/html/elements.py": "DROPPED",
        "sites/documents_in/extraction/html/reader.py": "Walker.walk Walker._place",
    },
    "headings and words of files that people hand in and get: read back by the same words": {
        "platform/govplatform/addresses/table.py": "SHEET HEADINGS",
        "platform/govplatform/dictionaries/word_file.py": "SHEET",
        "platform/govplatform/dictionaries/word_table.py": (
            "HEADINGS _HEADINGS_TO_FIELDS KIND_WORDS SEVERITY_WORDS _SEVERITIES _DAY"
        ),
        "platform/govplatform/lifecycle/batches/table.py": "SHEET COLUMNS LINE_HEADING EXAMPLE_MARK EXAMPLE_NAME",
        "platform/govplatform/review/findings/scan_options.py": "_COLUMNS _KINDS _SEVERITIES",
    },
    "names of a national standard, and the published schema, which is one for all readers": {
        "platform/govplatform/archive/package/descriptions.py": "FIELDS",
        "content_library/schema/definition.py": "OTHER_FIELDS json_schema",
        "content_library/schema/mapping.py": "NATIONAL as_national",
        "content_library/schema/page.py": "written_page",
    },
    "kept in the database under this name: columns of Chinese sites, workflows, the console": {
        "sites/interaction/erasing.py": "ERASED",
        "platform/govplatform/lifecycle/actions.py": "_open_console",
        "platform/govplatform/review/gate/levels.py": "WORKFLOW_NAMES CONTENT_TASK_NAMES CONFIDENTIALITY_TASK_NAME",
        "sites/columns/defaults.py": "default_columns",
        "sites/pages/completeness.py": "UNTITLED",
        "sites/home/first_pages.py": "clear_template",
    },
    "regulations and what stands in place of one, by their own names": {
        "platform/govplatform/confidentiality/scanning/articles.py": (
            "STATE_SECRETS PRIVACY INTERNAL_AFFAIRS EXAMINATION DAILY_READING INTERPRETATION MAP_NUMBER ADVERTISING"
        ),
        "platform/govplatform/rule_packs/articles.py": "PLATFORM",
    },
    "demo content": {
        "sites/demo/attachments.py": "make_docx _word_table make_xlsx",
        "sites/demo/bodies.py": "BodyWriter._chart",
        "sites/demo/load_people.py": "_contact",
        "sites/demo/load_questions.py": "_WORDS",
        "sites/demo/red_header.py": "make_pdf chinese_date",
    },
    "the platform's and a language's own name, in settings that other programs read": {
        "platform/govplatform/settings/base.py": "OTP_TOTP_ISSUER",
        "platform/govplatform/settings/wagtail_parts.py": (
            "WAGTAIL_SITE_NAME WAGTAIL_CONTENT_LANGUAGES WAGTAILADMIN_PERMITTED_LANGUAGES"
        ),
    },
    "finds the number in a sentence of the catalogue": {
        "platform/govplatform/review/screens/views.py": "_FINDING_NUMBER",
    },
    "the Chinese term for the thing in an English help": {
        "platform/govplatform/review/management/commands/review_sheet.py": "Command.help",
    },
}
#: Templates whose words are data, and why.
TEMPLATES = {
    "sites/demo/templates/demo/start_page.html": "demo content: the page that introduces the demo province",
    "themes/base/templates/policies/policy_document.html": "the date below a document, written as documents write it",
    "themes/base/templates/reposts/repost_page.html": "the date below a document, written as documents write it",
}


def product_files(*endings: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=True).stdout
    names = [name for name in listed.splitlines() if name.startswith(SOURCES) and name.endswith(endings)]
    return [ROOT / name for name in names if "/migrations/" not in name and (ROOT / name).is_file()]


def may_hold_han(source: str) -> bool:
    """Whether a literal of the file may be Chinese, as it stands or by its number; else it need not be taken apart."""
    return bool(HAN.search(source) or re.search(r"\\[uUN]", source))


def is_han(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(HAN.search(node.value))


def place_of(statement: ast.stmt) -> str:
    """What a module or a class calls the statement: the name of a function, a class or an assigned constant."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return statement.name
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return next(
        (node.id for target in targets if target for node in ast.walk(target) if isinstance(node, ast.Name)), ""
    )


def statements(body: list[ast.stmt], prefix: str = "") -> list[tuple[str, ast.stmt]]:
    """``(place, statement)`` of a module; those of a class each by itself."""
    found = []
    for statement in body:
        if isinstance(statement, ast.ClassDef):
            found += statements(statement.body, f"{prefix}{statement.name}.")
        else:
            found.append((f"{prefix}{place_of(statement)}", statement))
    return found


def untranslated(source: str) -> dict[str, list[str]]:
    """Place in the module -> its Chinese literals that no gettext call holds. Words that are no values are passed over:
    docstrings, and strings that stand alone."""
    found: dict[str, list[str]] = {}
    if not may_hold_han(source):
        return found
    for place, statement in statements(ast.parse(source).body):
        passed: set[int] = set()
        for node in ast.walk(statement):
            if isinstance(node, ast.Expr):
                passed.add(id(node.value))
            elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in GETTEXT:
                # An f-string is another sentence each time: no catalogue has it.
                passed |= {id(argument) for argument in node.args}
        literals = [node for node in ast.walk(statement) if is_han(node) and id(node) not in passed]
        if literals:
            literals.sort(key=lambda node: (node.lineno, node.col_offset))
            found.setdefault(place, []).extend(node.value for node in literals)
    return found


def within_fstrings(source: str) -> list[str]:
    """Sentences whose gettext call stands inside an f-string, where xgettext does not look."""
    if not may_hold_han(source):
        return []
    return [
        node.args[0].value
        for outer in ast.walk(ast.parse(source))
        if isinstance(outer, ast.JoinedStr)
        for node in ast.walk(outer)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in GETTEXT and node.args and is_han(node.args[0])
    ]


def outside_tags(text: str) -> list[str]:
    """Lines of a template with Chinese that no translation tag holds."""
    for held in (
        r"\{%-?\s*blocktrans(?:late)?\b.*?\{%\s*endblocktrans(?:late)?\s*%\}",
        r"\{%\s*comment\b.*?\{%\s*endcomment\s*%\}",
        r"\{%\s*trans(?:late)?\s.*?%\}",
        r"\{#.*?#\}",
        r"""_\((?:"[^"]*"|'[^']*')\)""",
    ):
        text = re.sub(held, lambda match: "\n" * match[0].count("\n"), text, flags=re.S)
    return [line.strip() for line in text.splitlines() if HAN.search(line)]


def test_every_chinese_literal_passes_through_gettext_or_is_named_as_data():
    named = {(path, place) for files in DATA.values() for path, places in files.items() for place in places.split()}
    found = {
        (str(path.relative_to(ROOT)), place): literals
        for path in product_files(".py")
        for place, literals in untranslated(path.read_text(encoding="utf-8")).items()
    }
    assert {key: literals for key, literals in found.items() if key not in named} == {}
    assert named - set(found) == set(), "no such literal any more"


def test_no_sentence_is_translated_inside_an_fstring():
    found = {path: within_fstrings(path.read_text(encoding="utf-8")) for path in product_files(".py")}
    assert {path: sentences for path, sentences in found.items() if sentences} == {}


def test_words_of_templates_stand_in_translation_tags():
    found = {
        str(path.relative_to(ROOT)): lines
        for path in product_files(".html", ".txt")
        if (lines := outside_tags(path.read_text(encoding="utf-8")))
    }
    assert {path: lines for path, lines in found.items() if path not in TEMPLATES} == {}
    assert set(TEMPLATES) - set(found) == set(), "no such words any more"


def test_scripts_hold_no_words_of_their_own():
    """They take them from the page, which takes them from the catalogue."""
    texts = {path: path.read_text(encoding="utf-8") for path in product_files(".js")}
    uncommented = {path: re.sub(r"/\*.*?\*/|(?m:^\s*//.*$)", "", text, flags=re.S) for path, text in texts.items()}
    assert [path for path, text in uncommented.items() if HAN.search(text)] == []


def test_the_search_itself_finds_what_it_should():
    source = '''
"""模块"""
A = _("一")
B = {"x": "二"}
class C:
    """类"""
    label = "三"
    def f(self):
        """函数"""
        return _("四 %(x)s") % {"x": "五"} + _(f"六{A}") + f"七{A}{_('八')}"
'''
    assert untranslated(source) == {"B": ["二"], "C.label": ["三"], "C.f": ["五", "六", "七"]}
    assert within_fstrings(source) == ["八"]
    assert outside_tags('{% translate "一" %}{{ x|default:_("二") }}\n三{# 四 #}') == ["三"]
