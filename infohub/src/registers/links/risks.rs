//! Section 10 and the risk register: the same risks on both sides.

use std::collections::{BTreeMap, BTreeSet};
use std::mem::take;

use super::carry::{Carried, Side, spoken};
use super::pairing::{Entry, Pairs, pair};
use super::{Settling, history};
use crate::ids::ItemId;
use crate::plan::SectionKey;
use crate::plan::sections::risks::{Risk, RiskStatus};
use crate::registers::risk_register::RegisteredRisk;

/// Both sides as they stood before the change.
#[derive(Default)]
pub(super) struct Earlier<'a> {
    risks: BTreeMap<&'a ItemId, &'a Risk>,
    entries: BTreeMap<&'a ItemId, &'a RegisteredRisk>,
}

pub(super) fn settle(work: &mut Settling<'_>) {
    let earlier = Earlier::of(work);
    let mut risks = take(&mut work.plan.risks.risks);
    let mut entries = take(&mut work.plan.registers.risk_register.risks);
    drop_with_rejected(&earlier, &mut risks, &mut entries, work);
    put_back(&earlier, &mut entries, work);
    let pairs = pairs(&earlier, &risks, &entries);
    for (risk, entry) in &pairs.both {
        agree(&earlier, &mut risks[*risk], &mut entries[*entry], work);
    }
    let unnamed = (0..risks.len()).filter(|at| !pairs.has_left(*at)).collect::<Vec<_>>();
    let alone = (0..entries.len()).filter(|at| !pairs.has_right(*at)).collect::<Vec<_>>();
    for at in alone {
        let entry = &mut entries[at];
        if earlier.partner_of_entry(&entry.id).is_some() || entry.status == Some(RiskStatus::Closed) {
            close(entry, earlier.entries.get(&entry.id).copied(), work);
        } else {
            risks.push(named(entry, work));
        }
    }
    for at in unnamed {
        entries.push(registered(&mut risks[at], work));
    }
    for entry in &mut entries {
        history::keep(entry, earlier.entries.get(&entry.id).copied(), work);
    }
    work.plan.risks.risks = risks;
    work.plan.registers.risk_register.risks = entries;
}

impl<'a> Earlier<'a> {
    fn of(work: &Settling<'a>) -> Self {
        let Some(before) = work.before else { return Self::default() };
        Self {
            risks: before.risks.risks.iter().map(|risk| (&risk.id, risk)).collect(),
            entries: before.registers.risk_register.risks.iter().map(|entry| (&entry.id, entry)).collect(),
        }
    }

    /// The entry that was linked with the risk in both directions.
    fn partner_of_risk(&self, id: &ItemId) -> Option<&'a ItemId> {
        let entry = self.risks.get(id)?.register.as_ref().and_then(|id| self.entries.get(id))?;
        (entry.plan_risk.as_ref() == Some(id)).then_some(&entry.id)
    }

    fn partner_of_entry(&self, id: &ItemId) -> Option<&'a ItemId> {
        let risk = self.entries.get(id)?.plan_risk.as_ref().and_then(|id| self.risks.get(id))?;
        (risk.register.as_ref() == Some(id)).then_some(&risk.id)
    }
}

/// A draft that is gone takes the draft along that was derived from it.
fn drop_with_rejected(
    earlier: &Earlier<'_>,
    risks: &mut Vec<Risk>,
    entries: &mut Vec<RegisteredRisk>,
    work: &mut Settling<'_>,
) {
    let mut gone = Vec::new();
    for (id, risk) in &earlier.risks {
        let Some(partner) = earlier.partner_of_risk(id) else { continue };
        let entry = earlier.entries.get(partner);
        if risk.review.is_none() || entry.is_none_or(|entry| entry.review.is_none()) {
            continue;
        }
        let risk_here = risks.iter().find(|risk| risk.id == **id);
        let entry_here = entries.iter().find(|entry| entry.id == *partner);
        match (risk_here, entry_here) {
            (None, Some(entry)) if entry.review.is_some() => gone.push((partner.clone(), (*id).clone())),
            (Some(risk), None) if risk.review.is_some() => gone.push(((*id).clone(), partner.clone())),
            _ => {}
        }
    }
    for (id, with) in gone {
        risks.retain(|risk| risk.id != id);
        entries.retain(|entry| entry.id != id);
        work.follow(format!("the draft {id} is taken out"), format!("the draft {with} was"));
    }
}

/// What was once accepted into the register and is taken out of it stays there, closed.
fn put_back(earlier: &Earlier<'_>, entries: &mut Vec<RegisteredRisk>, work: &mut Settling<'_>) {
    let here: BTreeSet<ItemId> = entries.iter().map(|entry| entry.id.clone()).collect();
    let missing =
        earlier.entries.values().filter(|entry| entry.review.is_none() && !here.contains(&entry.id));
    for entry in missing {
        work.follow(
            format!("{} stays in risk_register.yaml, closed: {}", entry.id, entry.risk),
            "it was taken out, and the register does not forget",
        );
        entries.push(RegisteredRisk { status: Some(RiskStatus::Closed), ..(*entry).clone() });
    }
}

fn pairs(earlier: &Earlier<'_>, risks: &[Risk], entries: &[RegisteredRisk]) -> Pairs {
    let left: Vec<_> = risks
        .iter()
        .map(|risk| Entry {
            id: &risk.id,
            text: &risk.risk,
            review: risk.review,
            was: earlier.partner_of_risk(&risk.id),
            names: risk.register.as_ref(),
            by_words: true,
        })
        .collect();
    let right: Vec<_> = entries
        .iter()
        .map(|entry| Entry {
            id: &entry.id,
            text: &entry.risk,
            review: entry.review,
            was: earlier.partner_of_entry(&entry.id),
            names: entry.plan_risk.as_ref(),
            by_words: entry.status != Some(RiskStatus::Closed),
        })
        .collect();
    pair(&left, &right)
}

