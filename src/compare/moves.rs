//! Finds moved text: pairs outside the heaviest increasing subsequence.

/// Whether each pair stays in place. `pairs` are in the order of the new text; each has its position in the old text
/// (all different) and its weight. O(n log n).
pub(super) fn in_place(pairs: &[(usize, f32)]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..pairs.len()).collect();
    order.sort_by_key(|&at| pairs[at].0);
    let mut rank = vec![0; pairs.len()];
    for (place, &at) in order.iter().enumerate() {
        rank[at] = place + 1;
    }
    let mut heaviest = Heaviest::new(pairs.len());
    let mut before = vec![None; pairs.len()];
    for (at, &(_, weight)) in pairs.iter().enumerate() {
        let (sum, previous) = heaviest.up_to(rank[at] - 1);
        before[at] = previous;
        heaviest.raise(rank[at], (sum + weight, Some(at)));
    }
    let mut stays = vec![false; pairs.len()];
    let mut at = heaviest.up_to(pairs.len()).1;
    while let Some(pair) = at {
        stays[pair] = true;
        at = before[pair];
    }
    stays
}

/// Sum of weights, and the last pair in the sum.
type Chain = (f32, Option<usize>);

/// The heaviest chain that ends at or before a rank, in a Fenwick tree of maxima.
struct Heaviest(Vec<Chain>);

impl Heaviest {
    fn new(len: usize) -> Self {
        Self(vec![(0.0, None); len + 1])
    }

    fn up_to(&self, mut rank: usize) -> Chain {
        let mut best = (0.0, None);
        while rank > 0 {
            if self.0[rank].0 > best.0 {
                best = self.0[rank];
            }
            rank &= rank - 1;
        }
        best
    }

    fn raise(&mut self, mut rank: usize, chain: Chain) {
        while rank < self.0.len() {
            if chain.0 > self.0[rank].0 {
                self.0[rank] = chain;
            }
            rank += rank & rank.wrapping_neg();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lighter_part_moves() {
        assert_eq!(in_place(&[(0, 1.0), (2, 1.0), (1, 3.0), (3, 1.0)]), [true, false, true, true]);
        assert_eq!(in_place(&[(3, 1.0), (0, 1.0), (1, 1.0), (2, 1.0)]), [false, true, true, true]);
        assert_eq!(in_place(&[]), [false; 0]);
    }
}
