//! Phrases that tell what a sentence is about where no heading does. Each list is short on purpose: a phrase
//! that also opens other kinds of sentences costs more trust than the sentences that it would find.

/// Something hurts.
pub(super) const PAIN: &[&str] = &[
    "pain point*",
    "problem is",
    "biggest problem",
    "struggl*",
    "cumbersome",
    "by hand",
    "manually",
    "bottleneck*",
    "takes too long",
    "took too long",
    "slowing",
    "too slow",
    "painful",
    "fragile",
    "frustrat*",
    "overwhelmed",
    "time-consuming",
    "wasted",
    "chaotic",
    "unstable",
    "became problematic",
    "was a problem",
    "nobody can",
    "nobody knows",
    "not flexible enough",
    "not really flexible",
    "always behind",
    "growing pains",
    "didn't make it easy",
    "operational overhead",
    "wasn't sustainable",
    "is missing",
    "difficult to",
    "really hard",
    "lot of manual",
    "lack of",
    "not enough",
    "wasn't enough",
    "takes time",
    "too much",
    "too many",
    "couldn't",
    "unable to",
    "extremely low",
    "unacceptabl*",
    "worst case",
];

/// Something is wanted.
pub(super) const WISH: &[&str] = &[
    "we want",
    "we wanted",
    "we want to",
    "wanted to",
    "would like",
    "we needed",
    "needed to be",
    "needed a",
    "i want",
    "i do not want",
    "goal was",
    "the primary goal",
    "company's goals",
    "was looking to",
    "were looking for",
    "looking for a",
    "objectives of",
    "our needs for",
    "began looking",
    "set out to",
    "set a goal",
    "in need of",
];

/// Something is in use.
pub(super) const TOOL: &[&str] = &[
    "we use",
    "we are using",
    "we're using",
    "was using",
    "were using",
    "had been using",
    "is using",
    "running on",
    "runs on",
    "ran on",
    "run on",
    "built on",
    "written in",
    "based on",
    "hosted on",
    "hosted by",
    "deployed on",
    "migrated to",
    "moving from",
    "after moving from",
    "monolith*",
];

/// Something limits the choices.
pub(super) const LIMIT: &[&str] = &[
    "must not",
    "must stay",
    "has to stay",
    "must be signed",
    "not allowed to",
    "complian*",
    "regulat*",
    "contract ends",
    "works council",
    "hiring freeze",
    "data residency",
];

/// Something may go wrong; what follows says what.
pub(super) const RISK: &[&str] = &[
    "the risk is that",
    "a risk is that",
    "one risk is that",
    "my concern is that",
    "my concern is",
    "i worry that",
    "i am worried that",
];

/// Something would count as success; what follows says what.
pub(super) const CRITERION: &[&str] = &[
    "success criterion is that",
    "success criterion is",
    "success means that",
    "success means",
    "success is when",
    "criterion is that",
];

/// A step of an evaluation, by its week.
pub(super) const STEP: &[&str] = &[
    "in the first week",
    "in week",
    "in the second week",
    "in the second and third week",
    "in the third week",
    "in the fourth week",
    "in the last week",
    "in the final week",
    "in weeks",
];

/// Somebody provides something; what follows says what.
pub(super) const PROVIDES: &[&str] = &["we provide", "we will provide", "we can provide", "we would provide"];

/// A company is described.
pub(super) const DESCRIBES: &[&str] = &[
    "founded in",
    "was founded",
    "was formed",
    "launched by",
    "the global leader",
    "household name",
    "mission is",
    "the company operates",
    "the company provides",
    "the company offers",
    "the group employs",
];

/// What follows a company's name where it is described.
pub(super) const BEING: &[&str] = &[
    "is",
    "offers",
    "provides",
    "serves",
    "operates",
    "runs",
    "employs",
    "currently serves",
    "has offered",
    "has funded",
    "has more than",
];

/// Something is hard or in the way, in a passage on challenges.
pub(super) const TROUBLE: &[&str] = &[
    "challenge*",
    "problem*",
    "issue*",
    "need",
    "needs",
    "needed",
    "require*",
    "demand*",
    "growing",
    "growth",
    "grew",
    "rapid*",
    "scale",
    "scaling",
    "limit*",
    "cost",
    "costs",
    "expensive",
    "concern*",
    "wasn't",
    "weren't",
    "couldn't",
    "didn't",
    "cannot",
    "can't",
    "lack",
    "lacks",
    "more and more",
    "legacy",
    "worst case",
    "not really",
    "pressure",
];

/// Something became better, in a story told afterwards.
pub(super) const BETTER: &[&str] = &[
    "faster",
    "reduced",
    "reduction",
    "saving",
    "savings",
    "increased",
    "improved",
    "decrease",
    "cut in half",
    "doubled",
    "less than",
    "instead of",
    "used to take",
    "higher",
    "times faster",
    "by half",
    "gains",
];

/// Work on systems, as against sending minutes.
pub(super) const TECHNICAL: &[&str] = &[
    "test",
    "test system",
    "system",
    "interface*",
    "edi",
    "message*",
    "mapping",
    "integration*",
    "connect*",
    "access",
    "data",
    "browser*",
    "terminal*",
    "sandbox",
    "api",
    "network",
    "security",
    "evaluation plan",
    "trial",
    "lanes",
    "environment*",
    "server*",
    "deploy*",
    "migrat*",
    "export*",
];

/// How often something happens.
pub(super) const OFTEN: &[&str] = &[
    "every",
    "daily",
    "weekly",
    "bi-weekly",
    "biweekly",
    "fortnightly",
    "monthly",
    "quarterly",
    "twice",
    "once a",
];
