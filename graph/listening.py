"""Takes the address that is served, before anything else happens there: who is too late hears it in one line."""

import errno
import ipaddress
import socket

from graph.settings import Unusable


def is_loopback(host: str) -> bool:
    """Can only this machine reach it?"""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def base_url_of(host: str, port: int) -> str:
    """How a browser on this machine writes the address."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def take_address(host: str, port: int) -> list[socket.socket]:
    """Sockets bound to a host's addresses, all with one port, a free one for port 0. Unusable when it is taken."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise Unusable(f"--host {host} is no address: give one of this machine's, such as 127.0.0.1.") from error
    sockets: list[socket.socket] = []
    for family, kind, protocol, _, address in found:
        listener = socket.socket(family, kind, protocol)
        try:
            _bind(listener, (address[0], port, *address[2:]))
        except OSError as error:
            listener.close()
            if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                continue  # `localhost` has an address of IPv6 on machines that have no IPv6.
            for other in sockets:
                other.close()
            raise Unusable(_words_of(error, host, port)) from error
        sockets.append(listener)
        port = port or listener.getsockname()[1]
    if not sockets:
        raise Unusable(f"--host {host} is no address of this machine: give one that is, such as 127.0.0.1.")
    return sockets


def _bind(listener: socket.socket, address: tuple[object, ...]) -> None:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if listener.family == socket.AF_INET6:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    listener.bind(address)
    listener.set_inheritable(True)


def _words_of(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} of {host} is in use: stop the other program, or choose another port with --port."
    if error.errno == errno.EACCES:
        return f"Port {port} needs rights that this user does not have: choose one above 1023 with --port."
    return f"{host}, port {port}, cannot be listened at ({error.strerror}): choose others with --host and --port."
