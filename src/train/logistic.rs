//! Logistic regression by Newton's method: no randomness, the same weights each time.

/// Weights that tell `true` rows from `false` ones; the last is the constant. `counts` says for how many each row stands, and
/// `ridge` holds the weights small.
pub(super) fn fit(rows: &[Vec<f64>], labels: &[bool], counts: &[f64], ridge: f64) -> Vec<f64> {
    let size = rows.first().map_or(0, Vec::len) + 1;
    let mut weights = vec![0.0; size];
    for _ in 0..25 {
        let mut gradient = vec![0.0; size];
        let mut curve = vec![0.0; size * size];
        for ((row, &label), &count) in rows.iter().zip(labels).zip(counts) {
            let sum: f64 = row.iter().zip(&weights).map(|(x, w)| x * w).sum::<f64>() + weights[size - 1];
            let p = 1.0 / (1.0 + (-sum).exp());
            let miss = count * (p - f64::from(u8::from(label)));
            let bend = count * (p * (1.0 - p)).max(1e-9);
            let value = |at: usize| row.get(at).copied().unwrap_or(1.0);
            for a in 0..size {
                let x = value(a);
                gradient[a] += miss * x;
                let scaled = bend * x;
                for b in 0..=a {
                    curve[a * size + b] += scaled * value(b);
                }
            }
        }
        for a in 0..size {
            let hold = if a + 1 == size { 1e-6 } else { ridge };
            gradient[a] += hold * weights[a];
            curve[a * size + a] += hold;
        }
        let step = solve(&mut curve, &gradient, size);
        let mut moved = 0.0_f64;
        for (weight, s) in weights.iter_mut().zip(&step) {
            *weight -= s;
            moved = moved.max(s.abs());
        }
        if moved < 1e-6 {
            break;
        }
    }
    weights
}

/// Solves a symmetric system, given its lower half, by Cholesky.
fn solve(matrix: &mut [f64], right: &[f64], size: usize) -> Vec<f64> {
    for a in 0..size {
        for b in 0..=a {
            let mut sum = matrix[a * size + b];
            for k in 0..b {
                sum -= matrix[a * size + k] * matrix[b * size + k];
            }
            matrix[a * size + b] = if a == b { sum.max(1e-12).sqrt() } else { sum / matrix[b * size + b] };
        }
    }
    let mut solved = right.to_vec();
    for a in 0..size {
        for k in 0..a {
            solved[a] -= matrix[a * size + k] * solved[k];
        }
        solved[a] /= matrix[a * size + a];
    }
    for a in (0..size).rev() {
        for k in a + 1..size {
            solved[a] -= matrix[k * size + a] * solved[k];
        }
        solved[a] /= matrix[a * size + a];
    }
    solved
}
