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
    BETWEEN = "just|also|then|definitely|probably|go ahead and|go and|try to|try and|have to|make sure to|make sure|be|\
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
        assign*|tag*|resolv*|convert*|outlin*|articulat*|submit*|edit*|propos*|respond*|integrat*|produc*|research*|organi*";
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
    /// When something is to be done, told by the sentence alone.
    WHEN = "next week|next meeting|next call|next time|next month|tomorrow|today|this week|after the call|after this call|\
        after the meeting|after this meeting|offline|later|before the next|end of the*|end of month|end of week|by monday|\
        by tuesday|by wednesday|by thursday|by friday|by tomorrow|by the end|by next|on monday|on tuesday|on wednesday|\
        on thursday|on friday|in a week|in two weeks|in a month|next monday|next tuesday|next wednesday|next thursday|\
        next friday";
    /// Words that call something a task.
    TASKS = "action item*|an action|the action|take an action|action to|assign*|to do|todo|follow up|offline|volunteer*|\
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
        we agreed|agreed to|agreed that|agreed on|we've agreed|we have agreed|settled on|general consensus|\
        consensus is|consensus that|no objections from|it has been agreed|it was agreed|it was decided";
    /// A choice is made.
    CHOICES = "we're gonna go with|we're going to go with|we'll go with|let's go with|going with|go with|we'll stick with|\
        let's stick with|we'll keep|let's keep|we're gonna keep|we're going to keep|let's leave|we'll leave|settle on|\
        let's take this to|we'll take this to|let's move it to|let's push it to|push it to|we'll use|we're gonna use|\
        we're going to use|let's use|we're gonna have|we'll postpone|we will postpone|let's postpone";
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
