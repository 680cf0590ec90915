//! What a draft says: charters, prompts, the turn, answers, evidence, the extractive drafter.
