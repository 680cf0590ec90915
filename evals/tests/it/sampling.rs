//! Samples with a known truth: cases in clusters of unequal size that are alike to a known degree.

/// Sizes of ten clusters, repeated for more.
const SIZES: [usize; 10] = [1, 1, 2, 2, 3, 4, 5, 7, 9, 12];

/// A stream of numbers that a seed fixes (SplitMix64 by Steele, Lea and Flood).
pub struct Chance(u64);

impl Chance {
    pub fn seeded(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x2545_F491_4F6C_DD1D))
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    pub fn share(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn happens(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    /// Standard normal (Box and Muller).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.share()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.share()).cos()
    }
}

/// The cluster of each case.
pub fn clusters(number: usize) -> Vec<usize> {
    (0..number).flat_map(|cluster| std::iter::repeat_n(cluster, SIZES[cluster % SIZES.len()])).collect()
}

/// A normal value of each case, with variance 1 and the given correlation within clusters.
pub fn normals(clusters: &[usize], alike: f64, chance: &mut Chance) -> Vec<f64> {
    let number = clusters.last().map_or(0, |last| last + 1);
    let shared: Vec<f64> = (0..number).map(|_| chance.normal()).collect();
    let own = (1.0 - alike).sqrt();
    clusters.iter().map(|cluster| alike.sqrt() * shared[*cluster] + own * chance.normal()).collect()
}

/// How cases of a cluster come to be alike.
#[derive(Clone, Copy)]
pub enum Alike {
    /// Each cluster has its own probability, drawn from a beta distribution: the usual model.
    Beta(f64),
    /// A trial copies its cluster's with probability √ρ and is its own otherwise (Lunn and Davies 1998), so that whole
    /// clusters fail together.
    Copies(f64),
}

/// Trials of each case, each a success with the given probability; any two of a cluster have the given correlation.
pub fn trials(of: &[usize], sizes: &[u32], probability: f64, alike: Alike, chance: &mut Chance) -> Vec<u32> {
    let number = of.last().map_or(0, |last| last + 1);
    let own: Vec<f64> = (0..number).map(|_| alike.probability(probability, chance)).collect();
    let count =
        |(cluster, size): (&usize, &u32)| (0..*size).map(|_| u32::from(chance.happens(own[*cluster]))).sum();
    of.iter().zip(sizes).map(count).collect()
}

impl Alike {
    /// The probability within one cluster.
    fn probability(self, mean: f64, chance: &mut Chance) -> f64 {
        match self {
            Self::Beta(alike) | Self::Copies(alike) if alike == 0.0 => mean,
            Self::Beta(alike) => {
                beta(mean * (1.0 - alike) / alike, (1.0 - mean) * (1.0 - alike) / alike, chance)
            }
            Self::Copies(alike) => {
                let copied = if chance.happens(mean) { alike.sqrt() } else { 0.0 };
                copied + (1.0 - alike.sqrt()) * mean
            }
        }
    }
}

/// Jöhnk's way, good for small parameters.
fn beta(a: f64, b: f64, chance: &mut Chance) -> f64 {
    loop {
        let (one, other) = (chance.share().powf(1.0 / a), chance.share().powf(1.0 / b));
        if one + other > 0.0 && one + other <= 1.0 {
            return one / (one + other);
        }
    }
}
