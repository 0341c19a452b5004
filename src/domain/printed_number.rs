//! How numbers are printed.

/// Writes a count with a comma after every three digits.
pub fn thousands(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if n < 0 {
        out.push('-');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Writes a difference as papers do: +1,234, ▲5, 0.
pub fn signed_count(n: i64) -> String {
    match n {
        0 => "0".into(),
        n if n > 0 => format!("+{}", thousands(n)),
        n => format!("▲{}", thousands(n.saturating_neg())),
    }
}

pub(super) fn thousands_unsigned(n: u64) -> String {
    i64::try_from(n).map_or_else(|_| n.to_string(), thousands)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_groups_by_three() {
        for (n, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (-1_000, "-1,000")] {
            assert_eq!(thousands(n), text);
        }
    }
}
