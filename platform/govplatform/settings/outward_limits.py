"""How often and how much strangers may ask for and send in, from one address."""

import os

#: Requests a minute from one address, behind which a whole office may sit: it searches four times a second, and every
#: key that somebody presses may ask for suggestions (decision 052).
OUTWARD_LIMITS = {
    "read": 240, "files": 600, "search": 240, "suggest": 1200,
    # What citizens send in and ask for by a code: of one address, of its network, and where no work was done for it.
    "letter": 20, "letter_network": 60, "letter_by_hand": 6, "ask": 20, "ask_network": 60,
    # Of answers to a survey: an office that was asked to take part does so behind one address.
    "survey": 60, "survey_network": 240, "survey_by_hand": 20,
}  # fmt: skip
#: How many answers to one survey are taken from one address, from its begin to its end. An office, a school and the
#: subscribers of a mobile network share one; who wants to answer a thousand times is held up.
SURVEY_ANSWERS_PER_ADDRESS = int(os.environ.get("SURVEY_ANSWERS_PER_ADDRESS", "200"))
