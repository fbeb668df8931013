"""Every rule of the scanner, in the order in which they are run."""

from .addresses import Address
from .aggregation import Aggregation
from .bank_numbers import BankCard
from .dictionary import Dictionary
from .documents import Email, Passport
from .facts import ExternalLink, FactRule, MapNumber, Metadata
from .identity_numbers import IdCard, IdCard15
from .marks import CopyNumber, InternalMark, SecrecyMark
from .phone_numbers import Landline, Mobile
from .plates import Plate
from .rule import Rule

TEXT_RULES: tuple[Rule, ...] = (
    SecrecyMark(), InternalMark(), CopyNumber(), IdCard(), IdCard15(), BankCard(), Mobile(), Landline(), Passport(),
    Plate(), Email(), Address(), Dictionary(),
)  # fmt: skip
FACT_RULES: tuple[FactRule, ...] = (Metadata(), MapNumber(), ExternalLink())
#: Rules whose findings come from files themselves, not from their text.
READER_RULES = ("hidden-content", "gps", "unreadable")

RULE_IDS = frozenset(
    (*(rule.id for rule in TEXT_RULES), *(rule.id for rule in FACT_RULES), Aggregation.id, *READER_RULES)
)
