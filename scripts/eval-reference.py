#!/usr/bin/env python3
"""Reference values for the statistics of `evals`, computed by numpy, scipy and statsmodels.

    python3 -m pip install numpy scipy statsmodels
    python3 scripts/eval-reference.py > evals/tests/it/reference.json

Seeds are fixed, so the output only changes with this file. Where a library has the value, it comes from there (CR1 errors,
paired t tests, quantiles, Wilson, Holm). CR2, its bias and its degrees of freedom are worked out here from full
matrices, case by case, where the Rust code uses sums over clusters; pass@k and pass^k by looking at every draw.
"""

import itertools
import json
import sys

import numpy as np
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

rng = np.random.default_rng(20261123)


def cluster_of(sizes):
    return np.repeat(np.arange(len(sizes)), sizes)


def matrices(cluster, weight):
    """The residual maker, the sums over clusters, and the two parts of the working covariance."""
    total = weight.sum()
    residual = np.eye(len(weight)) - np.outer(weight, np.ones(len(weight))) / total
    sums = (cluster[None, :] == np.unique(cluster)[:, None]).astype(float)
    own = np.diag(weight**2)
    joint = (cluster[:, None] == cluster[None, :]) * np.outer(weight, weight) - own
    return residual, sums, own, joint


def cr2(cluster, amount, weight):
    """Standard error and degrees of freedom under the working correlation, had from moments."""
    residual, sums, own, joint = matrices(cluster, weight)
    e = residual @ amount
    e[np.abs(e) < 1e-12] = 0.0  # Rounding is no residual, where all cases agree.
    s = sums @ e
    expected = [[np.trace(m @ residual @ part @ residual.T @ m.T) for part in (own, joint)]
                for m in (sums, np.eye(len(weight)))]
    try:
        alone, shared = np.linalg.solve(np.array(expected), np.array([s @ s, e @ e]))
        rho = min(max(shared / alone, 0.0), 1.0) if alone > 0 else 0.0
    except np.linalg.LinAlgError:  # No cluster has two cases, so there is nothing to estimate.
        rho = 0.0
    share = sums @ weight / weight.sum()
    root = np.diag(1 / np.sqrt(1 - share))
    m = root @ sums @ residual @ (own + rho * joint) @ residual.T @ sums.T @ root
    freedom = np.trace(m) ** 2 / np.trace(m @ m)
    bias = np.trace(m) / (own + rho * joint).sum()
    variance = (s**2 / (1 - share)).sum() / weight.sum() ** 2
    return np.sqrt(variance / bias), max(freedom, 1.0), np.sqrt(variance)


def cr2_by_roots(cluster, amount):
    """CR2 of a mean as Bell and McCaffrey write it, with matrix roots; a check on `cr2`."""
    n = len(amount)
    hat = np.ones((n, n)) / n
    e = amount - amount.mean()
    meat = 0.0
    for name in np.unique(cluster):
        at = cluster == name
        values, vectors = np.linalg.eigh(np.eye(at.sum()) - hat[np.ix_(at, at)])
        adjusted = vectors @ np.diag(values**-0.5) @ vectors.T @ e[at]
        meat += adjusted.sum() ** 2
    return np.sqrt(meat) / n


def statsmodels_cr1(cluster, amount, weight):
    fit = sm.WLS(amount / weight, np.ones(len(amount)), weights=weight)
    return fit.fit(cov_type="cluster", cov_kwds={"groups": cluster, "use_correction": True}).bse[0]


def wilson_of(value, error, freedom, clusters):
    critical = stats.t.ppf(0.975, freedom)
    worth = value * (1 - value) / error**2 if 0 < value < 1 else clusters
    # The score interval solves |p - share| = critical * sqrt(p (1 - p) / worth).
    a, b, c = 1 + critical**2 / worth, -(2 * value + critical**2 / worth), value**2
    low, high = np.sort(np.roots([a, b, c]).real)
    return [min(max(low, 0.0), value), max(min(high, 1.0), value)]


def sample(name, cluster, amount, weight, is_share):
    amount, weight = np.asarray(amount, float), np.asarray(weight, float)
    value = amount.sum() / weight.sum()
    error, freedom, plain = cr2(cluster, amount, weight)
    if np.all(weight == 1):
        assert abs(plain - cr2_by_roots(cluster, amount)) < 1e-12
    reach = stats.t.ppf(0.975, freedom) * error
    interval = wilson_of(value, error, freedom, len(np.unique(cluster))) if is_share else [value - reach, value + reach]
    return {"name": name, "cluster": [f"c{c}" for c in cluster], "amount": amount.tolist(), "weight": weight.tolist(),
            "is_share": is_share, "value": value, "cr1": statsmodels_cr1(cluster, amount, weight), "error": error,
            "freedom": freedom, "interval": interval}


