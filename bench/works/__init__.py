"""The works that are measured: reads, sends, deliveries, and sockets that wait."""
