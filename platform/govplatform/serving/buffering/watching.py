"""Waiting for what happens on many connections: what one costs does not grow with how many stand open beside it."""

import select


class Watch:
    """What the kernel is asked to tell, kept there: descriptor -> mask of ``select.EPOLLIN`` and ``EPOLLOUT``."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._masks: dict[int, int] = {}

    def ask(self, descriptor: int, mask: int) -> None:
        """Be told of ``mask`` on a descriptor from now on; 0: of nothing, not even that it broke."""
        before = self._masks.get(descriptor, 0)
        if mask == before:
            return
        if not mask:
            self.forget(descriptor)
            return
        if before:
            self._epoll.modify(descriptor, mask)
        else:
            self._epoll.register(descriptor, mask)
        self._masks[descriptor] = mask

    def forget(self, descriptor: int) -> None:
        """Stop watching a descriptor, before it is closed."""
        if self._masks.pop(descriptor, 0):
            self._epoll.unregister(descriptor)

    def wait(self, seconds: float) -> list[tuple[int, int]]:
        """What happened, as ``(descriptor, mask)``; nothing when so many seconds passed."""
        return self._epoll.poll(seconds)

    def close(self) -> None:
        self._epoll.close()
