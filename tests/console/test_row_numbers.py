"""What stands in the place of a row's number may be anything: it names no row, and nothing breaks."""

import pytest

from govplatform.row_numbers import row_number

#: Python refuses to read a number of more than 4,300 digits.
ENDLESS = "9" * 5000


@pytest.mark.unit
@pytest.mark.parametrize("text", ["", "x", "-1", "1.0", " 1", "²", "１２", "9" * 19, ENDLESS])
def test_what_is_no_number_of_a_row_is_zero(text):
    assert row_number(text) == 0


@pytest.mark.unit
def test_a_number_of_a_row_is_read():
    assert row_number("17") == 17 and row_number("9" * 18) == 10**18 - 1


def test_an_endless_number_in_an_address_or_form_is_not_found(alpha, console):
    admin, operator = console("alpha_admin", "alpha"), console("operator", "console")
    assert admin.post("/admin/people/", {"act": "withdraw", "offer": ENDLESS}).status_code == 404
    assert admin.get(f"/admin/bulk/wagtailcore/page/move/?id={ENDLESS}").status_code < 500
    assert operator.get(f"/admin/fleet/new/?from={ENDLESS}").status_code == 404
    assert operator.post("/admin/account-resets/", {"act": "confirm", "reset": ENDLESS}).status_code == 404
    reviewer = console("alpha_content", "alpha")
    assert reviewer.post("/admin/absence/", {"act": "end", "absence": ENDLESS}).status_code == 404
