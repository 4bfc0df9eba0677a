//! Boosted decision trees from a text file, and nothing else: no floats are added in an order that could differ.

use std::fmt;

/// Trees whose leaves are added up.
#[derive(Debug, Default)]
pub(super) struct Trees {
    nodes: Vec<Node>,
    roots: Vec<usize>,
}

/// A node in preorder: the left child is the next node.
#[derive(Clone, Copy, Debug)]
enum Node {
    /// Left where `feature <= threshold`, else on at `right`.
    Split {
        feature: u16,
        threshold: f32,
        right: u32,
    },
    Leaf(f64),
}

/// A weights file that cannot be read; the line's number, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BadLine(pub(super) usize);

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} is no tree", self.0)
    }
}

impl Trees {
    /// Reads trees, one a line, nodes in preorder: `17<2.5` splits at feature 17 (left: at most 2.5), `=0.12` is a leaf. Lines
    /// that begin with `#` are passed over.
    pub(super) fn read(text: &str, features: usize) -> Result<Self, BadLine> {
        let mut trees = Self::default();
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#') && !line.is_empty()) {
            let mut tokens = line.split(' ');
            trees.roots.push(trees.nodes.len());
            trees.node(&mut tokens, features).filter(|()| tokens.next().is_none()).ok_or(BadLine(number + 1))?;
        }
        Ok(trees)
    }

    fn node<'a>(&mut self, tokens: &mut impl Iterator<Item = &'a str>, features: usize) -> Option<()> {
        let token = tokens.next()?;
        if let Some(value) = token.strip_prefix('=') {
            self.nodes.push(Node::Leaf(value.parse().ok()?));
            return Some(());
        }
        let (feature, threshold) = token.split_once('<')?;
        let feature: u16 = feature.parse().ok().filter(|feature| usize::from(*feature) < features)?;
        let at = self.nodes.len();
        self.nodes.push(Node::Leaf(0.0));
        self.node(tokens, features)?;
        let right = u32::try_from(self.nodes.len()).ok()?;
        self.nodes[at] = Node::Split { feature, threshold: threshold.parse().ok()?, right };
        self.node(tokens, features)
    }

    /// The probability that the trees give a block with these features.
    pub(super) fn probability(&self, features: &[f32]) -> f64 {
        let sum: f64 = self.roots.iter().map(|root| self.leaf(*root, features)).sum();
        1.0 / (1.0 + (-sum).exp())
    }

    /// How much each feature moved the sum of leaves for a block with these features, one number a feature: at every split on
    /// the way down, by how much the mean of the leaves below changed (Saabas's decomposition, every leaf weighing the same).
    pub(super) fn contributions(&self, features: &[f32]) -> Vec<f64> {
        let mut moved = vec![0.0; features.len()];
        for root in &self.roots {
            let mut at = *root;
            while let Node::Split { feature, .. } = self.nodes[at] {
                let next = self.step(at, features).unwrap_or(at);
                if let Some(moved) = moved.get_mut(usize::from(feature)) {
                    *moved += self.mean(next) - self.mean(at);
                }
                at = next;
            }
        }
        moved
    }

    /// The mean of the leaves at and below `at`.
    fn mean(&self, at: usize) -> f64 {
        let (sum, leaves) = self.leaves(at);
        sum / f64::from(leaves)
    }

    /// The sum of the leaves at and below `at`, and how many they are.
    fn leaves(&self, at: usize) -> (f64, u32) {
        match self.nodes[at] {
            Node::Leaf(value) => (value, 1),
            Node::Split { right, .. } => {
                let ((left, lefts), (right, rights)) = (self.leaves(at + 1), self.leaves(right as usize));
                (left + right, lefts + rights)
            }
        }
    }

    fn leaf(&self, root: usize, features: &[f32]) -> f64 {
        let mut at = root;
        loop {
            match (self.nodes[at], self.step(at, features)) {
                (Node::Leaf(value), _) => return value,
                (_, Some(next)) => at = next,
                (_, None) => return 0.0,
            }
        }
    }

    /// The node after `at` on the way down; none where `at` is a leaf.
    fn step(&self, at: usize, features: &[f32]) -> Option<usize> {
        let Node::Split { feature, threshold, right } = self.nodes[at] else { return None };
        let value = features.get(usize::from(feature)).copied().unwrap_or_default();
        Some(if value <= threshold { at + 1 } else { right as usize })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_are_read_and_walked() {
        let trees = Trees::read("# two trees\n0<1.5 =-1 1<0 =2 =3\n=0.5\n", 2).unwrap();
        let sum = |features: &[f32]| {
            let p = trees.probability(features);
            (p / (1.0 - p)).ln()
        };
        assert!((sum(&[1.0, 9.0]) + 0.5).abs() < 1e-9);
        assert!((sum(&[2.0, 0.0]) - 2.5).abs() < 1e-9);
        assert!((sum(&[2.0, 1.0]) - 3.5).abs() < 1e-9);
    }

    #[test]
    fn what_each_feature_moved_adds_up_to_the_answer() {
        let trees = Trees::read("0<1.5 =-1 1<0 =2 =3\n=0.5\n", 2).unwrap();
        let moved = trees.contributions(&[2.0, 1.0]);
        let start = (-1.0 + 2.0 + 3.0) / 3.0 + 0.5;
        assert!((start + moved.iter().sum::<f64>() - 3.5).abs() < 1e-9);
        assert!((moved[1] - 0.5).abs() < 1e-9);
    }

    #[test]
    fn a_bad_line_is_named() {
        assert_eq!(Trees::read("=1\n0<1 =2\n", 1).unwrap_err(), BadLine(2));
        assert_eq!(Trees::read("7<1 =2 =3\n", 2).unwrap_err(), BadLine(1));
    }
}
