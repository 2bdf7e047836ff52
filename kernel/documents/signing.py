"""The centre's signature under a PDF (电子签名法 第十三条).

A rehearsal signs with a certificate of its own CA, made at first use under home/rehearsal/ca, whose names say
rehearsal. A real centre names a certificate chain and its key by MINGBIAO_SIGNING_CERT and MINGBIAO_SIGNING_KEY
(PEM files) and refuses to sign without them.
"""
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pydantic_settings import BaseSettings, SettingsConfigDict
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import SigSeedSubFilter

from kernel.centre import write_secret
from kernel.errors import Reason, Refused, Text

if TYPE_CHECKING:
    from kernel.centre import Centre

YEARS = 20


class SigningSettings(BaseSettings):
    """cert: PEM with the certificate and the chain above it · key: PEM of its key."""

    model_config = SettingsConfigDict(env_prefix="MINGBIAO_SIGNING_")

    cert: Path | None = None
    key: Path | None = None


def sign(centre: "Centre", pdf: bytes, moment: int | None = None) -> bytes:
    """The PDF with the centre's PAdES signature appended. moment: ms, default now; it is the signing time it shows.

    Refused("key_certified") where a real centre has no certificate.
    """
    when = datetime.fromtimestamp((moment if moment is not None else centre.now()) / 1000, UTC)
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    assert centre.row is not None
    metadata = PdfSignatureMetadata(field_name="Centre", md_algorithm="sha256", name=centre.row.name, subfilter=SigSeedSubFilter.PADES)
    out = io.BytesIO()
    _DatedSigner(metadata, _signer(centre), when).sign_pdf(writer, output=out)
    return out.getvalue()


class _DatedSigner(PdfSigner):
    """Shows the centre's moment, which in a rehearsal is not the machine's."""

    def __init__(self, metadata: PdfSignatureMetadata, signer: SimpleSigner, when: datetime) -> None:
        super().__init__(metadata, signer)
        self.when = when

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.when
        return session


def _signer(centre: "Centre") -> SimpleSigner:
    given = SigningSettings()
    if given.cert and given.key:
        signer = SimpleSigner.load(str(given.key), str(given.cert), ca_chain_files=[str(given.cert)])
    elif centre.rehearsal:
        folder = centre.home / "rehearsal" / "ca"
        if not (folder / "centre.pem").exists():
            found_rehearsal_ca(centre, folder)
        signer = SimpleSigner.load(str(folder / "centre.key"), str(folder / "centre.pem"), ca_chain_files=[str(folder / "ca.pem")])
    else:
        raise Refused(Reason("key_certified", Text("未配置签章证书", "no signing certificate is configured")))
    assert signer is not None, "the signing certificate cannot be read"
    return signer


def found_rehearsal_ca(centre: "Centre", folder: Path) -> None:
    """A CA and the centre's certificate under it, both of P-256, valid from the day before the founding."""
    assert centre.rehearsal and centre.row is not None
    start = datetime.fromtimestamp(centre.row.founded / 1000, UTC) - timedelta(days=1)
    folder.mkdir(parents=True, exist_ok=True)
    ca_key, own_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = _name("Rehearsal CA 演练", centre.row.name)
    ca = _certificate(ca_name, ca_name, ca_key, ca_key, start, ca=True)
    own = _certificate(_name("Rehearsal seal 演练签章", centre.row.name), ca_name, own_key, ca_key, start, ca=False)
    try:
        write_secret(folder / "ca.key", _pem(ca_key))
        write_secret(folder / "centre.key", _pem(own_key))
    except FileExistsError:
        return  # another process of this rehearsal is making them
    (folder / "ca.pem").write_bytes(ca.public_bytes(Encoding.PEM))
    spool = folder / "centre.pem.new"
    spool.write_bytes(own.public_bytes(Encoding.PEM))
    spool.rename(folder / "centre.pem")


def _name(common: str, organisation: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:60]), x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, signing: ec.EllipticCurvePrivateKey, start: datetime, ca: bool,
) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=not ca, content_commitment=not ca, key_cert_sign=ca, crl_sign=ca, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )
    return (
        x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(start + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=0 if ca else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(signing, SHA256())
    )
