//! Small sums as pages put them to people: `8 + 2 =`, `12 - x = 5`.

/// A linear expression in one unknown: `slope * x + constant`.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Linear {
    slope: f64,
    constant: f64,
}

/// What the text comes to: the value of an expression, or of the one unknown of a linear equation. `None` where it is neither.
pub fn solve(text: &str) -> Option<String> {
    let signs: String = text
        .char_indices()
        .map(|(at, c)| match c {
            '\u{d7}' | '\u{b7}' => '*',
            '\u{f7}' | ':' => '/',
            '\u{2212}' => '-',
            // Between two figures the letter is a sign, as in "8 x 4".
            'x' | 'X' if is_between_figures(text, at) => '*',
            c => c,
        })
        .collect();
    let body = signs.trim().trim_end_matches(['?', '_']).trim_end();
    let (left, right) = match body.split_once('=') {
        Some((left, right)) => (left, right.trim()),
        None => (body, ""),
    };
    let left = expression(left)?;
    let value = if right.is_empty() {
        (left.slope == 0.0).then_some(left.constant)?
    } else {
        let right = expression(right)?;
        let slope = left.slope - right.slope;
        if slope == 0.0 {
            return None;
        }
        (right.constant - left.constant) / slope
    };
    (value.is_finite()).then(|| format!("{}", (value * 1e6).round() / 1e6))
}

fn is_between_figures(text: &str, at: usize) -> bool {
    let figure = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    figure(text[..at].trim_end().chars().next_back())
        && figure(text[at + 1..].trim_start().chars().next())
}

/// Terms joined by plus and minus; at least two numbers or an unknown, since a lone number is no sum.
fn expression(text: &str) -> Option<Linear> {
    let mut parts = Parts { rest: text };
    let sum = parts.sum()?;
    parts.rest.trim().is_empty().then_some(sum)
}

struct Parts<'a> {
    rest: &'a str,
}

impl Parts<'_> {
    fn take(&mut self, signs: [char; 2]) -> Option<char> {
        let rest = self.rest.trim_start();
        let sign = rest.chars().next().filter(|c| signs.contains(c))?;
        self.rest = &rest[sign.len_utf8()..];
        Some(sign)
    }

    fn sum(&mut self) -> Option<Linear> {
        let mut sum = self.product()?;
        while let Some(sign) = self.take(['+', '-']) {
            let next = self.product()?;
            let turn = if sign == '+' { 1.0 } else { -1.0 };
            sum.slope += turn * next.slope;
            sum.constant += turn * next.constant;
        }
        Some(sum)
    }

    fn product(&mut self) -> Option<Linear> {
        let mut product = self.factor()?;
        while let Some(sign) = self.take(['*', '/']) {
            let next = self.factor()?;
            // What is no longer linear is not ours.
            product = match (sign, product.slope == 0.0, next.slope == 0.0) {
                ('*', _, true) => scaled(product, next.constant),
                ('*', true, false) => scaled(next, product.constant),
                ('/', _, true) if next.constant != 0.0 => scaled(product, 1.0 / next.constant),
                _ => return None,
            };
        }
        Some(product)
    }

    fn factor(&mut self) -> Option<Linear> {
        if self.take(['-', '-']).is_some() {
            return Some(scaled(self.factor()?, -1.0));
        }
        let rest = self.rest.trim_start();
        let digits = rest
            .bytes()
            .take_while(|b| b.is_ascii_digit() || *b == b'.')
            .count();
        if digits > 0 {
            let constant = rest[..digits].parse().ok()?;
            self.rest = &rest[digits..];
            // "2x" is twice x.
            let unknown = self.rest.starts_with(is_unknown);
            let value = Linear {
                slope: 0.0,
                constant,
            };
            return if unknown {
                Some(scaled(self.factor()?, constant))
            } else {
                Some(value)
            };
        }
        let letter = rest.chars().next().filter(|c| is_unknown(*c))?;
        self.rest = &rest[letter.len_utf8()..];
        // A word is no unknown.
        (!self.rest.starts_with(char::is_alphanumeric)).then_some(Linear {
            slope: 1.0,
            constant: 0.0,
        })
    }
}

fn scaled(linear: Linear, by: f64) -> Linear {
    Linear {
        slope: linear.slope * by,
        constant: linear.constant * by,
    }
}

fn is_unknown(c: char) -> bool {
    matches!(c, 'x' | 'y' | 'z' | 'n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_linear_equations_are_worked_out() {
        for (text, expected) in [
            ("8 + 2 =", Some("10")),
            ("7 \u{d7} 6 = ?", Some("42")),
            ("3-10", Some("-7")),
            ("9 / 2", Some("4.5")),
            ("x - 4 = 8", Some("12")),
            ("12 - x = 5", Some("7")),
            ("2x + 1 = 9", Some("4")),
            ("8 x 4 =", Some("32")),
            ("0 x 0 =", Some("0")),
            ("3 * x = 12", Some("4")),
            ("x = x", None),
            ("x * x = 4", None),
            ("1 / 0", None),
            ("total + 2", None),
            ("", None),
        ] {
            assert_eq!(solve(text).as_deref(), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".*") {
            let _ = solve(&text);
        }

        #[test]
        fn what_a_sum_is_worth_solves_its_equation(a in -99i32..99, b in -99i32..99) {
            proptest::prop_assert_eq!(solve(&format!("x + {a} = {b}")), Some((b - a).to_string()));
        }
    }
}
