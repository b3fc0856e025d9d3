"""A certificate authority made for one test, and what it signs."""

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


class Authority:
    """Its own certificate is `pem`."""

    def __init__(self, name: str = "Testens utfärdare") -> None:
        self._name = _name(name)
        self._key = _new_key()
        basic = x509.BasicConstraints(ca=True, path_length=0)
        self._certificate = self._sign(self._name, self._key.public_key(), basic)
        self.pem = self._certificate.public_bytes(serialization.Encoding.PEM).decode()

    def write(self, path: Path) -> Path:
        """The file that `sip.ca_file` names."""
        path.write_text(self.pem, encoding="ascii")
        return path

    def issue(self, names: tuple[str, ...]) -> tuple[str, str]:
        """A server's certificate and key as PEM; names are host names and addresses."""
        key = _new_key()
        alternatives = x509.SubjectAlternativeName([_general(name) for name in names])
        certificate = self._sign(_name(names[0]), key.public_key(), alternatives)
        pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
        plain = serialization.NoEncryption()
        secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        return pem, secret.decode()

    def _sign(self, subject: x509.Name, key: rsa.RSAPublicKey, extension: x509.ExtensionType) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder(self._name, subject, key, x509.random_serial_number())
        dated = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=30))
        return dated.add_extension(extension, critical=False).sign(self._key, hashes.SHA256())
