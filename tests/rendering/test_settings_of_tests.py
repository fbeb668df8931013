"""A test's settings reach the renderer, whatever this process has rendered before."""

from typing import Any

from django.test import override_settings

from govplatform.rendering.renderer import _handler


def test_static_files_are_found_where_a_test_says_so_and_not_after_it(settings: Any):
    before = _handler()
    settings.WHITENOISE_USE_FINDERS = True
    inside = _handler()
    assert inside is not before and inside is _handler()
    with override_settings(WHITENOISE_USE_FINDERS=False):
        assert _handler() is not inside