def samples():
    unequal = [1, 1, 2, 2, 3, 4, 5, 7, 9, 12]
    for name, sizes in [("ten unequal clusters", unequal), ("three clusters", [2, 5, 3]), ("equal clusters", [4] * 20),
                        ("no clusters", [1] * 30), ("one large cluster", [40, 1, 1, 2])]:
        cluster = cluster_of(sizes)
        n = len(cluster)
        effect = rng.normal(size=len(sizes))[cluster]
        yield sample(f"means, {name}", cluster, 3 + effect + rng.normal(size=n), np.ones(n), False)
        probability = 1 / (1 + np.exp(-1 - effect))
        yield sample(f"0 or 1, {name}", cluster, rng.random(n) < probability, np.ones(n), True)
        of = 1 + rng.poisson(4, size=n)
        yield sample(f"ratio, {name}", cluster, rng.binomial(of, probability), of, True)
    cluster = cluster_of([3, 1, 2, 6, 2])
    yield sample("all passed", cluster, np.ones(len(cluster)), np.ones(len(cluster)), True)


def gradient(function, at):
    """Exact to rounding, by a complex step."""
    return [function([x + (1e-30j if i == j else 0) for j, x in enumerate(at)]).imag / 1e-30 for i in range(len(at))]


def pairs():
    for name, sizes in [("ten unequal clusters", [1, 1, 2, 2, 3, 4, 5, 7, 9, 12]), ("no clusters", [1] * 25)]:
        cluster = cluster_of(sizes)
        n = len(cluster)
        hard = rng.normal(size=n) + rng.normal(size=len(sizes))[cluster]
        of = 1 + rng.poisson(4, size=(2, n))
        hits = rng.binomial(of, 1 / (1 + np.exp(-1 - hard - np.array([[0.0], [0.5]]))))
        before, after = hits[0] / of[0], hits[1] / of[1]
        difference = after - before
        error, freedom, _ = cr2(cluster, difference, np.ones(n))
        p = 2 * stats.t.sf(abs(difference.mean() / error), freedom)
        if name == "no clusters":
            known = stats.ttest_rel(after, before)
            assert abs(known.pvalue - p) < 1e-12 and abs(known.df - freedom) < 1e-9
        rate = lambda t: t[2] / t[3] - t[0] / t[1]
        totals = np.stack([hits[0], of[0], hits[1], of[1]], axis=1).astype(float)
        influence = totals @ gradient(rate, totals.sum(axis=0))
        pooled = rate(totals.sum(axis=0))
        weight = (of[0] / of[0].sum() + of[1] / of[1].sum()) / 2
        pooled_error, pooled_freedom, _ = cr2(cluster, influence + pooled * weight, weight)
        yield {"name": name, "cluster": [f"c{c}" for c in cluster], "hits": hits.tolist(), "of": of.tolist(),
               "difference": difference.mean(), "error": error, "freedom": freedom,
               "p": max(p, 2.0 ** (1 - len(sizes))), "pooled": pooled, "pooled_error": pooled_error,
               "pooled_freedom": pooled_freedom}


def draws(runs, passed, k):
    seen = list(itertools.combinations([1] * passed + [0] * (runs - passed), k))
    return {"runs": runs, "passed": passed, "k": k, "any": sum(any(d) for d in seen) / len(seen),
            "all": sum(all(d) for d in seen) / len(seen)}


def wilson(count, of):
    low, high = proportion_confint(count, of, method="wilson")
    return {"count": count, "of": of, "critical": stats.norm.ppf(0.975), "low": max(low, 0.0), "high": min(high, 1.0)}


def holm(ps):
    return {"ps": ps, "corrected": multipletests(ps, method="holm")[1].tolist()}


values = {
    "samples": list(samples()),
    "pairs": list(pairs()),
    "quantiles": [{"freedom": f, "critical": stats.t.ppf(0.975, f)} for f in (1, 1.5, 2, 3.7, 9, 9.5, 44, 200, 5000)],
    "tails": [{"t": t, "freedom": f, "p": 2 * stats.t.sf(t, f)} for t in (0.1, 1, 2.5, 6, 30) for f in (1.5, 9, 44, 900)],
    "draws": [draws(runs, passed, k) for runs in (1, 3, 5, 8) for passed in range(runs + 1) for k in range(1, runs + 1)],
    "wilson": [wilson(count, of) for count, of in ((0, 10), (1, 10), (10, 10), (37, 60), (499, 500))],
    "holm": [holm(ps) for ps in ([0.01, 0.04, 0.03, 0.005], [0.5], [0.2, 0.2, 0.9, 0.001], rng.random(8).tolist())],
}
# One value a line, so that a change can be read.
parts = (f'"{name}": [\n' + ",\n".join(map(json.dumps, rows)) + "\n]" for name, rows in values.items())
sys.stdout.write("{" + ",\n".join(parts) + "}\n")
