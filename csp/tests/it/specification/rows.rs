//! The table's rows, part by part, in the specification's order.

use super::By::{Code, Rule, Task, Verbatim};
use super::Proof::{Scenario, Test};
use super::{Part, Proof, Row};

const CRITERIA: &str = "orchestrator/src/health/criteria.rs";
const CADENCE: &str = "orchestrator/src/health/cadence.rs";
const HEALTH: &str = "orchestrator/src/health/tests.rs";
const GOVERNED: &str = "csp/tests/it/governed.rs";
const LINKS: &str = "infohub/src/registers/links/tests.rs";
const TIME: &str = "orchestrator/src/rules/tests/time.rs";

const WORD_FOR_WORD: Proof =
    Test(GOVERNED, "the_specifications_triggers_stand_in_the_shipped_rules_word_for_word");
const EVERY_TASK: Proof =
    Test("csp/tests/it/tasks.rs", "every_task_comes_from_its_trigger_to_the_plan_by_rule");
const EACH_CRITERION: Proof = Test(HEALTH, "each_criterion_is_broken_by_its_own_fault");
const SOUND: Proof = Test(HEALTH, "a_sound_plan_is_complete_and_healthy");
const TABLE: Proof = Test(HEALTH, "the_customers_next_review_follows_the_table");

