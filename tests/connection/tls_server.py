"""A web server of our own over TLS, whose answers a test writes: the metadata site of an attacker."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Answer = Callable[[socket.socket], None]


def certificate_for(folder: Path, *names: str) -> Path:
    """A key and a self-signed certificate for these names, in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([_name(text) for text in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{names[0]}.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file


def _name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(text))
    except ValueError:
        return x509.DNSName(text)


class TlsServer:
    """Listens on an address of the loopback network. `asked` has the first line of every request it got."""

    def __init__(self, certificate: Path | None, host: str = "127.0.0.2") -> None:
        self._listening = socket.create_server((host, 0))
        self.port: int = self._listening.getsockname()[1]
        self.answer: Answer = lambda channel: None
        self.asked: list[str] = []
        self.hosts: list[str] = []
        self._tls = None
        if certificate is not None:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(certificate)
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        # A thread that waits in accept() is only woken by this.
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                channel, _peer = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._handle, args=(channel,), daemon=True).start()

    def _handle(self, channel: socket.socket) -> None:
        try:
            with self._tls.wrap_socket(channel, server_side=True) if self._tls else channel as secured:
                head = b""
                while b"\r\n\r\n" not in head and (more := secured.recv(4096)):
                    head += more
                lines = head.decode("latin-1").split("\r\n")
                self.asked.append(lines[0])
                self.hosts += [line for line in lines if line.startswith("Host: ")]
                self.answer(secured)
        except OSError:
            # The caller has had enough.
            channel.close()
