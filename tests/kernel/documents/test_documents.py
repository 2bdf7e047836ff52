"""Documents: every template prints, says the same twice, executes nothing a user wrote, and is signed by the centre."""
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from kernel import documents
from kernel.centre import Centre
from kernel.errors import Refused
from tests.kernel.documents.samples import DATA, HOSTILE, MOMENT
from tests.world import found_test_centre


@pytest.mark.parametrize("template", sorted(documents.TEMPLATES))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_template_prints_the_same_bytes_for_the_same_data(centre: Centre, template: str, lang: str) -> None:
    first = documents.pdf(centre, template, DATA[template], lang)
    assert first.startswith(b"%PDF-1.7") and first == documents.pdf(centre, template, DATA[template], lang)
    assert b"pdfaid:part" in first or b"pdfaid" in PdfFileReader(io.BytesIO(first)).root["/Metadata"].data


def test_the_minimum_of_data_is_enough(centre: Centre) -> None:
    for name, form in documents.TEMPLATES.items():
        few = {key: value for key, value in DATA[name].items() if key in (*form.needs, "moment", "code", "project")}
        assert documents.pdf(centre, name, few).startswith(b"%PDF")


def test_a_missing_or_foreign_key_is_our_mistake(centre: Centre) -> None:
    with pytest.raises(AssertionError, match="lacks \\['winner'\\]"):
        documents.pdf(centre, "award_letter", {k: v for k, v in DATA["award_letter"].items() if k != "winner"})
    with pytest.raises(AssertionError, match="does not know \\['secret'\\]"):
        documents.pdf(centre, "award_letter", DATA["award_letter"] | {"secret": "x"})


def test_markup_in_a_name_is_printed_and_not_run(centre: Centre) -> None:
    """Markup that would stop the compiler or read a file makes an ordinary page, of the same number of pages."""
    plain = documents.png(centre, "result_letter", DATA["result_letter"] | {"to": "示例公司"}, ppi=40)
    hostile = documents.png(centre, "result_letter", DATA["result_letter"] | {"to": HOSTILE + '#panic("no")#pagebreak()'}, ppi=40)
    assert len(plain) == len(hostile) == 1 and plain != hostile


def test_a_receipt_is_one_small_page(centre: Centre) -> None:
    reader = PdfFileReader(io.BytesIO(documents.pdf(centre, "receipt", DATA["receipt"])))
    box = [round(x) for x in reader.root["/Pages"]["/Kids"][0]["/MediaBox"]]
    assert reader.root["/Pages"]["/Count"] == 1 and box[2:] == [420, 595]


def test_the_centre_s_signature_covers_the_document_and_chains_to_its_ca(centre: Centre) -> None:
    pdf = documents.pdf(centre, "award_letter", DATA["award_letter"])
    signed = documents.sign(centre, pdf, MOMENT)
    assert signed.startswith(pdf)
    root = load_cert_from_pemder(str(centre.home / "rehearsal" / "ca" / "ca.pem"))
    context = ValidationContext(trust_roots=[root], moment=datetime.fromtimestamp(centre.now() / 1000, UTC), allow_fetching=False)
    status = validate_pdf_signature(PdfFileReader(io.BytesIO(signed)).embedded_signatures[0], context)
    assert status.bottom_line and status.coverage.name == "ENTIRE_FILE"
    assert status.signer_reported_dt == datetime.fromtimestamp(MOMENT // 1000, UTC)
    broken = signed.replace(b"/Producer", b"/Producex", 1) if b"/Producer" in signed[: len(pdf)] else signed[:600] + bytes([signed[600] ^ 1]) + signed[601:]
    with pytest.raises(Exception):  # noqa: B017  a broken file may fail in the reader or in the check
        assert validate_pdf_signature(PdfFileReader(io.BytesIO(broken)).embedded_signatures[0], context).bottom_line


def test_one_rehearsal_signs_with_one_certificate(centre: Centre) -> None:
    pdf = documents.pdf(centre, "notice", DATA["notice"])
    certificates = {PdfFileReader(io.BytesIO(documents.sign(centre, pdf, MOMENT))).embedded_signatures[0].signer_cert.dump() for _ in range(2)}
    assert len(certificates) == 1
    assert (centre.home / "rehearsal" / "ca" / "ca.key").stat().st_mode & 0o077 == 0


def test_a_real_centre_does_not_sign_without_its_certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, centre: Centre) -> None:
    real = found_test_centre(tmp_path / "real", rehearsal=False)
    pdf = documents.pdf(real, "notice", DATA["notice"])
    with pytest.raises(Refused):
        documents.sign(real, pdf, MOMENT)
    documents.sign(centre, pdf, MOMENT)
    ca = centre.home / "rehearsal" / "ca"
    monkeypatch.setenv("MINGBIAO_SIGNING_CERT", str(ca / "centre.pem"))
    monkeypatch.setenv("MINGBIAO_SIGNING_KEY", str(ca / "centre.key"))
    assert len(documents.sign(real, pdf, MOMENT)) > len(pdf)
    assert not (real.home / "rehearsal").exists()
    real.close()


def test_rehearsal_documents_say_so(centre: Centre, tmp_path: Path) -> None:
    real = found_test_centre(tmp_path / "real", rehearsal=False)
    assert documents.png(centre, "notice", DATA["notice"], ppi=40) != documents.png(real, "notice", DATA["notice"], ppi=40)
    real.close()