pub const PARTS: &[Part] = &[
    Part {
        name: "When to Create a CSP",
        about: "A plan is begun by a rule where it is required, and by a person where it may be.",
        rows: &[
            Row(
                "Opportunity > $100K ARR, Stage 2+ | YES",
                &[Rule("csp_creation"), Rule("csp_creation_exceptions")],
                &[Scenario("exactly_the_line"), Scenario("stage_jump"), Scenario("arr_falls")],
            ),
            Row(
                "SA-validated technical evaluation (any ARR) | YES",
                &[Rule("csp_creation_exceptions")],
                &[Scenario("strategic_without_arr")],
            ),
            Row(
                "Strategic account (any opportunity) | YES",
                &[Rule("csp_creation_exceptions")],
                &[Scenario("strategic_without_arr")],
            ),
            Row(
                "Commercial account < $100K | Optional (SA Manager discretion)",
                &[Code("orchestrator/src/decide/start.rs", "TaskOrdered")],
                &[Scenario("exactly_the_line")],
            ),
        ],
    },
    Part {
        name: "CSP Lifecycle",
        about: "A plan goes forward with the tasks of its phase; it passes to the CA when the CA accepts the handoff.",
        rows: &[
            Row(
                "STAGE 2 (Scoping) | INITIATE | Owner: SA",
                &[Rule("csp_creation"), Code("orchestrator/src/decide/meta.rs", "first_plan")],
                &[EVERY_TASK],
            ),
            Row(
                "STAGE 3 (Technical) | DEVELOP | Owner: SA",
                &[Rule("csp_development"), Code("orchestrator/src/decide/meta.rs", "advance")],
                &[EVERY_TASK],
            ),
            Row(
                "STAGE 4 (Proposal) | FINALIZE | Owner: SA",
                &[Rule("csp_finalization"), Rule("proposal_gate")],
                &[EVERY_TASK, Scenario("criterion_tbd")],
            ),
            Row(
                "POST-SALES (Adoption) | EXECUTE | Owner: CA",
                &[Rule("usage_review"), Rule("value_review"), Rule("quarterly_refresh")],
                &[EVERY_TASK, Scenario("handoff_refused")],
            ),
            Row(
                "HANDOFF | SA → CA",
                &[Rule("handoff_trigger"), Code("orchestrator/src/decide/handoff.rs", "accept")],
                &[Scenario("handoff_refused"), Scenario("won_before_stage_4")],
            ),
        ],
    },
    Part {
        name: "csp_tasks",
        about: "Name and trigger stand in the agents' files in these words; what starts a task is a rule.",
        rows: &[
            Row(
                "initiate_csp: name: Initialize Customer Success Plan",
                &[Task("sa.initiate_csp")],
                &[Test("agents/src/prompt/tests.rs", "the_first_task_as_it_is_sent"), EVERY_TASK],
            ),
            Row(
                "initiate_csp: trigger: Opportunity enters Stage 2 with ARR > $100K",
                &[Task("sa.initiate_csp"), Rule("csp_creation")],
                &[Scenario("arr_falls"), Scenario("exactly_the_line")],
            ),
            Row(
                "develop_csp: name: Develop Technical Evaluation Plan",
                &[Task("sa.develop_csp")],
                &[EVERY_TASK],
            ),
            Row(
                "develop_csp: trigger: Technical evaluation beginning",
                &[Task("sa.develop_csp"), Rule("csp_development")],
                &[EVERY_TASK],
            ),
            Row(
                "finalize_csp: name: Finalize CSP for Customer Review",
                &[Task("sa.finalize_csp")],
                &[EVERY_TASK],
            ),
            Row(
                "finalize_csp: trigger: Before Stage 4 proposal",
                &[Task("sa.finalize_csp"), Rule("csp_finalization")],
                &[EVERY_TASK],
            ),
            Row(
                "accept_handoff: name: Accept CSP Handoff from SA",
                &[Task("ca.accept_handoff")],
                &[EVERY_TASK],
            ),
            Row(
                "accept_handoff: trigger: Deal closed, handoff initiated",
                &[Task("ca.accept_handoff"), Rule("handoff_acceptance")],
                &[EVERY_TASK],
            ),
            Row("track_value: name: Update CSP Value Tracking", &[Task("ca.track_value")], &[EVERY_TASK]),
            Row(
                "track_value: trigger: Monthly value review",
                &[Task("ca.track_value"), Rule("value_review")],
                &[Scenario("anniversary_on_the_31st")],
            ),
            Row("refresh_csp: name: Quarterly CSP Refresh", &[Task("ca.refresh_csp")], &[EVERY_TASK]),
            Row(
                "refresh_csp: trigger: Quarterly review",
                &[Task("ca.refresh_csp"), Rule("quarterly_refresh"), Rule("quarterly_review")],
                &[Scenario("anniversary_on_the_31st"), EVERY_TASK],
            ),
        ],
    },
    Part {
        name: "csp_links",
        about: "Plan and registers are kept in step by the store, whoever edits which side.",
        rows: &[
            Row(
                "decisions: Link CSP outcomes to decisions in decision_log.yaml",
                &[Code("infohub/src/registers/decision_log.rs", "serves")],
                &[Test(LINKS, "decisions_serve_what_is_there")],
            ),
            Row(
                "decisions: Reference CSP when logging architecture decisions",
                &[Code("infohub/src/registers/decision_log.rs", "plan_version")],
                &[Test(LINKS, "decisions_serve_what_is_there")],
            ),
            Row(
                "risks: CSP risks sync with risk_register.yaml",
                &[Code("infohub/src/registers/links/risks.rs", "settle")],
                &[
                    Test(LINKS, "a_risk_of_the_plan_is_registered"),
                    Test(LINKS, "a_registered_risk_enters_the_plan_with_its_mark"),
                    Scenario("champion_leaves"),
                ],
            ),
            Row(
                "risks: Risk Radar monitors CSP risk section",
                &[Code("orchestrator/src/radar.rs", "radar")],
                &[Test("orchestrator/src/radar.rs", "the_worst_comes_first_with_what_changed")],
            ),
            Row(
                "actions: CSP milestones create actions in action_tracker.yaml",
                &[Code("infohub/src/registers/links/milestones.rs", "settle")],
                &[
                    Test(LINKS, "a_milestone_has_an_action_and_they_move_together"),
                    Scenario("milestone_moved"),
                ],
            ),
            Row(
                "actions: Nudger tracks CSP milestone due dates",
                &[
                    Rule("milestone_tracking"),
                    Rule("milestone_overdue"),
                    Code("prompts/nudger.yaml", "write_reminder"),
                ],
                &[Scenario("slept_over_reminders"), Scenario("milestone_moved")],
            ),
            Row(
                "meetings: Meeting Notes Agent extracts CSP updates",
                &[Verbatim("meeting_notes")],
                &[Scenario("champion_leaves"), EVERY_TASK],
            ),
            Row(
                "meetings: QBR prep pulls from CSP value tracking",
                &[Code("orchestrator/src/report/qbr.rs", "value_tracking")],
                &[
                    Test("orchestrator/src/report/qbr.rs", "points_come_with_what_value_tracking_says"),
                    Test("csp/tests/it/reports.rs", "a_review_is_prepared_from_briefing_and_value_tracking"),
                ],
            ),
        ],
    },
    Part {
        name: "automation",
        about: "The five triggers stand in the shipped rules as they stand in the seed.",
        rows: &[
            Row(
                "csp_creation: trigger: Opportunity.stage == 'Stage 2' AND Opportunity.arr > 100000",
                &[Verbatim("csp_creation")],
                &[WORD_FOR_WORD, Scenario("exactly_the_line"), Scenario("arr_falls")],
            ),
            Row(
                "csp_creation: action: SA Agent initiates CSP",
                &[Verbatim("csp_creation")],
                &[WORD_FOR_WORD, Scenario("arr_falls")],
            ),
            Row(
                "csp_creation: notification: SA receives CSP creation task",
                &[Verbatim("csp_creation")],
                &[WORD_FOR_WORD, Scenario("arr_falls")],
            ),
            Row(
                "csp_review_reminder: trigger: CSP.last_updated > 30 days",
                &[Verbatim("csp_review_reminder")],
                &[
                    WORD_FOR_WORD,
                    Test(GOVERNED, "time_alone_reminds_and_only_once"),
                    Test(TIME, "a_plan_is_stale_from_the_day_after_its_thirtieth"),
                ],
            ),
            Row(
                "csp_review_reminder: action: Nudger sends review reminder",
                &[Verbatim("csp_review_reminder")],
                &[WORD_FOR_WORD, Scenario("owner_on_holiday")],
            ),
            Row(
                "csp_review_reminder: notification: Owner receives stale CSP alert",
                &[Verbatim("csp_review_reminder")],
                &[WORD_FOR_WORD, Scenario("owner_on_holiday")],
            ),
            Row(
                "milestone_tracking: trigger: CSP.milestone.due_date approaching",
                &[Verbatim("milestone_tracking")],
                &[
                    WORD_FOR_WORD,
                    Test(TIME, "a_milestone_is_reminded_of_three_times"),
                    Scenario("milestone_moved"),
                ],
            ),
            Row(
                "milestone_tracking: action: Nudger sends milestone reminder",
                &[Verbatim("milestone_tracking")],
                &[WORD_FOR_WORD, Scenario("milestone_moved")],
            ),
            Row(
                "milestone_tracking: timing: 7 days before, 1 day before, day of",
                &[Verbatim("milestone_tracking")],
                &[
                    WORD_FOR_WORD,
                    Scenario("due_in_a_clock_change"),
                    Scenario("due_at_the_weekend"),
                    Scenario("slept_over_reminders"),
                ],
            ),
            Row(
                "handoff_trigger: trigger: Opportunity.stage == 'Closed Won'",
                &[Verbatim("handoff_trigger")],
                &[WORD_FOR_WORD, Scenario("closed_won_twice"), Scenario("won_before_stage_4")],
            ),
            Row(
                "handoff_trigger: action: Initiate SA → CA handoff workflow",
                &[Verbatim("handoff_trigger")],
                &[WORD_FOR_WORD, Scenario("handoff_refused")],
            ),
            Row(
                "handoff_trigger: notification: SA and CA receive handoff task",
                &[Verbatim("handoff_trigger")],
                &[WORD_FOR_WORD, Scenario("closed_won_twice")],
            ),
            Row(
                "value_review: trigger: Monthly on account anniversary",
                &[Verbatim("value_review")],
                &[WORD_FOR_WORD, Scenario("anniversary_on_the_31st")],
            ),
            Row(
                "value_review: action: CA Agent prompted for value update",
                &[Verbatim("value_review")],
                &[WORD_FOR_WORD, Scenario("anniversary_on_the_31st")],
            ),
            Row(
                "value_review: notification: CA receives value tracking task",
                &[Verbatim("value_review")],
                &[WORD_FOR_WORD, Scenario("anniversary_on_the_31st")],
            ),
        ],
    },
    Part {
        name: "csp_health",
        about: "At risk if any sign of risk holds, healthy if all criteria of health hold, to be watched otherwise; complete besides.",
        rows: &[
            Row(
                "complete: All required sections populated",
                &[Code(CRITERIA, "SectionsPopulated")],
                &[SOUND, EACH_CRITERION, Scenario("criterion_tbd"), Scenario("champion_leaves")],
            ),
            Row(
                "complete: Success criteria defined (1-5)",
                &[Code(CRITERIA, "CriteriaDefined")],
                &[SOUND, EACH_CRITERION, Scenario("six_criteria")],
            ),
            Row(
                "complete: Stakeholders identified",
                &[Code(CRITERIA, "StakeholdersIdentified")],
                &[SOUND, EACH_CRITERION],
            ),
            Row(
                "complete: Adoption phases defined",
                &[Code(CRITERIA, "PhasesDefined")],
                &[SOUND, EACH_CRITERION],
            ),
            Row(
                "complete: Value metrics baselined",
                &[Code(CRITERIA, "MetricsBaselined")],
                &[SOUND, EACH_CRITERION],
            ),
            Row(
                "healthy: Updated within last 30 days",
                &[Code(CRITERIA, "Fresh")],
                &[SOUND, Test(HEALTH, "staleness_has_its_days"), Scenario("days_stale")],
            ),
            Row("healthy: Milestones on track", &[Code(CRITERIA, "OnTrack")], &[SOUND, EACH_CRITERION]),
            Row(
                "healthy: No RED risks without mitigation",
                &[Code(CRITERIA, "RedRisksMitigated")],
                &[SOUND, EACH_CRITERION],
            ),
            Row(
                "healthy: Customer reviewed within quarter",
                &[Code(CRITERIA, "CustomerReviewed")],
                &[SOUND, EACH_CRITERION],
            ),
            Row(
                "at_risk: Not updated in 60+ days",
                &[Code(CRITERIA, "Stale"), Rule("csp_at_risk")],
                &[Test(HEALTH, "staleness_has_its_days"), Scenario("days_stale")],
            ),
            Row(
                "at_risk: Milestones overdue",
                &[Code(CRITERIA, "Overdue"), Rule("csp_at_risk")],
                &[EACH_CRITERION, Scenario("slept_over_reminders")],
            ),
            Row(
                "at_risk: Value metrics declining",
                &[Code(CRITERIA, "Declining"), Rule("csp_at_risk")],
                &[EACH_CRITERION, Test(HEALTH, "what_is_worse_is_told_by_baseline_and_target")],
            ),
            Row(
                "at_risk: Customer not engaged",
                &[Code(CRITERIA, "NotEngaged"), Rule("csp_at_risk")],
                &[Test(HEALTH, "a_customer_who_is_not_heard_of_for_a_quarter_is_not_engaged")],
            ),
            Row(
                "alerts: condition: CSP incomplete at Stage 4",
                &[Rule("proposal_gate")],
                &[Scenario("six_criteria"), Scenario("criterion_tbd")],
            ),
            Row(
                "alerts: action: Block proposal until CSP complete",
                &[Verbatim("proposal_gate")],
                &[Test(GOVERNED, "a_proposal_waits_for_the_plan"), Scenario("criterion_tbd")],
            ),
            Row(
                "alerts: condition: CSP stale > 60 days (post-sales)",
                &[Rule("stale_after_sale")],
                &[Scenario("days_stale")],
            ),
            Row(
                "alerts: action: Escalate to CA Manager",
                &[Verbatim("stale_after_sale")],
                &[
                    Test(
                        "orchestrator/tests/it/governed.rs",
                        "a_stale_plan_after_the_sale_goes_to_the_manager",
                    ),
                    Scenario("days_stale"),
                ],
            ),
        ],
    },
    Part {
        name: "Customer Review Cadence",
        about: "`csp health ACCOUNT` says in which phase an account is, when the customer reviews next, and on what.",
        rows: &[
            Row(
                "Pre-sales | Per major milestone | Align on success criteria",
                &[Code(CADENCE, "PreSales")],
                &[TABLE],
            ),
            Row("Implementation | Bi-weekly | Track progress", &[Code(CADENCE, "Implementation")], &[TABLE]),
            Row("Post go-live | Monthly | Value realization", &[Code(CADENCE, "PostGoLive")], &[TABLE]),
            Row("Steady state | Quarterly | Strategic alignment", &[Code(CADENCE, "SteadyState")], &[TABLE]),
        ],
    },
];
