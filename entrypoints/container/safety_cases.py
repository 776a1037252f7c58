"""The use cases of safety."""

from dependency_injector import providers

from application.chat.report_message import ReportMessage
from application.safety.detect_crisis import DetectCrisis
from application.safety.find_due_notices import FindDueNotices
from application.safety.get_counters import GetCounters
from application.safety.list_flags import ListFlags
from application.safety.list_reports import ListReports
from application.safety.review_flag import ReviewFlag
from application.safety.review_report import ReviewReport
from application.safety.safety_records import SafetyRecords
from entrypoints.container.foundation import Foundation
from entrypoints.safety.policy import load_policy
from entrypoints.safety.rules import load_rules


class SafetyCases(Foundation):
    """Rules, policy, records, and the work of reviewing."""

    roles = Foundation.roles

    safety_policy = providers.Singleton(load_policy)
    safety_rules = providers.Singleton(load_rules)
    detect_crisis = providers.Singleton(DetectCrisis, safety_rules)
    safety_records = providers.Singleton(SafetyRecords, roles.safety_log, roles.clock, roles.ids)
    list_flags = providers.Singleton(ListFlags, roles.safety_log)
    review_flag = providers.Singleton(ReviewFlag, roles.safety_log, roles.clock)
    list_reports = providers.Singleton(ListReports, roles.safety_log)
    review_report = providers.Singleton(ReviewReport, roles.safety_log, roles.clock)
    get_counters = providers.Singleton(GetCounters, roles.safety_log, roles.clock)

    report_message = providers.Singleton(
        ReportMessage, roles.sessions, safety_records, roles.clock, roles.ids
    )
    find_due_notices = providers.Singleton(FindDueNotices, safety_policy, roles.clock)
