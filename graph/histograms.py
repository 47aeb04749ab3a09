"""A histogram in which one value is noted for many at once."""

from bisect import bisect_left

import prometheus_client


class Histogram(prometheus_client.Histogram):
    """As the library's, with a quicker way to say the same thing many times."""

    def observe_times(self, amount: float, times: int) -> None:
        """Observe an amount so many times; one after another, five hundred would take a tenth of a fan-out's time."""
        self._sum.inc(amount * times)
        self._buckets[bisect_left(self._upper_bounds, amount)].inc(times)
