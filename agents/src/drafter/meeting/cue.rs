//! The phrases that tell what a sentence of a meeting does. Tables only. It must not know what becomes of a sentence.

use std::sync::LazyLock;

use super::super::words::words;
use super::lexicon::Lexicon;

macro_rules! tables {
    ($($(#[$doc:meta])* $name:ident = $phrases:literal;)+) => {
        $($(#[$doc])* pub(super) static $name: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::of($phrases));)+
    };
}

tables! {
    /// Somebody says that they will.
    PROMISES = "i'll|i will|i shall|i'm going to|i am going to|i'm gonna|i am gonna";
    /// Somebody offers, or says that they should.
    OFFERS = "i can|i could|i'm happy to|i am happy to|i'd be happy to|i would be happy to|i'm willing to|i volunteer to|\
        i should|i need to|i have to|i plan to|i intend to|i want to|i'd like to|i would like to|i am looking to|let me";
    /// Somebody is asked.
    REQUESTS = "can you|could you|would you|will you|can someone|could someone|can somebody|could somebody|can anyone|\
        could anyone|do you mind|would you mind|do you want me to|do you want to|are you willing to|are you able to|\
        are you happy to|are you okay to|if you could|if you can|you could|you can|you should|you might want to|please";
    /// Words between such an opening and what is to be done.
    BETWEEN = "just|also|then|definitely|probably|go ahead and|go and|try to|try and|have to|make sure to|make sure|\
        happily|still|certainly|do my best to|take an action to|take the action to|take an action item to|\
        take the action item to|mind|please|be able to|maybe|not|we|i";
    /// Actions by their name.
    EXPLICIT = "action item|action items|take an action|take the action|take that action|took the action|took an action|\
        an action|the action";
    /// Words between the name of an action and what is to be done.
    AFTER_EXPLICIT = "is|was|for|on|here|like|to|would be|of|item|that|myself|me|us|you|him|her|them|then|i|a";
    /// Whoever is named will.
    NAMED = "will|to|should|is going to|is gonna|has to|needs to|must|shall|agreed to|volunteered to|is to|promised to|\
        took the action to|takes the action to";
    /// What people do about something, as opposed to what they say or think in the meeting.
    DEEDS = "add*|update*|updating|creat*|mak*|file|filing|open*|writ*|send*|check*|review*|merg*|mov*|put*|talk to|talk with|\
        ask*|find*|get*|contact*|e-mail*|email*|document*|defin*|clarif*|remov*|renam*|fix*|prepar*|work*|complet*|fill*|\
        provid*|rais*|start*|follow up*|reach*|schedul*|publish*|releas*|draft*|clos*|post*|discuss*|includ*|bring*|ping*|\
        shar*|tak*|note*|test*|investigat*|explor*|report*|chang*|benchmark*|gather*|look*|drop*|run*|implement*|explain*|\
        copy*|copies|type*|assign*|tag*|resolv*|convert*|outlin*|articulat*|submit*|edit*|propos*|respond*|integrat*|\
        produc*|research*|organis*|organiz*|address*|set|setup|hardcode*|format*|rework*|rewrit*|push*|draw*|do|try|have|\
        go through|go over|go and|summari*|record*|collect*|finish*|continu*|figur*|let|giv*|confirm*|coordinat*|recheck*|\
        touch*|compil*|announc*|chat*|meet*|design*|present*|build*|deliver*|train*|migrat*|install*|connect*|invit*|name*|\
        order*|book*|call*|arrang*|sign*|measur*|order*|hand*|plan*";
    /// Deeds that leave something behind.
    WORKS = "add*|updat*|creat*|file|filing|open*|writ*|send*|mak*|check*|review*|merg*|mov*|put*|set|talk*|ask*|find*|get*|\
        contact*|e-mail*|email*|document*|defin*|clarif*|remov*|renam*|fix*|prepar*|work*|complet*|fill*|provid*|rais*|\
        start*|follow*|reach*|schedul*|publish*|releas*|draft*|clos*|post*|includ*|bring*|ping*|shar*|tak*|note*|test*|\
        investigat*|explor*|report*|chang*|benchmark*|gather*|look into|touch*|drop*|run*|implement*|explain*|copy*|type*|\
        assign*|tag*|resolv*|convert*|outlin*|articulat*|submit*|edit*|propos*|respond*|integrat*|produc*|research*|organi*|\
        hardcode*|recheck*|format*|rewrit*|summari*|collect*|confirm*|announc*|coordinat*|invit*|deliver*|install*|connect*|\
        measur*|arrang*|book*|order*|sign*|train*|migrat*|build*";
    /// What only happens inside of the meeting.
    TALK = "say*|see|think|know|go over|go through|go back|talk about|give an overview|give an update|give a general|\
        give an intro*|let you|let people|let him|let her|let them|let others|let everyone|have a question|have a look|\
        have question*|have one|have a concern|share my|share the|share screen|share this|paste|start with|start at|start by|\
        start on|start off|move on|explain|take it from|take that from|do an opening|do opening|do it|do that|do this|\
        note that|ask you|ask if|ask whether|ask that|ask a|ask one|ask the question|ask is|put it|put this|put that|\
        put a link|put the link|put myself|stop|pause|wait|add that|add to|find it|show*|run through|make a point|make it|\
        make this|make that|make one|make clear|make quick|call on|read|propose|take the q*|take a q*|do is|get here|\
        get back|get to|get into|get this|get that|get it|get in|bring this|bring that|bring it|bring up|give it|have to be|\
        be|go|come|like|want|mean|take a step|look at this";
    /// Words for what work leaves behind.
    PRODUCTS = "pr|prs|pull request*|issue|issues|e-mail*|email*|mail|document*|doc|docs|draft*|minutes|slides|proposal*|\
        spec|specs|section|text|test|tests|blog post|post|posts|note|notes|summar*|report*|questionnaire*|comment|comments|\
        repo|ticket*|link|links|agenda|example*|benchmark*|poll|list|feedback|prototype*|concept|language|wiki|page|charter|\
        explainer*|number|numbers|working group|channel|analysis|schema|charting|invite|calendar|registry|implementation|\
        template*|diagram*|file|files|version|release|data|review|calculation*|price|prices|plan|contract|quote|dashboard|\
        access|training|workshop|deck|sheet|spreadsheet|estimate|checklist|contact*|names";
    /// Words that make a sentence one about what might be.
    UNSURE = "if i|if you|if we|if they|would|might|whether|wonder*|didn't|don't|not|can't|won't|never|isn't|for example|\
        imagine|suppose|hypothetical*|users|client can|server";
    /// Words that agree to what was said or asked.
    ACCEPTS = "yes|yeah|yep|sure|ok|okay|will do|i can|i will|i'll|no problem|absolutely|of course|definitely|happy to|gladly|\
        sounds good|i do|i'd be|sure thing|done|i don't see why not|that's fine|fine|right|good idea|great|thank*|cool|\
        perfect|agreed|agree|makes sense|works for me|good";
    /// Words before them.
    ACCEPT_LEADS = "and|so|oh|well|ah|um|uh";
    /// Words with which whoever was asked takes it on.
    TAKES = "yes i|yeah i|yep|sure|will do|i can|i will|i'll|happy to|no problem|absolutely|gladly|yes";
    /// Words that ask a favour.
    ASKS_FAVOUR = "would you mind|do you mind|take the action*|take an action*";
    /// When something is to be done, told by the sentence alone.
    WHEN = "next week|next meeting|next call|next time|next month|tomorrow|today|this week|after the call|after this call|\
        after the meeting|after this meeting|offline|later|before the next|end of the*|end of month|end of week|by monday|\
        by tuesday|by wednesday|by thursday|by friday|by tomorrow|by the end|by next|on monday|on tuesday|on wednesday|\
        on thursday|on friday|in a week|in two weeks|in a month|next monday|next tuesday|next wednesday|next thursday|\
        next friday";
    /// Words that call something a task.
    TASKS = "action item*|an action|the action|take an action|action to|action like|action for|action on|need action|assign*|to do|todo|follow up|offline|volunteer*|\
        next step*";
    /// Pronouns that stand for what was said before.
    POINTERS = "it|that|this|them|those|these|one|the issue|the pr|the conflict|the details";
    /// The leader gives everyone their work.
    SHARES_OUT = "individual actions|things to do|doing individually|individual work|individual tasks|each have|next steps|\
        action items|tasks for|task for";
    /// Words that stand in no name of a piece of work.
    CLAUSES = "i|i'm|i'll|it|it's|he|she|they|there|there's|we|we're|we'll|let's|did|do|don't|if|because|that|so|is|are|was|\
        were|be|have|has|been|will|would|could|should|can|get|got|know|think|first|minutes|meeting|lunch|instructions|\
        thanks|like|say|any|my|for|recap";
    /// Words in front of the piece of work that somebody gets.
    GETS = "you've got your|you've got the|you've got|you've your|you've|you have your|you have the|you have|you'll have|\
        will be doing the|will be doing|will be working on|will work on|going to be working on|going to work on|\
        gonna be working on|gonna work on|going to work together on|gonna work together on|are going to look at|\
        gonna look at|going to look at|work together on|working on|work on|that's for|doing|will do";
    /// A group has settled something.
    DECIDED = "we've decided|we decided|we have decided|decided on|decided to|decided that|the decision is|the decision was|\
        we agreed|agreed to|agreed that|agreed on|we've agreed|we have agreed|settled on|general consensus|general concensus|no objections from|no objections to|there are no objections|\
        consensus is|consensus that|it has been agreed|it was agreed|it was decided";
    /// Openings of what was decided that say nothing of it.
    NO_OUTCOME = "how|what|on what|when|where|why|he|she|it's|they|in the|last|is|was|are|with that|because|i|you";
    /// Words between a decision and its outcome.
    TO_OUTCOME = "that|to|on|upon|for";
    /// Words that make a mention of a decision none.
    UNDECIDED = "if|do we|shall we|should we|can we|could we|are we|would we|have to decide|need to decide|to decide|not decided|haven't|hasn't|have we|did we|decide later|last time|\
        last call|previously|whether|unless|before we decided";
    /// Whoever speaks for the group.
    GROUP = "we're gonna|we're going to|we are going to|we'll|we will|let's|lets|looks like we|we should|we|i'd say|i would say";
    /// A choice that the group makes.
    CHOOSES = "go with|going with|go for|going for|stick with|sticking with|keep|leave it|leave the|leave this|use|settle on|\
        settle for|take this to|take it to|take this offline|move it to|move this to|push it to|push it to final|postpone|\
        move forward with|accept|drop|remove|include|exclude|not include|not accept";
    /// What the group wants to have.
    WANTS = "we want|let's have|we have to have|we're gonna have|we're going to have|it's gonna have|it will have|has to be|\
        must be|should only be|will only be";
    /// Words that make a text one about what is to happen.
    MODAL = "we|we'll|let's|will|should|must|needs to|need to|has to|have to|push|leave|keep|move|accept*|final|postpone*|not";
    /// Everybody, or some of those present.
    EVERYONE = "we're gonna each|we're going to each|we'll each|we will each|each of us|each of you|you each|everyone should|\
        everybody should|everyone will|everyone needs to|everyone has to|you two are going to|you two are gonna|you two will|\
        if everyone could|if everybody could|we all need to|we all have to|all of you";
    /// What counts as done.
    DONE_WHEN = "is done when|is done once|it's done when|it's done once|done means|counts as done when|counts as done once|\
        is finished when|is complete when|is complete once|will be done when|that's done when|we are done when|we're done when";
    /// Words before the name of a task that is none of its own.
    SOME = "some|lots|many|any|no|my|these|those|more|several|all|new|recorded|old";
    /// Openings that say nothing.
    LEADS = "and|so|but|or|yes|no|looks like|it looks like|i thought|i believe|there is|there's|this is|that is|that's|we could|\
        we should|we can|we need to|we have to|we want to|you could|you should|they should|it should|it could|would be good to|\
        since|if|ok";
    /// Headings that say where in the meeting something was said, but not about what.
    GENERAL_HEADINGS = "intro*|announcement*|agenda|content|contents|issue review|review*|attend*|minutes|update*|next step*|\
        action*|decision*|welcome|other business|any other|aob|open discussion|discussion|summary|notes|transcript|meeting*|\
        https*|topic*|day|present|date*|scribe*|conclusion*";
    /// Something may be closed or merged.
    CLOSES = "close|closing|closed";
    /// The same for changes.
    MERGES = "merge|merging|merged";
    /// Words that say the opposite.
    DENIES = "don't|not|shouldn't|can't|cannot|won't|never|isn't|without closing";
}

/// Words that make a speaker's name a part that is played.
pub(super) const PARTS: [&str; 18] = [
    "manager",
    "designer",
    "expert",
    "engineer",
    "lead",
    "director",
    "architect",
    "specialist",
    "owner",
    "chair",
    "team",
    "group",
    "speaker",
    "analyst",
    "consultant",
    "officer",
    "developer",
    "representative",
];

/// Whether what looks like a speaker is a label that minutes put in front of a line.
pub(super) fn is_label(name: &str) -> bool {
    static LABELS: LazyLock<Lexicon> = LazyLock::new(|| {
        Lexicon::of(
            "proposal|proposed|proposal:|draft proposal|pre-proposal|resolution|resolved|decision*|action*|topic|subtopic|poll|todo|note|agreed|risk*|milestone*",
        )
    });
    LABELS.opens(&words(name))
}