/// Makes the two sides of one risk say the same.
fn agree(earlier: &Earlier<'_>, risk: &mut Risk, entry: &mut RegisteredRisk, work: &mut Settling<'_>) {
    let risk_was = earlier.risks.get(&risk.id).copied();
    let entry_was = earlier.entries.get(&entry.id).copied();
    let mut carried = Carried::default();
    macro_rules! carry {
        ($($field:ident),*) => {$(
            carried.field(
                stringify!($field),
                &mut Side::new(&mut risk.$field, risk_was.map(|risk| &risk.$field)),
                &mut Side::new(&mut entry.$field, entry_was.map(|entry| &entry.$field)),
            );
        )*};
    }
    carry!(risk, rating, likelihood, impact, mitigation, owner, status, review);
    carried.evidence(
        &mut Side::new(&mut risk.evidence, risk_was.map(|risk| &risk.evidence)),
        &mut Side::new(&mut entry.evidence, entry_was.map(|entry| &entry.evidence)),
    );
    let strange = |link: &Option<ItemId>, id: &ItemId| link.as_ref().is_some_and(|link| link != id);
    if strange(&risk.register, &entry.id) || strange(&entry.plan_risk, &risk.id) {
        work.follow(format!("{} and {} are one risk as before", risk.id, entry.id), super::LINKS_ARE_KEPT);
    }
    risk.register = Some(entry.id.clone());
    entry.plan_risk = Some(risk.id.clone());
    tell(&carried, risk, entry, work);
}

fn tell(carried: &Carried, risk: &Risk, entry: &RegisteredRisk, work: &mut Settling<'_>) {
    let (risk_id, entry_id) = (&risk.id, &entry.id);
    if !carried.to_plan.is_empty() {
        work.follow(
            format!("{risk_id} in section 10 takes over: {}", carried.to_plan.join(", ")),
            format!("{entry_id} in risk_register.yaml was changed"),
        );
    }
    if !carried.to_register.is_empty() {
        work.follow(
            format!("{entry_id} in risk_register.yaml takes over: {}", carried.to_register.join(", ")),
            format!("{risk_id} in section 10 was changed"),
        );
    }
    for clash in &carried.clashes {
        let question = format!(
            "The risk \"{}\" says two things since {}: {} is {} in section 10 ({risk_id}), which stands, and was {} in \
             risk_register.yaml ({entry_id}). Which is right?",
            risk.risk, work.on, clash.field, clash.plan, clash.register
        );
        work.ask(SectionKey::Risks, question);
    }
}

/// The risk is not in section 10 any more; its entry stays for the record.
fn close(entry: &mut RegisteredRisk, was: Option<&RegisteredRisk>, work: &mut Settling<'_>) {
    let link = entry.plan_risk.take();
    if entry.status == Some(RiskStatus::Closed) {
        return;
    }
    let link = link.map_or_else(|| "its counterpart".to_owned(), |id| id.to_string());
    if was.is_some_and(|was| was.status != entry.status) {
        let question = format!(
            "The risk \"{}\" was taken out of section 10 ({link}) and set to {} in risk_register.yaml ({}) at once, on {}. It \
             is closed now; is it still a risk?",
            entry.risk,
            spoken(&entry.status),
            entry.id,
            work.on
        );
        work.ask(SectionKey::RiskRegister, question);
    }
    entry.status = Some(RiskStatus::Closed);
    work.follow(
        format!("{} in risk_register.yaml is closed: {}", entry.id, entry.risk),
        format!("{link} was taken out of section 10"),
    );
}

/// The counterpart in section 10 of a risk that was named in the register.
fn named(entry: &mut RegisteredRisk, work: &mut Settling<'_>) -> Risk {
    let id = work.derived_id("rk", &entry.id);
    entry.plan_risk = Some(id.clone());
    work.follow(
        format!("{id} in section 10: {}", entry.risk),
        format!("{} was named in risk_register.yaml", entry.id),
    );
    Risk {
        id,
        risk: entry.risk.clone(),
        rating: entry.rating,
        likelihood: entry.likelihood,
        impact: entry.impact,
        mitigation: entry.mitigation.clone(),
        owner: entry.owner.clone(),
        status: entry.status,
        register: Some(entry.id.clone()),
        evidence: entry.evidence.clone(),
        review: entry.review,
    }
}

/// The register's entry for a risk that was named in section 10.
fn registered(risk: &mut Risk, work: &mut Settling<'_>) -> RegisteredRisk {
    let id = work.derived_id("rr", &risk.id);
    risk.register = Some(id.clone());
    work.follow(
        format!("{id} in risk_register.yaml: {}", risk.risk),
        format!("{} was named in section 10", risk.id),
    );
    RegisteredRisk {
        id,
        risk: risk.risk.clone(),
        rating: risk.rating,
        likelihood: risk.likelihood,
        impact: risk.impact,
        mitigation: risk.mitigation.clone(),
        owner: risk.owner.clone(),
        status: risk.status,
        plan_risk: Some(risk.id.clone()),
        raised_on: Some(work.on),
        raised_by: None,
        history: Vec::new(),
        evidence: risk.evidence.clone(),
        review: risk.review,
    }
}
