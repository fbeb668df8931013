"""Where citizens answer, and read the numbers; by the id of the page."""

from govplatform.cases.addresses import PREFIX

SURVEYS = f"{PREFIX}surveys/"


def form_address(page: int | None) -> str:
    return f"{SURVEYS}{page}/"


def results_address(page: int | None) -> str:
    return f"{SURVEYS}{page}/results/"
