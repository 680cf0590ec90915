//! What a word can be in an order to software. It must not know how orders are put together.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What a word can be; several at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Part {
    /// To leave something aside.
    Aside,
    /// Whose or which rules.
    Whose,
    /// What a reader goes by.
    Rules,
    /// To bring something into a state.
    Declare,
    /// The same; people say it of other things, too.
    Settle,
    /// All of something.
    Every,
    /// What a plan lists.
    Entries,
    /// A state in which work ends well.
    State,
    /// To tell about somebody.
    Tell,
    /// Somebody else's.
    Others,
    /// Those who are served.
    Customers,
    /// To speak to somebody.
    Heed,
    /// Names of software.
    Software,
    /// The one who is spoken to.
    You,
    /// To be.
    Are,
    /// What is made of a text.
    Summary,
    /// What has to be.
    Must,
    /// What somebody is bound to.
    Shall,
    /// To write.
    Write,
    /// A part of the plan.
    Section,
    /// The plan, or a register.
    Plan,
    /// To put something down as a fact.
    Report,
    /// What a fact or an answer follows.
    That,
    /// To give an answer.
    Answer,
    /// What a reader has within.
    Inside,
    /// To leave out what makes a draft safe.
    Skip,
    /// What makes a draft safe.
    Safety,
    /// Takes something away.
    No,
    /// Asked for.
    Needed,
    /// To make believe.
    Pretend,
    /// The one that counts.
    Real,
    /// What somebody is there for.
    Job,
    /// To look at something as something.
    Treat,
    /// A piece of text.
    Passage,
    /// To play a part.
    Act,
    /// Who may give orders.
    Authority,
    /// A condition.
    If,
    /// To go through a text.
    Reading,
    /// Without people.
    Automatic,
    /// Whatever may read a text besides people.
    Reader,
    /// To make something of a text.
    Drafting,
    /// What lies before the reader.
    This,
    /// To put words into what others will read.
    Puts,
    /// Besides people.
    Automated,
    /// To put something into a state.
    Set,
    /// Into which.
    To,
    /// To whom.
    Toward,
    /// Comes before what somebody is to do.
    Opener,
}

