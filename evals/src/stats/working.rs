//! How many clusters a sample is worth: the degrees of freedom of CR2 and its bias, under the assumption that cases of
//! a cluster are correlated, with the correlation estimated from the sample.
//! It must not know what the numbers mean.
//!
//! The assumption ("working model") is that a case with weight `d` varies by `σ² d²`, and two cases of a cluster vary
//! together by `ρ σ² d d'`, so a cluster's sum varies by `w_g = σ² (A_g + ρ B_g)` with `A_g = Σd²`, `B_g = (Σd)² - A_g`.
//! `σ²` and `ρ` are had by equating `Σ S_g²` and the residuals' `Σ e²` with what the model expects of them (moments).
//! With `T` the clusters' sums, `S = (I - u1ᵀ) T`. So for `b_g = 1/(1-u_g)` the matrix of `√b S` under the model is
//! `M_gh = √(b_g b_h) (δ_gh w_g + c_gh)`, `c_gh = W u_g u_h - u_g w_h - w_g u_h`, `W = Σw`, and after Satterthwaite
//! the degrees of freedom are `tr(M)² / tr(M²)`; the bias of CR2 is `tr(M) / W`. Both need only sums over clusters.

use super::cluster::{ClusterSums, Observation};

/// More makes no difference to the quantile, and less exact ones.
const MOST_FREEDOM: f64 = 1e6;

/// What the working model says of the sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Working {
    /// Degrees of freedom of CR2, at least 1.
    pub freedom: f64,
    /// What CR2 is expected to come out as, as a multiple of the variance that it estimates.
    pub bias: f64,
}

impl Working {
    /// For two or more clusters; `squares` is the sum of all squared residuals.
    pub fn fit(sums: &[ClusterSums], observations: &[Observation<'_>], squares: f64) -> Self {
        let correlation = correlation(sums, observations, squares);
        let weight: f64 = sums.iter().map(|sum| sum.weight).sum();
        let parts: Vec<Part> = sums
            .iter()
            .map(|sum| {
                let share = sum.weight / weight;
                let varies = sum.weight_squares + correlation * together(sum);
                Part { share, varies, inflation: 1.0 / (1.0 - share) }
            })
            .collect();
        satterthwaite(&parts)
    }
}

/// One cluster under the model: `u`, `w` and `b`.
struct Part {
    share: f64,
    varies: f64,
    inflation: f64,
}

fn satterthwaite(parts: &[Part]) -> Working {
    let sum = |term: fn(&Part) -> f64| parts.iter().map(term).sum::<f64>();
    let all = sum(|p| p.varies);
    let on_diagonal = |p: &Part| all * p.share * p.share - 2.0 * p.share * p.varies;
    let trace: f64 = parts.iter().map(|p| p.inflation * (p.varies + on_diagonal(p))).sum();
    let diagonal: f64 = parts
        .iter()
        .map(|p| p.inflation.powi(2) * (p.varies.powi(2) + 2.0 * p.varies * on_diagonal(p)))
        .sum();
    // The sum of b_g b_h c_gh² over all pairs, multiplied out.
    let shares = sum(|p| p.inflation * p.share.powi(2));
    let varied = sum(|p| p.inflation * p.varies.powi(2));
    let mixed = sum(|p| p.inflation * p.share * p.varies);
    let pairs =
        2.0 * shares * varied + (all * shares).powi(2) + 2.0 * mixed.powi(2) - 4.0 * all * shares * mixed;
    let freedom = trace.powi(2) / (diagonal + pairs);
    Working { freedom: freedom.clamp(1.0, MOST_FREEDOM), bias: trace / all }
}

/// The correlation within clusters, 0 where none is to be seen.
fn correlation(sums: &[ClusterSums], observations: &[Observation<'_>], squares: f64) -> f64 {
    let clusters: f64 = sums.iter().map(|sum| sum.residual.powi(2)).sum();
    let weight: f64 = sums.iter().map(|sum| sum.weight).sum();
    let own: f64 = sums.iter().map(|sum| sum.weight_squares).sum();
    let joint: f64 = sums.iter().map(together).sum();
    // What Σ S_g² is expected to be, as a multiple of σ² and of ρσ².
    let of_clusters = |varies: fn(&ClusterSums) -> f64, all: f64| -> f64 {
        sums.iter()
            .map(|sum| (sum.weight / weight, varies(sum)))
            .map(|(share, own)| own - 2.0 * share * own + share * share * all)
            .sum()
    };
    let (own_in_clusters, joint_in_clusters) =
        (of_clusters(|sum| sum.weight_squares, own), of_clusters(together, joint));
    // The same for Σ e², where a case's residual shares with the total what its cluster shares with it.
    let cubes: f64 = observations.iter().map(|one| one.weight.powi(3)).sum();
    let own_in_cases = own - 2.0 * cubes / weight + own * own / weight.powi(2);
    let by_weight: f64 = sums.iter().map(|sum| sum.weight * sum.weight_squares).sum();
    let joint_in_cases = -2.0 * (by_weight - cubes) / weight + own * joint / weight.powi(2);
    let determinant = own_in_clusters * joint_in_cases - joint_in_clusters * own_in_cases;
    let alone = (clusters * joint_in_cases - joint_in_clusters * squares) / determinant;
    let shared = (own_in_clusters * squares - own_in_cases * clusters) / determinant;
    let correlation = shared / alone;
    if alone > 0.0 && correlation.is_finite() { correlation.clamp(0.0, 1.0) } else { 0.0 }
}

fn together(sum: &ClusterSums) -> f64 {
    sum.weight.powi(2) - sum.weight_squares
}
