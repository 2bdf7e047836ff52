"""The matrix of secrecy, driven: one walk a field, read by every role at every stage through every channel there is.

Two tests, because each plays a walk of its own; inside, one subtest for every kind of information.
"""
import os

import pytest

from law.secrecy import information
from tests.walks.channels import READS
from tests.walks.matrix import drive

# nothing of these kinds can be planted in a walk, and why
NOT_PLANTED = {
    "no such room is built": (
        "reserve_price", "land_applicants", "land_bidder_number", "land_bids", "land_rejected_bids", "land_result", "land_seller_papers",
        "prequalification_files", "prequalification_result", "invited_list", "question_text", "question_author", "site_visit", "base_price", "objection_text",
        "objection_author", "objection_exists", "objection_answer", "complaint_file", "complaint_decision", "tip_offs", "reopening", "collusion_leads",
        "ai_outputs", "remote_session", "break_glass", "intention", "darkbid_map", "biometrics", "bad_record", "incidents", "discussion"),
    "a channel, not a word: everything that goes through it is judged by what it carries": (
        "search_results", "counters", "exports", "notifications", "calendar_feed", "statistics", "ledger_leaf", "ledger_opening", "app_logs", "metrics", "backups",
        "wall_screens", "door_screens", "room_bookings"),
    "open to everybody by its nature": ("published_notice", "tender_document", "clarification", "result", "sme_statement", "policy_snapshot", "company_profile", "licence_scans"),
    "looked for where it may not be; those who may read it do so in a signed PDF, behind a fresh look, or not at all": (
        "award_letter", "minority_opinion", "exclusions", "id_numbers", "phones"),
    "a number or a fact without a word of its own: two worlds, or the room's own tests": (
        "document_taker_count", "deposit_total", "calls_and_replies", "recusal_reason", "expert_record", "own_score", "chair_choice", "phone_locker",
        "low_price_papers", "outlier_flags", "bank_accounts", "fee", "appraisal", "watched_reads", "qualification_result", "custodian_shares", "early_help", "joint_support"),
}
# kinds of which a walk plants a word or fills a field
WATCHED = set(information()) - {kind for kinds in NOT_PLANTED.values() for kind in kinds}
ONLY = {"coefficient": "works"}
# what differs between databases does not differ between fields: one of them is read on PostgreSQL
FIELDS = ["procurement", pytest.param("works", marks=pytest.mark.sqlite)]


def test_every_kind_of_the_matrix_is_watched_or_named() -> None:
    named = [kind for kinds in NOT_PLANTED.values() for kind in kinds]
    assert len(named) == len(set(named)) and set(named) <= set(information())
    assert len(READS) > 50


@pytest.mark.slow
@pytest.mark.parametrize("field", FIELDS)
def test_no_cell_shows_more_than_its_form(tmp_path, subtests, request, database_url, field) -> None:  # type: ignore[no-untyped-def]
    """On SQLite reads and pages, on PostgreSQL the reads, from which pages are made, of the viewers left out there. MATRIX=whole: everything by every role."""
    if database_url:
        database_url = request.getfixturevalue("postgres").database("matrix")
    seen = drive(tmp_path / "home", field, database_url, pages=not database_url, share=1 if os.environ.get("MATRIX") == "whole" else 6)
    for kind in sorted(information()):
        with subtests.test(kind=kind):
            assert [str(found) for found in sorted(seen.findings, key=str) if found.kind == kind] == []
    if not database_url:
        with subtests.test("everything watched was there to be seen by somebody"):
            silent = {kind for kind in WATCHED if ONLY.get(kind, field) == field} - seen.sung - seen.probed
            assert silent == set()
    with subtests.test("no page fell over"):
        assert sorted(seen.broken) == []
    with subtests.test("every channel carried something"):
        assert min(seen.looked[channel] for channel in ("reads", "messages", "exports") + (() if database_url else ("pages",))) > 10