/// The words of each part, folded. A `*` at the end stands for any ending.
const WORDS: &[(Part, &str)] = &[
    (
        Part::Aside,
        "ignor* zignor* disregard* forget overrid* bypass vergiss vergessen missacht* oublie* olvid* dimentica* negeer \
         desconsider* esquec* pomin* игнорир* забудь*",
    ),
    (
        Part::Whose,
        "your all any every previous prior above earlier existing these former given deine deinen ihre ihren alle allen \
         vorherig* bisherig* tes vos les toutes tus sus las todas todos suas tutte le vorige eerdere wszystkie poprzednie \
         все предыдущ*",
    ),
    (
        Part::Rules,
        "instruct* instruk* rule rules prompt* guideline* guardrail* safeguard* direction* directive* restriction* \
         anweisung* regeln vorgaben consigne* instruc* reglas regras regole istruzion* polecen* zasady инструкц* правила",
    ),
    (
        Part::Declare,
        "mark set flip declare report treat consider change assign make markier* setz* marquez marque marca segna markeer \
         oznacz отметь*",
    ),
    (
        Part::Settle,
        "flag tick switch turn count show list close accept approve complete finish resolve update log schliess* cierra \
         cierre chiudi ferme* fecha feche sluit zamknij",
    ),
    (
        Part::Every,
        "all every each everything alle alles tous toutes todos todas todo tudo tutti tutte tutto wszystkie wszystko все",
    ),
    (
        Part::Entries,
        "milestone* risks outcomes draft drafts criteria meilenstein* risiken jalon* risques hitos riesgos traguardi rischi \
         mijlpalen risico* kamieni* ryzyk* вех*",
    ),
    (
        Part::State,
        "done complete completed finished closed resolved approved accepted achieved met green healthy successful success \
         delighted satisfied happy thrilled mitigated live confirmed agreed erledigt abgeschlossen termine* acheve* \
         completad* terminad* concluid* completat* voltooid afgerond ukonczon* zakonczon* zufrieden satisfait* satisfech*",
    ),
    (Part::Tell, "reveal disclose show copy paste print dump include quote leak summarize summarise expose"),
    (Part::Others, "other another neighbouring neighboring"),
    (Part::Customers, "account* tenant*"),
    (Part::Heed, "note notice message instruction* attention dear hey memo hinweis reminder hint"),
    (
        Part::Software,
        "ai assistant assistants llm llms chatbot bot bots copilot gpt summarizer summariser drafter ki assistente asistente \
         assistent asystent",
    ),
    (Part::You, "you"),
    (Part::Are, "are"),
    (Part::Summary, "summary summaries digest digests extract extraction drafts output minutes notes"),
    (Part::Must, "must should shall has have needs need"),
    (Part::Shall, "must should shall"),
    (Part::Write, "write add put insert append enter schreib* trage"),
    (Part::Section, "section sections abschnitt"),
    (Part::Plan, "plan csp register*"),
    (
        Part::Report,
        "report state say write record conclude claim declare affirm schreib* melde melden ecrivez escribe escreva scrivi \
         schrijf zapisz napisz",
    ),
    (Part::That, "that dass que che dat ze"),
    (Part::Answer, "respond reply answer output return print repeat recite"),
    (Part::Inside, "contents context prompt instructions memory configuration verbatim"),
    (Part::Skip, "skip omit bypass suppress waive"),
    (
        Part::Safety,
        "check checks evidence quote quotes citation* source sources review* verification validation proof approval \
         confirmation",
    ),
    (Part::No, "no without"),
    (Part::Needed, "needed required necessary wanted expected"),
    (Part::Pretend, "pretend roleplay simulate"),
    (Part::Real, "real actual true only sole updated"),
    (Part::Job, "task job goal mission purpose instructions"),
    (Part::Treat, "treat consider regard interpret process"),
    (
        Part::Passage,
        "paragraph text message page note line lines file sentence passage section document email mail",
    ),
    (Part::Act, "act behave operate"),
    (Part::Authority, "administrator admin operator system developer user superuser"),
    (Part::If, "if when should wenn falls si se als jesli"),
    (
        Part::Reading,
        "read summarised summarized processed parsed ingested analysed analyzed scanned reading processing summarising \
         summarizing parsing analysing analyzing drafting extracting",
    ),
    (Part::Automatic, "automati* automated machine software script robot ai llm model"),
    (
        Part::Reader,
        "model models tool tools engine software agent agents machine assistant assistants ai bot bots llm llms script \
         automation algorithm taalmodel sprachmodell modele modelo modello outil herramienta ferramenta strumento werkzeug \
         narzedzie logiciel program programa protokollprogramm modelu writer notetaker reader readers system systems",
    ),
    (
        Part::Drafting,
        "draft drafts drafting drafted summar* compiling compiles quoting quotes citing cites redaction \
         redige redigent redactar redacta redigir verfass* zusammenfass* resume resumir riassume samenvat* streszcz*",
    ),
    (
        Part::Puts,
        "write writes record records reproduce reproduces cite quote report reports list lists state states note \
         record put puts conclude approve approves accept accepts drop schreib* trag* eintragen escriba escribe anade anota \
         inscrivez ecrivez wpisz zapisz zatwierdz noteer schrijf scrivere scrivi registre escreva",
    ),
    (
        Part::Automated,
        "automated automatic automatico automatique automatische automatischen downstream ai llm",
    ),
    (Part::This, "this these diese* dieses ce cette cet esta este questo questa deze dit ten ta"),
    (Part::Set, "set flip switch"),
    (Part::To, "to as auf en como come op na"),
    (Part::Toward, "to for an fur do para pour per aan voor"),
    (Part::Opener, "please kindly then and now just simply also therefore bitte por per"),
];

/// The parts that a word can be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Parts(u64);

impl Parts {
    /// What the word can be.
    pub(super) fn of(word: &str) -> Self {
        static TABLE: LazyLock<Table> = LazyLock::new(Table::new);
        TABLE.parts(word)
    }

    /// Whether the word can be this.
    pub(super) fn has(self, part: Part) -> bool {
        self.0 & (1 << part as u32) != 0
    }

    fn with(self, part: Part) -> Self {
        Self(self.0 | (1 << part as u32))
    }

    fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The words by themselves, and the beginnings of words by their first letter.
struct Table {
    whole: HashMap<&'static str, Parts>,
    starts: HashMap<char, Vec<(&'static str, Parts)>>,
}

impl Table {
    fn new() -> Self {
        let (mut whole, mut starts) = (HashMap::new(), HashMap::new());
        for (part, words) in WORDS {
            for word in words.split_whitespace() {
                match word.strip_suffix('*') {
                    Some(start) => {
                        let group: &mut Vec<_> =
                            starts.entry(start.chars().next().unwrap_or('*')).or_default();
                        group.push((start, Parts::default().with(*part)));
                    }
                    None => {
                        let parts: &mut Parts = whole.entry(word).or_default();
                        *parts = parts.with(*part);
                    }
                }
            }
        }
        Self { whole, starts }
    }

    fn parts(&self, word: &str) -> Parts {
        let whole = self.whole.get(word).copied().unwrap_or_default();
        let first = word.chars().next().unwrap_or('*');
        let starts = self.starts.get(&first).into_iter().flatten();
        starts.filter(|(start, _)| word.starts_with(start)).fold(whole, |parts, (_, more)| parts.and(*more))
    }
}
