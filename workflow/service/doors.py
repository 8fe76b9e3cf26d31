"""The doors to the use cases of one office, put together in one place for pages, worker and tests."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from workflow.service.accounts import Accounts
from workflow.service.applicants.credentials import Keeping
from workflow.service.applicants.entry import Entry
from workflow.service.applicants.export import Exports
from workflow.service.applicants.held import HeldAboutPerson
from workflow.service.applicants.requests import OwnRequests
from workflow.service.applicants.saved import SavedApplicants
from workflow.service.audit import Audit
from workflow.service.begun import Begun
from workflow.service.bundles import Bundles
from workflow.service.cases.alike import Alike
from workflow.service.cases.applicant import ForApplicant
from workflow.service.cases.calls import Calls
from workflow.service.cases.desk_list import DeskList
from workflow.service.cases.intake import Intake
from workflow.service.cases.moving import Moving
from workflow.service.cases.notes import Notes
from workflow.service.cases.opinions import Opinions
from workflow.service.cases.reading import Reading
from workflow.service.cases.releasing import Releasing
from workflow.service.cases.renewing import QueryCodes
from workflow.service.cases.search import Search
from workflow.service.cases.similar import Similar
from workflow.service.cases.thread import Thread
from workflow.service.cases.to_sign import Signing
from workflow.service.cases.whole_applicant import WholeApplicant
from workflow.service.cases.worklist import Worklist
from workflow.service.dashboards import Dashboards
from workflow.service.desk_sessions import DeskSessions
from workflow.service.directory.arriving import Directory
from workflow.service.docket.handed_over import HandedOver
from workflow.service.docket.ledgers import Ledgers
from workflow.service.doctor import Doctor
from workflow.service.drafts import Drafts
from workflow.service.fetching import Fetching
from workflow.service.files import Files
from workflow.service.first_steps import FirstSteps
from workflow.service.gauges import StoreGauges
from workflow.service.heads import FOLDER, Heads
from workflow.service.hooks.receivers import Receivers
from workflow.service.kept_forms import KeptForms
from workflow.service.letters import CaseLetters
from workflow.service.limits import Limits
from workflow.service.messages.applicant import ApplicantMessages
from workflow.service.messages.channels import Channels
from workflow.service.messages.due_days import DueDays
from workflow.service.messages.inbox import Inbox
from workflow.service.messages.preferences import Preferences
from workflow.service.messages.record import Record
from workflow.service.office import Office
from workflow.service.own_papers import OwnPapers
from workflow.service.parcel_search import ParcelSearch
from workflow.service.parcels import Parcels
from workflow.service.public import PublicPages
from workflow.service.readiness import Readiness
from workflow.service.report.annual import AnnualReports
from workflow.service.report.cells import Cells
from workflow.service.report.from_files import ReportsFromFiles
from workflow.service.report.overrides import Overrides
from workflow.service.report.register import YearRegister
from workflow.service.report.sums import AddingUp
from workflow.service.report.tables import Reports
from workflow.service.report.year_end import YearEnd
from workflow.service.retention import Retention
from workflow.service.rights import Rights
from workflow.service.rules.bodies import Bodies
from workflow.service.rules.calendar import BodyDays
from workflow.service.rules.due_changes import DueChanges
from workflow.service.rules.national import NationalDays
from workflow.service.rules.settings import BodySettings
from workflow.service.scanner import scanner_of
from workflow.service.second_factor import SecondFactor
from workflow.service.staff import StaffRoom
from workflow.service.staff_entry import StaffEntry
from workflow.service.standing_in import StandIns
from workflow.service.supervision.below import Supervision
from workflow.service.supervision.hastening import Hastening
from workflow.service.tokens import Tokens
from workflow.service.units import Units
from workflow.service.upkeep.law import LawPoints


@dataclass(frozen=True)
class Gongkai:
    """An office, the settings of its installation, and a door for each matter."""

    office: Office
    settings: Mapping[str, Any]
    accounts: Accounts
    tokens: Tokens
    sessions: DeskSessions
    second_factor: SecondFactor
    directory: Directory
    audit: Audit
    rights: Rights
    heads: Heads
    kept_forms: KeptForms
    staff: StaffRoom
    staff_entry: StaffEntry
    stand_ins: StandIns
    units: Units
    first_steps: FirstSteps
    bodies: Bodies
    begun: Begun
    intake: Intake
    parcels: Parcels
    parcel_search: ParcelSearch
    drafts: Drafts
    alike: Alike
    moving: Moving
    signing: Signing
    reading: Reading
    notes: Notes
    thread: Thread
    opinions: Opinions
    whole_applicant: WholeApplicant
    releasing: Releasing
    query_codes: QueryCodes
    worklist: Worklist
    desk_list: DeskList
    search: Search
    similar: Similar
    for_applicant: ForApplicant
    files: Files
    fetching: Fetching
    own_papers: OwnPapers
    letters: CaseLetters
    bundles: Bundles
    retention: Retention
    ledgers: Ledgers
    handed_over: HandedOver
    calls: Calls
    limits: Limits
    inbox: Inbox
    record: Record
    channels: Channels
    hooks: Receivers
    preferences: Preferences
    due_days: DueDays
    applicant_messages: ApplicantMessages
    entry: Entry
    keeping: Keeping
    own_requests: OwnRequests
    saved_applicants: SavedApplicants
    exports: Exports
    held: HeldAboutPerson
    reports: Reports
    cells: Cells
    annual: AnnualReports
    overrides: Overrides
    from_files: ReportsFromFiles
    register: YearRegister
    adding_up: AddingUp
    year_end: YearEnd
    supervision: Supervision
    hastening: Hastening
    dashboards: Dashboards
    body_settings: BodySettings
    body_days: BodyDays
    national_days: NationalDays
    due_changes: DueChanges
    public: PublicPages
    readiness: Readiness
    gauges: StoreGauges
    doctor: Doctor
    law_points: LawPoints


def doors_of(office: Office, settings: Mapping[str, Any]) -> Gongkai:
    """All doors to an office. settings: of config.settings, those of uploads among them."""
    annual, accounts = AnnualReports(office), Accounts(office)
    staff = StaffRoom(office, accounts)
    scanner = scanner_of(settings["scanner"], settings["scanner_required"])
    files = Files(
        office,
        most_megabytes=settings["upload_megabytes"],
        most_files=settings["upload_files"],
        scanner=scanner,
    )
    return Gongkai(
        office=office,
        settings=settings,
        accounts=accounts,
        tokens=Tokens(office, accounts),
        sessions=DeskSessions(
            office,
            timedelta(minutes=settings["session_idle_minutes"]),
            settings["password_days"],
        ),
        second_factor=SecondFactor(office, settings["second_factor_roles"]),
        directory=Directory(office, settings),
        audit=Audit(office),
        rights=Rights(office),
        heads=Heads(office, Path(settings["data_dir"]) / FOLDER),
        kept_forms=KeptForms(office),
        staff=staff,
        staff_entry=StaffEntry(office, staff),
        stand_ins=StandIns(office),
        units=Units(office),
        first_steps=FirstSteps(office, BodySettings(office), NationalDays(office)),
        bodies=Bodies(office),
        begun=Begun(office, files.judge),
        intake=Intake(office),
        parcels=Parcels(office),
        parcel_search=ParcelSearch(office),
        drafts=Drafts(office, files.judge),
        alike=Alike(office),
        moving=Moving(office),
        signing=Signing(office),
        reading=Reading(office),
        notes=Notes(office),
        thread=Thread(office),
        opinions=Opinions(office),
        whole_applicant=WholeApplicant(office),
        releasing=Releasing(office),
        query_codes=QueryCodes(office),
        worklist=Worklist(office),
        desk_list=DeskList(office),
        search=Search(office),
        similar=Similar(office),
        for_applicant=ForApplicant(office),
        files=files,
        fetching=Fetching(files),
        own_papers=OwnPapers(files),
        letters=CaseLetters(office, most_megabytes=settings["upload_megabytes"], scanner=scanner),
        bundles=Bundles(office),
        retention=Retention(office),
        ledgers=Ledgers(office, most_bytes=files.most_bytes),
        handed_over=HandedOver(office),
        calls=Calls(office),
        limits=Limits(office),
        inbox=Inbox(office),
        record=Record(office),
        channels=Channels(office),
        hooks=Receivers(office, settings),
        preferences=Preferences(office),
        due_days=DueDays(office),
        applicant_messages=ApplicantMessages(office),
        entry=Entry(office),
        keeping=Keeping(office),
        own_requests=OwnRequests(office),
        saved_applicants=SavedApplicants(office),
        exports=Exports(office),
        held=HeldAboutPerson(office),
        reports=Reports(office),
        cells=Cells(Reports(office)),
        annual=annual,
        overrides=Overrides(annual),
        from_files=ReportsFromFiles(annual),
        register=YearRegister(office),
        adding_up=AddingUp(office),
        year_end=YearEnd(office),
        supervision=Supervision(office),
        hastening=Hastening(office),
        dashboards=Dashboards(office),
        body_settings=BodySettings(office),
        body_days=BodyDays(office),
        national_days=NationalDays(office),
        due_changes=DueChanges(office),
        public=PublicPages(office),
        readiness=Readiness(office),
        gauges=StoreGauges(office),
        doctor=Doctor(office, settings),
        law_points=LawPoints(office),
    )
