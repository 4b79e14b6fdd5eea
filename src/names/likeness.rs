//! What tells one name from two: the measures that a pair of spellings is judged by.

use crate::models::transducer::{Step, Transducer, UNKNOWN, encode_latin};

/// How many measures there are.
pub(crate) const MEASURES: usize = 12;

/// The measures of a pair, by the cheapest way from one to the other.
fn measures(transducer: &Transducer, read: &[u16], written: &[u8], way: &[Step]) -> [f64; MEASURES] {
    let (n, m) = ((read.len() as f64 - 2.0).max(1.0), (written.len() as f64 - 2.0).max(1.0));
    let (mut joint, mut forward, mut backward, mut excess) = (0.0, 0.0, 0.0, 0.0);
    let (mut worst, mut second, mut worst_back, mut worst_joint) = (0.0_f32, 0.0_f32, 0.0_f32, 0.0_f32);
    let mut inserted = 0.0;
    for step in way {
        joint += step.joint;
        forward += step.forward;
        backward += step.backward;
        // What is written for nothing is all too much; what is read may be written in a more usual way.
        let over = if step.read.1 == 0 { step.joint } else { step.forward - step.usual };
        excess += over;
        if over > worst {
            (worst, second) = (over, worst);
        } else if over > second {
            second = over;
        }
        worst_back = worst_back.max(step.backward);
        worst_joint = worst_joint.max(step.joint);
        if step.read.1 == 0 || step.written.1 == 0 {
            inserted += step.joint;
        }
    }
    let usual: f32 = written.windows(2).map(|w| transducer.following(w[0], w[1])).sum();
    let f = f64::from;
    [
        f(joint) / (n + m),
        f(forward) / m,
        f(backward) / n,
        f(joint - usual) / m,
        f(excess) / m,
        f(worst),
        f(second),
        f(worst_back),
        f(worst_joint),
        f(inserted) / m,
        f(excess),
        1.0 / m,
    ]
}

/// The measures of a name, folded by its language, and a folded Latin spelling; nothing where there is no way between them.
pub(crate) fn measure(transducer: &Transducer, letters: &[char], latin: &str) -> Option<[f64; MEASURES]> {
    let read = transducer.encode(letters.iter().copied());
    let written = encode_latin(latin);
    let known = read.iter().filter(|&&l| l != UNKNOWN).count() - 2;
    // What is mostly unknown tells nothing.
    if known * 2 < read.len() - 2 || known == 0 || written.len() < 3 {
        return None;
    }
    let way = transducer.way(&read, &written);
    (!way.is_empty()).then(|| measures(transducer, &read, &written, &way))
}
